"""Earlier questions like this one: of the same topic, whatever their language, or with much the same title.

    likeness = 0.5 × same topic + 0.5 × shared trigrams of the titles (Dice's coefficient), + 0.05 if it was answered

What is less like it than `LEAST` is left out: one shared word of four letters is chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.matching import normalise
from bot.domain.questions import Question, QuestionState

LEAST: Final = 0.25
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question that has a post, without whoever asked it."""

    id: int
    server_id: int
    thread_id: int
    title: str
    topic_id: str | None
    state: QuestionState
    asked_at: datetime


def similar(question: Question, earlier: Iterable[Earlier], limit: int = MOST) -> tuple[Earlier, ...]:
    """Those most like the question, best first; of two alike the newer."""
    own = trigrams(question.title)
    found = [
        (points, one) for one in earlier if one.id != question.id and (points := _likeness(question, own, one)) >= LEAST
    ]
    found.sort(key=lambda each: (-round(each[0], 6), -each[1].asked_at.timestamp(), each[1].id))
    return tuple(one for _, one in found[:limit])


def trigrams(text: str) -> Counter[str]:
    """The pieces of three letters of a text's words, each word with a blank around it."""
    return Counter(
        word[at : at + 3]
        for word in (f" {one} " for one in normalise(text).split())
        for at in range(max(len(word) - 2, 1))
    )


def _likeness(question: Question, own: Counter[str], one: Earlier) -> float:
    same = question.topic_id is not None and question.topic_id == one.topic_id
    other = trigrams(one.title)
    both = own.total() + other.total()
    shared = 2 * (own & other).total() / both if both else 0.0
    points = 0.5 * same + 0.5 * shared
    return points + 0.05 if points and one.state is QuestionState.ANSWERED else points
