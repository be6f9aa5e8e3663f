"""A server of the network: its places on Discord, and the cities that it speaks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum

from bot.domain.errors import Refusal

MOST_PEOPLE = 100_000_000
"""More than any city has; a larger number is a slip."""


class ChannelUse(StrEnum):
    """What a channel is for."""

    QUESTIONS = "questions"
    CASES = "cases"
    CRISIS = "crisis"
    CHECKIN = "checkin"
    COORDINATORS = "coordinators"

    @property
    def kind(self) -> Kind:
        """The sort of channel that it has to be."""
        return Kind.FORUM if self in {ChannelUse.QUESTIONS, ChannelUse.CASES} else Kind.TEXT


class RoleUse(StrEnum):
    """What a role stands for."""

    COORDINATOR = "coordinator"
    ALUMNI = "alumni"


Piece = ChannelUse | RoleUse
PIECES: tuple[Piece, ...] = (*RoleUse, *ChannelUse)
"""Everything that a server may have, in the order in which it is made: the private channel needs its role first."""


class Kind(Enum):
    """A sort of channel, as far as we care. An announcement channel counts as text."""

    TEXT = "text"
    FORUM = "forum"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SpokenCity:
    """A city that a server speaks for, and the channels that it has for itself there."""

    id: int
    geonames_id: int | None
    name: str
    country: str
    region: str | None
    population: int | None
    zone: str
    crisis_channel_id: int | None = None
    checkin_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the network, as it is set up. What is not set is missing from the mappings."""

    id: int
    name: str
    language: str
    joined_at: datetime
    left_at: datetime | None = None
    channels: Mapping[ChannelUse, int] = field(default_factory=dict)
    roles: Mapping[RoleUse, int] = field(default_factory=dict)
    cities: tuple[SpokenCity, ...] = ()

    def chosen(self, piece: Piece) -> int | None:
        """The id on Discord of the channel or role chosen for this piece."""
        return self.channels.get(piece) if isinstance(piece, ChannelUse) else self.roles.get(piece)

    @property
    def channel_ids(self) -> frozenset[int]:
        """The ids of all its channels on Discord, those of its cities too."""
        own = {each for city in self.cities for each in (city.crisis_channel_id, city.checkin_channel_id) if each}
        return frozenset({*self.channels.values(), *own})


@dataclass(frozen=True, slots=True)
class CityChannels:
    """Where a city is alerted and asked how it goes; None where neither it nor its server has such a channel."""

    crisis: int | None
    checkin: int | None


def channels_for(server: Server, city_id: int | None) -> CityChannels:
    """The city's own channels in this server, each one the server's where the city has none."""
    own = next((city for city in server.cities if city.id == city_id), None)
    return CityChannels(
        crisis=(own.crisis_channel_id if own else None) or server.channels.get(ChannelUse.CRISIS),
        checkin=(own.checkin_channel_id if own else None) or server.channels.get(ChannelUse.CHECKIN),
    )


def check_roles(roles: Mapping[RoleUse, int | None]) -> None:
    """Raises `Refusal` where one role is to stand for both: every alumna would be a coordinator."""
    coordinator = roles.get(RoleUse.COORDINATOR)
    if coordinator is not None and coordinator == roles.get(RoleUse.ALUMNI):
        raise Refusal("servers.same_role")


def named(server: Server, typed: str) -> SpokenCity:
    """One of the server's cities by its id, or by its name as somebody typed it. Raises `Refusal` for another."""
    folded = typed.strip().casefold()
    for city in server.cities:
        if folded in {str(city.id), city.name.casefold()}:
            return city
    raise Refusal("servers.city_not_here")


def population_of(typed: str) -> int | None:
    """A number of people as somebody wrote it: "58 000", "58.000", "58'000". Raises `Refusal` for anything else."""
    digits = re.sub(r"[\s.,'’_]", "", typed)
    if not digits:
        return None
    if not digits.isdecimal() or not 0 < int(digits) <= MOST_PEOPLE:
        raise Refusal("servers.population", population=typed)
    return int(digits)
