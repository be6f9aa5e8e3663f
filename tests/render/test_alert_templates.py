"""Cards and forms of drafts and templates fit Discord's sizes in every language, and say whose text is whose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.alert_drafts import audiences
from bot.domain.alert_templates import AlertTemplate, TemplateScope, TemplateText, built_in
from bot.domain.crisis import DESCRIPTION_LIMIT, HEADLINE_LIMIT, INSTRUCTION_LIMIT, AlertText
from bot.domain.crisis_consent import CityPlace, Consent, ServerPlace
from bot.domain.hazards import HazardTerm
from bot.i18n import Catalogues
from bot.render import alert_drafts, alert_templates
from config import FOLDER
from tests.domain.test_crisis import alert

CATALOGUES = Catalogues.load(FOLDER / "locales")
LONG = TemplateText("h" * HEADLINE_LIMIT, "d" * DESCRIPTION_LIMIT, "i" * INSTRUCTION_LIMIT)
CITIES = tuple(CityPlace(number, f"City {number}", f"C{number}", f"Region {number}", None) for number in range(30))
HOME = ServerPlace(1, "Home", "en", 1, 1, CITIES, Consent())


def full(hazard: HazardTerm) -> AlertTemplate:
    texts = dict.fromkeys(CATALOGUES.languages, LONG)
    return replace(built_in(hazard), texts=texts, scope=TemplateScope.SERVER, version=1)


def components(view: Any) -> list[dict[str, Any]]:
    return [item for row in view.to_components() for item in row["components"]]


@pytest.mark.parametrize("language", CATALOGUES.languages)
def test_the_fullest_template_and_the_list_fit(language: str) -> None:
    t = CATALOGUES.translator(language)
    for hazard in HazardTerm:
        for scope in TemplateScope:
            embed, view = alert_templates.card(t, full(hazard), scope, network=True)
            assert len(embed) <= 6000
            assert all(len(field.value or "") <= 1024 for field in embed.fields)
            assert all(len(item["label"]) <= 80 for item in components(view))
    embed, view = alert_templates.overview(t, [full(hazard) for hazard in HazardTerm])
    assert len(embed.description or "") <= 4096
    assert len(components(view)[0]["options"]) == len(HazardTerm)


@pytest.mark.parametrize("language", CATALOGUES.languages)
def test_a_draft_has_three_rows_and_its_selects_fit(language: str) -> None:
    t = CATALOGUES.translator(language)
    text = AlertText("Flood", "h" * HEADLINE_LIMIT, "d", "i")
    for drill in (False, True):
        draft = alert(drill=drill, texts={language: text}, language=language)
        view = alert_drafts.controls(t, draft)
        assert len(view.to_components()) == 3
        for item in components(view):
            assert len(item.get("label") or item["placeholder"]) <= 80
    offered = audiences(HOME)
    assert len(offered) == 25
    assert len({each.key for each in offered}) == 25
    assert {each.audience.value for each in offered} == {"server", "city", "region", "country", "network"}
    assert all(len(option.label) <= 100 for option in alert_drafts.whom(t, alert(), offered))


def test_each_language_says_whose_text_it_reads() -> None:
    t = CATALOGUES.translator("en")
    own = AlertText("Crue", "Crue", "d", "i")
    written = alert(language="en", texts={"fr": own})
    assert written.written_in("es") == "fr"
    assert alert_drafts.languages(t, written).splitlines() == [
        "English: reads it in French, marked as not translated",
        "Spanish: reads it in French, marked as not translated",
        "French: a text of its own",
    ]
    standing = replace(written, texts={"en": own, "fr": own}, standing=frozenset({"en"}))
    assert "English: what stands ready" in alert_drafts.languages(t, standing)
