"""The small parts that every answer is made of: safe text, plain buttons, selects, and cutting to Discord's sizes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import discord

from bot.domain.split import graphemes, split

COLOUR = discord.Colour(0x2E6F8E)
"""The house's own blue-green: calm, and readable on Discord's dark and light themes."""


_TAGS = re.compile(r"<(?=#|/|a?:|t:|id:)")
"""How Discord's other tags begin: channels, commands, emoji, times, places of a server."""


_LONGEST = 40
"""Code points of the longest character that is kept whole: a family with its skins."""
_HALF_ESCAPED = re.compile(r"\\+\Z")


def safe(text: str) -> str:
    """What somebody typed, with markup, mentions and Discord's other tags made harmless."""
    escaped = discord.utils.escape_mentions(discord.utils.escape_markdown(text))
    return _TAGS.sub(r"\\<", escaped)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, ending in an ellipsis where something was left out; no character that a
    reader sees as one is cut, nor a mark of escaping from what it escapes."""
    if len(text) <= limit:
        return text
    kept = ""
    for piece in graphemes(text[: limit + _LONGEST]):
        if len(kept) + len(piece) >= limit:
            break
        kept += piece
    kept = (kept or text[: max(limit - 1, 0)]).rstrip()
    return f"{_HALF_ESCAPED.sub(_whole, kept)}…"


def excerpt(text: str, limit: int) -> str:
    """The beginning of a longer text, cut between words, and never inside a link or code."""
    if len(text) <= limit:
        return text
    first = split(text, limit - 1)[0]
    return f"{first}…" if text.startswith(first) else cut(text, limit)


def said(text: str, limit: int) -> str:
    """The beginning of what somebody typed, harmless, in at most `limit` characters."""
    for most in (limit, limit * 3 // 4, limit // 2):
        shown = safe(excerpt(text, most))
        if len(shown) <= limit:
            return shown
    return cut(shown, limit)


def _whole(match: re.Match[str]) -> str:
    """Backslashes in pairs."""
    return match[0][: len(match[0]) // 2 * 2]


def fitting(parts: Sequence[str], limit: int, more: Callable[[int], str], between: str = "\n") -> str:
    """As many of the parts as fit in `limit` characters; `more` says how many were left out."""
    shown = list(parts)
    while shown:
        left = len(parts) - len(shown)
        text = between.join([*shown, more(left)] if left else shown)
        if len(text) <= limit:
            return text
        shown.pop()
    return cut(parts[0], limit) if parts else ""


class _Named:
    """Somebody or something by its id as text, as Discord's document has it; discord.py writes numbers."""

    def __init__(self, identity: int) -> None:
        self.id: Any = str(identity)


def pinging(*, users: Sequence[int] = (), roles: Sequence[int] = ()) -> discord.AllowedMentions:
    """A message that may ping just these people and roles, by their ids."""
    return discord.AllowedMentions(
        everyone=False, users=[_Named(each) for each in users], roles=[_Named(each) for each in roles]
    )


def button(
    label: str,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
    row: int | None = None,
) -> discord.ui.Button[discord.ui.View]:
    """A plain button whose `custom_id` says everything; a cog registers the `Action` that answers it."""
    return discord.ui.Button(label=cut(label, 80), custom_id=custom_id, style=style, disabled=disabled, row=row)


def select(
    custom_id: str,
    options: Sequence[discord.SelectOption],
    *,
    placeholder: str,
    least: int = 1,
    most: int = 1,
    row: int | None = None,
) -> discord.ui.Select[discord.ui.View]:
    """A plain select of at most 25 options."""
    shown = list(options)[:25]
    return discord.ui.Select(
        custom_id=custom_id,
        options=shown,
        placeholder=cut(placeholder, 150),
        min_values=least,
        max_values=min(most, len(shown)) or 1,
        row=row,
    )


def buttons(*items: discord.ui.Item[discord.ui.View]) -> discord.ui.View:
    """A view that discord.py does not keep in memory: its buttons are answered by their `custom_id` alone."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


class Attachment(discord.File):
    """A file of ours, with its alternative text. Discord's document names an attachment by a string, as all its ids;
    discord.py writes a number."""

    def __init__(self, content: bytes, name: str, description: str) -> None:
        super().__init__(io.BytesIO(content), name, description=description)

    def to_dict(self, index: int) -> dict[str, Any]:
        """What Discord is told of it."""
        return {**super().to_dict(index), "id": str(index)}
