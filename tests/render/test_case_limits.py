"""Whatever is said about cases fits Discord's limits, whatever was written in them, in every language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.adaptations import TEXT_LIMIT, Adaptation
from bot.domain.case_content import (
    LIMITS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    CaseKind,
    CaseOutcome,
    CaseStatus,
    Content,
    CostBand,
    DurationBand,
)
from bot.domain.case_filters import CaseFilters
from bot.domain.cases import COMMENT_LIMIT, Case, CaseFile, CaseState, Version
from bot.domain.cities import PopulationBand
from bot.domain.hand_overs import HandOver, HandOverKind, Item
from bot.domain.text import tidy
from bot.domain.topics import TopicIndex
from bot.i18n import Translator
from bot.render import case_news, case_reading, case_versions, hand_overs
from bot.render import cases as render
from bot.render.parts import cut, excerpt, safe, said
from tests.render.test_case_posts import CATALOGUES, NOW, long_text

MANY = 25
LINKS = dict.fromkeys(range(100), (10**18, 10**18))
WORST = ("*" * 3000, "😀" * 3000, "e\u0301" * 2000, "[a](https://example.org/b) " * 200, "`_~|>#-" * 500, "x" * 3000)


def fits(content: str | None, embeds: Sequence[discord.Embed], view: discord.ui.View) -> None:
    """Whether Discord takes such a message."""
    assert len(content or "") <= 2000
    assert sum(map(len, embeds)) <= 6000
    for embed in embeds:
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert len(embed.author.name or "") <= 256
        assert len(embed.footer.text or "") <= 2048
        assert len(embed.fields) <= 25
        for field in embed.fields:
            assert 0 < len(field.name or "") <= 256
            assert 0 < len(field.value or "") <= 1024
    rows: dict[int, int] = {}
    for item in view.children:
        if isinstance(item, discord.ui.Select):
            assert 1 <= len(item.options) <= 25
            assert len({option.value for option in item.options}) == len(item.options)
            assert len(item.custom_id) <= 100
            assert all(0 < len(option.label) <= 100 for option in item.options)
            assert all(len(option.description or "") <= 100 for option in item.options)
            assert len(item.placeholder or "") <= 150
        elif isinstance(item, discord.ui.Button):
            assert 0 < len(item.label or "") <= 80
            assert len(item.custom_id or "") <= 100
        row = item._rendered_row if item._rendered_row is not None else -1
        rows[row] = rows.get(row, 0) + item.width
    assert len(rows) <= 5
    assert all(width <= 5 for width in rows.values())


def worst(kind: CaseKind, text: str) -> Case:
    """A published case as full as it may be."""
    content = Content(
        kind=kind,
        language="fr",
        city="Å" * 200,
        country="FR",
        status=CaseStatus.RUNNING,
        outcome=CaseOutcome.PARTLY,
        start_year=2020,
        population=PopulationBand.METROPOLIS,
        cost=CostBand.OVER_1M,
        duration=DurationBand.LONGER,
        title=tidy(text[:TITLE_LIMIT]),
        summary=tidy(text[:SUMMARY_LIMIT]),
        texts={one: tidy(text[: LIMITS[one]], lines=True) for one in Content(kind=kind).sections},
        links=tuple(f"https://example.org/{'y' * 400}{number}" for number in range(5)),
        pilot_owner=tidy(text[:100]),
        pilot_on=NOW.date(),
    )
    files = tuple(CaseFile(number, f"{'_' * 90}{number}.pdf", "application/pdf", 1, "d") for number in range(3))
    people = (1 << 62, text[:100], 1 << 61, text[:100])
    case = Case(
        1, "u", 1, CaseState.PUBLISHED, content, *people, version=30, revision=1, created_at=NOW, updated_at=NOW
    )
    return replace(case, comment=tidy(text[:COMMENT_LIMIT], lines=True), files=files)


def every(t: Translator, case: Case, text: str) -> list[tuple[str | None, Sequence[discord.Embed], discord.ui.View]]:
    """Every message about cases, of cases like this."""
    several = [replace(case, id=number) for number in range(1, MANY + 1)]
    told = Adaptation(1, 1, 1, text[:100], text[:100], "FR", 2025, text[:TEXT_LIMIT], text[:TEXT_LIMIT], NOW)
    submitted, returned = (replace(case, state=one) for one in (CaseState.SUBMITTED, CaseState.RETURNED))
    found: list[tuple[str | None, Sequence[discord.Embed], discord.ui.View]] = []
    for state in CaseState:
        embed, view = render.card(t, replace(case, state=state), (), "It stands here: https://discord.com/x\n" * 5)
        found.append((None, [embed], view))
    for news in (
        case_news.submitted(t, case, "d1"),
        case_news.decided(t, replace(case, state=CaseState.PUBLISHED), "d1"),
        case_news.decided(t, returned, "d1"),
        case_news.decided(t, replace(case, state=CaseState.REJECTED), "d1"),
        case_news.adapted(t, case, told, "d1"),
        case_news.asked(t, case, told, 6, "d1"),
        case_news.verify(t, case, "d1"),
        case_news.verify(t, replace(case, owner_user_id=None), "d1"),
        case_news.pilot(t, case, "d1"),
        case_news.digest(t, several[:10], LINKS, "d1"),
        render.mine(t, several, [(number, text) for number in range(5)]),
        render.queue(t, several, "Its author reads it."),
    ):
        found += [(case_news.in_place_of(t, 1 << 62, news[0]), (), news[1])]
    for number in range(3):
        found += [case_reading.page(t, submitted, (), number, judging=True), case_reading.page(t, case, (), number)]
    filters = CaseFilters(CaseOutcome.PARTLY, "FR", PopulationBand.METROPOLIS, CaseStatus.RUNNING, "fr")
    embed, view = case_reading.found(t, text[:200], filters, several[:5], LINKS, number=0, last=9, total=50)
    found.append((None, [embed], view))
    embed, view = case_reading.several(t, t("cases.similar_to", title=case.title), several[:5], LINKS)
    found += [(None, [embed], view), (case_reading.beside(t, several[:3], LINKS), (), discord.ui.View())]
    versions = [Version(number, case.content, NOW, 1 << 62, text[:100]) for number in range(1, 31)]
    listed = case_versions.listed(t, case, versions, 1, "UTC")
    found += [(listed[0], (), listed[1]), case_versions.page(t, case, versions[0], (), 0, zone="UTC")]
    items = tuple(Item(number, 1, HandOverKind.CASE, "1", text[:200], 1 << 62) for number in range(40))
    left = HandOver(1, 1, 1, text[:100], NOW, None, items)
    for message in (
        hand_overs.card(t, left, TOPICS, "d1"),
        hand_overs.stands(t, left, TOPICS),
        hand_overs.whom(t, items[0], TOPICS),
        hand_overs.offer(t, items[0], text[:100], TOPICS, "d1"),
    ):
        found += [(message[0], (), message[1])]
    return found


TOPICS: Any = TopicIndex([])


@pytest.mark.parametrize("language", CATALOGUES.languages)
@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
def test_every_message_fits(text: str, language: str) -> None:
    for kind in CaseKind:
        for content, embeds, view in every(CATALOGUES.translator(language), worst(kind, text), text):
            fits(content, embeds, view)


@settings(max_examples=50, deadline=None)
@given(long_text(600), st.integers(40, 300))
def test_an_excerpt_ends_between_characters_and_words(text: str, limit: int) -> None:
    for shown in (excerpt(text, limit), cut(text, limit)):
        assert len(shown) <= limit
        assert shown == text or shown.endswith("…")
    whole = set(re.findall(r"https?://\S+", text))
    assert set(re.findall(r"https?://[^\s…]+", excerpt(text, limit))) <= whole
    assert len(said(text, limit)) <= limit


@pytest.mark.parametrize("character", ["👩‍👩‍👧‍👦", "e\u0301", "क्ष", "👍🏽"])
def test_no_character_is_cut(character: str) -> None:
    for limit in range(len(character) + 1, 40):
        assert cut(character * 30, limit).removesuffix("…").replace(character, "") == ""


def test_a_mark_of_escaping_stays_with_what_it_escapes() -> None:
    assert [cut(safe("a*b*c"), limit) for limit in (3, 4, 6, 7)] == ["a…", "a\\*…", "a\\*b…", "a\\*b\\*c"]


def test_the_links_of_a_digest_are_whole() -> None:
    t = CATALOGUES.translator("en")
    case = worst(
        CaseKind.CASE, "A title of quite an ordinary length, of some hundred characters, about fees and roofs. " * 20
    )
    text, _ = case_news.digest(t, [replace(case, id=number) for number in range(10)], LINKS, "d1")
    links = re.findall(r"\]\(https://discord\.com/channels/\d{19}/\d{19}\)", text)
    assert 5 < len(links) == text.count("https://") < 10
    assert text.endswith(f"and {10 - len(links)} more")


def test_a_list_says_where_there_are_more() -> None:
    t = CATALOGUES.translator("en")
    case = worst(CaseKind.CASE, "Fees. ")
    for few, many in (
        (render.queue(t, [case] * 25)[0], render.queue(t, [case] * 26)[0]),
        (render.mine(t, [case] * 25, ())[0], render.mine(t, [case] * 26, ())[0]),
    ):
        assert "ore than 25" not in few
        assert "25 case studies" in few
        assert "ore than 25 case studies" in many
