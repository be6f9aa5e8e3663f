"""Placeholders of templates: which there are, what fills them, and how a written alert gets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert_templates import TemplateText, built_in, check_placeholders, filled, first, generalised, text_of
from bot.domain.crisis import HEADLINE_LIMIT, AlertText
from bot.domain.errors import Refusal
from bot.domain.hazards import HazardTerm


@pytest.mark.parametrize("typed", ["{evnt}", "a {Place} b", "{}", "{ place }", "open {", "} close", "{{place}}"])
def test_another_placeholder_is_refused_and_named(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_placeholders(typed)
    assert refused.value.message_id == "alert_templates.placeholder"
    assert refused.value.refused == typed
    assert str(refused.value.parameters["found"]) in typed


def test_the_two_placeholders_are_filled_in_one_go() -> None:
    check_placeholders("{event}: {place}, {place}")
    found = filled(AlertText("", "{event}: {place}", "{place} {event}", "Go up."), "Flood {place}", "Lyon {event}")
    assert found == AlertText("Flood {place}", "Flood {place}: Lyon {event}", "Lyon {event} Flood {place}", "Go up.")


def test_a_long_place_does_not_burst_the_headline() -> None:
    assert len(filled(AlertText("", "{event} in {place}", "x", "y"), "Flood", "L" * 200).headline) == HEADLINE_LIMIT


def test_a_text_is_whole_or_not_there() -> None:
    assert text_of(" ", "", "\n") is None
    assert text_of("{event}", "In {place}.", " Go up. ") == TemplateText("{event}", "In {place}.", "Go up.")
    with pytest.raises(Refusal):
        text_of("{event}", "", "Go up.")


def test_what_was_written_for_one_alert_fits_the_next() -> None:
    written = AlertText("Flood", "Flood: Lyon", "Flood in Lyon; {gauge} rises. Lyonnais, beware.", "Leave Lyon.")
    assert generalised(written, "Lyon") == TemplateText(
        "{event}: {place}", "{event} in {place}; (gauge) rises. Lyonnais, beware.", "Leave {place}."
    )


@given(st.text(max_size=200), st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_what_is_kept_of_a_draft_may_be_written_again(said: str, event: str, place: str) -> None:
    check_placeholders(generalised(AlertText(event, said, said, said), place).headline[: HEADLINE_LIMIT - 8])


def test_the_nearest_that_is_kept_goes_first() -> None:
    flood = built_in(HazardTerm.FLOOD)
    assert first(None, None, hazard=HazardTerm.FLOOD) == flood
    assert first(None, flood, hazard=HazardTerm.STORM) is flood
