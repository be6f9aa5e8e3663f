"""The topics in their keepers' hands: network coordinators add, name, merge, hide, and undo each of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.languages import CODES
from bot.domain.matching import normalise
from bot.domain.text import tidy
from bot.domain.topics import LANGUAGES, Division, Topic
from bot.domain.vocabulary import LONGEST_NAME, MOST_NAMES, Entry, OwnName, name_of, new_id
from bot.services import unmatched
from bot.services.ports import Clock
from bot.services.topics import PREFERRED, SYNONYM, TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, merging
from db.queries import topics as queries
from db.queries import unmatched as unmatched_queries
from db.queries.topics import LabelRow

ENGLISH = LANGUAGES[0]
OFFERED = 5


@dataclass(frozen=True, slots=True)
class VocabularyService:
    """One use case a method. Each is audited, and the next lookup knows of it."""

    work: Work
    clock: Clock
    topics: TopicsService

    async def find(self, actor: Actor, text: str) -> Topic:
        """The topic that she means, whether it is shown or not: by its id, its name, or her own words.

        Raises `Refusal`, which names what she may have meant, where that is not clear.
        """
        actor.require(Right.NETWORK_COORDINATOR)
        stored = await self.topics.stored()
        exact = stored.get(text.strip())
        if exact is not None:
            return exact
        found = self.topics.find(tidy(text)[:LONGEST_NAME], actor.language, OFFERED)
        if found.confident:
            return self.topics.get(found.matches[0].topic_id)
        guesses = tuple(self.topics.get(match.topic_id).label(actor.language) for match in found.matches)
        if guesses:
            raise Refusal("topics.which", text=tidy(text)[:LONGEST_NAME], topics=guesses)
        raise Refusal("topics.none_like", text=tidy(text)[:LONGEST_NAME])

    async def put_away(self, actor: Actor, text: str) -> list[Topic]:
        """The topics that are hidden or merged and whose name holds what was typed."""
        typed = normalise(text)
        return [
            topic
            for topic in (await self.topics.stored()).values()
            if (topic.hidden or topic.merged_into) and typed in normalise(topic.label(actor.language))
        ]

    async def entry(self, actor: Actor, topic_id: str) -> Entry:
        """A topic with all that its keepers should know. Raises `Refusal` where there is none."""
        actor.require(Right.NETWORK_COORDINATOR)
        stored = await self.topics.stored()
        topic = stored.get(topic_id)
        if topic is None:
            raise Refusal("topics.unknown", topic=topic_id[:LONGEST_NAME])
        async with self.work.read() as session:
            own = await queries.own_names(session, topic_id)
            people, questions = await queries.used(session, topic_id)
        return Entry(
            topic,
            tuple(OwnName(row.id, row.language, row.label) for row in own),
            into=stored.get(topic.merged_into or ""),
            merged=tuple(other for other in stored.values() if other.merged_into == topic_id),
            people=people,
            questions=questions,
        )

    async def add(
        self, actor: Actor, name: str, division: Division, english: str | None = None, others: Sequence[str] = ()
    ) -> Entry:
        """A new topic, named in her language and in English, with other names in hers.

        Raises `Refusal` where a name is taken or unfit, or its English name is missing.
        """
        actor.require(Right.NETWORK_COORDINATOR)
        label = name_of(name)
        if actor.language != ENGLISH and not english:
            raise Refusal("topics.english_missing")
        in_english = name_of(english) if english else label
        synonyms = [name_of(other) for other in others]
        for text in (label, in_english, *synonyms):
            self._free(text, actor.language)
        topic_id = new_id(in_english, (await self.topics.stored()).keys())
        names = [LabelRow(topic_id, ENGLISH, PREFERRED, in_english, ours=True)]
        if actor.language != ENGLISH:
            names.append(LabelRow(topic_id, actor.language, PREFERRED, label, ours=True))
        names += [LabelRow(topic_id, actor.language, SYNONYM, other, ours=True) for other in synonyms]
        async with self.work.begin() as session:
            await queries.create(session, topic_id, division.value)
            for each in names:
                await queries.add_name(session, each)
                await unmatched.settle_same(session, each.label, each.language, self.clock())
            await self._note(session, actor, "topic.add", topic_id, name=label)
        return await self._renewed(actor, topic_id)

    async def name(self, actor: Actor, topic_id: str, name: str, language: str | None = None) -> Entry:
        """One more name for a topic, in her language or another one. What was asked for in vain by it is settled.

        Raises `Refusal` where another topic has that name.
        """
        entry = await self.entry(actor, topic_id)
        language = language or actor.language
        if language not in CODES:
            raise Refusal("experts.language_unknown", language=language[:60])
        async with self.work.begin() as session:
            await self._name(session, actor, entry, name_of(name), language)
        return await self._renewed(actor, topic_id)

    async def settle(self, actor: Actor, query_id: int, topic_id: str, words: str | None = None) -> Entry:
        """Make what was asked for in vain, or other words for it, a name of a topic."""
        entry = await self.entry(actor, topic_id)
        now = self.clock()
        async with self.work.begin() as session:
            query = await unmatched.get(session, query_id)
            await self._name(session, actor, entry, name_of(words or query.text), query.language)
            await unmatched_queries.change(session, query_id, settled_at=now)
        return await self._renewed(actor, topic_id)

    async def unname(self, actor: Actor, topic_id: str, name_id: int) -> Entry:
        """Take away a name that coordinators gave. Raises `Refusal` where it is the only one, or gone."""
        entry = await self.entry(actor, topic_id)
        named = [text for texts in entry.topic.synonyms.values() for text in texts]
        if len(entry.topic.labels) + len(named) <= 1:
            raise Refusal("topics.last_name")
        async with self.work.begin() as session:
            removed = await queries.remove_name(session, name_id)
            if removed is None or removed.topic_id != topic_id:
                raise Refusal("topics.name_gone")
            await self._note(session, actor, "topic.unname", topic_id, name=removed.label, language=removed.language)
        return await self._renewed(actor, topic_id)

    async def merge(self, actor: Actor, topic_id: str, into_id: str) -> Entry:
        """Two topics are one: who knows about the first, and what was asked about it, goes to the other.

        Returns the other. Raises `Refusal` where they are one already, or the other is not shown.
        """
        entry, into = await self.entry(actor, topic_id), await self.entry(actor, into_id)
        shown = self.topics.index.get(into_id)
        if shown is None:
            raise Refusal("topics.not_shown", topic=into.topic.label(actor.language))
        target = shown.id
        if entry.topic.merged_into is not None or target == topic_id:
            raise Refusal("topics.one_already", topic=entry.topic.label(actor.language))
        async with self.work.begin() as session:
            await queries.change(session, topic_id, merged_into=target)
            await merging.merge(session, topic_id, target)
            await self._note(session, actor, "topic.merge", topic_id, into=target)
        return await self._renewed(actor, target)

    async def part(self, actor: Actor, topic_id: str) -> Entry:
        """It was a topic of its own after all: what came from it goes back."""
        entry = await self.entry(actor, topic_id)
        if entry.topic.merged_into is None:
            return entry
        stored = await self.topics.stored()
        holder = entry.topic
        while holder.merged_into is not None:
            holder = stored[holder.merged_into]
        async with self.work.begin() as session:
            await queries.change(session, topic_id, merged_into=None)
            await merging.part(session, topic_id, holder.id)
            await self._note(session, actor, "topic.part", topic_id, of=holder.id)
        return await self._renewed(actor, topic_id)

    async def hide(self, actor: Actor, topic_id: str) -> Entry:
        """Nobody finds it any more; who named it still does."""
        return await self._show(actor, topic_id, hidden=True)

    async def show(self, actor: Actor, topic_id: str) -> Entry:
        """It can be found again."""
        return await self._show(actor, topic_id, hidden=False)

    async def _show(self, actor: Actor, topic_id: str, *, hidden: bool) -> Entry:
        entry = await self.entry(actor, topic_id)
        if entry.topic.hidden == hidden:
            return entry
        async with self.work.begin() as session:
            await queries.change(session, topic_id, hidden=hidden)
            await self._note(session, actor, "topic.hide" if hidden else "topic.show", topic_id)
        return await self._renewed(actor, topic_id)

    async def _name(self, session: AsyncSession, actor: Actor, entry: Entry, name: str, language: str) -> None:
        topic = entry.topic
        self._free(name, actor.language, except_for=topic)
        if len(entry.own_names) >= MOST_NAMES:
            raise Refusal("topics.too_many_names", limit=MOST_NAMES)
        kind = SYNONYM if language in topic.labels else PREFERRED
        await queries.add_name(session, LabelRow(topic.id, language, kind, name, ours=True))
        await unmatched.settle_same(session, name, language, self.clock())
        await self._note(session, actor, "topic.name", topic.id, name=name, language=language)

    def _free(self, name: str, language: str, except_for: Topic | None = None) -> None:
        for other in self.topics.index.named(name):
            if except_for is None or other.id != except_for.id:
                raise Refusal("topics.name_taken", name=name, topic=other.label(language))

    async def _note(self, session: AsyncSession, actor: Actor, action: str, topic_id: str, **details: str) -> None:
        await audit.record(
            session, at=self.clock(), actor_id=actor.user_id, action=action, subject=topic_id, details=dict(details)
        )

    async def _renewed(self, actor: Actor, topic_id: str) -> Entry:
        await self.topics.load()
        return await self.entry(actor, topic_id)
