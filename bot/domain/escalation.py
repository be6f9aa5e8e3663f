"""What follows where a city stays silent: its on-call people are asked, then their deputies, then the network.

A city counts as reached once one of those who answer for it has acknowledged the alert: an on-call person of it or a
deputy, a coordinator of its server, or a network coordinator. Whoever else presses Received is counted, and silences
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.cap.values import Severity


class Rung(StrEnum):
    """Who is asked."""

    ON_CALL = "on_call"
    DEPUTIES = "deputies"
    NETWORK = "network"


LADDER: Final = (Rung.ON_CALL, Rung.DEPUTIES, Rung.NETWORK, Rung.NETWORK, Rung.NETWORK)
"""The steps, of which the last is the end: whoever has not answered by then is not reached by one more message."""
FIRST: Final[Mapping[Severity, timedelta]] = MappingProxyType(
    {
        Severity.EXTREME: timedelta(minutes=5),
        Severity.SEVERE: timedelta(minutes=10),
        Severity.MODERATE: timedelta(minutes=30),
        Severity.MINOR: timedelta(minutes=60),
        Severity.UNKNOWN: timedelta(minutes=10),
    }
)
"""From an alert to the first step."""


class EscalationEnd(StrEnum):
    """Why nobody else is asked about a city."""

    ACKNOWLEDGED = "acknowledged"
    OVER = "over"
    """The alert is: all-clear, false alarm, expiry."""
    LEFT = "left"
    """Its server left the network, or the broadcast."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step to take now. `taken`: how far up the ladder it stands; `due_at`: when the next one is due, None: never."""

    rung: Rung
    taken: int
    due_at: datetime | None


def wait(severity: Severity, taken: int) -> timedelta:
    """How long to wait after so many steps of the ladder: as long as before the first, then twice that, four times…"""
    longer: timedelta = FIRST[severity] * 2 ** max(taken - 1, 0)
    return longer


def next_step(severity: Severity, taken: int, present: Collection[Rung], now: datetime) -> Step | None:
    """The step that is due now, passing over rungs on which nobody stands; None at the end of the ladder.

    The next one counts from now and not from the alert: after a long absence of the bot not all are due at once.
    """
    for place, rung in enumerate(LADDER[taken:], start=taken + 1):
        if rung in present or rung is Rung.NETWORK:
            return Step(rung, place, now + wait(severity, place) if place < len(LADDER) else None)
    return None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers an alert. `duties`: the cities for which she is on call or a deputy, in whatever server.

    `server_id`: the server that she answers in, or from a direct message for. `city_id`: where it is one city that she
    answers for, else None. `coordinates`: she is a coordinator of that server, or of the network.
    """

    duties: frozenset[int]
    server_id: int
    coordinates: bool
    city_id: int | None = None


def silences(answering: Answering, server_id: int, city_id: int | None) -> bool:
    """Whether an answer ends the asking about a city of a server; `city_id` is None for a server without cities."""
    if city_id is not None and city_id in answering.duties:
        return True
    if not answering.coordinates or answering.server_id != server_id:
        return False
    return answering.city_id in {None, city_id}


@dataclass(frozen=True, slots=True)
class Silent:
    """A city that has not been reached, as coordinators see it. `place` is its server's name where it is no city.

    `rung` and `since` are those of the last step; None before the first. `next_at` is None where nobody else is asked.
    """

    id: int
    server_id: int
    place: str
    rung: Rung | None
    since: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class CityAsked:
    """A city in a message that asks about it, with those who are concerned, by their Discord ids."""

    place: str
    server_name: str
    user_ids: tuple[int, ...] = ()
