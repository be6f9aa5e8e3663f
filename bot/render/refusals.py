"""What a person reads when something cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import discord

from bot.domain.errors import Refusal
from bot.i18n import Translator
from bot.render.parts import Attachment, button, buttons, safe

ROOM = 1500
"""How much of what she typed fits in the message beside the sentence; more goes into a file."""


def sentence(t: Translator, refusal: Refusal) -> str:
    """The sentence of a refusal. What people typed is escaped: it may hold mentions and markup.

    A value of one of the domain's enums, or a tuple of them, is said in words.
    """
    parameters = {name: _shown(t, value) for name, value in refusal.parameters.items()}
    return t(refusal.message_id, **parameters)


def _shown(t: Translator, value: object) -> object:
    match value:
        case Enum():
            return t.of(value)
        case tuple():
            return t.list(str(_shown(t, each)) for each in value)
        case str():
            return safe(value)
        case _:
            return value


def answer(t: Translator, refusal: Refusal, reference: str, field: str | None = None) -> str:
    """The sentence, with the field of a form that it is about; below it in small print the id by which the log knows
    it."""
    said = sentence(t, refusal)
    if field:
        said = t("errors.in_field", field=f"**{safe(field)}**", sentence=said)
    return f"{said}\n-# {t('errors.reference', reference=reference)}"


def given_back(
    t: Translator, text: str, typed: Mapping[str, str], reference: str
) -> tuple[str, discord.ui.View, discord.File | None]:
    """The sentence, what she typed (in the message, or as a file where it is long), and a button to go on."""
    view = buttons(button(t("errors.open_again"), f"form:again:{reference}", style=discord.ButtonStyle.primary))
    kept = "\n\n".join(f"{label}\n{value}" for label, value in typed.items())
    if not kept:
        return text, view, None
    if len(kept) <= ROOM:
        fenced = kept.replace("```", "'''")
        return f"{text}\n{t('errors.you_wrote')}\n```\n{fenced}\n```", view, None
    file = Attachment(kept.encode(), "what-you-wrote.txt", t("errors.you_wrote"))
    return f"{text}\n{t('errors.you_wrote_file')}", view, file
