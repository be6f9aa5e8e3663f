"""Who learned from whom: cities, and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST: Final = 16
"""Cities on either side of the picture: what a phone can show."""


@dataclass(frozen=True, slots=True)
class Learned:
    """One city took up a case of another in a year. None stands for a city that does not want to be named."""

    origin: str | None
    city: str | None
    year: int


@dataclass(frozen=True, slots=True)
class CaseMap:
    """The cities that taught, those that learned, both with most lines first, and the lines by their numbers.

    A line's third number is the year of the latest adaptation, its fourth how many there were.
    """

    origins: tuple[str | None, ...]
    learners: tuple[str | None, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    left_out: int = 0
    """Lines that found no room."""


def draw_up(links: Iterable[Learned], most: int = MOST) -> CaseMap:
    """The map of these adaptations."""
    every = list(links)
    years: dict[tuple[str | None, str | None], list[int]] = {}
    for link in every:
        years.setdefault((link.origin, link.city), []).append(link.year)
    origins = _first(Counter(origin for origin, _ in years), most)
    shown = {pair: found for pair, found in years.items() if pair[0] in origins}
    learners = _first(Counter(city for _, city in shown), most)
    lines = sorted(
        (origins.index(origin), learners.index(city), max(found), len(found))
        for (origin, city), found in shown.items()
        if city in learners
    )
    return CaseMap(tuple(origins), tuple(learners), tuple(lines), len(years) - len(lines))


def _first(counted: Counter[str | None], most: int) -> list[str | None]:
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    return [city for city, _ in ordered[:most]]
