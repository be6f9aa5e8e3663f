"""The bell: rung when something was committed that is to be done soon. Whoever wakes services hears it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bell:
    """Holds no truth: where a ring is missed, the next look at the database finds what is due."""

    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this at every ring; it must not wait for anything."""
        self._listeners.append(listener)

    def ring(self) -> None:
        """Something is due, or due earlier than it was."""
        for listener in self._listeners:
            listener()
