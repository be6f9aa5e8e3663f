"""What people type, made fit to keep: no control characters, no tricks with direction, within its limit."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.errors import Refusal

DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
"""Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9): they let a text show as
another one. Arabic and Hebrew need none of them to read correctly."""
INVISIBLE = {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufffe", "\uffff"}
"""Zero-width space, word joiner, byte order mark, soft hyphen, Mongolian vowel separator; and two noncharacters, which
XML cannot say (XML 1.0, 2.2)."""


def tidy(value: str, *, lines: bool = False) -> str:
    """`value` in Unicode's NFC, without control, direction and invisible characters, its blanks collapsed.

    With `lines`, line breaks stay (at most one empty line in a row); otherwise everything is one line.
    Zero-width joiners stay: emoji and several scripts need them.
    """
    # Nearly every text is plain: `isprintable` knows no control, format or separator characters but the space.
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return " ".join(value.split())
    text = DIRECTION.sub("", unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")))
    kept = "".join(
        character
        for character in text
        if character in "\n\t" or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in INVISIBLE)
    )
    if not lines:
        return " ".join(kept.split())
    collapsed = "\n".join(" ".join(line.split()) for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", collapsed).strip()


def clean(value: str, *, limit: int, lines: bool = False) -> str:
    """`value` tidied. Raises `Refusal` where nothing is left, or more than `limit` characters are."""
    text = tidy(value, lines=lines)
    if not text:
        raise Refusal("text.empty", refused=value)
    if len(text) > limit:
        raise Refusal("text.too_long", refused=value, limit=limit, length=len(text), over=len(text) - limit)
    return text


def clean_or_none(value: str | None, *, limit: int, lines: bool = False) -> str | None:
    """The same for a field that may stay empty: nothing left is None."""
    text = tidy(value, lines=lines) if value else ""
    return clean(text, limit=limit, lines=lines) if text else None
