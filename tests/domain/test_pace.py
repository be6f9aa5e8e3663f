"""How often one person may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from bot.domain.pace import FORGOTTEN_AT, Pace, Verdict

START = datetime(2026, 3, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 40)), max_size=60))
def test_never_more_than_so_many_in_a_minute_and_told_once(steps: list[tuple[str, int]]) -> None:
    pace, now = Pace(3, MINUTE), START
    went: list[tuple[str, datetime]] = []
    last: dict[str, Verdict] = {}
    for who, seconds in steps:
        now += timedelta(seconds=seconds)
        recent = [at for name, at in went if name == who and now - at < MINUTE]
        verdict = pace.admit(who, now)
        assert (verdict is Verdict.GO) == (len(recent) < 3)
        if verdict is Verdict.WAIT:
            assert last[who] is Verdict.GO
        if verdict is Verdict.GO:
            went.append((who, now))
        last[who] = verdict


def test_those_who_are_quiet_are_forgotten() -> None:
    pace = Pace(3, MINUTE)
    for number in range(FORGOTTEN_AT + 1):
        pace.admit(number, START)
    pace.admit("late", START + MINUTE)
    assert len(pace._times) == 1
