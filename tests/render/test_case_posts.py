"""A case as a post fits Discord's limits, whatever was written in it, and nothing of it is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.adaptations import Adaptation
from bot.domain.case_content import LIMITS, SUMMARY_LIMIT, TITLE_LIMIT, CaseKind, CaseSection, Content
from bot.domain.cases import Case, CaseState
from bot.domain.split import MESSAGE_LIMIT, size
from bot.domain.text import tidy
from bot.i18n import Catalogues
from bot.render import case_posts
from config import FOLDER

CATALOGUES = Catalogues.load(FOLDER / "locales")
NOW = datetime(2026, 3, 3, tzinfo=UTC)
SCRIPTS = (
    "roof ",
    "стік ",
    "雨水",
    "مياه ",
    "क्षत्रिय ",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "*_`|> ",
    "```\ncode\n",
    "https://example.org/x ",
    "@everyone ",
)


def long_text(limit: int) -> st.SearchStrategy[str]:
    """A text of up to so many characters, of any script, as it is kept."""
    pieces = st.lists(st.sampled_from(SCRIPTS), min_size=0, max_size=60)
    sizes = st.integers(min_value=1, max_value=limit)
    return st.builds(lambda some, most: tidy(("".join(some) * 60)[:most], lines=True), pieces, sizes)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A published case of either kind."""
    kind = draw(st.sampled_from(CaseKind))
    blank = Content(kind=kind)
    content = Content(
        kind=kind,
        language="en",
        city="x" * draw(st.integers(1, 200)),
        country="FR",
        title=tidy(draw(long_text(TITLE_LIMIT))) or "T",
        summary=tidy(draw(long_text(SUMMARY_LIMIT))) or None,
        texts={one: text for one in blank.sections if (text := draw(long_text(LIMITS[one])))},
        links=tuple(f"https://example.org/{'y' * draw(st.integers(1, 400))}" for _ in range(draw(st.integers(0, 5)))),
    )
    people: dict[str, Any] = {
        "author_user_id": 1 << 62,
        "author_name": "*" * 100,
        "owner_user_id": 1 << 61,
        "owner_name": "_" * 100,
    }
    return Case(
        1,
        "u",
        1,
        CaseState.PUBLISHED,
        content,
        **people,
        version=1,
        revision=1,
        created_at=NOW,
        updated_at=NOW,
    )


ADAPTATIONS = tuple(
    Adaptation(number, 1, 1, "A", "Å" * 120, "FR", 2020 + number % 7, "k", "c", NOW) for number in range(60)
)


def bare(text: str) -> str:
    """A text without white space, headings and the marks of code blocks."""
    return re.sub(r"\s+|`", "", text)


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from(CATALOGUES.languages))
def test_it_fits_and_nothing_is_lost(case: Case, language: str) -> None:
    post = case_posts.post(CATALOGUES.translator(language), case, (), ADAPTATIONS, 7)
    assert 0 < len(post.content) <= MESSAGE_LIMIT
    assert sum(map(case_posts._size, post.embeds)) <= case_posts.EMBEDS
    for embed in post.embeds:
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert len(embed.fields) <= 25
        assert all(0 < len(field.value or "") <= 1024 for field in embed.fields)
    assert all(0 < size(text) <= MESSAGE_LIMIT for text in post.texts)
    shown = bare("".join([*(embed.description or "" for embed in post.embeds), *post.texts]))
    assert all(bare(text) in shown for text in case.content.texts.values())
    assert all(link in "".join(post.texts) for link in case.content.links)


def test_the_names_of_sections_are_short_enough_for_a_form() -> None:
    for language in CATALOGUES.languages:
        t = CATALOGUES.translator(language)
        assert [t.of(one) for one in CaseSection if len(t.of(one)) > 45] == []
