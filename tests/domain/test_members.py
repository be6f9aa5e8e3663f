"""What a member may write of herself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.languages import CODES, COMMON, language_codes
from bot.domain.members import (
    COHORT_LIMIT,
    MAX_LANGUAGES,
    NAME_LIMIT,
    POST_LIMIT,
    About,
    Known,
    Level,
    Profile,
    Step,
    checked_languages,
    pause_end,
    zone_named,
    zones_like,
)
from bot.domain.text import tidy
from tests.corpus import READABLE, UNREADABLE, too_long

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", READABLE)
def test_readable_text_is_kept_in_every_field(text: str) -> None:
    about = About.written(text, text, text)
    assert about.display_name == about.post == about.cohort == tidy(text)


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_name_needs_something_readable_and_the_rest_may_stay_empty(text: str) -> None:
    with pytest.raises(Refusal, match=r"text\.empty"):
        About.written(text, None, None)
    assert About.written("Anna", text, text) == About("Anna", None, None)


@pytest.mark.parametrize(
    ("name", "post", "cohort", "limit"),
    [
        (too_long(NAME_LIMIT), None, None, NAME_LIMIT),
        ("Anna", too_long(POST_LIMIT), None, POST_LIMIT),
        ("Anna", None, too_long(COHORT_LIMIT), COHORT_LIMIT),
    ],
)
def test_too_long_says_by_how_much(name: str, post: str | None, cohort: str | None, limit: int) -> None:
    with pytest.raises(Refusal) as refused:
        About.written(name, post, cohort)
    assert refused.value.parameters == {"limit": limit, "length": limit + 1, "over": 1}
    assert About.written("n" * NAME_LIMIT, "p" * POST_LIMIT, "c" * COHORT_LIMIT)


@given(st.text(max_size=80))
def test_tidying_plain_text_takes_no_other_way(text: str) -> None:
    """The short way for plain text and the long way give the same: a mark that changes nothing forces the long one."""
    assert tidy(text) == tidy(text + "\u200b")


def test_steps_that_are_missing_come_in_their_order() -> None:
    profile = Profile(1, 2, About("Anna", None, None), "UTC")
    assert profile.missing == (Step.ABOUT, Step.LANGUAGES, Step.TOPICS)
    full = Profile(
        1, 2, About("Anna", "Engineer", None), "UTC", languages=("fr",), topics=(Known("housing", Level.EXPERT),)
    )
    assert full.missing == ()


def test_a_pause_ends() -> None:
    profile = Profile(1, 2, About("Anna", None, None), "UTC", paused_until=pause_end(NOW, 7))
    assert profile.paused(NOW + timedelta(days=6))
    assert not profile.paused(NOW + timedelta(days=7))
    for days in (0, -1, 367):
        with pytest.raises(Refusal, match="pause_length"):
            pause_end(NOW, days)


@pytest.mark.parametrize("text", ["europe/paris", "Europe/Paris", " EUROPE/PARIS "])
def test_zones_are_known_in_any_case(text: str) -> None:
    assert zone_named(text) == "Europe/Paris"
    assert zone_named("america/new york") == "America/New_York"


@pytest.mark.parametrize("text", ["", "Mars/Base", "../etc/passwd", "CET6", "Europe"])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="zone_unknown"):
        zone_named(text)


def test_zones_whose_city_begins_so_come_first() -> None:
    found = zones_like("par")
    assert found[0] == "America/Paramaribo"
    assert "Europe/Paris" in found[:3]
    assert zones_like("new york")[0] == "America/New_York"
    assert len(zones_like("")) == 25
    assert zones_like("xyzzy") == []


def test_languages_are_codes_or_names() -> None:
    names = {"français": "fr", "ukrainian": "uk"}
    assert language_codes("Français; UKRAINIAN, pt-BR / fr\nde", names.get) == ("fr", "uk", "pt", "de")
    assert language_codes("", names.get) == ()
    with pytest.raises(Refusal) as refused:
        language_codes("fr, Klingon", names.get)
    assert refused.value.parameters == {"language": "Klingon"}
    assert checked_languages(["fr", "en", "fr"]) == ("en", "fr")
    with pytest.raises(Refusal, match="language_unknown"):
        checked_languages(["xx"])
    with pytest.raises(Refusal, match="too_many"):
        checked_languages(sorted(CODES)[: MAX_LANGUAGES + 1])


def test_the_common_languages_leave_room_in_a_select() -> None:
    assert set(COMMON) <= CODES
    assert len(COMMON) < 25
