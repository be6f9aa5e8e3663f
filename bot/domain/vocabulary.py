"""What coordinators change about the topics: new ones, other names, two that are one, and some that are not shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.domain.text import clean
from bot.domain.topics import Topic

LONGEST_NAME: Final = 100
"""As much as an option of a menu shows on Discord."""
LONGEST_ID: Final = 60
"""Buttons carry a topic's id, beside what they do, in 100 characters."""
MOST_NAMES: Final = 100
"""Names of one topic, in all languages together, that coordinators may add."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """A name that coordinators gave a topic: it stays when the file is read anew, and can be taken away."""

    id: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic as its keepers see it. `into` is the topic that it was merged into, `merged` are those merged into it.

    `people` counts who names it, `questions` what was asked about it.
    """

    topic: Topic
    own_names: tuple[OwnName, ...] = ()
    into: Topic | None = None
    merged: tuple[Topic, ...] = ()
    people: int = 0
    questions: int = 0


def name_of(text: str) -> str:
    """A name as it is kept. Raises `Refusal` where it is empty, too long, or nothing that could be looked up."""
    name = clean(text, limit=LONGEST_NAME)
    if "|" in name or not normalise(name):
        raise Refusal("topics.name_unfit", name=name)
    return name


def new_id(name: str, taken: Collection[str]) -> str:
    """An id for a new topic from its English name: plain letters and hyphens, like those of the file; not yet taken."""
    plain = unicodedata.normalize("NFKD", normalise(name)).encode("ascii", "ignore").decode()
    start = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_ID - 5].strip("-") or "topic"
    number = 1
    while (found := start if number == 1 else f"{start}-{number}") in taken:
        number += 1
    return found
