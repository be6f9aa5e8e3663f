"""Who is suggested, and in which order: each signal moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.experts import PAGE, Candidate, page_of, rank
from bot.domain.members import Level

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ANA = Candidate(
    member_id=1,
    user_id=101,
    name="Ana",
    topic_id="stormwater",
    level=Level.PRACTITIONER,
    languages=frozenset({"pt"}),
    confirmed_at=NOW,
)
BEA = replace(ANA, member_id=2, user_id=102, name="Bea")


def names(*people: Candidate, matches: dict[str, float] | None = None, languages: str = "en", asker: int = 9) -> str:
    """The order of the suggested people."""
    ranked = rank(
        people,
        now=NOW,
        matches=matches or {"stormwater": 1.0},
        asker_user_id=asker,
        asker_languages=frozenset({languages}),
    )
    return " ".join(suggestion.person.name for suggestion in ranked)


def test_a_higher_level_comes_first() -> None:
    assert names(ANA, replace(BEA, level=Level.EXPERT)) == "Bea Ana"
    assert names(replace(ANA, level=Level.INTERESTED), BEA) == "Bea Ana"


def test_a_shared_language_comes_first_at_the_same_level() -> None:
    assert names(ANA, replace(BEA, languages=frozenset({"fr", "en"}))) == "Bea Ana"


def test_a_level_outweighs_a_language() -> None:
    assert names(replace(ANA, level=Level.EXPERT), replace(BEA, languages=frozenset({"en"}))) == "Ana Bea"


def test_a_better_match_comes_first() -> None:
    other = replace(BEA, topic_id="user-fees", level=Level.EXPERT)
    assert names(other, ANA, matches={"stormwater": 1.0, "user-fees": 0.6}) == "Ana Bea"


def test_somebody_with_two_topics_is_suggested_once_for_the_better() -> None:
    twice = rank(
        [ANA, replace(ANA, topic_id="user-fees", level=Level.EXPERT)],
        now=NOW,
        matches={"stormwater": 0.5, "user-fees": 1.0},
        asker_user_id=9,
        asker_languages=frozenset(),
    )
    assert [one.person.topic_id for one in twice] == ["user-fees"]


def test_who_confirmed_last_comes_first_among_equals_then_the_name_decides() -> None:
    assert names(ANA, replace(BEA, expertise_confirmed_at=NOW)) == "Bea Ana"
    assert names(BEA, ANA) == "Ana Bea"


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": None},
        {"user_id": 9},
        {"confirmed_at": None},
        {"current": False},
        {"paused_until": NOW + timedelta(seconds=1)},
        {"topic_id": "opera"},
    ],
)
def test_who_is_left_out(changes: dict[str, object]) -> None:
    assert names(replace(ANA, **changes)) == ""  # type: ignore[arg-type]


def test_a_pause_that_is_over_leaves_nobody_out() -> None:
    assert names(replace(ANA, paused_until=NOW)) == "Ana"


@given(st.integers(0, 40), st.integers(-3, 60))
def test_pages_hold_everybody_once(total: int, number: int) -> None:
    everyone = rank(
        [replace(ANA, member_id=n, user_id=1000 + n) for n in range(total)],
        now=NOW,
        matches={"stormwater": 1.0},
        asker_user_id=9,
        asker_languages=frozenset(),
    )
    pages = [page_of(everyone, n) for n in range(page_of(everyone, 0).last + 1)]

    assert [one for page in pages for one in page.suggestions] == everyone
    assert all(len(page.suggestions) <= PAGE for page in pages)
    assert 0 <= page_of(everyone, number).number <= pages[-1].number
