"""Asking one member in one period: when, until when, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import moment, too_late
from bot.domain.campaigns import Campaign, Period


@dataclass(frozen=True, slots=True)
class Place:
    """A check-in channel in which a member can be asked. `zone` is that of a city's own channel."""

    server_id: int
    language: str
    channel_id: int | None
    zone: str | None = None
    speaks_for_her: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a prompt says. `server` is the name of the server whose campaign it is, None for the whole network's.

    `zone` is the reader's; `again` that she was asked before, and `snoozed` that she wanted to be asked again.
    """

    campaign: Campaign
    period: Period
    server: str | None
    zone: str
    again: bool = False
    snoozed: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """From when on, and until when at the latest, somebody is asked."""

    due_at: datetime
    until: datetime


def best_place(places: Iterable[Place]) -> Place | None:
    """Where to ask somebody who is not written to: her city's own channel, one of a server that speaks for her city,
    or any other of hers; None where none has a channel."""
    found = [place for place in places if place.channel_id is not None]
    return min(found, key=lambda each: (each.zone is None, not each.speaks_for_her, each.server_id), default=None)


def window(period: Period, zone: str, lateness: timedelta) -> Window:
    """When somebody who lives in this zone is asked. What was started by hand is asked everywhere at once."""
    if period.number:
        return Window(period.opened_at, period.opened_at + lateness)
    return Window(
        moment(period.day, period.minute, zone),
        too_late(period.day, period.minute, zone, lateness, period.next_day),
    )


def reminder_at(period: Period, asked_at: datetime, after_days: int | None) -> datetime | None:
    """When she is reminded, so many days after `asked_at`; None where she is not, or the period closes before."""
    if after_days is None:
        return None
    found = asked_at + timedelta(days=after_days)
    return found if found < period.closes_at else None


def closing(campaign: Campaign, opened: datetime, next_opens: datetime | None) -> tuple[datetime, datetime]:
    """Until when answers may be changed, and until when a first one is taken. `opened` is when the last zone is asked.

    A period closes at the latest when the next one has been opened everywhere: two are never open for long.
    """
    closes = opened + timedelta(days=campaign.open_days)
    if next_opens is not None:
        closes = min(closes, next_opens)
    return closes, closes + campaign.lateness
