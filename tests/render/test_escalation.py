"""What is said about silent cities: a drill never looks real, nor the reverse; many cities fit."""

from __future__ import annotations

import pytest

from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertText
from bot.domain.escalation import CityAsked, Rung
from bot.i18n import Catalogues
from bot.render import crisis, escalation
from config import FOLDER
from tests.domain.test_crisis import alert as made

CATALOGUES = Catalogues.load(FOLDER / "locales")
CITIES = (CityAsked("Lyon", "S1", (1, 2)), CityAsked("S2", "S2"))


def real(drill: bool) -> Alert:
    said = {language: AlertText("Flood", "Flood", "x", "y") for language in CATALOGUES.languages}
    return made(drill=drill, texts=said, severity=Severity.SEVERE)


@pytest.mark.parametrize("language", CATALOGUES.languages)
@pytest.mark.parametrize("rung", Rung)
def test_a_drill_says_so_first_and_last_and_an_alert_never_does(language: str, rung: Rung) -> None:
    t = CATALOGUES.translator(language)
    drilled, _ = escalation.text(t, real(drill=True), rung, CITIES, ())
    lines = drilled.splitlines()
    assert lines[0] == crisis.line(t, real(drill=True))
    assert lines[-1] == t("crisis.drill_last_line")
    alarmed, _ = escalation.text(t, real(drill=False), rung, CITIES, ())
    assert alarmed.splitlines()[0] == crisis.line(t, real(drill=False))
    assert not set(alarmed.splitlines()) & {*lines[:2], lines[-1]}
    for word in ("DRILL", "EXERCICE", "SIMULACRO", "🟣"):
        assert word not in alarmed


def test_many_cities_and_people_fit_and_only_who_is_named_is_pinged() -> None:
    t = CATALOGUES.translator("fr")
    many = tuple(CityAsked(f"City {n}", "S", tuple(range(n * 100 + 10**17, n * 100 + 10**17 + 10))) for n in range(300))
    text, named = escalation.text(t, real(drill=True), Rung.ON_CALL, many, ())
    assert len(text) <= 2000
    assert 0 < len(named) <= escalation.NAMED
    assert all(f"<@{each}>" in text for each in named)
    text, named = escalation.text(t, real(drill=False), Rung.NETWORK, many, (7, 8))
    assert len(text) <= 2000
    assert named == (7, 8)
    assert text.endswith("<@7> <@8>")
    assert "City 0 (S)" in text
