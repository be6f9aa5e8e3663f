"""Charts: pictures that say everything twice, once in words, whatever names people gave."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.i18n import Catalogues, Translator
from bot.render.canvas import CARD
from bot.render.charts import LONGEST_ALT, MOST_ROWS, Chart, Series, bar_chart, draw, line_chart, stacked_chart
from bot.render.charts_sheet import WIDTH
from bot.render.letters import clusters, drawable, shortened, wrapped
from config import FOLDER
from tests.corpus import READABLE

CATALOGUES = Catalogues.load(FOLDER / "locales")
MONTHS = tuple(date(2026, month, 1) for month in range(1, 7))


@pytest.fixture(scope="module")
def t() -> Translator:
    return CATALOGUES.translator("en")


def size(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def test_bars_are_said_in_words_too(t: Translator) -> None:
    picture = draw(t, bar_chart("Open questions", ("Lyon", "Porto"), Series("open", (12, 3.5))))
    assert picture.alt == "Bar chart: Open questions. Lyon: 12. Porto: 3.5."
    assert picture.key == ""
    assert picture.file().description == picture.alt


def test_several_series_are_named_in_words(t: Translator) -> None:
    chart = stacked_chart("Questions", ("Water",), Series("open", (3,)), Series("answered", (None,)))
    assert draw(t, chart).alt == "Bar chart: Questions. Water: open 3 and answered no figure."


def test_shares_are_said_in_per_cent() -> None:
    chart = bar_chart("Réponses", ("juin",), Series("", (0.5,)), percent=True)
    assert draw(CATALOGUES.translator("fr"), chart).alt == "Graphique à barres : Réponses. juin : 50\u00a0%."


def test_few_days_are_told_one_by_one_and_many_by_their_course(t: Translator) -> None:
    few = line_chart("Asked", MONTHS, Series("asked", (1, 2, None, 4, 5, 6)))
    assert draw(t, few).alt.startswith("Line chart: Asked. January 2026: 1. February 2026: 2. March 2026: no figure.")
    days = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(90))
    many = line_chart("Asked", days, Series("asked", tuple(float(n % 7) for n in range(90))))
    told = "asked: from 0 on January 1, 2026 to 5 on March 31, 2026; lowest 0, highest 6."
    assert draw(t, many).alt == f"Line chart: Asked. {told}"


def test_the_card_is_opaque_and_as_wide_as_every_other(t: Translator) -> None:
    picture = Image.open(io.BytesIO(draw(t, bar_chart("A", ("b",), Series("", (1,)))).png)).convert("RGBA")
    corner = picture.getpixel((0, 0))
    assert corner == (*bytes.fromhex(CARD[1:]), 255)
    assert picture.width == WIDTH


def test_what_is_too_much_is_left_out_and_said_to_be(t: Translator) -> None:
    labels = tuple(f"Topic with a rather long name, number {n}" for n in range(200))
    picture = draw(t, bar_chart("Many", labels, Series("", (1,) * 200)))
    assert size(picture.png)[1] < 2000
    assert len(picture.alt) <= LONGEST_ALT
    assert picture.alt.endswith("more.")
    grouped = bar_chart("Many", labels, *(Series(f"s{n}", (1,) * 200) for n in range(6)))
    assert size(draw(t, grouped).png)[1] < 2000
    assert MOST_ROWS == 20


def test_long_sums_leave_the_bars_their_room(t: Translator) -> None:
    series = [Series(f"s{n}", (1_234_567, 2)) for n in range(6)]
    picture = Image.open(io.BytesIO(draw(t, stacked_chart("Sums", ("a", "b" * 80), *series)).png)).convert("RGB")
    assert {picture.getpixel((picture.width - 3, y)) for y in range(picture.height)} == {(0xF5, 0xF7, 0xF8)}


def test_nothing_to_show_is_said(t: Translator) -> None:
    picture = draw(t, bar_chart("Open questions", (), Series("", ())))
    assert picture.alt == "Chart: Open questions. There is nothing to show yet."
    assert size(picture.png)[0] == WIDTH


@pytest.mark.parametrize("values", [(0.0, 0.0), (None, None), (1e9, 1.0)])
def test_flat_empty_and_huge_values_are_drawn(t: Translator, values: tuple[float | None, ...]) -> None:
    for chart in (bar_chart("x", ("a", "b"), Series("", values)), line_chart("x", MONTHS[:2], Series("", values))):
        assert size(draw(t, chart).png)[0] == WIDTH


def test_names_in_scripts_that_the_fonts_lack_get_a_number(t: Translator) -> None:
    picture = draw(t, bar_chart("Cities", ("大阪市", "Львів", "मुंबई **x**"), Series("", (1, 2, 3))))
    assert picture.key == "(1) 大阪市\n(2) मुंबई \\*\\*x\\*\\*"
    assert picture.alt == "Bar chart: Cities. 大阪市: 1. Львів: 2. मुंबई **x**: 3."


@pytest.mark.parametrize("text", READABLE)
def test_whatever_people_type_is_drawn_without_a_warning(t: Translator, text: str) -> None:
    chart = bar_chart(text, (text, "$x_{1}$"), Series(text, (1, 2)), Series("b", (1, 2)))
    picture = draw(t, chart)
    assert size(picture.png)[0] == WIDTH
    assert len(picture.alt) <= LONGEST_ALT


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Львів", "Львів"),
        ("مدينة", "مدينة"),
        ("Lyon 🌍", "Lyon"),
        ("👩‍🔧 Kraków", "Kraków"),
        ("🌍", None),
        ("東京 Tokyo", None),
    ],
)
def test_only_ornaments_are_left_out(text: str, shown: str | None) -> None:
    assert drawable(text) == shown


def test_no_character_is_torn() -> None:
    text = "e\u0323\u0302👩‍🔧🇫🇷🇺🇦👍🏽a"
    assert clusters(text) == ["e\u0323\u0302", "👩‍🔧", "🇫🇷", "🇺🇦", "👍🏽", "a"]
    assert shortened(text, lambda part: len(part) <= 5) == "e\u0323\u0302…"


def test_words_stay_whole_where_they_fit() -> None:
    assert wrapped("one two three four", lambda part: len(part) <= 8, 2) == ["one two", "three f…"]
    assert wrapped("Donaudampfschiff fahrt", lambda part: len(part) <= 8, 2) == ["Donaudam", "pfschif…"]
    assert wrapped("", lambda part: len(part) <= 8, 2) == [""]


def test_what_is_no_chart_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="series"):
        bar_chart("x", ("a",), Series("", (1, 2)))
    with pytest.raises(ValueError, match="finite"):
        bar_chart("x", ("a",), Series("", (-1,)))
    with pytest.raises(ValueError, match="finite"):
        bar_chart("x", ("a",), Series("", (float("nan"),)))
    with pytest.raises(ValueError, match="order"):
        line_chart("x", (MONTHS[1], MONTHS[0]), Series("", (1, 2)))
    assert isinstance(line_chart("x", MONTHS[:1], Series("", (1,))), Chart)


def test_the_bot_starts_without_what_draws() -> None:
    code = "import bot.app, bot.render.charts, sys; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
