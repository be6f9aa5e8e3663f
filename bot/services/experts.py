"""Who knows about a topic, and why this person."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import experts
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.experts import Candidate, Page, Suggestion
from bot.domain.members import Level
from bot.domain.text import clean
from bot.domain.topics import Topic
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.queries import experts as queries

LONGEST_QUESTION = 300
DID_YOU_MEAN = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """People who know about `topic`, a page of them."""

    topic: Topic
    page: Page


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """The text may mean several topics: which? Best first, at least one."""

    text: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class ExpertsService:
    """Finds people by topic."""

    work: Work
    topics: TopicsService
    clock: Clock

    async def find(self, actor: Actor, text: str) -> Answer | DidYouMean:
        """The first page of people for a free text, a topic's name or its id; or the question which topic is meant.

        Raises `Refusal` where the text is empty, too long, or reminds of no topic at all.
        """
        text = clean(text, limit=LONGEST_QUESTION)
        finding = self.topics.find(text, actor.language, DID_YOU_MEAN)
        if not finding.matches:
            raise Refusal("experts.no_topic", text=text)
        if finding.confident:
            return await self.page(actor, finding.matches[0].topic_id, 0)
        return DidYouMean(text, tuple(self.topics.get(match.topic_id) for match in finding.matches))

    async def page(self, actor: Actor, topic_id: str, number: int) -> Answer:
        """A page of the people who know about a topic, worked out afresh. Raises `Refusal` for an unknown topic."""
        topic = self.topics.get(topic_id)
        return Answer(topic, experts.page_of(await self._ranked(actor, topic_id), number))

    async def _ranked(self, actor: Actor, topic_id: str) -> list[Suggestion]:
        async with self.work.read() as session:
            rows = await queries.candidates(session, [topic_id])
            spoken = await queries.languages(session, [topic_id])
            own = await queries.languages_of(session, actor.member_id) if actor.member_id else frozenset()
        people = [
            Candidate(**row._asdict() | {"level": Level(row.level)}, languages=spoken.get(row.member_id, frozenset()))
            for row in rows
        ]
        return experts.rank(
            people,
            now=self.clock(),
            matches={topic_id: 1.0},
            asker_user_id=actor.user_id,
            asker_languages=own or frozenset({actor.language}),
        )
