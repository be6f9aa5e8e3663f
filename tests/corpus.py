"""Text that people, and those who mean ill, type into free-text fields; for every field that takes any.

@pytest.mark.parametrize("text", READABLE)
def test_…: it is kept, and what is shown of it is harmless: `assert_harmless(shown)`

@pytest.mark.parametrize("text", UNREADABLE)
def test_…: it is refused, and given back
"""

from __future__ import annotations

import re

import pytest

ZALGO = "Z" + "\u0301\u0323\u0335" * 12 + "oe"

READABLE = [
    pytest.param(text, id=name)
    for name, text in {
        "everyone": "@everyone fire",
        "here": "hello @here",
        "role": "ask <@&910000000000000001> now",
        "user": "ask <@100000000000000001> now",
        "channel": "see <#200000000000000001>",
        "command": "</profile setup:123456789012345678>",
        "emoji": "<:smile:123456789012345678>",
        "timestamp": "<t:0:R>",
        "markdown": "**bold** _it_ ~~out~~ ||hidden|| `code` __under__",
        "fence": "```\nfence```",
        "heading": "# A heading",
        "list": "- a list",
        "quote": "> a quote",
        "small": "-# small print",
        "link": "[click here](https://example.org)",
        "bare link": "https://example.org/?a=1&b=2",
        "html": "<script>alert(1)</script>",
        "sql": "Robert'); DROP TABLE members;--",
        "braces": "{name} {0} %s %(n)d {n.__class__}",
        "override": "safe\u202etxt.exe",
        "isolates": "\u2067abc\u2069\u2066def\u2069",
        "control": "a\x00b\x07c\x1b[31md",
        "zero width": "a\u200bb\u2060c\ufeffd",
        "line breaks": "one\r\ntwo\rthree\n\n\n\nfour",
        "blanks": "   many     blanks\u00a0\u3000here   ",
        "accents": "Zoë Müller-Łukasz Ó’Néill",
        "decomposed": "Zoe\u0308",
        "marks": ZALGO,
        "cyrillic": "Олена Шевченко",
        "arabic": "ليلى حسن",
        "hebrew": "דנה לוי",
        "hindi": "अनिता शर्मा",
        "chinese": "王小明",
        "emoji family": "👩\u200d👩\u200d👧\u200d👦 and 🇺🇦",
        "formula": '=HYPERLINK("https://example.org")',
        "plus": "+49 30 1234",
        "backslashes": "a\\*b\\\\c",
        "quotes": "\"double\" 'single' «guillemets» `tick`",
        "lone surrogate": "a\ud800b",
    }.items()
]

UNREADABLE = [
    pytest.param(text, id=name)
    for name, text in {
        "empty": "",
        "blanks": "  \t\n\u00a0\u3000 ",
        "zero width": "\u200b\u2060\ufeff\u00ad",
        "direction": "\u202e\u202c\u2066\u2069\u200f",
        "control": "\x00\x01\x02\x7f",
        "surrogate": "\udcff",
    }.items()
]

_MENTION = re.compile(r"@(everyone|here)\b|<@[!&]?\d+>|(?<!\\)<(#|/|a?:|t:)[^>]*\d[^>]*>")
_MARKUP = re.compile(r"(?<!\\)(\*\*|~~|\|\||__|`)|^\s*(#{1,3} |> |- |-# )|(?<!\\)\[[^\]]+\]\(", re.MULTILINE)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def assert_harmless(shown: str) -> None:
    """What is shown pings nobody, formats nothing, and hides nothing. `shown` is the typed part alone."""
    assert not _MENTION.search(shown), shown
    assert not _MARKUP.search(shown), shown
    assert not _UNSEEN.search(shown.replace("@\u200b", "@")), ascii(shown)


def too_long(limit: int) -> str:
    """One character more than fits."""
    return "ü" * (limit + 1)
