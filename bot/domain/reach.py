"""Whom a campaign would reach, and its next runs, as they are shown before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile, islice

from bot.domain.calendar import Rule, clock_change, moment
from bot.domain.campaigns import Campaign

RUNS = 6
ZONES = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people would be asked now: by direct message, in a channel, and nowhere."""

    direct: int = 0
    channel: int = 0
    nowhere: int = 0

    @property
    def people(self) -> int:
        """Everybody in the audience."""
        return self.direct + self.channel + self.nowhere

    @property
    def reached(self) -> int:
        """Those who can be asked."""
        return self.direct + self.channel


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign as its card shows it: whom it would ask now, and the names of its audience and its server."""

    campaign: Campaign
    reach: Reach
    audience: str | None
    server: str | None


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A run in one zone: its moment, and what the clocks do to it (`bot.domain.calendar.Shift`)."""

    zone: str
    at: datetime
    shift: str


@dataclass(frozen=True, slots=True)
class Run:
    """A coming run of a campaign. `people` is its audience then, as far as pauses are known."""

    day: date
    times: tuple[LocalTime, ...]
    people: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a campaign would do."""

    campaign: Campaign
    runs: tuple[Run, ...]
    reach: Reach


def next_day(campaign: Campaign, now: datetime, zone: str, after: date | None) -> date | None:
    """The first day whose time is still to come in this zone, and that comes after the last period's."""
    days = Rule.parse(campaign.rule).days(campaign.starts_on)
    return next(
        (day for day in days if moment(day, campaign.minute, zone) > now and (after is None or day > after)),
        None,
    )


def coming(campaign: Campaign, first: date | None) -> Iterator[date]:
    """The campaign's days from `first` on."""
    if first is None:
        return iter(())
    return dropwhile(lambda day: day < first, Rule.parse(campaign.rule).days(campaign.starts_on))


def runs(campaign: Campaign, first: date | None, zones: tuple[str, ...]) -> tuple[Run, ...]:
    """The next runs in these zones."""
    minute = campaign.minute
    return tuple(
        Run(
            day,
            tuple(LocalTime(zone, moment(day, minute, zone), clock_change(day, minute, zone)) for zone in zones),
        )
        for day in islice(coming(campaign, first), RUNS)
    )


def zones_to_show(own: str, lived_in: list[str], now: datetime) -> tuple[str, ...]:
    """Three zones: one's own, and those where most of the audience live whose clocks show another time."""
    found: dict[timedelta | None, str] = {}
    for zone in [own, *lived_in, "UTC", "America/New_York", "Asia/Tokyo"]:
        found.setdefault(moment(now.date(), 0, zone) - moment(now.date(), 0, "UTC"), zone)
    return tuple(list(found.values())[:ZONES])
