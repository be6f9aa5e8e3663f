"""Text that fits into a picture: which letters our fonts have, and cutting without tearing a letter from its marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.domain.text import tidy

ELLIPSIS = "…"
_JOINER = "\u200d"
_MARKS = {"Mn", "Mc", "Me"}
_ORNAMENTS = {"So", "Sk", "Cf", "Mn", "Me", "Cn", "Co"}
"""Categories of what a name can lack without becoming another name: emoji, their modifiers, signs of no width."""


def font(*, bold: bool = False) -> Path:
    """The file of the font that comes with matplotlib, so that every machine draws the same letters.

    DejaVu Sans has Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic; neither the scripts of India and
    South-East Asia, nor Chinese, Japanese and Korean.
    """
    import matplotlib as mpl  # noqa: PLC0415 - it takes a third of a second, and most runs of the bot draw nothing

    return Path(mpl.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@cache
def _known() -> frozenset[int]:
    """The characters that the fonts have, plain and bold."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - as above

    plain, bold = (FT2Font(str(font(bold=each))).get_charmap() for each in (False, True))
    return frozenset(plain) & frozenset(bold)


def drawable(text: str) -> str | None:
    """`text` on one line as it can be drawn, emoji that the fonts lack left out; None where letters would be lost."""
    text = tidy(text)
    lacking = {character for character in text if ord(character) not in _known()}
    if any(unicodedata.category(character) not in _ORNAMENTS for character in lacking):
        return None
    left = tidy("".join(character for character in text if character not in lacking and character != _JOINER))
    return left if any(character.isalnum() for character in left) or not lacking else None


def clusters(text: str) -> list[str]:
    """What a reader sees as one character each: a letter with its marks, an emoji of several parts, a flag."""
    found: list[str] = []
    for character in text:
        if found and (_joins(found[-1], character) or _flag(found[-1], character)):
            found[-1] += character
        else:
            found.append(character)
    return found


def _joins(before: str, character: str) -> bool:
    modifier = "\U0001f3fb" <= character <= "\U0001f3ff"
    return unicodedata.category(character) in _MARKS or modifier or character == _JOINER or before.endswith(_JOINER)


def _flag(before: str, character: str) -> bool:
    return len(before) == 1 and all("\U0001f1e6" <= each <= "\U0001f1ff" for each in (before, character))


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """`text`, or as much of its beginning as fits with an ellipsis."""
    if fits(text):
        return text
    kept = clusters(text)
    while kept and not fits("".join(kept).rstrip() + ELLIPSIS):
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS


def wrapped(text: str, fits: Callable[[str], bool], lines: int) -> list[str]:
    """`text` on at most so many lines, broken between words where that is possible; the last may end shortened."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines - 1:
        count = next((n for n in range(len(words), 0, -1) if fits(" ".join(words[:n]))), 0)
        if not count:
            head = shortened(words[0], lambda part: fits(part.removesuffix(ELLIPSIS))).removesuffix(ELLIPSIS)
            if not head:
                break
            words[0] = words[0][len(head) :]
            found.append(head)
        else:
            found.append(" ".join(words[:count]))
            del words[:count]
    return [*found, shortened(" ".join(words), fits)] if words or not found else found
