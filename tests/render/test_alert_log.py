"""The timeline of an alert in words: nothing without its words, nothing typed that does anything, however long."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.alert_log import LOGGED, NOBODY, LogEntry
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience, AlertDeed, AlertState, AlertText
from bot.domain.crisis_answers import AlertAnswer
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.outbox import DeliveryKind, DeliveryState
from bot.i18n import Catalogues
from bot.messenger.composers import crisis as composers
from bot.render.alert_log import ANSWERS, DEEDS, STATES, WHYS, files, harmless, said
from config import FOLDER
from tests.messages import trees

CATALOGUES = Catalogues.load(FOLDER / "locales")
AT = datetime(2026, 11, 30, 2, 59, 30, tzinfo=UTC)
ALERT = Alert(
    id=12,
    drill=False,
    state=AlertState.CANCELLED,
    server_id=1,
    author_id=2,
    hazard="flood",
    event=None,
    place="Lyon",
    severity=Severity.SEVERE,
    urgency=Urgency.IMMEDIATE,
    certainty=Certainty.OBSERVED,
    audience=AlertAudience.NETWORK,
    audience_value=None,
    language="en",
    hours=12,
    created_at=AT,
    texts={"en": AlertText("Flood", "Flood: Lyon", "It rises.", "Go up.")},
)
HAPPENED = (
    LogEntry(AT, "alert.draft", 5, "Anna", "Lyon alumni", details={"event": "flood", "audience": "network"}),
    LogEntry(AT, "alert.edit", 5, "Anna", "Lyon alumni", details={"severity": "Extreme", "language": "fr"}),
    LogEntry(AT, "alert.confirm", 5, "Anna", "Lyon alumni", details={"channels": "2"}),
    LogEntry(AT, "alert.override", 6, None, "Porto alumni", details={"reason": "Water in the hospital"}),
    LogEntry(AT + timedelta(seconds=1), "delivery.alert.sent", None, None, "Porto alumni", 70, ("Porto", "Braga")),
    LogEntry(AT + timedelta(seconds=1), "delivery.alert.refused", None, None, "Lviv", 71, details={"code": "50013"}),
    LogEntry(AT + timedelta(seconds=2), "delivery.alert.cancelled", where="Gdańsk", details={"why": "no_consent"}),
    LogEntry(AT + timedelta(minutes=1), "answer.received", 7, "Rui", "Porto"),
    LogEntry(
        AT + timedelta(minutes=2),
        "answer.need",
        7,
        "Rui",
        "Porto",
        details={"what": "pumps", "quantity": "4", "place": "Ribeira"},
    ),
    LogEntry(AT + timedelta(minutes=3), "alert.cancel", NOBODY, None, "Lyon alumni"),
    LogEntry(AT + timedelta(minutes=3), "alert.expire"),
)


def read(alert: Alert, happened: tuple[LogEntry, ...], language: str, zone: str = "UTC") -> tuple[str, list[list[str]]]:
    """The text, and the rows of the table."""
    text, table = (file.fp.read() for file in files(CATALOGUES.translator(language), alert, happened, zone))
    return text.decode(), list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def test_it_says_in_words_who_did_what_and_what_became_of_each_channel() -> None:
    text, _ = read(ALERT, HAPPENED, "en", "Europe/Paris")
    assert text.splitlines() == [
        "# Alert 12: Flood: Lyon",
        "",
        "It stands at: called off: false alarm.  ",
        "Told: one channel · Not told: 2 · Received by one person · One need · 0 offers  ",
        "Times are those of Europe/Paris; those in the table are UTC.",
        "",
        "## November 30, 2026",
        "",
        "- 03:59:30 Anna (Lyon alumni) drafted it (event: Flood · for: the whole network)",
        "- 03:59:30 Anna (Lyon alumni) changed the draft (severity: extreme · language: French)",
        "- 03:59:30 Anna (Lyon alumni) confirmed it by typing the number of channels (channels: 2)",
        "- 03:59:30 <@6> (Porto alumni) sent it without a second person (reason: Water in the hospital)",
        "- 03:59:31 Porto alumni (Porto and Braga) was told: an alert",
        "- 03:59:31 Lviv could not be told: an alert. Why: I may not see the channel, or not write in it",
        "- 03:59:32 Gdańsk was not told: an alert. Why: the server does not consent to it",
        "- 04:00:30 Rui received it (Porto)",
        "- 04:01:30 Porto needs help: pumps · how much: 4 · where: Ribeira (Rui)",
        "- 04:02:30 Somebody whose data was deleted called it off: a false alarm",
        "- 04:02:30 It expired by itself",
    ]


@pytest.mark.parametrize("language", ["fr", "es"])
def test_in_her_language_with_the_same_ids_beside(language: str) -> None:
    text, rows = read(ALERT, HAPPENED, language)
    _, english = read(ALERT, HAPPENED, "en")
    assert [row[:2] + row[3:] for row in rows] == [row[:2] + row[3:] for row in english]
    assert [row[2] for row in rows[1:]] != [row[2] for row in english[1:]]
    expected = {
        "fr": "Porto a besoin d’aide : pompes · combien : 4 · où : Ribeira (Rui)",
        "es": "Porto necesita ayuda: bombas · cuánto: 4 · dónde: Ribeira (Rui)",
    }
    assert expected[language] in text
    for raw in ("alert.", "delivery.", "answer.", "no_consent", "50013"):
        assert raw not in text


def test_a_day_has_its_heading_in_her_zone() -> None:
    late = LogEntry(AT.replace(hour=23, minute=30), "answer.received", 7, "Rui", "Porto")
    text, _ = read(ALERT, (HAPPENED[0], late), "en", "Europe/Paris")
    assert "## November 30, 2026" in text
    assert "## December 1, 2026" in text
    assert "- 00:30:30 Rui" in text


def test_the_file_of_a_drill_says_that_nothing_was_real() -> None:
    text, _ = read(replace(ALERT, drill=True), (), "es")
    assert "SIMULACRO" in text.splitlines()[2]
    assert text.startswith("# Simulacro 12")


HOSTILE = "=cmd|'/c calc'!A1\n# [x](http://evil.example) **b** <img src=y> www.evil.example"


def test_what_people_typed_does_nothing_in_either_file() -> None:
    entry = LogEntry(AT, "answer.offer", 7, HOSTILE, HOSTILE, details={"what": "boats", "quantity": HOSTILE})
    deed = LogEntry(AT, "alert.return", 7, HOSTILE, HOSTILE, details={"reason": HOSTILE, "=odd": "@SUM(A1)"})
    text, rows = read(ALERT, (entry, deed), "en")
    lines = text.splitlines()
    assert len([line for line in lines if line.startswith("- ")]) == 2
    assert len(lines) == 10
    shown = re.sub(r"\\.", "", "".join(lines[8:]))
    for raw in ("[", "**", "<", "://", "www."):
        assert raw not in shown
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert rows[1][1] == "answer.offer"


def test_what_is_escaped_reads_as_it_was_typed() -> None:
    assert harmless("Saint-Étienne (42) 3.5 m, 12:30") == "Saint-Étienne (42) 3.5 m, 12:30"
    assert harmless("a*b_c\n\n# d") == "a\\*b\\_c \\# d"


def test_what_is_too_much_for_discord_is_left_out_and_said_to_be() -> None:
    told = tuple(LogEntry(AT + timedelta(seconds=n), "delivery.alert.sent", where="Ş" * 300) for n in range(8000))
    (first, second) = files(CATALOGUES.translator("en"), ALERT, told, "UTC")
    text, table = first.fp.read(), second.fp.read()
    assert 6_000_000 < len(text) + len(table) < 8_100_000
    assert "older lines are left out" in text.decode()
    assert (AT + timedelta(seconds=7999)).isoformat() in table.decode()
    assert AT.isoformat() not in table.decode()


def test_no_deed_answer_state_or_delivery_is_without_its_words() -> None:
    assert {f"alert.{deed}" for deed in AlertDeed} - DEEDS.keys() == set()
    assert set(ANSWERS) == set(AlertAnswer)
    assert set(STATES) == set(DeliveryState)
    assert set(composers.COMPOSERS) - LOGGED == set()
    assert set(recorded()) - DEEDS.keys() == set()
    assert len(set(recorded())) > 5
    assert set(drops()) - WHYS.keys() == set()
    assert len(set(drops())) > 3


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_entry_that_may_come_is_said_without_its_id(language: str) -> None:
    t = CATALOGUES.translator(language)
    kinds = [*DEEDS, *(f"answer.{answer}" for answer in AlertAnswer)]
    kinds += [f"message.{kind}" for kind in FollowUpKind]
    kinds += [f"delivery.{kind}.{state}" for kind in DeliveryKind if kind in LOGGED for state in DeliveryState]
    for kind in kinds:
        sentence = said(t, LogEntry(AT, kind, 5, "Anna", "Lyon", details={"what": "boats", "why": "over"}))
        assert kind not in sentence
        assert "{" not in sentence


def recorded() -> Iterator[str]:
    """Every action about an alert that the services put into the audit, found in their syntax tree."""
    for file, tree in trees():
        if not file.startswith("bot/services/"):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = [argument.value for argument in node.keywords if argument.arg == "action"]
            yield from (one for one in map(literal, words) if one.startswith("alert."))
            if called == "_note" and "crisis" in file:
                yield from (f"alert.{one}" for one in map(literal, node.args) if one)


DESKS = {"bot/services/crisis_desk.py": {"speech"}, "bot/services/oncall_desk.py": {"direct", "asking"}}
"""Where it is decided at the moment of sending whether something is still to be said."""


def drops() -> Iterator[str]:
    """Every word with which a delivery about an alert is dropped."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if file == "bot/messenger/composers/crisis.py" and isinstance(node, ast.Call):
                yield from (one for one in map(literal, node.args) if getattr(node.func, "id", "") == "Dropped" and one)
            if file in DESKS and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for each in ast.walk(node) if node.name in DESKS[file] else ():
                    if isinstance(each, ast.Return) and each.value is not None:
                        yield from (one for one in map(literal, ast.walk(each.value)) if one)


def literal(node: ast.AST) -> str:
    """A word that stands in the code; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
