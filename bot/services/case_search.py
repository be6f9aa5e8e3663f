"""Finding cases, and keeping the index by which they are found."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import case_search as rules
from bot.domain.access import Actor, Right
from bot.domain.case_content import Content
from bot.domain.case_filters import CaseFilters, CaseMark
from bot.domain.case_postings import BLOCK, pack, put
from bot.domain.case_postings import cases_of as cases_with
from bot.domain.case_search import MOST, PAGE, Words
from bot.domain.cases import Case, Deed, check
from bot.domain.errors import Refusal
from bot.domain.text import clean
from bot.domain.topics import CONFIDENT, Topic
from bot.services.case_rows import briefly, cases_of, from_rows
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import case_search as queries
from db.queries.cases import newest, published_ids, titles

LONGEST_TEXT = 200
TOPICS_MEANT = 3
AT_ONCE = 50
MOST_WORDS = 0.6
"""Of the words of a question, a case must have so many to be shown unasked."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A part of a list of cases. `number` counts from 0; `topics` are those that the text was taken to speak of."""

    text: str
    filters: CaseFilters
    cases: tuple[Case, ...]
    number: int
    last: int
    total: int
    topics: tuple[Topic, ...] = ()


class CaseSearchService:
    """Finds cases. Holds the words that are known; they are read anew as soon as there are others.

    `_whole`: whatever is published stands in the index as it should.
    """

    def __init__(self, work: Work, topics: TopicsService) -> None:
        self._work = work
        self._topics = topics
        self._words = Words({})
        self._whole = False

    async def search(
        self, actor: Actor, text: str | None, filters: CaseFilters, number: int = 0, *, page: int = PAGE
    ) -> CasePage:
        """A page of the published cases that fit, worked out afresh. Raises `Refusal` where nothing is asked."""
        actor.require(Right.MEMBER)
        text = clean(text, limit=LONGEST_TEXT) if text else ""
        if not text and not filters.marks:
            raise Refusal("cases.search_empty")
        meant = self._meant(text, actor.language) if text and not filters.topic else {}
        async with self._work.read() as session:
            ranking = await self._rank(session, text, filters, meant, long=True)
            if text:
                ranking = rules.nearer(ranking, text, await titles(session, ranking.case_ids))
            last = max(0, (min(len(ranking.case_ids), MOST) - 1) // page)
            number = min(max(number, 0), last)
            shown = ranking.case_ids[number * page : (number + 1) * page]
            found = await briefly(session, shown)
        cases = tuple(found[one] for one in shown if one in found)
        topics = tuple(self._topics.get(one) for one in meant)
        return CasePage(text, filters, cases, number, last, ranking.total, topics)

    async def about(self, actor: Actor, text: str, limit: int = 3) -> tuple[Case, ...]:
        """The cases that surely fit a question: of the topic that it speaks of, or with most of its words."""
        actor.require(Right.MEMBER)
        topics = {one: score for one, score in self._meant(text, actor.language).items() if score >= CONFIDENT}
        async with self._work.read() as session:
            ranking = await self._rank(session, text, CaseFilters(), topics, least=MOST_WORDS)
            shown = ranking.case_ids[:limit]
            found = await briefly(session, shown)
        return tuple(found[one] for one in shown if one in found)

    async def named(self, actor: Actor, text: str) -> Case:
        """The case of this number, or the one that its title fits best. Raises `Refusal` for none."""
        actor.require(Right.MEMBER)
        typed = text.strip()
        if typed.isascii() and typed.isdecimal() and len(typed) < 10:
            async with self._work.read() as session:
                found = (await cases_of(session, [int(typed)])).get(int(typed))
            if found is None:
                raise Refusal("cases.unknown")
            check(found, Deed.READ, actor)
            return found
        page = await self.search(actor, typed, CaseFilters(), page=1)
        if not page.cases:
            raise Refusal("cases.unknown")
        return page.cases[0]

    async def like(self, actor: Actor, text: str) -> tuple[Case, ...]:
        """Cases for a list while she types; before she has, the newest."""
        if text.strip():
            return (await self.search(actor, text[:LONGEST_TEXT], CaseFilters(), page=25)).cases
        actor.require(Right.MEMBER)
        async with self._work.read() as session:
            return tuple((await from_rows(session, await newest(session, 25))).values())

    async def similar(self, actor: Actor, case: Case, limit: int = PAGE) -> tuple[Case, ...]:
        """The cases that are most like one: of its topics, and of words like those of its title."""
        topics = dict.fromkeys(case.content.topics, 1.0)
        async with self._work.read() as session:
            ranking = await self._rank(session, case.title, CaseFilters(), topics, leave_out=case.id)
            shown = ranking.case_ids[:limit]
            found = await briefly(session, shown)
        return tuple(found[one] for one in shown if one in found)

    async def run_due(self, now: datetime) -> datetime | None:
        """Index what an earlier version of this program indexed by less, a few published cases at a time."""
        if self._whole:
            return None
        async with self._work.begin() as session:
            mark = (await queries.ids_of(session, [rules.FORM])).get(rules.FORM)
            blocks = (await queries.postings(session, [mark])).get(mark, ()) if mark is not None else ()
            newest_case = (await queries.newest(session))[1]
            done = set(cases_with(blocks, newest_case + 1)[0].tolist())
            left = [case_id for case_id in await published_ids(session) if case_id not in done]
            for case in (await cases_of(session, left[:AT_ONCE])).values():
                await reindex(session, case.id, None, case.content)
        self._whole = len(left) <= AT_ONCE
        return None if self._whole else now

    async def _rank(
        self,
        session: AsyncSession,
        text: str,
        filters: CaseFilters,
        topics: Mapping[str, float],
        *,
        long: bool = False,
        leave_out: int = -1,
        least: float = 0.0,
    ) -> rules.Ranking:
        newest_word, newest_case = await queries.newest(session)
        words = await self._known(session, newest_word)
        must = [words.mark(mark) for mark in filters.marks]
        if None in must:
            return rules.Ranking((), 0)
        readings = words.readings(rules.asked_words(text), long=long)
        marks = [(words.mark(CaseMark.TOPIC.of(topic)), score) for topic, score in topics.items()]
        meant = [(mark, score) for mark, score in marks if mark is not None]
        narrowed = [mark for mark in must if mark is not None]
        wanted = {word for reading in readings for word, _ in reading.similar}
        postings = await queries.postings(session, {*wanted, *narrowed, *(mark for mark, _ in meant)})
        return rules.rank(
            newest_case, readings, postings, topics=meant, must=narrowed, leave_out=leave_out, least=least
        )

    async def _known(self, session: AsyncSession, newest_word: int) -> Words:
        words = self._words
        if newest_word != words.newest:
            more = await queries.words_after(session, words.newest)
            words = await asyncio.to_thread(words.more, more)
            self._words = words
        return words

    def _meant(self, text: str, language: str) -> dict[str, float]:
        matches = self._topics.find(text, language, TOPICS_MEANT).matches
        return {match.topic_id: match.score for match in matches}


async def reindex(session: AsyncSession, case_id: int, before: Content | None, now: Content | None) -> None:
    """Let a case be found by what it says now, and no longer by what it said; None stands for what is not to be found.

    Called in the transaction that changes the case.
    """
    old = rules.terms(before) if before else {}
    new = rules.terms(now) if now else {}
    changed = [word for word in {*old, *new} if old.get(word) != new.get(word)]
    if not changed:
        return
    ids = await queries.ensure_words(session, changed)
    block, place = divmod(case_id, BLOCK)
    entries = await queries.blocks(session, ids.values(), block)
    await queries.write(
        session,
        block,
        {ids[word]: put(entries.get(ids[word], b""), place, new.get(word)) for word in changed},
    )


async def index_many(session: AsyncSession, cases: Sequence[tuple[int, Content]]) -> None:
    """Many new cases at once, none of which was indexed before."""
    found: dict[int, dict[str, list[tuple[int, int]]]] = {}
    for case_id, content in cases:
        block, place = divmod(case_id, BLOCK)
        of_block = found.setdefault(block, {})
        for word, weight in rules.terms(content).items():
            of_block.setdefault(word, []).append((place, weight))
    for block, words in found.items():
        ids = await queries.ensure_words(session, words)
        known = await queries.blocks(session, ids.values(), block)
        added = {ids[word]: known.get(ids[word], b"") + pack(entries) for word, entries in words.items()}
        await queries.write(session, block, added)
