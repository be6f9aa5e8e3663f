"""The night of whoever is written to without having asked for it: what is not urgent waits for her morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Night:
    """From one full hour to another, by the clock on her wall; both the same: there is none."""

    begins: int = 21
    ends: int = 8

    def over(self, now: datetime, zone: str) -> datetime:
        """When she may be written to: `now`, or the end of her night. `zone` is an IANA name; aware, in UTC."""
        local = now.astimezone(ZoneInfo(zone))
        if not self._asleep(local.hour):
            return now
        morning = local.replace(hour=self.ends, minute=0, second=0, microsecond=0, fold=0)
        if local.hour >= self.ends:
            morning += timedelta(days=1)
        # An hour that the clock skips in spring counts on from before the change: it comes an hour later, not earlier.
        return max(morning.astimezone(UTC), now)

    def _asleep(self, hour: int) -> bool:
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends
