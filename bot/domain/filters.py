"""What a search for people may be narrowed to, and how a button says it in a few characters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.experts import CitySize

FROM_HOUR: Final = 8
TO_HOUR: Final = 20
"""Between these hours at her place it is daytime."""
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Filters:
    """`country` is an ISO 3166 code, `language` an ISO 639 code; `available` means that it is daytime at her place."""

    country: str | None = None
    language: str | None = None
    size: CitySize | None = None
    available: bool = False

    def __bool__(self) -> bool:
        return self != NO_FILTERS

    @property
    def code(self) -> str:
        """All of them in at most 25 characters, for a `custom_id`: "PT.pt.medium.now", "-" for none."""
        parts = (self.country or "", self.language or "", self.size or "", "now" if self.available else "")
        return ".".join(parts) if any(parts) else NONE

    @classmethod
    def decoded(cls, code: str) -> Filters:
        """The filters that a button carries. Raises ValueError for what no `code` ever was."""
        if code == NONE:
            return NO_FILTERS
        country, language, size, available = code.split(".")
        return cls(country or None, language or None, CitySize(size) if size else None, available == "now")


NO_FILTERS: Final = Filters()


def is_daytime(now: datetime, zone: str) -> bool:
    """Whether the clock in an IANA zone shows between 8 in the morning and 8 in the evening."""
    return _is_daytime(now, ZoneInfo(zone))


def daytime_zones(now: datetime) -> frozenset[str]:
    """All IANA zones where it is daytime now."""
    return frozenset(name for name, zone in _zones().items() if _is_daytime(now, zone))


def _is_daytime(now: datetime, zone: ZoneInfo) -> bool:
    return FROM_HOUR <= now.astimezone(zone).hour < TO_HOUR


@cache
def _zones() -> dict[str, ZoneInfo]:
    # Kept, because reading all their files takes fifty milliseconds and ZoneInfo itself remembers only a few.
    return {name: ZoneInfo(name) for name in available_timezones()}
