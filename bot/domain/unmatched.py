"""Queries that matched no topic: kept for the coordinators, without the person and without what could name one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.text import tidy

LONGEST_QUERY: Final = 300
MOST_KEPT: Final = 1_000
"""So many are kept that nobody has settled; then the least asked go first."""
KEPT_FOR: Final = timedelta(days=365)
LEFT_OUT: Final = "…"

_NAMING: Final = (
    re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:>]*:|t:|id:)[^<>]*>"),  # mentions and Discord's other tags
    re.compile(r"(?:https?://|www\.|discord\.gg/)\S+", re.IGNORECASE),
    re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<!\w)@[\w.]+(?:#\d{4})?"),
    re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,}\b", re.IGNORECASE),  # one-time codes
    re.compile(r"\+?\d(?:[\s().-]?\d){6,}"),  # telephone numbers, and ids of whatever kind
    re.compile(r"[\w.-]{30,}"),  # tokens and keys
)
_REPEATED: Final = re.compile(rf"(?:{LEFT_OUT}[\s,;:.]*)+")


@dataclass(frozen=True, slots=True)
class UnmatchedQuery:
    """What somebody asked for and no topic is called. `unsure`: the bot had guesses, and asked which was meant.

    `language` is that in which she was answered; `times` counts how often it was asked.
    """

    id: int
    text: str
    language: str
    times: int
    unsure: bool
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the queries that nobody has settled; pages are counted from 0."""

    queries: tuple[UnmatchedQuery, ...]
    number: int
    last: int
    total: int


def scrubbed(text: str, names: Iterable[str] = ()) -> str | None:
    """`text` on one line, without what could name a person: mentions, ids, addresses, links, numbers, and these names.

    None where nothing is left that could be a topic's name.
    """
    text = tidy(text)
    for pattern in _NAMING:
        text = pattern.sub(LEFT_OUT, text)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
    text = _REPEATED.sub(f"{LEFT_OUT} ", text).strip()
    return text[:LONGEST_QUERY].strip() if sum(character.isalpha() for character in text) >= 2 else None
