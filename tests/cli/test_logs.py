"""Logs: for people or machines, and never with a secret in them."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from config.logs import configure, masker

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"
SECRET = "short-secret"

pytestmark = pytest.mark.usefixtures("logging_restored")


def logged(form: str, level: str = "info") -> io.StringIO:
    """Logging into a text of the test's own."""
    stream = io.StringIO()
    configure(level, form, SECRET, stream=stream)
    return stream


def test_text_for_people() -> None:
    stream = logged("text")
    structlog.get_logger("twincord").info("ready", servers=3)
    line = stream.getvalue()
    assert "ready" in line
    assert "servers=3" in line
    assert "[info" in line


def test_one_json_document_a_line_for_machines() -> None:
    stream = logged("json")
    structlog.get_logger("twincord").info("prêt", servers=3)
    logging.getLogger("somebody.else").warning("careful %s", "now")
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours["event"], ours["servers"], ours["level"], ours["logger"]) == ("prêt", 3, "info", "twincord")
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["level"]) == ("careful now", "warning")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", [SECRET, TOKEN])
def test_secrets_are_masked_wherever_they_stand(form: str, secret: str) -> None:
    stream = logged(form)
    log = structlog.get_logger("twincord")
    log.warning(f"in the text {secret}")
    log.warning("in a value", header=f"Bot {secret}", nested={"token": secret})
    logging.getLogger("library").warning("in an argument %r", {"secret": secret})
    log.error("failed", exc_info=ValueError(f"in an error {secret}"))
    assert "in an error •••" in stream.getvalue()
    assert secret not in stream.getvalue()
    assert stream.getvalue().count("•••") == 5


def test_the_password_of_a_database_is_masked_and_its_user_is_not() -> None:
    text = masker()("cannot open postgresql://bot:hunter2@db.example/twincord")
    assert text == "cannot open postgresql://bot:•••@db.example/twincord"


def test_a_secret_inside_another_leaves_nothing_behind() -> None:
    assert masker("abc", "abcdef")("abcdef") == "•••"


def test_below_the_level_nothing_is_said() -> None:
    stream = logged("text", "warning")
    structlog.get_logger("twincord").info("not this")
    logging.getLogger("discord.gateway").info("nor this")
    structlog.get_logger("twincord").warning("but this")
    assert stream.getvalue().count("\n") == 1


def test_that_the_bot_has_no_voice_is_no_news() -> None:
    stream = logged("text")
    logging.getLogger("discord.client").warning("PyNaCl is not installed, voice will NOT be supported")
    logging.getLogger("discord.client").warning("This is news")
    assert stream.getvalue().count("\n") == 1
