"""The page keeps what it promises to eyes and to translators, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.demo.server import PAGE
from bot.demo.words import tour_words, words
from bot.i18n import Catalogues

LOCALES = Path(__file__).parents[2] / "config" / "locales"
DARK = "@media (prefers-color-scheme: dark)"
TEXT = [
    ("text", "ground side raised hover tint call code"),
    ("soft", "ground side raised hover tint call"),
    ("accent-text", "ground side raised hover tint"),
    ("on-accent", "accent-ground accent-hover danger danger-hover success success-hover"),
    ("side", "soft"),
]
SHAPES = [("line-strong", "ground side raised"), ("focus", "ground side raised hover tint")]


def palette(scheme: str) -> dict[str, str]:
    """The colours of a scheme by name."""
    light, dark = (PAGE / "styles" / "tokens.css").read_text().split(DARK)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return colours | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark)) if scheme == "dark" else colours


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough_for_everybody(scheme: str) -> None:
    colours = palette(scheme)
    for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0)):
        for name, grounds in pairs:
            for ground in grounds.split():
                assert contrast(colours[name], colours[ground]) >= least, f"{name} on {ground}"


def test_every_word_of_the_page_is_there_and_used() -> None:
    t = Catalogues.load(LOCALES).translator("en")
    scripts = "".join(path.read_text() for path in PAGE.glob("*.js"))
    quoted = set(re.findall(r'"(\w+)"', scripts))
    for known, saying in ((set(words(t)), "say"), (set(tour_words(t)), "tell")):
        assert set(re.findall(rf'\b{saying}\(\s*"(\w+)"', scripts)) <= known
        assert known <= quoted


def test_nothing_comes_from_elsewhere() -> None:
    for path in PAGE.rglob("*"):
        if path.is_file():
            text = path.read_text().replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"(?:src|href|url|import|from)\s*[=(]?\s*[\"'(]https?:", text), path.name
            assert "innerHTML" not in text, path.name
