"""The map of who learned from whom: what it leaves out, what it says in words, and that it can be drawn."""

from __future__ import annotations

import pytest

from bot.domain.case_map import Learned, draw_up
from bot.i18n import Catalogues
from bot.render.case_map import alternative, draw
from config import FOLDER

CATALOGUES = Catalogues.load(FOLDER / "locales")
LINKS = [
    Learned("Lyon", "Porto", 2024),
    Learned("Lyon", "Porto", 2026),
    Learned("Lyon", "Львів", 2025),
    Learned(None, "Porto", 2023),
]


def test_each_pair_is_one_line_with_its_latest_year() -> None:
    found = draw_up(LINKS)
    assert found.origins == ("Lyon", None)
    assert found.learners == ("Porto", "Львів")
    assert found.lines == ((0, 0, 2026, 2), (0, 1, 2025, 1), (1, 0, 2023, 1))


def test_what_finds_no_room_is_counted() -> None:
    found = draw_up([Learned(f"City {number}", "Lyon", 2025) for number in range(20)], most=5)
    assert (len(found.origins), len(found.lines), found.left_out) == (5, 5, 15)


@pytest.mark.parametrize("language", CATALOGUES.languages)
def test_it_is_a_picture_with_words(language: str) -> None:
    t = CATALOGUES.translator(language)
    picture = draw(t, draw_up([*LINKS, Learned("ལྷ་ས།", "x" * 200, 2025)]))
    assert picture.png.startswith(b"\x89PNG")
    assert "Lyon → Porto (2026)" in picture.alt
    assert len(picture.alt) <= 1024


def test_many_lines_still_fit_the_words() -> None:
    t = CATALOGUES.translator("en")
    found = draw_up([Learned("A" * 90, f"{number} " + "B" * 90, 2025) for number in range(16)])
    assert len(alternative(t, found)) <= 1024
