"""A card to draw on, in pixels from its upper left corner. It becomes a PNG with matplotlib, which is imported late."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bot.render.letters import font

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

CARD = "#F5F7F8"
INK = "#17252D"
FAINT = "#C3CCD2"
"""The card has its own colour and is not transparent, so that Discord's dark and light themes show the same picture.
Ink on card is 14 : 1 (WCAG 2.2 asks for 4.5 : 1)."""

Align = Literal["left", "center", "right"]
Dash = Literal["-", "--", "-.", ":"]
Box = tuple[float, float, float, float]
"""From its upper left corner: across, down, width, height."""
_POINTS_PER_INCH = 72.0


class Canvas:
    """A card of a given width; its height is said last, once what stands on it is known."""

    def __init__(self, width: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see `letters.font`
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.width = width
        # At 72 dots an inch a point is a pixel.
        self._figure = Figure(figsize=(width / _POINTS_PER_INCH, 1.0), dpi=_POINTS_PER_INCH, facecolor=CARD)
        self._agg = FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._fonts: dict[tuple[int, bool], FontProperties] = {}

    def width_of(self, text: str, size: int, *, bold: bool = False) -> float:
        """How wide a text would be."""
        renderer: RendererAgg = self._agg.get_renderer()  # type: ignore[no-untyped-call]
        measured = renderer.get_text_width_height_descent(  # type: ignore[no-untyped-call]
            text, self._font(size, bold), ismath=False
        )
        return float(measured[0])

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        bold: bool = False,
        align: Align = "left",
        plaque: bool = False,
    ) -> None:
        """A text whose middle is at the height `y`; on a `plaque` of the card's colour where it lies on something."""
        self._axes.text(
            x,
            y,
            text,
            fontproperties=self._font(size, bold),
            color=INK,
            ha=align,
            va="center_baseline",
            parse_math=False,
            bbox={"facecolor": CARD, "edgecolor": "none", "boxstyle": "round,pad=0.15"} if plaque else None,
        )

    def box(self, place: Box, colour: str, hatch: str | None = None) -> None:
        """A filled box; with a `hatch`, even "", it has an edge of the card's colour."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        edge = 0.0 if hatch is None else 1.5
        x, y, width, height = place
        patch = Rectangle((x, y), width, height, facecolor=colour, edgecolor=CARD, hatch=hatch or None, linewidth=edge)
        self._axes.add_patch(patch)

    def line(self, points: Sequence[tuple[float, float]], colour: str, *, dashes: Dash = "-", marker: str = "") -> None:
        """A line through points, with a mark at each."""
        from matplotlib.lines import Line2D  # noqa: PLC0415

        xs, ys = [x for x, _ in points], [y for _, y in points]
        drawn = Line2D(xs, ys, color=colour, linestyle=dashes, linewidth=4, marker=marker or "None", markersize=13)
        self._axes.add_line(drawn)

    def png(self, height: int) -> bytes:
        """The picture, so many pixels high."""
        self._figure.set_size_inches(self.width / _POINTS_PER_INCH, height / _POINTS_PER_INCH)
        self._axes.set_xlim(0, self.width)
        self._axes.set_ylim(height, 0)
        file = io.BytesIO()
        self._figure.savefig(file, format="png", dpi=_POINTS_PER_INCH, facecolor=CARD, metadata={"Software": None})
        return file.getvalue()

    def _font(self, size: int, bold: bool) -> FontProperties:
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415

        key = (size, bold)
        if key not in self._fonts:
            self._fonts[key] = FontProperties(fname=str(font(bold=bold)), size=size)
        return self._fonts[key]
