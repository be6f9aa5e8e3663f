"""What a campaign's answers come to: who may see how much of it, and what of anonymous answers may be shown at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.domain.access import Actor, Right
from bot.domain.campaigns import CampaignQuestion, Period
from bot.domain.checkin_rates import Breakdown, Cell, Rate, Rates, answers_shown, rates_of
from bot.domain.checkins import final
from bot.domain.errors import Forbidden

PERIODS: Final = 12
"""So many periods, the newest, are in a report: a year of months."""
ANSWERS: Final = 5000
"""So many answers, the newest, are in its file."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose answers a reader sees: those of one server's people, or everybody's (None)."""

    server_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. The person and her place are None where it is anonymous, or she is gone."""

    question_id: int
    text: str | None = None
    number: int | None = None
    name: str | None = None
    country: str | None = None
    cohort: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A period in a report. `answers` is None where they are not to be seen (yet)."""

    period: Period
    rates: Rates
    answers: tuple[Said, ...] | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader sees of a campaign, the newest period first. `server`: it is about that server's people alone.

    `questions` are those that these answers answer, also those that are asked no more.
    """

    name: str | None
    server: str | None
    rounds: tuple[Round, ...]
    questions: tuple[CampaignQuestion, ...] = field(default=())

    @property
    def newest(self) -> Round | None:
        """The newest period whose answers may be seen and that has some."""
        return next((each for each in self.rounds if each.answers), None)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody shared; `name` is None where without her name."""

    question_id: int
    text: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What goes out when a period closes. `total` is None where it would tell of too few people."""

    name: str | None
    period: Period
    answered: int
    total: Rate | None
    questions: tuple[CampaignQuestion, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody who has been silent for three periods of a campaign."""

    name: str
    user_id: int | None
    campaign: str | None


def scope_of(actor: Actor, server_id: int | None) -> Scope:
    """How much of a campaign she may see, by whose it is. Raises `Forbidden` where nothing.

    Whoever coordinates the network sees all. A server's coordinators see their own people: all whom the server's own
    campaigns ask, and theirs among those whom the network's ask.
    """
    if actor.may(Right.NETWORK_COORDINATOR):
        return Scope()
    actor.require(Right.SERVER_COORDINATOR)
    if server_id is not None and server_id != actor.server_id:
        raise Forbidden("checkins.other_server")
    return Scope(None if server_id == actor.server_id else actor.server_id)


def round_of(period: Period, cells: Sequence[Cell], answers: Sequence[Said], scope: Scope, now: datetime) -> Round:
    """A period as it may be shown.

    Anonymous answers belong to nobody, so that nobody can say which are those of one server's people; and while more
    can come, no breakdown: who answered last would be known by looking twice.
    """
    rates = rates_of(cells, anonymous=period.anonymous)
    if period.anonymous and not final(period, now):
        rates = replace(rates, by_country=Breakdown(), by_cohort=Breakdown())
    answered = sum(cell.rate.answered for cell in cells)
    shown = answers_shown(answered, anonymous=period.anonymous, final=final(period, now))
    if period.anonymous and scope.server_id is not None:
        shown = False
    return Round(period, rates, tuple(answers) if shown else None)


def digest_total(period: Period, rate: Rate) -> Rate | None:
    """The rate in a digest, which everybody reads."""
    return rates_of([Cell(None, None, rate)], anonymous=period.anonymous).total


def tallied(answers: Sequence[Said]) -> Mapping[int, Mapping[int, int]]:
    """How often each number was answered, by question."""
    found: dict[int, dict[int, int]] = {}
    for said in answers:
        if said.number is not None:
            counts = found.setdefault(said.question_id, {})
            counts[said.number] = counts.get(said.number, 0) + 1
    return found
