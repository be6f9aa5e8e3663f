"""Who knows about a topic, in which order, and why each.

    score = match² × (0.85 × level + 0.15 × shared language)

- *match* is how well the topic fits what was asked, 0 to 1. Squared, so that a vague match never beats a good one by
  its people.
- *level* is what the person says of herself: `LEVEL_WEIGHTS`.
- *shared language* is 1 where she and the asker speak a common one, else 0.

At equal scores those who confirmed their expertise last come first, then the name decides, so that the order is
always the same. Left out are the asker herself, whoever is paused, has not confirmed her profile, or is in no joined
server any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.domain.members import Level

LEVEL_WEIGHTS: Final[Mapping[Level, float]] = MappingProxyType(
    {Level.EXPERT: 1.0, Level.PRACTITIONER: 0.7, Level.INTERESTED: 0.25}
)
LEVEL_SHARE: Final = 0.85
LANGUAGE_SHARE: Final = 0.15
PAGE: Final = 5
"""People on one page: what a phone shows without scrolling far."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who has named the topic. `languages` are ISO 639 codes; `current` is whether she is in a joined server
    and holds its alumni role."""

    member_id: int
    user_id: int | None
    name: str
    topic_id: str
    level: Level
    post: str | None = None
    city: str | None = None
    country: str | None = None
    zone: str = "UTC"
    languages: frozenset[str] = frozenset()
    current: bool = True
    confirmed_at: datetime | None = None
    paused_until: datetime | None = None
    expertise_confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person, and why she: her level in the topic, and the languages that she and the asker share."""

    person: Candidate
    score: float
    shared_languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. `number` counts from 0; `last` is the highest number."""

    suggestions: tuple[Suggestion, ...]
    number: int
    last: int
    total: int


def suggestible(person: Candidate, now: datetime, asker_user_id: int | None) -> bool:
    """Whether she may be suggested to this asker at all."""
    if person.user_id is None or person.user_id == asker_user_id:
        return False
    if person.confirmed_at is None or not person.current:
        return False
    return person.paused_until is None or person.paused_until <= now


def score(person: Candidate, match: float, shared: bool) -> float:
    """How well she fits, 0 to 1. `match` is the topic's score for the question."""
    return match**2 * (LEVEL_SHARE * LEVEL_WEIGHTS[person.level] + LANGUAGE_SHARE * shared)


def rank(
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    matches: Mapping[str, float],
    asker_user_id: int | None,
    asker_languages: frozenset[str],
) -> list[Suggestion]:
    """The people to suggest, best first, each once with the topic that speaks most for her.

    `matches` has the score of each topic that the question may mean. Candidates of other topics are left out.
    """
    best: dict[int, Suggestion] = {}
    for person in candidates:
        match = matches.get(person.topic_id)
        if match is None or not suggestible(person, now, asker_user_id):
            continue
        shared = tuple(sorted(person.languages & asker_languages))
        found = Suggestion(person, score(person, match, bool(shared)), shared)
        known = best.get(person.member_id)
        if known is None or known.score < found.score:
            best[person.member_id] = found
    return sorted(best.values(), key=_order)


def _order(suggestion: Suggestion) -> tuple[float, float, str, int]:
    person = suggestion.person
    confirmed = person.expertise_confirmed_at
    return (-suggestion.score, -confirmed.timestamp() if confirmed else 0.0, person.name.casefold(), person.member_id)


def page_of(suggestions: Sequence[Suggestion], number: int) -> Page:
    """One page of a list; a number beyond the end gives the last page."""
    last = max((len(suggestions) - 1) // PAGE, 0)
    number = min(max(number, 0), last)
    shown = tuple(suggestions[number * PAGE : (number + 1) * PAGE])
    return Page(shown, number, last, len(suggestions))
