"""How often one person may ask before she is asked to wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

FORGOTTEN_AT = 1_000
"""So many people are remembered before those are dropped who have been quiet."""


class Verdict(Enum):
    """What to do with one more."""

    GO = "go"
    WAIT = "wait"
    """Too many: say so, this once."""
    SILENT = "silent"
    """Too many, and she knows."""


@dataclass(slots=True)
class Pace:
    """At most `most` of a person within any `within`."""

    most: int
    within: timedelta
    _times: dict[Hashable, deque[datetime]] = field(default_factory=dict)
    _told: set[Hashable] = field(default_factory=set)

    def admit(self, who: Hashable, now: datetime) -> Verdict:
        """Whether one more is fine; it counts where it is."""
        if len(self._times) > FORGOTTEN_AT:
            self._drop_quiet(now)
        times = self._times.setdefault(who, deque())
        while times and now - times[0] >= self.within:
            times.popleft()
        if len(times) < self.most:
            self._told.discard(who)
            times.append(now)
            return Verdict.GO
        if who in self._told:
            return Verdict.SILENT
        self._told.add(who)
        return Verdict.WAIT

    def _drop_quiet(self, now: datetime) -> None:
        for who in [who for who, times in self._times.items() if now - times[-1] >= self.within]:
            del self._times[who]
            self._told.discard(who)
