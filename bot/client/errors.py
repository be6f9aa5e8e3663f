"""One place where every error becomes one sentence for the person and one log line with an id."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands

from bot.domain.errors import Refusal, Unavailable
from bot.i18n import Catalogues, Translator
from bot.render import refusals

if TYPE_CHECKING:
    from bot.client.forms import Form

log = structlog.get_logger("twincord.errors")

NUMBERS = re.compile(r"\d+")
UNKNOWN_THINGS = {10003, 10004, 10007, 10008, 10011, 10013}
"""Discord's codes for a channel, server, member, message, role or user that is gone."""


@dataclass(frozen=True, slots=True)
class ErrorHandler:
    """Answers what went wrong. Nothing is swallowed: whatever comes here is logged, even if Discord is deaf."""

    catalogues: Catalogues
    kept_forms: dict[str, Form] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """How many errors there were of each kind, for the metrics."""

    async def handle(
        self, interaction: discord.Interaction[Any], error: BaseException, *, form: Form | None = None
    ) -> None:
        """Log `error` under a new id, and tell the person what to do, privately and in her language.

        A `form` whose submission was refused gives back what she typed, with a button that opens it again.
        """
        error = _cause(error)
        reference = secrets.token_hex(3)
        _log(reference, interaction, error)
        self.counts[_kind(error)] += 1
        actor = interaction.extras.get("actor")
        t = self.catalogues.translator(actor.language if actor else None, interaction.locale.value)
        refusal = _refusal(error)
        text = _text(t, refusal, reference, form.refused_field(refusal) if form else None)
        if interaction.type is discord.InteractionType.autocomplete:
            await _quietly(reference, _no_choices(interaction))
            return
        if form is None:
            await _quietly(reference, _answer(interaction, text))
            return
        self._keep(reference, form)
        await _quietly(reference, _answer(interaction, *refusals.given_back(t, text, form.typed(), reference)))

    def _keep(self, reference: str, form: Form) -> None:
        self.kept_forms[reference] = form
        while len(self.kept_forms) > 200:
            del self.kept_forms[next(iter(self.kept_forms))]

    def sentence(self, t: Translator, error: BaseException) -> str:
        """The sentence alone, without an id, for places that are not an interaction."""
        return refusals.sentence(t, _refusal(error))


def _text(t: Translator, refusal: Refusal, reference: str, field_name: str | None) -> str:
    try:
        return refusals.answer(t, refusal, reference, field_name)
    except LookupError:  # a sentence is missing: a bug, but she must not be left without an answer
        log.exception("no sentence", reference=reference, message_id=refusal.message_id)
        return refusals.answer(t, Refusal("errors.bug"), reference)


def _cause(error: BaseException) -> BaseException:
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        return error.__cause__ or error
    return error


def _refusal(error: BaseException) -> Refusal:
    """What the person is told; an error that we do not know is a bug, and she is told that it is ours."""
    match error:
        case Refusal():
            return error
        case discord.Forbidden():
            return Refusal("errors.missing_permission")
        case discord.HTTPException() if error.code in UNKNOWN_THINGS:
            return Refusal("errors.gone")
        case discord.HTTPException() if error.status >= 500 or error.status == 429:
            return Refusal("errors.discord_unwell")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return Refusal("errors.command_changed")
        case app_commands.TransformerError():
            return Refusal("errors.option", value=str(error.value))
        case _:
            return Refusal("errors.bug")


def _kind(error: BaseException) -> str:
    match error:
        case Unavailable():
            return "unavailable"
        case Refusal():
            return "refused"
        case discord.HTTPException():
            return "discord"
        case _:
            return "bug"


def _log(reference: str, interaction: discord.Interaction[Any], error: BaseException) -> None:
    command = interaction.command.qualified_name if interaction.command else None
    data: Any = interaction.data or {}
    discreet, custom_id = bool(interaction.extras.get("discreet")), data.get("custom_id")
    bound = log.bind(
        reference=reference,
        command=command,
        # A number in it may be that of an anonymous answer, which no log is to join to a time or a server.
        custom_id=NUMBERS.sub("#", custom_id) if discreet and custom_id else custom_id,
        server=interaction.guild_id,
        user=None if discreet else interaction.user.id,
    )
    if isinstance(error, Unavailable):
        bound.warning("unavailable", problem=str(error), cause=repr(error.__cause__))
    elif isinstance(error, Refusal):
        bound.info("refused", reason=error.message_id)
    elif isinstance(error, discord.HTTPException):
        bound.warning("discord refused", status=error.status, code=error.code, text=error.text)
    else:
        bound.error("bug", exc_info=error)


async def _no_choices(interaction: discord.Interaction[Any]) -> None:
    if not interaction.response.is_done():
        await interaction.response.autocomplete([])


async def _answer(
    interaction: discord.Interaction[Any],
    text: str,
    view: discord.ui.View | None = None,
    file: discord.File | None = None,
) -> None:
    extra: dict[str, Any] = {}
    if view is not None:
        extra["view"] = view
    if file is not None:
        extra["file"] = file
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, **extra)
    else:
        await interaction.response.send_message(text, ephemeral=True, **extra)


async def _quietly(reference: str, answering: Any) -> None:
    try:
        await answering
    except discord.HTTPException as error:
        log.warning("could not answer", reference=reference, status=error.status, code=error.code)
