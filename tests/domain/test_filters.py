"""Filters: there and back through a button, and what daytime is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.experts import CitySize
from bot.domain.filters import NO_FILTERS, Filters, daytime_zones, is_daytime

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "filters",
    [
        NO_FILTERS,
        Filters(country="PT"),
        Filters(language="pt"),
        Filters(size=CitySize.SMALL),
        Filters(available=True),
        Filters("PT", "pt", CitySize.VERY_LARGE, available=True),
    ],
)
def test_filters_go_through_a_button_and_back(filters: Filters) -> None:
    assert Filters.decoded(filters.code) == filters
    assert len(filters.code) <= 25
    assert bool(filters) is (filters != NO_FILTERS)


@pytest.mark.parametrize("code", ["", "x", "PT.pt.huge.now", "....."])
def test_what_no_filter_ever_was_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"values to unpack|not a valid CitySize"):
        Filters.decoded(code)


def test_daytime_is_between_eight_and_eight() -> None:
    assert is_daytime(NOON, "Europe/Paris")
    assert not is_daytime(NOON, "America/Los_Angeles")
    zones = daytime_zones(NOON)
    assert "Europe/Lisbon" in zones
    assert "Asia/Tokyo" not in zones
    assert is_daytime(NOON.replace(hour=8), "UTC")
    assert not is_daytime(NOON.replace(hour=20), "UTC")
