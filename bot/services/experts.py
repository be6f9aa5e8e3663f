"""Who knows about a topic, and why this person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import experts
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.experts import MONTH, USUAL_CAP, WEIGHTS, YEAR, Asker, Candidate, CitySize, Page, Suggestion
from bot.domain.filters import NO_FILTERS, Filters, daytime_zones
from bot.domain.members import Level
from bot.domain.text import clean
from bot.domain.topics import Topic
from bot.services import unmatched
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import case_credits
from db.queries import experts as queries
from db.queries.experts import CandidateRow, Credits, Search

LONGEST_QUESTION = 300
DID_YOU_MEAN = 5
CREDITS_COUNT_FOR = 6 * YEAR
"""After six half-lives less than a sixtieth is left of a credit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """People who know about `topic` and pass the filters, a page of them."""

    topic: Topic
    page: Page
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """The text may mean several topics: which? Best first, at least one."""

    text: str
    topics: tuple[Topic, ...]
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class ExpertsService:
    """Finds people by topic."""

    work: Work
    topics: TopicsService
    clock: Clock

    async def find(self, actor: Actor, text: str, filters: Filters = NO_FILTERS) -> Answer | DidYouMean:
        """The first page of people for a free text, a topic's name or its id; or the question which topic is meant.

        Raises `Refusal` where the text is empty, too long, or reminds of no topic at all. What was not found, or not
        for sure, is kept without the person.
        """
        text = clean(text, limit=LONGEST_QUESTION)
        finding = self.topics.find(text, actor.language, DID_YOU_MEAN)
        if finding.confident:
            return await self.page(actor, finding.matches[0].topic_id, 0, filters)
        await unmatched.keep(self.work, self.clock, text, actor.language, unsure=bool(finding.matches))
        if not finding.matches:
            raise Refusal("experts.no_topic", text=text)
        return DidYouMean(text, tuple(self.topics.get(match.topic_id) for match in finding.matches), filters)

    async def page(self, actor: Actor, topic_id: str, number: int, filters: Filters = NO_FILTERS) -> Answer:
        """A page of the people who know about a topic, worked out afresh. Raises `Refusal` for an unknown topic."""
        topic = self.topics.get(topic_id)
        everyone = await self.suggest(actor, {topic.id: 1.0}, filters=filters)
        return Answer(topic, experts.page_of(everyone, number), filters)

    async def suggest(
        self,
        actor: Actor,
        topic_ids: Mapping[str, float],
        *,
        limit: int = experts.MOST,
        leave_out: frozenset[int] = frozenset(),
        filters: Filters = NO_FILTERS,
    ) -> tuple[Suggestion, ...]:
        """The people to ask about these topics, best first, at most `limit`.

        `topic_ids` has the score of each topic that may be meant, 0 to 1; `leave_out` are members' ids, such as those
        who were invited already.
        """
        now = self.clock()
        async with self.work.read() as session:
            asker = await _asker(session, actor)
            rows = await queries.candidates(session, _search(asker, topic_ids, now, leave_out, filters))
            people = await _candidates(session, rows, now)
        ranked = experts.rank(people, now=now, matches=topic_ids, asker=asker)
        return tuple(ranked[:limit])


async def _asker(session: AsyncSession, actor: Actor) -> Asker:
    row = await queries.asker(session, actor.user_id)
    if row is None:
        return Asker(actor.user_id, frozenset({actor.language}))
    spoken = _split(row.languages) or frozenset({actor.language})
    return Asker(actor.user_id, spoken, row.country, CitySize.of(row.population))


def _search(
    asker: Asker, topic_ids: Iterable[str], now: datetime, leave_out: frozenset[int], filters: Filters
) -> Search:
    context = WEIGHTS.context
    return Search(
        topic_ids=sorted(topic_ids),
        now=now,
        credits_since=now - CREDITS_COUNT_FOR,
        asks_since=now - MONTH,
        levels={level.value: WEIGHTS.declared * WEIGHTS.level[level] for level in Level},
        likeness=(context * WEIGHTS.country, context * WEIGHTS.city_size, context * WEIGHTS.language),
        asker_user_id=asker.user_id or 0,
        country=asker.country,
        population=asker.size.bounds if asker.size else (0, 0),
        languages=sorted(asker.languages),
        leave_out=sorted(leave_out),
        only_country=filters.country,
        only_language=filters.language,
        only_population=filters.size.bounds if filters.size else None,
        only_zones=sorted(daytime_zones(now)) if filters.available else None,
    )


async def _candidates(session: AsyncSession, rows: list[CandidateRow], now: datetime) -> list[Candidate]:
    member_ids = sorted({row.member_id for row in rows})
    topic_ids = sorted({row.topic_id for row in rows})
    accepted, thanked = await queries.credits_of(session, member_ids, topic_ids, now - CREDITS_COUNT_FOR)
    adapted, useful = await case_credits.credits_of(session, member_ids, topic_ids, now - CREDITS_COUNT_FOR)
    people = [_candidate(row, accepted, thanked) for row in rows]
    return [
        replace(
            one,
            adapted=tuple(adapted.get((one.member_id, one.topic_id), ())),
            useful=tuple(useful.get((one.member_id, one.topic_id), ())),
        )
        for one in people
    ]


def _candidate(row: CandidateRow, accepted: Credits, thanked: Credits) -> Candidate:
    known = row.member_id, row.topic_id
    return Candidate(
        member_id=row.member_id,
        user_id=row.user_id,
        name=row.name,
        topic_id=row.topic_id,
        level=Level(row.level),
        post=row.post,
        city=row.city,
        country=row.country,
        size=CitySize.of(row.population),
        zone=row.zone,
        languages=_split(row.languages),
        confirmed_at=row.confirmed_at,
        expertise_confirmed_at=row.expertise_confirmed_at,
        cap=USUAL_CAP if row.cap is None else row.cap,
        asks=row.asks,
        accepted=tuple(accepted.get(known, ())),
        thanked=tuple(thanked.get(known, ())),
        endorsements=row.endorsements,
    )


def _split(languages: str | None) -> frozenset[str]:
    return frozenset(languages.split(",")) if languages else frozenset()
