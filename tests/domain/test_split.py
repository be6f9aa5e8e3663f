"""Long texts as messages: nothing lost, nothing cut that belongs together, whatever the script."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.split import FENCE, MESSAGE_LIMIT, closed, graphemes, size, split

SCRIPTS = (
    "abc déf ",
    "прилад ї",
    "污水处理厂",
    "مياه الأمطار",
    "क्षत्रिय हिन्दी",
    "한국어 각",
    "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷🇺🇦👍🏽",
    "e\u0301a\u0308\u0323",
    "\n",
    " ",
)
LINK = "https://example.org/a-long-path/with?query=1"
PIECES = (*SCRIPTS, LINK, f"[the plan]({LINK})", "`code here`", "```py\nx = 1\n\ny = 2\n```", "```", "<#123456789>")
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join)


def bare(text: str) -> str:
    """A text without white space and the marks of code blocks, which may be added."""
    return re.sub(r"\s+|```", "", text)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(min_value=60, max_value=400))
@example("x" * 5000, 60)
@example("```\n" + "line of code\n" * 500 + "```", 100)
@example("a" + "\u0301" * 500, 60)
def test_every_part_fits_and_none_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < size(part) <= limit and part == part.strip() for part in parts)
    assert bare("".join(parts)) == bare(text)


@settings(max_examples=200, deadline=None)
@example(f"{'abc ' * 10}{LINK}```py\nx = 1\n\ny = 2\n```", 100)
@example(f"{'abc ' * 20}`a```\n{'b ' * 30}", 100)
@given(texts, st.integers(min_value=100, max_value=400))
def test_code_blocks_are_whole_in_every_part(text: str, limit: int) -> None:
    assert all(part.count(FENCE) % 2 == 0 for part in split(text, limit))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from((*SCRIPTS[:-2], LINK)), min_size=1, max_size=60), st.integers(80, 300))
def test_links_and_characters_stay_whole(pieces: list[str], limit: int) -> None:
    text = " ".join(pieces)
    parts = split(text, limit)
    assert sum(part.count(LINK) for part in parts) == text.count(LINK)
    assert [one for part in parts for one in graphemes(part) if not one.isspace()] == [
        one for one in graphemes(text) if not one.isspace()
    ]


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "One line.\n\nAnother one."
    assert split(text) == (text,)
    assert split(" \n") == ()


def test_it_is_cut_between_lines_where_it_can_be() -> None:
    lines = "\n".join(f"{number} {'word ' * 12}".strip() for number in range(20))
    assert all(part[0].isdecimal() for part in split(lines, 400))


@pytest.mark.parametrize("length", [0, 1, MESSAGE_LIMIT - 1, MESSAGE_LIMIT, MESSAGE_LIMIT + 1, 3 * MESSAGE_LIMIT])
@pytest.mark.parametrize("script", SCRIPTS[:-2])
def test_every_length_of_every_script(script: str, length: int) -> None:
    text = (script * (length // len(script) + 1))[:length]
    assert bare("".join(split(text))) == bare(text)
    assert all(size(part) <= MESSAGE_LIMIT for part in split(text))


def test_a_code_block_that_nobody_closed_ends_with_its_text() -> None:
    assert closed("```py\nx") == "```py\nx\n```"
    assert closed("```x```") == "```x```"


def test_a_long_code_block_keeps_its_language() -> None:
    parts = split("```sql\n" + "SELECT 1;\n" * 100 + "```", 200)
    assert len(parts) > 1
    assert all(part.startswith("```sql\nSELECT") and part.endswith(";\n```") for part in parts)


def test_flags_and_families_are_one_character() -> None:
    assert list(graphemes("🇫🇷🇺🇦👩‍👩‍👧e\u0301क्ष")) == ["🇫🇷", "🇺🇦", "👩‍👩‍👧", "e\u0301", "क्ष"]
