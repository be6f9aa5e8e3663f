"""What every chart begins and ends with: its title, the key to its series, and a note below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.render.canvas import Canvas, Dash
from bot.render.letters import shortened, wrapped

WIDTH = 800
"""Pixels. Discord shows a picture about 550 wide on a desk and 370 on a phone, where letters of 26 become 12."""
EDGE = 28
TITLE, LABEL = 32, 26
SHADES = ("#2E6F8E", "#B4530A", "#7A4FA3", "#55711B", "#A8324A", "#55626B")
"""Each at least 4.5 : 1 against the card."""
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
DASHES: tuple[Dash, ...] = ("-", "--", "-.", ":", "-", "--")
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be drawn, in letters that the fonts have. `rows[i][j]` is the value of label i in series j."""

    title: str
    labels: tuple[str, ...]
    series: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]
    said: Callable[[float], str]
    note: str = ""
    nothing: str = ""
    days: tuple[date, ...] = ()
    said_day: Callable[[date], str] = str
    ceiling: float = 0.0
    """The end of the scale where it has one, such as 1 for a share."""


def heading(canvas: Canvas, sheet: Sheet) -> int:
    """Draw the title on at most two lines; how far down it came."""

    def fits(text: str) -> bool:
        return canvas.width_of(text, TITLE, bold=True) <= WIDTH - 2 * EDGE

    top = EDGE
    for line in wrapped(sheet.title, fits, 2):
        canvas.text(EDGE, top + TITLE / 2, line, TITLE, bold=True)
        top += TITLE + 12
    return top + 12


def key(canvas: Canvas, sheet: Sheet, top: int, *, lines: bool) -> int:
    """Draw which series looks how, where there are several; how far down it came."""
    if len(sheet.series) < 2:
        return top
    x = float(EDGE)
    for number, name in enumerate(sheet.series):
        shown = shortened(name, lambda text: canvas.width_of(text, LABEL) <= WIDTH - 2 * EDGE - 70)
        needed = 60 + canvas.width_of(shown, LABEL) + 36
        if x > EDGE and x + needed > WIDTH - EDGE:
            x, top = float(EDGE), top + 42
        if lines:
            points = [(x, top + 14.0), (x + 46, top + 14.0)]
            canvas.line(points, SHADES[number], dashes=DASHES[number], marker=MARKERS[number])
        else:
            canvas.box((x, top, 46, 28), SHADES[number], HATCHES[number])
        canvas.text(x + 60, top + 14, shown, LABEL)
        x += needed
    return top + 58


def ending(canvas: Canvas, sheet: Sheet, top: int) -> bytes:
    """Draw the note, and close the card."""
    if sheet.note:
        canvas.text(EDGE, top + 14, sheet.note, LABEL)
        top += 44
    return canvas.png(top + EDGE - 12)


def empty(sheet: Sheet) -> bytes:
    """A card that says that there is nothing to show."""
    canvas = Canvas(WIDTH)
    top = heading(canvas, sheet)
    canvas.text(EDGE, top + 20, sheet.nothing, LABEL)
    return ending(canvas, sheet, top + 60)
