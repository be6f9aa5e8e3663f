"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


class SettableClock:
    """Tells the time that a test gave it; a `bot.services.ports.Clock`."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def advance(self, by: timedelta) -> datetime:
        """Let `by` pass; returns what time it is then."""
        self.now += by
        return self.now
