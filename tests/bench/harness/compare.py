"""One comparison: the product's way beside an alternative, in the same run, taking turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Measured = Mapping[str, float]
"""What one run measured, by unit: {"rows/s": 41000.0, "MiB": 88.5}. Rates and shares of right answers are better when
larger, time and memory when smaller."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways of doing the same thing at one size.

    `subject` and `alternative` each do it once and return what they measured, under the same units. `baseline` is the
    alternative's name in a few words. Each way runs `runs` times.
    """

    size: int
    baseline: str
    subject: Callable[[], Measured]
    alternative: Callable[[], Measured]
    runs: int = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report; its fields are the keys of build/bench.json.

    `ratio` is `value / baseline_value`: for rates ("rows/s") and shares of right answers ("recall@1") above 1 means
    that the product does better, for time and memory (s, ms, MiB) below 1 does.
    """

    name: str
    size: int
    value: float
    unit: str
    baseline: str
    baseline_value: float
    ratio: float


def compare(name: str, comparison: Comparison, advance: Callable[[], None]) -> list[Row]:
    """Run both ways in turns (A B A B …) and return a row of medians for each unit.

    Turns spread what the machine does on the side over both ways. `advance` is called after each run. Raises
    ValueError where the two ways measured different units, or an alternative measured nothing to divide by.
    """
    ours: list[Measured] = []
    theirs: list[Measured] = []
    for _ in range(comparison.runs):
        for way, results in ((comparison.subject, ours), (comparison.alternative, theirs)):
            results.append(way())
            advance()
    units = list(ours[0])
    if any(set(measured) != set(units) for measured in (*ours, *theirs)):
        raise ValueError(f"{name}: the two ways measured different units")
    return [_row(name, comparison, unit, ours, theirs) for unit in units]


def _row(name: str, comparison: Comparison, unit: str, ours: list[Measured], theirs: list[Measured]) -> Row:
    value = median(measured[unit] for measured in ours)
    baseline_value = median(measured[unit] for measured in theirs)
    if baseline_value <= 0:
        raise ValueError(f"{name}: {comparison.baseline} measured {baseline_value} {unit}")
    return Row(
        name=name,
        size=comparison.size,
        value=round(value, 4),
        unit=unit,
        baseline=comparison.baseline,
        baseline_value=round(baseline_value, 4),
        ratio=round(value / baseline_value, 4),
    )
