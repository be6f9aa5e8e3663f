"""The map of who learned from whom, as a picture with its words: teachers on the left, learners on the right."""

from __future__ import annotations

from bot.domain.case_map import CaseMap
from bot.i18n import Translator
from bot.render.canvas import Canvas, Dash
from bot.render.charts import DRAWING, Picture
from bot.render.charts_sheet import EDGE, LABEL, SHADES, TITLE, WIDTH
from bot.render.letters import drawable, shortened, wrapped
from bot.render.parts import fitting, safe

ROW = 58
COLUMN = 250
"""Pixels for the names on either side."""
DASHES: tuple[Dash, ...] = ("-", "--", "-.", ":")
ALT = 1000


def draw(t: Translator, found: CaseMap) -> Picture:
    """The picture, what it shows in words, and the names that our fonts lack, by number."""
    key: list[str] = []
    left = [_name(t, city, key) for city in found.origins]
    right = [_name(t, city, key) for city in found.learners]
    with DRAWING:
        png = _drawn(t, found, left, right)
    return Picture(png, alternative(t, found), fitting(key, ALT, lambda more: t("charts.more", n=more)))


def alternative(t: Translator, found: CaseMap) -> str:
    """Every line in words."""
    lines = [
        t(
            "cases.map_line",
            origin=_said(t, found.origins[origin]),
            city=_said(t, found.learners[city]),
            year=str(year),
        )
        for origin, city, year, _ in found.lines
    ]
    if not lines:
        return t("cases.map_empty")
    said = fitting(lines, ALT - 100, lambda more: t("charts.more", n=more + found.left_out), "; ")
    return f"{t('cases.map_title')}: {said}"[:1024]


def _drawn(t: Translator, found: CaseMap, left: list[str], right: list[str]) -> bytes:
    canvas = Canvas(WIDTH)

    def fits(text: str) -> bool:
        return canvas.width_of(text, TITLE, bold=True) <= WIDTH - 2 * EDGE

    top = float(EDGE)
    for line in wrapped(t("cases.map_title"), fits, 2):
        canvas.text(EDGE, top + TITLE / 2, line, TITLE, bold=True)
        top += TITLE + 12
    canvas.text(EDGE, top + 16, t("cases.map_from"), LABEL, bold=True)
    canvas.text(WIDTH - EDGE, top + 16, t("cases.map_to"), LABEL, bold=True, align="right")
    top += 16 + ROW
    height = max(len(left), len(right), 1) * ROW
    from_there, to_there = _spread(len(left), top, height), _spread(len(right), top, height)
    for origin, city, _, _ in found.lines:
        ends = [(EDGE + COLUMN + 14, from_there[origin]), (WIDTH - EDGE - COLUMN - 14, to_there[city])]
        canvas.line(ends, SHADES[origin % len(SHADES)], dashes=DASHES[origin % len(DASHES)], marker="o")
    latest = {city: max(year for _, one, year, _ in found.lines if one == city) for _, city, _, _ in found.lines}
    for name, height_there in zip(left, from_there, strict=True):
        canvas.text(EDGE, height_there, _short(canvas, name), LABEL)
    for number, (name, height_there) in enumerate(zip(right, to_there, strict=True)):
        said = _short(canvas, name, f" {latest[number]}")
        canvas.text(WIDTH - EDGE, height_there, said, LABEL, align="right")
    return canvas.png(int(top + height + EDGE))


def _spread(count: int, top: float, height: float) -> list[float]:
    """Where so many names stand, from top to bottom."""
    return [top + (number + 0.5) * height / max(1, count) for number in range(count)]


def _short(canvas: Canvas, name: str, ending: str = "") -> str:
    return shortened(name, lambda text: canvas.width_of(text + ending, LABEL) <= COLUMN) + ending


def _name(t: Translator, city: str | None, key: list[str]) -> str:
    name = _said(t, city)
    shown = drawable(name)
    if shown is not None:
        return shown
    key.append(f"{len(key) + 1}. {safe(name)}")
    return f"({len(key)})"


def _said(t: Translator, city: str | None) -> str:
    return city or t("cases.map_nameless")
