"""Reports for coordinators: of their server; of all servers for those who coordinate the network."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import reports as rules
from bot.domain.access import Actor, Right
from bot.domain.reports import REPORTED_FOR, Asked, QuestionsReport, TopicsReport, TopicUse
from bot.domain.unmatched import UnmatchedQuery
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import reports as queries
from db.queries import unmatched

MOST_UNMATCHED = 1_000


@dataclass(frozen=True, slots=True)
class ReportsService:
    """One report a method."""

    work: Work
    clock: Clock
    topics: TopicsService

    async def questions(self, actor: Actor) -> QuestionsReport:
        """Open questions and how long they wait, and what was answered in a year. Raises `Forbidden`."""
        server_id, now = _scope(actor), self.clock()
        async with self.work.read() as session:
            rows = await queries.questions(session, server_id, now - REPORTED_FOR)
        index = self.topics.index
        asked = [
            Asked(
                row.id,
                row.server_id,
                row.thread_id,
                row.title,
                index.get(row.topic_id) if row.topic_id else None,
                row.asked_at,
                row.answered_at,
            )
            for row in rows
        ]
        return rules.questions_report(asked, now)

    async def topics_without(self, actor: Actor) -> TopicsReport:
        """The topics for which nobody could be suggested. Raises `Forbidden`."""
        server_id = _scope(actor)
        async with self.work.read() as session:
            known = {row.topic_id: row for row in await queries.known(session, server_id)}
            asked = await queries.asked_about(session, server_id, self.clock() - REPORTED_FOR)
        uses = []
        for topic in self.topics.index:
            row = known.get(topic.id)
            named = (row.experts, row.interested) if row else (0, 0)
            uses.append(TopicUse(topic, *named, questions=asked.get(topic.id, 0)))
        return rules.topics_report(uses)

    async def unmatched(self, actor: Actor) -> tuple[UnmatchedQuery, ...]:
        """What was asked for in vain, most often first. It belongs to no server: network coordinators alone see it."""
        actor.require(Right.NETWORK_COORDINATOR)
        async with self.work.read() as session:
            return tuple(UnmatchedQuery(*row) for row in await unmatched.waiting(session, MOST_UNMATCHED))


def _scope(actor: Actor) -> int | None:
    """The server that a report is of; None is all of them."""
    actor.require(Right.SERVER_COORDINATOR)
    return None if actor.is_network_coordinator else actor.server_id
