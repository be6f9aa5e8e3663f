"""Lines over time. Days stand as far apart as they are; a day without a value breaks its line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from bot.render.canvas import FAINT, Canvas
from bot.render.charts_sheet import (
    DASHES,
    EDGE,
    LABEL,
    MARKERS,
    SHADES,
    WIDTH,
    Sheet,
    ending,
    heading,
    key,
)

_HEIGHT = 380
_TICKS = 4
_DAY_LABELS = 5

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Plot:
    """Where a day and a value lie on the card, and what is written there already."""

    sheet: Sheet
    left: float
    top: float
    most: float
    taken: list[Box] = field(default_factory=list)

    def x(self, place: int) -> float:
        days = self.sheet.days
        span = (days[-1] - days[0]).days or 1
        room = WIDTH - EDGE - 40 - self.left
        return self.left + 30 + room * ((days[place] - days[0]).days / span if len(days) > 1 else 0.5)

    def y(self, value: float) -> float:
        return self.top + _HEIGHT * (1 - value / self.most)

    def free(self, box: Box) -> bool:
        """Take a place for writing, if nothing is written there."""
        left, top, right, bottom = box
        if any(left < r and right > le and top < b and bottom > to for le, to, r, b in self.taken):
            return False
        self.taken.append(box)
        return True


def lines(sheet: Sheet) -> bytes:
    """The picture of a sheet with lines over its days."""
    canvas = Canvas(WIDTH)
    top = key(canvas, sheet, heading(canvas, sheet), lines=True) + 24
    values = [value for row in sheet.rows for value in row if value is not None]
    step = _step(sheet.ceiling or max(values, default=0.0), whole=all(value == int(value) for value in values))
    count = math.ceil((sheet.ceiling or max(values, default=0.0)) / step - 1e-9) or 1
    ticks = [(number * step, sheet.said(number * step)) for number in range(count + 1)]
    left = EDGE + max(canvas.width_of(text, LABEL) for _, text in ticks) + 16
    plot = _Plot(sheet, left, top, ticks[-1][0])
    for value, text in ticks:
        canvas.box((left, plot.y(value) - 1, WIDTH - EDGE - left, 2), FAINT)
        canvas.text(left - 16, plot.y(value), text, LABEL, align="right")
    for number in range(len(sheet.series)):
        _line(canvas, plot, number)
    for number in range(len(sheet.series)):
        for place in _told(sheet, number):
            _value(canvas, plot, number, place)
    _days(canvas, plot)
    return ending(canvas, sheet, round(top) + _HEIGHT + 70)


def _line(canvas: Canvas, plot: _Plot, number: int) -> None:
    known = [(place, row[number]) for place, row in enumerate(plot.sheet.rows)]
    for there, run in groupby(known, key=lambda one: one[1] is not None):
        if there:
            points = [(plot.x(place), plot.y(value)) for place, value in run if value is not None]
            marker = MARKERS[number] if len(known) <= 31 or len(points) == 1 else ""
            canvas.line(points, SHADES[number], dashes=DASHES[number], marker=marker)


def _told(sheet: Sheet, number: int) -> Iterable[int]:
    """The days whose value is written down: all of a few; else first, last and highest."""
    known = [place for place, row in enumerate(sheet.rows) if row[number] is not None]
    if len(known) <= 12:
        return known
    highest = max(known, key=lambda place: sheet.rows[place][number] or 0.0)
    return dict.fromkeys((known[0], known[-1], highest))


def _value(canvas: Canvas, plot: _Plot, number: int, place: int) -> None:
    value = plot.sheet.rows[place][number]
    if value is None:
        return
    text = plot.sheet.said(value)
    half = canvas.width_of(text, LABEL) / 2 + 4
    x = min(plot.x(place), WIDTH - EDGE - half)
    for y in (plot.y(value) - 28, plot.y(value) + 28):
        if y < plot.top + _HEIGHT - 10 and plot.free((x - half, y - 15, x + half, y + 15)):
            canvas.text(x, y, text, LABEL, align="center", plaque=True)
            return


def _days(canvas: Canvas, plot: _Plot) -> None:
    """Write some of the days below the lines, as many as there is room for."""
    days = plot.sheet.days
    last = len(days) - 1
    apart = max(1, math.ceil(last / (_DAY_LABELS - 1)))
    y = plot.top + _HEIGHT + 34
    for place in dict.fromkeys((0, last, *range(0, last, apart))):  # the first and the last before those between
        text = plot.sheet.said_day(days[place])
        half = canvas.width_of(text, LABEL) / 2
        x = min(max(plot.x(place), EDGE + half), WIDTH - EDGE - half)
        if plot.free((x - half - 8, y - 15, x + half + 8, y + 15)):
            canvas.text(x, y, text, LABEL, align="center")


def _step(most: float, *, whole: bool) -> float:
    """The distance of the scale's lines: 1, 2 or 5 times a power of ten, so that about four span the values."""
    if most <= 0:
        return 1.0
    rough = most / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * (1 - 1e-9))
    return max(step, 1.0) if whole else step
