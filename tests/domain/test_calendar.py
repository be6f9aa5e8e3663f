"""Days and moments: every IANA zone, 2020 to 2040, clock changes, moves, and downtime of any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.cadence import rule_of
from bot.domain.calendar import (
    Shift,
    begins,
    clock_change,
    ends,
    moment,
    moments,
    next_look,
    too_late,
    zones_due,
)

ZONES = sorted(available_timezones())
FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
CADENCES: tuple[str, ...] = (
    "first Tuesday",
    "day 1",
    "day 31",
    "last working day",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "every Sunday",
)
CADENCES += ("every day", "last day", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO")
HOUR = timedelta(hours=1)

zones = st.sampled_from(ZONES)
days = st.dates(FIRST, LAST)
minutes = st.integers(0, 24 * 60 - 1)


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The days of the weeks in which a zone's clocks change."""
    info = ZoneInfo(zone)
    found = []
    before = datetime(2020, 1, 1, tzinfo=info).utcoffset()
    for number in range(7, (LAST - FIRST).days + 1, 7):
        day = datetime.combine(FIRST + timedelta(days=number), datetime.min.time(), info)
        if day.utcoffset() != before:
            before = day.utcoffset()
            found += [day.date() - timedelta(days=each) for each in range(8)]
    return tuple(found)


def check_moment(day: date, minute: int, zone: str) -> None:
    """The moment is the right local time: that very one, the first of two, or as much later as the clock was put."""
    info = ZoneInfo(zone)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    found = moment(day, minute, zone)
    local = found.astimezone(info)
    assert begins(day, minute) <= found <= ends(day, minute)
    if local.replace(tzinfo=None) == wanted:
        assert local.fold == 0
        twice = local.utcoffset() != local.replace(fold=1).utcoffset()
        assert clock_change(day, minute, zone) == (Shift.TWICE if twice else Shift.NONE)
        return
    assert clock_change(day, minute, zone) == Shift.SKIPPED
    before, after = (found - timedelta(days=2)).astimezone(info).utcoffset(), local.utcoffset()
    assert before is not None
    assert after is not None
    assert local.replace(tzinfo=None) - wanted == after - before > timedelta()
    # Nobody's clock has ever shown it: the minute before the gap is followed by the one after it.
    assert not any(
        (found + timedelta(minutes=each)).astimezone(info).replace(tzinfo=None) == wanted
        for each in range(-240, 240, 5)
    )


def test_firsts_of_months_of_all_years_in_every_zone() -> None:
    for zone in ZONES:
        for year in range(2020, 2041):
            for month in (1, 3, 4, 7, 10, 11):
                check_moment(date(year, month, 1), 570, zone)


@settings(max_examples=400)
@given(zones, days, minutes)
@example("America/New_York", date(2026, 3, 8), 150)
@example("America/New_York", date(2026, 11, 1), 90)
@example("Australia/Lord_Howe", date(2026, 10, 4), 135)
@example("Africa/Casablanca", date(2026, 2, 15), 150)
@example("America/Scoresbysund", date(2024, 3, 30), 1410)
@example("Pacific/Kiritimati", date(2026, 1, 1), 0)
@example("Etc/GMT+12", date(2026, 1, 1), 1439)
def test_a_moment_is_the_right_local_time(zone: str, day: date, minute: int) -> None:
    check_moment(day, minute, zone)


@settings(max_examples=200)
@given(st.data(), zones, minutes)
def test_around_the_nights_when_clocks_change(data: st.DataObject, zone: str, minute: int) -> None:
    if changes(zone):
        check_moment(data.draw(st.sampled_from(changes(zone))), minute, zone)


@settings(max_examples=60)
@given(days, minutes)
def test_each_zone_has_its_look_at_its_moment(day: date, minute: int) -> None:
    looks: list[datetime] = []
    look: datetime | None = begins(day, minute) - HOUR
    while (look := next_look(day, minute, look or ends(day, minute))) is not None:
        looks.append(look)
    assert looks == sorted(set(looks))
    assert looks[-1] == ends(day, minute)
    assert {moment(day, minute, zone) for zone in ZONES} <= set(looks)
    assert len(looks) < 60
    assert zones_due(day, minute, ends(day, minute)) == set(ZONES)
    assert zones_due(day, minute, begins(day, minute) - timedelta(seconds=1)) == set()


@dataclass
class Sent:
    """A member was asked, or it was too late to: for which day, when, and where she lived."""

    day: date
    at: datetime
    zone: str
    missed: bool


def live(
    cadence: str,
    minute: int,
    starts: date,
    lateness: timedelta,
    homes: Sequence[tuple[datetime, str]],
    up: Sequence[datetime],
) -> list[Sent]:
    """A member's life: where she lives from when on, and the moments at which the program looks. Returns what is sent.

    It does with the rules of the domain what the planning does with the database: at each look, whoever is in a zone
    that is due and has no prompt gets one.
    """
    rule = rule_of(cadence)
    opened = list(zip(range(6), rule.days(starts), strict=False))
    found: dict[date, Sent] = {}
    for now in up:
        zone = [where for since, where in homes if since <= now][-1]
        for number, day in opened[:-1]:
            if now < begins(day, minute) or day in found:
                continue
            following = opened[number + 1][1]
            if zone in zones_due(day, minute, now):
                late = now >= too_late(day, minute, zone, lateness, following)
                found[day] = Sent(day, now, zone, late)
    return list(found.values())


def looks_between(days: Sequence[date], minute: int) -> list[datetime]:
    """All moments at which a program that always runs looks."""
    return sorted({each for day in days for each in {*moments(day, minute).values(), ends(day, minute)}})


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CADENCES), minutes, days.filter(lambda day: day.year < 2040), zones)
def test_one_prompt_a_period_at_the_right_local_time(cadence: str, minute: int, starts: date, zone: str) -> None:
    opened = [day for _, day in zip(range(6), rule_of(cadence).days(starts), strict=False)]
    sent = live(
        cadence,
        minute,
        starts,
        timedelta(hours=48),
        [(datetime.min.replace(tzinfo=UTC), zone)],
        looks_between(opened[:-1], minute),
    )
    assert [(each.day, each.at, each.missed) for each in sent] == [
        (day, moment(day, minute, zone), False) for day in opened[:-1]
    ]


@settings(max_examples=50, deadline=None)
@given(st.data(), st.sampled_from(CADENCES), minutes, days.filter(lambda day: day.year < 2039), zones, zones)
def test_whoever_moves_is_asked_once(
    data: st.DataObject, cadence: str, minute: int, starts: date, one: str, other: str
) -> None:
    opened = [day for _, day in zip(range(6), rule_of(cadence).days(starts), strict=False)]
    day = data.draw(st.sampled_from(opened[:-1]))
    moved = begins(day, minute) + data.draw(st.timedeltas(-3 * HOUR, 30 * HOUR))
    homes = [(datetime.min.replace(tzinfo=UTC), one), (moved, other)]
    sent = live(cadence, minute, starts, timedelta(hours=48), homes, looks_between(opened[:-1], minute))
    assert sorted(each.day for each in sent) == opened[:-1]
    for each in sent:
        assert not each.missed
        here = moment(each.day, minute, each.zone)
        # At her local time, or, where that had passed already when she came, at the next look.
        assert each.at == here or (here < moved <= each.at and each.at - moved <= HOUR)


@settings(max_examples=50, deadline=None)
@given(
    st.data(),
    st.sampled_from(CADENCES),
    minutes,
    days.filter(lambda day: day.year < 2039),
    zones,
    st.integers(6, 14 * 24),
)
def test_downtime_sends_once_or_records_that_it_was_missed(
    data: st.DataObject, cadence: str, minute: int, starts: date, zone: str, late_hours: int
) -> None:
    opened = [day for _, day in zip(range(6), rule_of(cadence).days(starts), strict=False)]
    looks = looks_between(opened[:-1], minute)
    down = data.draw(st.datetimes(looks[0].replace(tzinfo=None), looks[-1].replace(tzinfo=None))).replace(tzinfo=UTC)
    back = down + data.draw(st.timedeltas(timedelta(), timedelta(days=500)))
    lateness = timedelta(hours=late_hours)
    up = [look for look in looks if not down < look < back] + [back, back + HOUR * 27, max(back, looks[-1]) + HOUR]
    sent = live(cadence, minute, starts, lateness, [(datetime.min.replace(tzinfo=UTC), zone)], sorted(up))
    assert sorted(each.day for each in sent) == opened[:-1]
    for number, day in enumerate(opened[:-1]):
        (each,) = (each for each in sent if each.day == day)
        end = too_late(day, minute, zone, lateness, opened[number + 1])
        assert each.missed == (each.at >= end)
        if not down < moment(day, minute, zone) < back:
            assert each.at == moment(day, minute, zone)
            assert not each.missed
    # However long it was away, nobody is asked twice on coming back.
    assert sum(each.at == back and not each.missed for each in sent) <= 1
