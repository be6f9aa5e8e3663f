"""Queries that matched no topic: kept without the person, shown to those who can make topics of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.domain.topics import Topic
from bot.domain.unmatched import KEPT_FOR, MOST_KEPT, UnmatchedQuery, Waiting, scrubbed
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit
from db.queries import unmatched as queries
from db.queries.unmatched import UnmatchedRow

PAGE = 10
LIKELY = 5


async def keep(work: Work, clock: Clock, text: str, language: str, *, unsure: bool = False) -> None:
    """Put down that this was asked for, once for each wording. `unsure`: the bot had guesses, and asked."""
    if scrubbed(text) is None:
        return
    # Looking for names may take a moment in a large network, in which nobody else shall wait to write.
    async with work.read() as session:
        kept = scrubbed(text, await queries.names_in(session, text))
    if kept is None:
        return
    now = clock()
    async with work.begin() as session:
        known = _same(await queries.in_language(session, language), kept)
        if known is None:
            await queries.create(
                session, text=kept, language=language, times=1, unsure=unsure, first_at=now, last_at=now
            )
            await queries.prune(session, now - KEPT_FOR, MOST_KEPT)
        else:
            await queries.change(session, known.id, times=known.times + 1, unsure=known.unsure and unsure, last_at=now)


async def settle_same(session: AsyncSession, name: str, language: str, now: datetime) -> None:
    """What was asked for is a topic's name now."""
    known = _same(await queries.in_language(session, language), name)
    if known is not None and known.settled_at is None:
        await queries.change(session, known.id, settled_at=now)


@dataclass(frozen=True, slots=True)
class UnmatchedService:
    """For network coordinators: a query belongs to no server."""

    work: Work
    clock: Clock
    topics: TopicsService

    async def page(self, actor: Actor, number: int = 0) -> Waiting:
        """Those that nobody has settled, most often asked first."""
        actor.require(Right.NETWORK_COORDINATOR)
        async with self.work.read() as session:
            total = await queries.count(session)
            last = max(0, (total - 1) // PAGE)
            number = min(max(number, 0), last)
            rows = await queries.waiting(session, PAGE, number * PAGE)
        return Waiting(tuple(UnmatchedQuery(*row) for row in rows), number, last, total)

    async def get(self, actor: Actor, query_id: int) -> UnmatchedQuery:
        """A query. Raises `Refusal` where it is gone."""
        actor.require(Right.NETWORK_COORDINATOR)
        async with self.work.read() as session:
            return await get(session, query_id)

    def likely(self, query: UnmatchedQuery) -> tuple[Topic, ...]:
        """The topics that it may be about, however unlikely."""
        found = self.topics.index.find(query.text, query.language, LIKELY)
        return tuple(self.topics.get(match.topic_id) for match in found.matches)

    async def dismiss(self, actor: Actor, query_id: int) -> UnmatchedQuery:
        """It is nothing that a topic should be called."""
        return await self._settle(actor, query_id, self.clock(), "unmatched.dismiss")

    async def bring_back(self, actor: Actor, query_id: int) -> UnmatchedQuery:
        """It is to be looked at again."""
        return await self._settle(actor, query_id, None, "unmatched.bring_back")

    async def _settle(self, actor: Actor, query_id: int, at: datetime | None, action: str) -> UnmatchedQuery:
        actor.require(Right.NETWORK_COORDINATOR)
        async with self.work.begin() as session:
            query = await get(session, query_id)
            await queries.change(session, query_id, settled_at=at)
            await audit.record(session, at=self.clock(), actor_id=actor.user_id, action=action, subject=query.text)
            return await get(session, query_id)


async def get(session: AsyncSession, query_id: int) -> UnmatchedQuery:
    """A query. Raises `Refusal` where it is gone."""
    row = await queries.by_id(session, query_id)
    if row is None:
        raise Refusal("topics.query_gone")
    return UnmatchedQuery(*row)


def _same(rows: Sequence[UnmatchedRow], text: str) -> UnmatchedRow | None:
    wanted = normalise(text)
    return next((row for row in rows if normalise(row.text) == wanted), None)
