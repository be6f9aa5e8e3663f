"""Charts as pictures that Discord shows: lying bars, bars side by side or on end, lines over time; each with its words.

`draw` is for a thread (`await asyncio.to_thread(draw, t, chart)`): it takes a tenth of a second, the first time half a
second more. Nothing is said by colour alone: values stand at the bars, and series differ in hatching, dashes and marks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from threading import Lock

from babel.dates import format_skeleton
from babel.numbers import format_percent

from bot.i18n import Translator
from bot.render.charts_bars import bars
from bot.render.charts_lines import lines
from bot.render.charts_sheet import SHADES, Sheet, empty
from bot.render.letters import drawable, shortened
from bot.render.parts import Attachment, fitting, safe

MOST_SERIES = len(SHADES)
MOST_BARS = 40
"""In one picture; it is then about as long as two screens of a phone. What is left out is said to be."""
MOST_ROWS = 20
MOST_DAYS = 400
LONGEST_ALT = 1024
"""Discord's limit for the description of an attachment."""
_LONGEST_LABEL = 120
DRAWING = Lock()
"""One picture at a time: two would take the memory of two and the time of two."""


class ChartKind(Enum):
    """What a chart looks like."""

    BARS = auto()
    STACKED = auto()
    LINES = auto()


@dataclass(frozen=True, slots=True)
class Series:
    """Values with a name, one for each label; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. Make it with `bar_chart`, `stacked_chart` or `line_chart`."""

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    days: tuple[date, ...] = ()
    percent: bool = False

    def __post_init__(self) -> None:
        length = len(self.days) if self.kind is ChartKind.LINES else len(self.labels)
        if not 1 <= len(self.series) <= MOST_SERIES or any(len(one.values) != length for one in self.series):
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, each with a value for every label")
        if any(value is not None and not 0 <= value < math.inf for one in self.series for value in one.values):
            raise ValueError("a chart shows finite values from zero up")
        if len(self.days) > MOST_DAYS or list(self.days) != sorted(set(self.days)):
            raise ValueError(f"a chart has at most {MOST_DAYS} days, each once and in their order")


def bar_chart(title: str, labels: tuple[str, ...], *series: Series, percent: bool = False) -> Chart:
    """Lying bars, those of several series side by side. Shares are given as 0 to 1 and said in per cent."""
    return Chart(ChartKind.BARS, title, labels, series, percent=percent)


def stacked_chart(title: str, labels: tuple[str, ...], *series: Series) -> Chart:
    """Lying bars made of the values of several series end to end: parts of a whole."""
    return Chart(ChartKind.STACKED, title, labels, series)


def line_chart(title: str, days: tuple[date, ...], *series: Series, percent: bool = False) -> Chart:
    """Lines over days in their order, which need not be equally far apart."""
    return Chart(ChartKind.LINES, title, (), series, days, percent=percent)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart. `alt` says all that it shows, for who cannot see it.

    `key` belongs into the message beside it: names in a script that our fonts lack have a number in the picture, and
    stand here beside their number. It is safe to send, and empty where every name could be drawn.
    """

    png: bytes
    alt: str
    key: str = ""

    def file(self, name: str = "chart.png") -> Attachment:
        """What is sent, its alternative text with it."""
        return Attachment(self.png, name, self.alt)


def draw(t: Translator, chart: Chart) -> Picture:
    """The picture of a chart in the reader's language."""
    names = _Names(t)
    sheet = _sheet(t, chart, names)
    with DRAWING:
        if not sheet.rows:
            png = empty(sheet)
        elif chart.kind is ChartKind.LINES:
            png = lines(sheet)
        else:
            png = bars(sheet, stacked=chart.kind is ChartKind.STACKED)
    return Picture(png, alternative(t, chart), fitting(names.key, 1000, lambda left: t("charts.more", n=left)))


def alternative(t: Translator, chart: Chart) -> str:
    """All that a chart shows, in words."""
    title = _short(chart.title)
    if not (chart.labels or chart.days):
        return t("charts.alt_empty", title=title)
    begin = t("charts.alt_lines", title=title) if chart.kind is ChartKind.LINES else t("charts.alt_bars", title=title)
    if chart.kind is ChartKind.LINES and len(chart.days) > 12:
        parts = [_course(t, chart, one) for one in chart.series]
    else:
        parts = [_row(t, chart, place) for place in range(len(chart.labels or chart.days))]
    return f"{begin} {fitting(parts, LONGEST_ALT - len(begin) - 1, lambda left: t('charts.more', n=left), ' ')}"


class _Names:
    """Makes names drawable, and remembers those that stand as a number."""

    def __init__(self, t: Translator) -> None:
        self._t = t
        self.key: list[str] = []

    def __call__(self, text: str) -> str:
        found = drawable(text)
        if found is not None:
            return found
        number = len(self.key) + 1
        self.key.append(self._t("charts.key", number=number, name=safe(_short(text))))
        return f"({number})"


def _sheet(t: Translator, chart: Chart, names: _Names) -> Sheet:
    whole = len(chart.labels or chart.days)
    most = MOST_DAYS if chart.kind is ChartKind.LINES else min(MOST_ROWS, MOST_BARS // len(chart.series))
    shown = min(whole, most)
    return Sheet(
        title=names(chart.title),
        labels=tuple(names(label) for label in chart.labels[:shown]),
        series=tuple(names(one.name) for one in chart.series) if len(chart.series) > 1 else ("",),
        rows=tuple(tuple(one.values[place] for one in chart.series) for place in range(shown)),
        said=lambda value: _said(t, chart, value),
        note=t("charts.more", n=whole - shown) if whole > shown else "",
        nothing=t("charts.nothing"),
        days=chart.days,
        said_day=lambda day: _said_day(t, chart, day),
        ceiling=1.0 if chart.percent and _within_one(chart) else 0.0,
    )


def _within_one(chart: Chart) -> bool:
    return all((value or 0) <= 1 for one in chart.series for value in one.values)


def _said(t: Translator, chart: Chart, value: float) -> str:
    if chart.percent:
        return str(format_percent(value, locale=t.language))
    return t.number(round(value, 1) if value != int(value) else int(value))


def _said_day(t: Translator, chart: Chart, day: date) -> str:
    """A day as short as it can be: months alone where all days are the first of one, the year where they span two."""
    years = chart.days[0].year != chart.days[-1].year
    skeleton = ("yMMM" if years else "MMM") if _monthly(chart) else ("yMMMd" if years else "MMMd")
    return str(format_skeleton(skeleton, day, locale=t.language))


def _whole_day(t: Translator, chart: Chart, day: date) -> str:
    """A day as it is said in words: the month where each stands for one."""
    return str(format_skeleton("yMMMM", day, locale=t.language)) if _monthly(chart) else t.date(day)


def _monthly(chart: Chart) -> bool:
    return len(chart.days) > 1 and all(each.day == 1 for each in chart.days)


def _row(t: Translator, chart: Chart, place: int) -> str:
    label = _whole_day(t, chart, chart.days[place]) if chart.days else _short(chart.labels[place])
    values = []
    for one in chart.series:
        value = one.values[place]
        said = t("charts.no_value") if value is None else _said(t, chart, value)
        values.append(t("charts.named", name=_short(one.name), value=said) if len(chart.series) > 1 else said)
    return t("charts.row", name=label, values=t.list(values))


def _course(t: Translator, chart: Chart, series: Series) -> str:
    """How a long line goes: where it begins and ends, its lowest and its highest."""
    known = [(day, value) for day, value in zip(chart.days, series.values, strict=True) if value is not None]
    if not known:
        return t("charts.row", name=_short(series.name), values=t("charts.no_value"))
    (first_day, first), (last_day, last) = known[0], known[-1]
    return t(
        "charts.course",
        name=_short(series.name),
        first=_said(t, chart, first),
        first_day=_whole_day(t, chart, first_day),
        last=_said(t, chart, last),
        last_day=_whole_day(t, chart, last_day),
        lowest=_said(t, chart, min(value for _, value in known)),
        highest=_said(t, chart, max(value for _, value in known)),
    )


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), lambda part: len(part) <= _LONGEST_LABEL)
