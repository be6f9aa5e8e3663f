"""Who answers for a city when it is alerted: its on-call people, and their deputies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.errors import Refusal

MOST: Final = 10
"""So many people may have one duty for a city: a list that everybody is on is nobody's."""


class Duty(StrEnum):
    """What somebody does for a city."""

    ON_CALL = "on_call"
    DEPUTY = "deputy"


class OnCallReach(StrEnum):
    """How somebody on a list can be reached, which is what her coordinators see and mend."""

    DIRECT = "direct"
    """She allowed direct messages."""
    CHANNEL = "channel"
    """She did not; in the city's crisis channel she is mentioned."""
    CLOSED = "closed"
    """She did, and Discord does not let us write to her."""
    LEFT = "left"
    """She is no longer in this server."""


@dataclass(frozen=True, slots=True)
class OnCallPerson:
    """Somebody on a city's list."""

    user_id: int
    duty: Duty
    reach: OnCallReach


@dataclass(frozen=True, slots=True)
class OnCallCity:
    """A city with its list, as its server's coordinators see it. `cities`: all that the server speaks for, by id."""

    city_id: int
    name: str
    people: tuple[OnCallPerson, ...]
    cities: tuple[tuple[int, str], ...]

    def of(self, duty: Duty) -> tuple[OnCallPerson, ...]:
        """Those who have this duty."""
        return tuple(each for each in self.people if each.duty is duty)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody whom a coordinator chose, as Discord shows her: her roles in the server, and whether she is a bot."""

    user_id: int
    name: str
    role_ids: frozenset[int]
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody's place on a list, as she is told of it."""

    id: int
    user_id: int
    server_id: int
    server_name: str
    city_id: int
    city: str
    duty: Duty


def check_chosen(people: Sequence[Chosen], alumni_role_id: int | None) -> None:
    """Only members can answer an alert. Raises `Refusal` for a bot, for others, and for too many."""
    if len({each.user_id for each in people}) > MOST:
        raise Refusal("oncall.too_many", limit=MOST)
    for each in people:
        if each.bot:
            raise Refusal("oncall.no_bots", name=each.name)
        if alumni_role_id is not None and alumni_role_id not in each.role_ids:
            raise Refusal("oncall.not_a_member", name=each.name)


@dataclass(frozen=True, slots=True)
class OnCallFor:
    """The server, and the city of it, for which somebody answers an alert; without a city, for the server."""

    server_id: int
    city_id: int | None

    @property
    def code(self) -> str:
        """As a button's `custom_id` carries it."""
        return f"s{self.server_id}c{self.city_id or 0}"

    @classmethod
    def decoded(cls, server_id: str, city_id: str) -> OnCallFor:
        """From the two numbers of a `code`."""
        return cls(int(server_id), int(city_id) or None)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a city's list: who is put on it or has another duty from now on, and who is taken off."""

    put_on: tuple[int, ...]
    taken_off: tuple[int, ...]


def change(people: Iterable[tuple[int, Duty]], duty: Duty, chosen: Iterable[int]) -> Change:
    """Let just these people have a duty; nobody has both, and the last choice counts."""
    now = {user_id for user_id, each in people if each is duty}
    wanted = dict.fromkeys(chosen)
    return Change(
        put_on=tuple(each for each in wanted if each not in now),
        taken_off=tuple(sorted(now - wanted.keys())),
    )
