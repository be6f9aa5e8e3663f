"""What a person may do here, as a list of commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord

from bot.i18n import Translator
from bot.render.parts import COLOUR, cut

FULL: Final = 5500
"""Discord allows 6,000 characters in the embeds of a message; the footer comes on top."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as a person sees it: how Discord links it, or its name, and its English description."""

    shown: str
    description: str


def cards(
    t: Translator, members: Sequence[Entry], coordinators: Sequence[Entry], menus: Sequence[Entry]
) -> list[discord.Embed]:
    """Three lists, those that are empty left out; in as few cards as hold them, each for a message of its own."""
    made = [discord.Embed(title=t("help.title"), description=t("help.intro"), colour=COLOUR)]
    for heading, entries in (
        (t("help.members"), members),
        (t("help.coordinators"), coordinators),
        (t("help.menus"), menus),
    ):
        for part, text in enumerate(_parts([_line(t, entry) for entry in entries])):
            if len(made[-1]) + len(heading) + len(text) > FULL:
                made.append(discord.Embed(colour=COLOUR))
            first = part == 0 or not made[-1].fields
            made[-1].add_field(name=heading if first else "\u200b", value=text, inline=False)
    made[-1].set_footer(text=t("help.footer"))
    return made


def _line(t: Translator, entry: Entry) -> str:
    description = t.catalogues.command(t.language, entry.description) or entry.description
    return f"{entry.shown} – {description}" if description else entry.shown


def _parts(lines: Sequence[str]) -> list[str]:
    """The lines in as few texts of at most 1024 characters, a field's limit, as hold them."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) + len(line) < 1024:
            parts[-1] += f"\n{line}"
        else:
            parts.append(cut(line, 1024))
    return parts
