"""Lying bars: one for each label, or several side by side or on end, their values beside them."""

from __future__ import annotations

from bot.render.canvas import INK, Canvas
from bot.render.charts_sheet import EDGE, HATCHES, LABEL, SHADES, WIDTH, Sheet, ending, heading, key
from bot.render.letters import wrapped

_THICK, _THIN = 34, 28
_BETWEEN = 22
_LINE = LABEL + 6
_WIDEST_LABEL = 310
_WIDEST_SUM = 260


def bars(sheet: Sheet, *, stacked: bool = False) -> bytes:
    """The picture of a sheet with lying bars."""
    canvas = Canvas(WIDTH)
    top = key(canvas, sheet, heading(canvas, sheet), lines=False)

    def fits(text: str) -> bool:
        return canvas.width_of(text, LABEL) <= _WIDEST_LABEL

    labels = [wrapped(label, fits, 3) for label in sheet.labels]
    start = EDGE + max(canvas.width_of(line, LABEL) for lines in labels for line in lines) + 18
    ends = _ends(canvas, sheet, stacked=stacked)
    room = WIDTH - EDGE - 16 - start - max(canvas.width_of(text, LABEL) for texts in ends for text in texts)
    scale = max(room, 60.0) / (sheet.ceiling or _longest(sheet, stacked=stacked) or 1.0)
    count = 1 if stacked else len(sheet.series)
    thickness = _THICK if count == 1 else _THIN
    for lines, row, texts in zip(labels, sheet.rows, ends, strict=True):
        height = max(count * thickness, len(lines) * _LINE)
        for number, line in enumerate(lines):
            middle = top + height / 2 + (number - (len(lines) - 1) / 2) * _LINE
            canvas.text(start - 18, middle, line, LABEL, align="right")
        first = top + (height - count * thickness) / 2
        if stacked:
            _on_end(canvas, row, (start, first, scale))
            canvas.text(start + _total(row) * scale + 12, first + thickness / 2, texts[0], LABEL)
        else:
            for number, (value, text) in enumerate(zip(row, texts, strict=True)):
                y = first + number * thickness
                canvas.box((start, y, (value or 0.0) * scale, thickness), SHADES[number], HATCHES[number])
                canvas.text(start + (value or 0.0) * scale + 12, y + thickness / 2, text, LABEL)
        canvas.box((start - 2, top - _BETWEEN / 2, 2, height + _BETWEEN), INK)
        top += height + _BETWEEN
    return ending(canvas, sheet, top)


def _on_end(canvas: Canvas, row: tuple[float | None, ...], place: tuple[float, float, float]) -> None:
    x, y, scale = place
    for number, value in enumerate(row):
        width = (value or 0.0) * scale
        if width:
            canvas.box((x, y, width, _THICK), SHADES[number], HATCHES[number])
        x += width


def _ends(canvas: Canvas, sheet: Sheet, *, stacked: bool) -> list[list[str]]:
    """What is written at the ends of the bars. Sums that would leave the bars no room are said by what they come to."""
    if not stacked:
        return [_values(sheet, row) for row in sheet.rows]
    spelled = [_spelled(sheet, row) for row in sheet.rows]
    if max(canvas.width_of(texts[0], LABEL) for texts in spelled) <= _WIDEST_SUM:
        return spelled
    return [[sheet.said(_total(row))] for row in sheet.rows]


def _values(sheet: Sheet, row: tuple[float | None, ...]) -> list[str]:
    return ["–" if value is None else sheet.said(value) for value in row]


def _spelled(sheet: Sheet, row: tuple[float | None, ...]) -> list[str]:
    """ "3 + 2 + 1 = 6", in the order of the series."""
    if len(row) == 1:
        return _values(sheet, row)
    return [f"{' + '.join(_values(sheet, row))} = {sheet.said(_total(row))}"]


def _total(row: tuple[float | None, ...]) -> float:
    return sum(value or 0.0 for value in row)


def _longest(sheet: Sheet, *, stacked: bool) -> float:
    if stacked:
        return max(_total(row) for row in sheet.rows)
    return max(value or 0.0 for row in sheet.rows for value in row)
