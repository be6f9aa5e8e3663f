"""Questions that nobody answers: each step once, never two at a time, nothing once somebody answered; and nights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nights import Night
from bot.domain.unanswered import Clock, Schedule, Step

ASKED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
USUAL = Schedule()
ZONES = sorted(available_timezones())


def schedules() -> st.SearchStrategy[Schedule]:
    """Any four times, ever later."""
    hours = st.lists(st.integers(1, 500), min_size=4, max_size=4, unique=True)
    return hours.map(lambda found: Schedule(*(timedelta(hours=each) for each in sorted(found))))


def test_a_bot_that_is_always_there_takes_each_step_on_its_day() -> None:
    clock = Clock.started(ASKED, USUAL)
    taken = []
    for hour in range(24 * 10):
        now = ASKED + timedelta(hours=hour)
        step = clock.due(now)
        if step is not None:
            taken.append((step, now - ASKED))
            clock = clock.taken(now, USUAL)
    assert taken == [
        (Step.ONE, DAY),
        (Step.MORE, 2 * DAY),
        (Step.EVERYONE, 3 * DAY),
        (Step.COORDINATORS, 4 * DAY),
    ]
    assert clock == Clock(None, None)


@given(schedules(), st.lists(st.timedeltas(timedelta(0), timedelta(days=30)), max_size=60))
def test_whenever_the_bot_wakes_each_step_comes_once_in_order_and_never_too_early(
    schedule: Schedule, waits: list[timedelta]
) -> None:
    clock, now = Clock.started(ASKED, schedule), ASKED
    times = (schedule.one, schedule.more, schedule.everyone, schedule.coordinators)
    taken: list[tuple[Step, datetime]] = []
    for wait in waits:
        now += wait
        step = clock.due(now)
        if step is not None:
            taken.append((step, now))
            clock = clock.taken(now, schedule)
        assert clock.due(now) is None, "one step at a time, however late it is"
    assert [step for step, _ in taken] == list(Step)[: len(taken)]
    for step, at in taken:
        assert at - ASKED >= times[step]
    for (_, earlier), (step, later) in pairwise(taken):
        assert later - earlier >= schedule.wait(step)


@given(st.integers(0, 3), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_stopped_clock_never_strikes_and_goes_on_with_the_step_that_comes_next(done: int, away: timedelta) -> None:
    clock, now = Clock.started(ASKED, USUAL), ASKED
    for _ in range(done):
        now += 2 * DAY
        clock = clock.taken(now, USUAL)
    stopped = clock.stopped()
    assert stopped.due(now + away) is None
    again = stopped.resumed(now + away, USUAL)
    assert again.due(now + away) is None
    assert again.due(now + away + USUAL.wait(Step(done))) is Step(done)


def test_resuming_leaves_a_clock_alone_that_goes_or_is_done() -> None:
    clock = Clock.started(ASKED, USUAL)
    assert clock.resumed(ASKED + timedelta(hours=5), USUAL) == clock
    assert clock.resumed(ASKED + 5 * DAY, USUAL).due_at == ASKED + 6 * DAY, "it struck while the question was closed"
    assert Clock(None, None).resumed(ASKED, USUAL) == Clock(None, None)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - hypothesis wants them so
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_nobody_is_written_to_at_night_nor_waits_longer_than_a_day(
    naive: datetime, zone: str, begins: int, ends: int
) -> None:
    night, now = Night(begins, ends), naive.replace(tzinfo=UTC)
    at = night.over(now, zone)
    assert now <= at <= now + timedelta(hours=25)
    assert night.over(at, zone) == at, "it is over then"


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(6, (3, 7)), (8, (3, 8)), (19, (3, 19)), (20, (4, 7)), (23, (4, 7))],
)
def test_a_night_in_paris(hour: int, expected: tuple[int, int]) -> None:
    now = datetime(2026, 3, 3, hour, 30, tzinfo=UTC)
    at = Night().over(now, "Europe/Paris")
    assert (at.day, at.hour) == expected
    assert at.minute == (30 if at == now else 0)


def test_no_night_at_all() -> None:
    now = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert Night(8, 8).over(now, "UTC") == now
