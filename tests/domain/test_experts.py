"""Who is suggested, and in which order: each signal moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.experts import (
    MOST,
    PAGE,
    WEIGHTS,
    YEAR,
    Asker,
    Candidate,
    CitySize,
    Reason,
    ReasonKind,
    Suggestion,
    context,
    evidence,
    fresh,
    load,
    page_of,
    rank,
    score,
)
from bot.domain.members import Level

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ASKER = Asker(9, frozenset({"en"}), "FR", CitySize.LARGE)
ANA = Candidate(
    member_id=1,
    user_id=101,
    name="Ana",
    topic_id="stormwater",
    level=Level.PRACTITIONER,
    languages=frozenset({"pt"}),
    confirmed_at=NOW,
    expertise_confirmed_at=NOW,
)
BEA = replace(ANA, member_id=2, user_id=102, name="Bea")
CLARA = replace(ANA, member_id=3, user_id=103, name="Clara")
DORA = replace(ANA, member_id=4, user_id=104, name="Dora")


def ranked(*people: Candidate, matches: dict[str, float] | None = None) -> list[Suggestion]:
    return rank(people, now=NOW, matches=matches or {"stormwater": 1.0}, asker=ASKER)


def names(*people: Candidate, matches: dict[str, float] | None = None) -> str:
    """The order of the suggested people."""
    return " ".join(suggestion.person.name for suggestion in ranked(*people, matches=matches))


def test_a_higher_level_comes_first() -> None:
    assert names(ANA, replace(BEA, level=Level.EXPERT)) == "Bea Ana"
    assert names(replace(ANA, level=Level.INTERESTED), BEA) == "Bea Ana"


@pytest.mark.parametrize(
    "better",
    [
        {"accepted": (NOW,)},
        {"thanked": (NOW,)},
        {"endorsements": 1},
        {"country": "FR"},
        {"size": CitySize.LARGE},
        {"languages": frozenset({"fr", "en"})},
    ],
)
def test_each_thing_that_speaks_for_a_person_moves_her_up(better: dict[str, object]) -> None:
    assert names(ANA, BEA) == "Ana Bea"
    assert names(ANA, replace(BEA, **better)) == "Bea Ana"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "worse",
    [
        {"expertise_confirmed_at": NOW - 2 * YEAR},
        {"expertise_confirmed_at": None},
        {"asks": 1},
        {"level": Level.INTERESTED},
    ],
)
def test_each_thing_that_speaks_against_a_person_moves_her_down(worse: dict[str, object]) -> None:
    assert names(replace(ANA, **worse), BEA) == "Bea Ana"  # type: ignore[arg-type]


def test_an_accepted_answer_outweighs_a_thanks_and_a_new_one_an_old_one() -> None:
    assert names(replace(ANA, thanked=(NOW,)), replace(BEA, accepted=(NOW,))) == "Bea Ana"
    assert names(replace(ANA, accepted=(NOW - YEAR,)), replace(BEA, accepted=(NOW,))) == "Bea Ana"


def test_what_people_did_outweighs_what_they_say_of_themselves() -> None:
    credited = replace(BEA, level=Level.INTERESTED, accepted=(NOW, NOW, NOW))
    assert names(replace(ANA, level=Level.EXPERT), credited) == "Bea Ana"


def test_a_larger_cap_leaves_more_room() -> None:
    assert names(replace(ANA, asks=2, cap=4), replace(BEA, asks=2, cap=10)) == "Bea Ana"


def test_a_better_match_comes_first() -> None:
    other = replace(BEA, topic_id="user-fees", level=Level.EXPERT)
    assert names(other, ANA, matches={"stormwater": 1.0, "user-fees": 0.6}) == "Ana Bea"


def test_a_vague_match_is_not_saved_by_its_people() -> None:
    famous = replace(BEA, topic_id="user-fees", level=Level.EXPERT, accepted=(NOW,) * 9, endorsements=9)
    assert names(famous, replace(ANA, level=Level.EXPERT), matches={"stormwater": 1.0, "user-fees": 0.5}) == "Ana Bea"


def test_somebody_with_two_topics_is_suggested_once_for_the_better() -> None:
    other = replace(ANA, topic_id="user-fees", level=Level.EXPERT)
    twice = ranked(ANA, other, matches={"stormwater": 0.5, "user-fees": 1.0})
    assert [one.person.topic_id for one in twice] == ["user-fees"]


def test_who_confirmed_last_comes_first_among_equals_then_the_name_decides() -> None:
    assert names(replace(ANA, expertise_confirmed_at=NOW - timedelta(days=9)), BEA) == "Bea Ana"
    assert names(BEA, ANA) == "Ana Bea"


def test_evidence_halves_in_a_year_and_saturates() -> None:
    def credited(*days: float) -> float:
        return evidence(replace(ANA, accepted=tuple(NOW - timedelta(days=one) for one in days)), NOW)

    assert credited() == 0
    assert credited(0, 0) == pytest.approx(0.5)
    assert credited(365, 365, 365, 365) == pytest.approx(0.5)
    assert 0.9 < credited(*[0] * 40) < 1
    assert evidence(replace(ANA, thanked=(NOW,) * 4), NOW) == pytest.approx(0.5)


def test_a_topic_stays_fresh_for_a_year_and_then_counts_less_and_less() -> None:
    assert fresh(NOW, NOW) == fresh(NOW - YEAR, NOW) == 1
    assert fresh(NOW - 2 * YEAR, NOW) == pytest.approx(0.5)
    assert fresh(NOW - 30 * YEAR, NOW) == 0.25
    assert fresh(None, NOW) == 0.5


def test_load_is_what_is_left_of_the_cap() -> None:
    assert load(replace(ANA, asks=1, cap=4)) == 0.75
    assert load(replace(ANA, asks=5, cap=4)) == load(replace(ANA, cap=0)) == 0


def test_the_best_person_possible_scores_no_more_than_one() -> None:
    best = replace(
        ANA, level=Level.EXPERT, accepted=(NOW,) * 10_000, endorsements=10_000, country="FR", size=CitySize.LARGE
    )
    best = replace(best, languages=frozenset({"en"}))
    assert context(best, ASKER) == pytest.approx(1)
    assert score(best, 1.0, ASKER, NOW) == pytest.approx(1, abs=0.001)
    shares = (WEIGHTS.declared, WEIGHTS.evidence, WEIGHTS.endorsed, WEIGHTS.context)
    assert shares == (0.30, 0.40, 0.15, 0.15)


def test_who_has_nothing_in_common_is_not_alike_for_what_nobody_knows() -> None:
    assert context(replace(ANA, country=None, size=None), Asker(9)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": None},
        {"user_id": 9},
        {"confirmed_at": None},
        {"current": False},
        {"paused_until": NOW + timedelta(seconds=1)},
        {"expertise_paused_until": NOW + timedelta(seconds=1)},
        {"open": False},
        {"asks": 4},
        {"asks": 1, "cap": 1},
        {"cap": 0},
        {"topic_id": "opera"},
    ],
)
def test_who_is_left_out(changes: dict[str, object]) -> None:
    assert names(replace(ANA, **changes)) == ""  # type: ignore[arg-type]


def test_a_pause_that_is_over_leaves_nobody_out() -> None:
    assert names(replace(ANA, paused_until=NOW, expertise_paused_until=NOW)) == "Ana"


def test_the_third_place_goes_to_the_least_asked_qualified_person() -> None:
    first = replace(ANA, level=Level.EXPERT, asks=1)
    second = replace(BEA, level=Level.EXPERT, asks=1)
    third = replace(CLARA, level=Level.EXPERT, asks=1)
    assert names(first, second, third, DORA) == "Ana Bea Dora Clara"
    assert names(first, second, third, replace(DORA, asks=1)) == "Ana Bea Clara Dora"
    rested = ranked(first, second, third, DORA)[2]
    assert Reason(ReasonKind.RESTED) in rested.reasons


def test_nobody_unqualified_gets_the_third_place_for_being_asked_little() -> None:
    people = [replace(one, level=Level.EXPERT, asks=1) for one in (ANA, BEA, CLARA)]
    assert names(*people, replace(DORA, level=Level.INTERESTED)) == "Ana Bea Clara Dora"
    assert names(*people, replace(DORA, expertise_confirmed_at=NOW - 4 * YEAR)) == "Ana Bea Clara Dora"


def test_two_people_have_no_third_place() -> None:
    assert names(replace(ANA, asks=1, level=Level.EXPERT), replace(BEA, asks=0)) == "Ana Bea"


def test_every_suggestion_says_why() -> None:
    ana = replace(
        ANA,
        accepted=(NOW, NOW),
        thanked=(NOW,),
        endorsements=3,
        country="FR",
        size=CitySize.LARGE,
        languages=frozenset({"en", "pt"}),
    )
    assert ranked(ana)[0].reasons == (
        Reason(ReasonKind.LEVEL),
        Reason(ReasonKind.ACCEPTED, 2),
        Reason(ReasonKind.THANKED, 1),
        Reason(ReasonKind.ENDORSED, 3),
        Reason(ReasonKind.COUNTRY),
        Reason(ReasonKind.CITY_SIZE),
        Reason(ReasonKind.LANGUAGE, languages=("en",)),
    )
    assert ranked(ANA)[0].reasons == (Reason(ReasonKind.LEVEL),)


@pytest.mark.parametrize(
    ("population", "size"),
    [
        (None, None),
        (0, CitySize.TOWN),
        (49_999, CitySize.TOWN),
        (50_000, CitySize.SMALL),
        (249_633, CitySize.MEDIUM),
        (522_969, CitySize.LARGE),
        (24_000_000, CitySize.VERY_LARGE),
    ],
)
def test_sizes_of_cities(population: int | None, size: CitySize | None) -> None:
    assert CitySize.of(population) is size


@given(st.integers(0, 40), st.integers(-3, 60))
def test_pages_hold_everybody_once(total: int, number: int) -> None:
    everyone = ranked(*(replace(ANA, member_id=n, user_id=1000 + n) for n in range(total)))
    pages = [page_of(everyone, n) for n in range(page_of(everyone, 0).last + 1)]

    assert [one for page in pages for one in page.suggestions] == everyone
    assert all(len(page.suggestions) <= PAGE for page in pages)
    assert 0 <= page_of(everyone, number).number <= pages[-1].number


def test_a_list_ends_somewhere() -> None:
    assert len(ranked(*(replace(ANA, member_id=n, user_id=1000 + n) for n in range(MOST + 1)))) == MOST
