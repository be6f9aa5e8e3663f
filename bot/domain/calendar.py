"""When a campaign asks: the days of its rule, and the moment that a time of day is in each zone.

A rule is RFC 5545's, limited to days: a campaign has one time of day, which stands beside its rule. So a rule yields
**days**, the same in every zone, and a day becomes a **moment** where somebody lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.rrule import rrulestr

from bot.domain.errors import Refusal

RULE_LIMIT: Final = 200
HORIZON: Final = timedelta(days=12 * 366)
"""A rule whose first day is further off is as good as none: 29 February stays away for eight years at the most."""
FIRST_ZONE: Final = timedelta(hours=14)
"""How far the zone that is ahead of all others is before UTC (Pacific/Kiritimati)."""
LAST_ZONE: Final = timedelta(hours=12)
"""How far the last one is behind (Etc/GMT+12)."""
CYCLE: Final = 400
"""Years after which the Gregorian calendar repeats, weekdays and all."""

_WEEKDAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_RANGES: Final = {
    "INTERVAL": (1, 366),
    "COUNT": (1, 10_000),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYSETPOS": (1, 366),
}
_SIGNED: Final = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_SINGLE: Final = {"INTERVAL", "COUNT"}
_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was checked: RFC 5545's text, and the last day of its UNTIL."""

    text: str
    until: date | None = None

    @classmethod
    def parse(cls, typed: str) -> Rule:
        """From RFC 5545's text, such as "FREQ=MONTHLY;BYDAY=1TU". Raises `Refusal` for what is none, or asks more
        often than once a day."""
        text = "".join(typed.split()).upper().removeprefix("RRULE:").strip(";")
        if not text or len(text) > RULE_LIMIT:
            raise Refusal("campaigns.rule_unreadable", refused=typed)
        parts: dict[str, str] = {}
        for part in text.split(";"):
            key, _, value = part.partition("=")
            if key in parts:
                raise Refusal("campaigns.rule_unreadable", refused=typed)
            parts[key] = value
        if parts.get("FREQ") in _OFTEN or parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
            raise Refusal("campaigns.rule_too_often", refused=typed)
        if not all(_valid(key, value) for key, value in parts.items()) or not _sensible(parts):
            raise Refusal("campaigns.rule_unreadable", refused=typed)
        until = parts.get("UNTIL")
        return cls(";".join(f"{key}={value}" for key, value in parts.items()), _day(until) if until else None)

    def days(self, starts_on: date) -> Iterator[date]:
        """The rule's days in their order, from `starts_on`. Looks at some four hundred years and then gives up.

        dateutil searches to the year 9999 for the first day of a rule that has none. So it is asked about the last
        years before that, which are the same as ours.
        """
        shift = (9999 - starts_on.year) // CYCLE * CYCLE
        start = datetime.combine(starts_on.replace(year=starts_on.year + shift), time())
        text = ";".join(part for part in self.text.split(";") if not part.startswith("UNTIL="))
        for found in rrulestr(text, dtstart=start):
            day = found.date().replace(year=found.year - shift)
            if self.until is not None and day > self.until:
                return
            yield day

    def next_day(self, starts_on: date, after: date | None = None) -> date | None:
        """The first day after `after`, or the first of all; None where there is none any more."""
        return next((day for day in self.days(starts_on) if after is None or day > after), None)

    def check(self, starts_on: date) -> None:
        """Raises `Refusal` where it yields no day that anybody would wait for."""
        first = self.next_day(starts_on)
        if first is None or first > starts_on + HORIZON:
            raise Refusal("campaigns.rule_never")


def _valid(key: str, value: str) -> bool:
    match key:
        case "FREQ":
            return value in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
        case "WKST":
            return re.fullmatch(_WEEKDAY, value) is not None
        case "UNTIL":
            return _day(value) is not None
        case "BYDAY":
            return all(re.fullmatch(rf"(?:[+-]?[1-9]\d?)?{_WEEKDAY}", each) for each in value.split(","))
    if key not in _RANGES:
        return False
    low, high = _RANGES[key]
    pattern = r"[+-]?\d{1,5}" if key in _SIGNED else r"\d{1,5}"
    values = [value] if key in _SINGLE else value.split(",")
    return all(re.fullmatch(pattern, each) and low <= abs(int(each)) <= high for each in values)


def _sensible(parts: dict[str, str]) -> bool:
    """What RFC 5545 (3.3.10) says of parts that go together."""
    frequency = parts.get("FREQ")
    numbered = re.search(r"\d", parts.get("BYDAY", "")) is not None
    return (
        frequency is not None
        and not (numbered and frequency not in {"MONTHLY", "YEARLY"})
        and not ("BYWEEKNO" in parts and (frequency != "YEARLY" or numbered))
        and not ("BYYEARDAY" in parts and frequency != "YEARLY")
        and not ("BYMONTHDAY" in parts and frequency == "WEEKLY")
        and not ("BYSETPOS" in parts and (frequency == "DAILY" or sum(key.startswith("BY") for key in parts) == 1))
        and not ("COUNT" in parts and "UNTIL" in parts)
    )


def _day(text: str) -> date | None:
    """The day of an UNTIL, with or without a time of day."""
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """An IANA zone; UTC where this machine does not have it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(day: date, minute: int, zone: str) -> datetime:
    """When it is `minute` minutes after midnight on that day in a zone, in UTC.

    A time that does not exist there, because the clock is put forward, moves forward by as much; of one that exists
    twice it is the first.
    """
    return local_time(day, minute, zone).astimezone(UTC)


def local_time(day: date, minute: int, zone: str) -> datetime:
    """The same as it stands on the clock, before it is known whether it exists."""
    return datetime.combine(day, time(minute // 60, minute % 60), zone_of(zone))


class Shift:
    """What the clocks do around a local time."""

    NONE: Final = "none"
    SKIPPED: Final = "skipped"
    """It does not exist: the clock is put forward over it."""
    TWICE: Final = "twice"


def clock_change(day: date, minute: int, zone: str) -> str:
    """Whether a local time is skipped or there twice (`Shift`)."""
    first = local_time(day, minute, zone)
    if first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None) != first.replace(tzinfo=None):
        return Shift.SKIPPED
    return Shift.TWICE if first.utcoffset() != first.replace(fold=1).utcoffset() else Shift.NONE


def begins(day: date, minute: int) -> datetime:
    """When the first zone on earth reaches this local time; in none is it earlier."""
    return datetime.combine(day, time(minute // 60, minute % 60), UTC) - FIRST_ZONE


def ends(day: date, minute: int) -> datetime:
    """When the last zone has reached it."""
    return datetime.combine(day, time(minute // 60, minute % 60), UTC) + LAST_ZONE


@lru_cache(maxsize=64)
def moments(day: date, minute: int) -> dict[str, datetime]:
    """The moment of a local time in every zone that somebody can live in."""
    return {zone: moment(day, minute, zone) for zone in sorted(available_timezones())}


def next_look(day: date, minute: int, now: datetime) -> datetime | None:
    """When the next zone reaches this local time, and at last `ends`; None once that is over."""
    later = [each for each in {*moments(day, minute).values(), ends(day, minute)} if each > now]
    return min(later, default=None)


def zones_due(day: date, minute: int, now: datetime) -> frozenset[str]:
    """The zones that have reached this local time."""
    return frozenset(zone for zone, each in moments(day, minute).items() if each <= now)


def too_late(day: date, minute: int, zone: str, lateness: timedelta, next_day: date | None) -> datetime:
    """From when on nobody in this zone is asked any more: the end of the bound, or the next period's own moment."""
    end = moment(day, minute, zone) + lateness
    return end if next_day is None else min(end, moment(next_day, minute, zone))


def too_late_everywhere(day: date, minute: int, next_day: date | None, lateness: timedelta) -> datetime:
    """From when on nobody in any zone is asked any more."""
    end = ends(day, minute) + lateness
    return end if next_day is None else min(end, ends(next_day, minute))
