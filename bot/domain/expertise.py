"""A member's topics as promises to others: whether she takes requests, how many, and whether it is still so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.errors import Refusal
from bot.domain.experts import USUAL_CAP, WEIGHTS
from bot.domain.members import Level

CAPS: Final = (1, 2, 4, 8, 15)
"""The caps that a select offers: asks in thirty days."""
LARGEST_CAP: Final = 100
PAUSES: Final = (14, 30, 90, 180)
"""The pauses that a select offers, in days."""


@dataclass(frozen=True, slots=True)
class Expertise:
    """A topic that a member names, and her terms. `cap` is the number of asks in thirty days that she takes; asks
    about other topics count too.

    `accepted`, `thanked` and `endorsements` count as in the ranking.
    """

    topic_id: str
    level: Level
    confirmed_at: datetime | None = None
    open: bool = True
    cap: int = USUAL_CAP
    paused_until: datetime | None = None
    accepted: int = 0
    thanked: int = 0
    endorsements: int = 0

    def paused(self, now: datetime) -> bool:
        """Whether nobody is sent to her for this topic now."""
        return self.paused_until is not None and self.paused_until > now

    def stale(self, now: datetime) -> bool:
        """Whether she last said so more than a year ago, and is asked again."""
        return self.confirmed_at is not None and now - self.confirmed_at > WEIGHTS.fresh_for

    def opened(self, *, to_requests: bool) -> Expertise:
        """With or without requests; opening it ends a pause."""
        return replace(self, open=to_requests, paused_until=None if to_requests else self.paused_until)

    def capped(self, cap: int) -> Expertise:
        """With another cap, and open. Raises `Refusal` for less than one or far too many."""
        if not 1 <= cap <= LARGEST_CAP:
            raise Refusal("expertise.cap_bounds", limit=LARGEST_CAP)
        return replace(self, cap=cap, open=True)

    def pausing(self, until: datetime | None) -> Expertise:
        """Paused until then, or no longer."""
        return replace(self, paused_until=until)


def oldest_stale(topics: Iterable[Expertise], now: datetime) -> Expertise | None:
    """The topic to ask about next: of those that are stale the one that was confirmed first."""
    stale = [one for one in topics if one.stale(now)]
    return min(stale, key=lambda one: (one.confirmed_at or now, one.topic_id), default=None)
