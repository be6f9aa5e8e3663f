"""Questions: on record first, posted then, and whatever happens to them later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from bot.domain import questions as rules
from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden, Refusal
from bot.domain.privacy import NOBODY
from bot.domain.questions import BODY_LIMIT, TITLE_LIMIT, TOPIC_LIMIT, Deed, Question, QuestionState
from bot.domain.text import clean, clean_or_none
from bot.domain.topics import Topic
from bot.domain.unanswered import Schedule
from bot.services import clocks, unmatched
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import answers, audit
from db.queries import questions as queries

READ_FOR_A_TOPIC = 300
"""How much of a question is read for what it is about: the point of it stands in its title and its first lines."""
TOPICS_OFFERED = 5
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote into the form; `topic` is a topic's id, its name, or her own words for it."""

    title: str
    body: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on record. Where it is not clear what it is about, `offered` has topics that it may be."""

    question: Question
    offered: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A server in which somebody may ask."""

    server_id: int
    name: str


@dataclass(frozen=True, slots=True)
class QuestionsService:
    """What happens to questions. Discord hears of it afterwards, from whoever called."""

    work: Work
    topics: TopicsService
    clock: Clock
    schedule: Schedule = field(default_factory=Schedule)

    async def places(self, actor: Actor) -> tuple[Place, ...]:
        """The servers in which she may ask: this one, or in a direct message hers."""
        async with self.work.read() as session:
            return tuple(Place(*row) for row in await queries.places(session, actor.user_id))

    async def ask(self, actor: Actor, server_id: int, draft: Draft, *, nameless: bool) -> Asked:
        """Put a question on record; it is posted afterwards (`posted`). The name of a nameless asker is not kept.

        Raises `Refusal` where something is empty or too long, or she may not ask in that server.
        """
        actor.require(Right.MEMBER)
        title, body, topic_id, offered = self._read(actor, draft)
        if topic_id is None and (words := clean_or_none(draft.topic, limit=TOPIC_LIMIT)):
            await unmatched.keep(self.work, self.clock, words, actor.language, unsure=bool(offered))
        async with self.work.begin() as session:
            if actor.server_id != server_id:
                await _must_be_there(session, actor, server_id)
            question_id = await queries.create(
                session,
                server_id=server_id,
                asker_user_id=actor.user_id,
                asker_name=None if nameless else actor.name[:NAME_LIMIT],
                nameless=nameless,
                title=title,
                body=body,
                language=actor.language,
                topic_id=topic_id,
                state=QuestionState.OPEN,
                asked_at=self.clock(),
            )
            return Asked(await _get(session, question_id), offered)

    async def edit(self, actor: Actor, question_id: int, draft: Draft) -> Asked:
        """Its asker says it otherwise. A nameless question stays nameless."""
        title, body, topic_id, offered = self._read(actor, draft)
        return Asked(
            await self._change(
                actor, question_id, Deed.EDIT, title=title, body=body, topic_id=topic_id, edited_at=self.clock()
            ),
            offered,
        )

    async def set_topic(self, actor: Actor, question_id: int, topic_id: str) -> Question:
        """Its asker says what it is about. Raises `Refusal` for an unknown topic."""
        return await self._change(actor, question_id, Deed.EDIT, topic_id=self.topics.get(topic_id).id)

    async def close(self, actor: Actor, question_id: int) -> Question:
        """It is answered, by nobody in particular."""
        return await self._change(actor, question_id, Deed.CLOSE, answered_at=self.clock())

    async def reopen(self, actor: Actor, question_id: int) -> Question:
        """It needs more. What was marked as an answer stays marked: it did help."""
        return await self._change(actor, question_id, Deed.REOPEN, answered_at=None)

    async def check(self, actor: Actor, question_id: int, deed: Deed) -> Question:
        """A question with which she may do this. Raises `Refusal` otherwise."""
        question = await self.get(question_id)
        rules.check(question, deed, actor)
        return question

    async def get(self, question_id: int) -> Question:
        """A question. Raises `Refusal` where there is none."""
        async with self.work.read() as session:
            return await _get(session, question_id)

    async def in_thread(self, thread_id: int) -> Question | None:
        """The question whose post this thread is; None where it is another thread."""
        async with self.work.read() as session:
            row = await queries.by_thread(session, thread_id)
            return question_of(row) if row else None

    async def accepted(self, question_id: int) -> tuple[int, ...]:
        """The messages marked as answers."""
        async with self.work.read() as session:
            return tuple(await answers.accepted(session, question_id))

    async def unposted(self, server_id: int | None = None) -> tuple[Question, ...]:
        """Questions whose post we do not know, in one server or in all: Discord failed us, or we stopped in between."""
        async with self.work.read() as session:
            return tuple(question_of(row) for row in await queries.unposted(session, server_id))

    async def asked_by(self, actor: Actor) -> tuple[Question, ...]:
        """Every question of hers that has a post."""
        async with self.work.read() as session:
            return tuple(question_of(row) for row in await queries.by_asker(session, actor.user_id))

    async def unknown_threads(self, thread_ids: Collection[int]) -> frozenset[int]:
        """Those of these threads that are the post of no question on record."""
        async with self.work.read() as session:
            return frozenset(thread_ids) - await queries.threads(session, thread_ids)

    async def posted(self, question_id: int, thread_id: int, message_id: int) -> Question:
        """Its post stands. From now on it moves by itself while nobody answers (`bot.domain.unanswered`)."""
        async with self.work.begin() as session:
            await queries.change(session, question_id, thread_id=thread_id, message_id=message_id)
            await clocks.start(session, question_id, self.clock(), self.schedule)
            return await _get(session, question_id)

    async def forget(self, question_id: int) -> None:
        """Discord would not have it: it was never asked. What has a post stays."""
        async with self.work.begin() as session:
            await queries.remove(session, question_id)

    async def lost(self, thread_id: int, message_id: int | None = None) -> Question | None:
        """A thread is gone, or one message in it. The question that had its post there is removed, and returned."""
        async with self.work.begin() as session:
            row = await queries.by_thread(session, thread_id)
            if row is None or (message_id is not None and message_id != row.message_id):
                return None
            question = question_of(row)
            state = rules.after(question.state, Deed.LOSE)
            await queries.change(session, question.id, state=state)
            return replace(question, state=state)

    def topic_of(self, question: Question) -> Topic | None:
        """What it is about; None where that is not said, or the topic is no longer shown."""
        if question.topic_id is None:
            return None
        try:
            return self.topics.get(question.topic_id)
        except Refusal:
            return None

    def topic_named(self, topic: str, language: str) -> str:
        """What to write into the form for a topic's id or free words."""
        try:
            return self.topics.get(topic).label(language)
        except Refusal:
            return topic[:TOPIC_LIMIT]

    async def _change(self, actor: Actor, question_id: int, deed: Deed, **columns: object) -> Question:
        async with self.work.begin() as session:
            question = await _get(session, question_id)
            rules.check(question, deed, actor)
            state = rules.after(question.state, deed)
            if state is question.state and deed in rules.SHARED:
                return question
            await queries.change(session, question_id, **columns, state=state)
            if deed is Deed.REOPEN:
                await clocks.resume(session, question_id, self.clock(), self.schedule)
            await note(session, self.clock, actor, question, deed)
            return await _get(session, question_id)

    def _read(self, actor: Actor, draft: Draft) -> tuple[str, str, str | None, tuple[Topic, ...]]:
        title = clean(draft.title, limit=TITLE_LIMIT)
        body = clean(draft.body, limit=BODY_LIMIT, lines=True)
        topic = clean_or_none(draft.topic, limit=TOPIC_LIMIT)
        texts = (topic,) if topic else (title, f"{title} {body}"[:READ_FOR_A_TOPIC])
        topic_id, offered = self._about(actor, texts)
        return title, body, topic_id, offered

    def _about(self, actor: Actor, texts: tuple[str, ...]) -> tuple[str | None, tuple[Topic, ...]]:
        offered: dict[str, None] = {}
        for text in texts:
            found = self.topics.find(text, actor.language, TOPICS_OFFERED)
            if found.confident:
                return found.matches[0].topic_id, ()
            offered |= dict.fromkeys(match.topic_id for match in found.matches)
        return None, tuple(self.topics.get(each) for each in list(offered)[:TOPICS_OFFERED])


async def note(session: AsyncSession, clock: Clock, actor: Actor, question: Question, deed: Deed) -> None:
    """Into the audit, where a coordinator did it. What an asker does with her own question is not written down."""
    if not question.asked_by(actor):
        await audit.record(
            session,
            at=clock(),
            actor_id=actor.user_id,
            server_id=question.server_id,
            action=f"question.{deed}",
            subject=question.title,
            details={"question": question.id},
        )


async def _must_be_there(session: AsyncSession, actor: Actor, server_id: int) -> None:
    if all(row.server_id != server_id for row in await queries.places(session, actor.user_id)):
        raise Forbidden("access.member_only")


async def _get(session: AsyncSession, question_id: int) -> Question:
    row = await queries.by_id(session, question_id)
    if row is None:
        raise Refusal("questions.unknown")
    return question_of(row)


def question_of(row: queries.QuestionRow) -> Question:
    """A row as the rules know it. Who had her data deleted is nobody (`bot.domain.privacy.NOBODY`)."""
    asker = row.asker_user_id if row.asker_user_id != NOBODY else None
    return Question(**row._asdict() | {"state": QuestionState(row.state), "asker_user_id": asker})
