"""Long texts cut into messages: never inside a character, a link or a code block, and nothing left out.

What is a character to a reader may be many code points (UAX 29): marks and joiners stay with what they belong to. Sizes
are counted in UTF-16 units, the most that any counting of a text's characters gives, so that a part fits however
Discord counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

MESSAGE_LIMIT: Final = 2000
"""The longest content of a message on Discord."""
FENCE: Final = "```"

_WHOLE: Final = re.compile(
    r"```.*?```"  # a code block
    r"|(?<!`)`[^`\n]+`(?!`)"  # code in a line
    # What follows ends where a code block begins.
    r"|\[(?:(?!```)[^\[\]\n])*\]\((?:(?!```)[^\s()])+\)"  # a link with words
    r"|<(?:(?!```)[^<>\s])+>"  # Discord's tags, and links without a preview
    r"|https?://(?:(?!```)\S)+"
    r"|\s+",
    re.DOTALL,
)
_LANGUAGE: Final = re.compile(r"[\w+#.-]*\n")
_JOINER = "\u200d"
_HANGUL = range(0x1100, 0x1200)


def size(text: str) -> int:
    """How long a text is at most, however its characters are counted."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def closed(text: str) -> str:
    """The text, its last code block ended where its author forgot to: what follows it is not code."""
    return f"{text}\n{FENCE}" if text.count(FENCE) % 2 else text


def split(text: str, limit: int = MESSAGE_LIMIT) -> tuple[str, ...]:
    """A text as parts of at most `limit`, cut between lines or else words where there are any.

    A code block that is longer than a part becomes several, each whole. Only a link, or a single character with its
    marks, that is itself longer than `limit` is cut.
    """
    parts: list[str] = []
    current: list[str] = []
    for piece in _pieces(closed(text), limit):
        if sum(map(size, current)) + size(piece) <= limit:
            current.append(piece)
            continue
        if piece.isspace() and "\n" in piece:
            parts.append("".join(current))
            current = []
            continue
        place = _last_break(current, limit)
        parts.append("".join(current[:place]))
        current = [*current[place:], piece]
        while current and (current[0].isspace() or sum(map(size, current)) > limit):
            first = current.pop(0)
            if not first.isspace():
                parts.append(first)
    parts.append("".join(current))
    return tuple(part.strip() for part in parts if part.strip())


def _last_break(pieces: list[str], limit: int) -> int:
    """After which piece to cut: a line's end in the second half, else a space, else the very end."""
    length = 0
    line = space = 0
    for place, piece in enumerate(pieces, start=1):
        length += size(piece)
        if piece.isspace():
            space = place
            if "\n" in piece and length > limit // 2:
                line = place
    return line or space or len(pieces)


def _pieces(text: str, limit: int) -> Iterator[str]:
    """What may not be cut, in order: spaces, links, code, characters of words."""
    place = 0
    for match in _WHOLE.finditer(text):
        yield from _words(text[place : match.start()], limit)
        place = match.end()
        whole = match.group()
        if size(whole) <= limit:
            yield whole
        elif whole.startswith(FENCE):
            yield from _blocks(whole, limit)
        else:
            yield from _filled(graphemes(whole), limit)
    yield from _words(text[place:], limit)


def _words(text: str, limit: int) -> Iterator[str]:
    """A word as one piece, or where it is very long as several."""
    yield from _filled(graphemes(text), limit)


def _blocks(block: str, limit: int) -> Iterator[str]:
    """A long code block as several, each with its language, cut between lines where it can be."""
    inside = block[len(FENCE) : -len(FENCE)]
    begun = _LANGUAGE.match(inside)
    opening = FENCE + (begun.group() if begun and size(begun.group()) < limit // 2 else "\n")
    inside = inside[len(opening) - len(FENCE) :] if begun and opening != f"{FENCE}\n" else inside
    room = limit - size(opening) - len(FENCE) - 1
    lines = [piece for line in inside.splitlines(keepends=True) for piece in _filled(graphemes(line), room)]
    for part in _filled(iter(lines), room):
        yield f"{opening}{part.rstrip(chr(10))}\n{FENCE}"
        yield "\n"


def _filled(pieces: Iterator[str], limit: int) -> Iterator[str]:
    """Pieces put together as long as they fit; one that does not fit alone is cut between code points."""
    current = ""
    for piece in pieces:
        if size(current) + size(piece) <= limit:
            current += piece
            continue
        if current:
            yield current
        current = piece
        while size(current) > limit:
            yield current[: limit // 2]
            current = current[limit // 2 :]
    if current:
        yield current


def graphemes(text: str) -> Iterator[str]:
    """The characters of a text as a reader counts them, near enough to UAX 29 for cutting between them."""
    start = 0
    flags = 0
    for place, (before, after) in enumerate(pairwise(text), start=1):
        flags = flags + 1 if _is_flag(before) else 0
        if _together(before, after) or (_is_flag(after) and flags % 2):
            continue
        yield text[start:place]
        start = place
    if text:
        yield text[start:]


def _together(before: str, after: str) -> bool:
    if _JOINER in (before, after) or unicodedata.category(after)[0] == "M":
        return True
    # Letters after a virama are one character in the scripts of India; syllables of Hangul may come in their parts.
    if unicodedata.combining(before) == 9 and after.isalpha():
        return True
    if ord(before) in _HANGUL and ord(after) in _HANGUL:
        return True
    return "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f"


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
