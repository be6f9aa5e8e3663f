"""Where every command works: settings are read, sentences or one JSON document said, and errors answered."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import secrets
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import structlog
import typer

from bot.app import EXPECTED_ERRORS, read_catalogues
from bot.i18n import CatalogueError, Catalogues, Translator
from config import FOLDER
from config.logs import configure, masker
from config.settings import Settings, load_settings

log = structlog.get_logger("twincord.cli")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What could move a terminal's cursor or turn its writing round; imported files may hold it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: sentences for a person or a document for a machine, and its exit status.

    `problem` says that it could not be done: then the sentences go to standard error.
    """

    sentences: Sequence[str]
    document: object
    status: int = 0
    problem: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command is handed."""

    settings: Settings
    t: Translator
    machine: bool

    @property
    def watched(self) -> bool:
        """Whether a person looks on, who is glad of a progress bar or a question."""
        return not self.machine and sys.stderr.isatty()


Work = Callable[[Desk], Coroutine[Any, Any, Answer]]


def perform(work: Work, *, machine: bool, running: bool = False) -> None:
    """Do a command's work, say what it answers, and end with its exit status.

    Whatever is raised becomes one sentence. `running` logs everything that the settings ask for; a short command logs
    warnings only, between its sentences. Raises `typer.Exit`.
    """
    configure("warning", "text")
    mask = masker()
    t = _first_words()
    try:
        settings = load_settings()
        mask = masker(*settings.secrets)
        quiet = not running and settings.log_level == "info"
        configure("warning" if quiet else settings.log_level, settings.log_format, *settings.secrets)
        t = read_catalogues(settings).translator(settings.language)
        answer = asyncio.run(work(Desk(settings, t, machine)))
    except EXPECTED_ERRORS as error:
        log.debug("refused", reason=error.message_id, exc_info=error)
        answer = _refused(t, error.message_id, **error.parameters)
    except CatalogueError as error:
        answer = _refused(t, "cli.catalogue_unreadable", problem=str(error))
    except typer.Abort:  # she ended a question with Ctrl+C; Typer says so
        raise
    except Exception as error:  # noqa: BLE001 - a bug becomes a sentence here, and a traceback in the log
        answer = _bug(t, error)
    present(answer, machine=machine, mask=mask)
    logging.shutdown()
    raise typer.Exit(answer.status)


def present(answer: Answer, *, machine: bool, mask: Callable[[str], str]) -> None:
    """Print an answer. No secret and no control character gets past here."""
    text = "\n".join(CONTROLS.sub("�", line) for line in answer.sentences)
    if text and (not machine or answer.problem):
        typer.echo(mask(text), err=answer.problem or machine)
    if machine:
        typer.echo(mask(json.dumps(answer.document, ensure_ascii=False, indent=2)))


def stopped(t: Translator, message_id: str, /, **parameters: object) -> Answer:
    """The answer of a command that could not be done."""
    return _refused(t, message_id, **parameters)


def _refused(t: Translator, message_id: str, /, **parameters: object) -> Answer:
    sentence = t(message_id, **parameters)
    return Answer((sentence,), {"error": {"message": sentence, "id": message_id}}, status=1, problem=True)


def _bug(t: Translator, error: Exception) -> Answer:
    reference = secrets.token_hex(3)
    log.error("bug", reference=reference, exc_info=error)
    sentence = t("cli.bug", reference=reference)
    document = {"error": {"message": sentence, "id": "cli.bug", "reference": reference}}
    return Answer((sentence,), document, status=1, problem=True)


def _first_words() -> Translator:
    """How to say what is wrong with the settings, before they are read: in the language of the environment."""
    try:
        return Catalogues.load(FOLDER / "locales").translator(os.environ.get("TWINCORD_LANGUAGE"))
    except CatalogueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
