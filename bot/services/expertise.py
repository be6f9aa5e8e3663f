"""Expertise: on which terms a member takes requests, who vouches for her, and whether it is still so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.expertise import Expertise, oldest_stale
from bot.domain.experts import USUAL_CAP
from bot.domain.members import Level, Profile
from bot.domain.text import tidy
from bot.domain.topics import Topic
from bot.services.experts import CREDITS_COUNT_FOR, LONGEST_QUESTION
from bot.services.members import MembersService
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import expertise as queries
from db.queries import experts, members


@dataclass(frozen=True, slots=True)
class Standing:
    """A member and her topics as others see them; `endorsed` are those in which the reader vouches for her."""

    profile: Profile
    topics: tuple[Expertise, ...]
    endorsed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ExpertiseService:
    """One use case a method; what a member changes is saved at once.

    `asked` remembers, while the program runs, on which day a member was last asked whether her topics are still right.
    """

    work: Work
    clock: Clock
    members: MembersService
    asked: dict[int, date] = field(default_factory=dict)

    async def own(self, actor: Actor, topic_id: str) -> Expertise:
        """One of her own topics. Raises `Refusal` where she does not name it, or has no confirmed profile."""
        async with self.work.read() as session:
            return (await self._own(session, actor, topic_id))[1]

    async def named(self, actor: Actor, text: str) -> Expertise:
        """The one of her own topics that she means: by its id, its name, or her own words. Raises `Refusal`."""
        own = {topic.id for topic in await self.own_topics(actor)}
        matches = self.members.topics.find(tidy(text)[:LONGEST_QUESTION], actor.language).matches
        found = next((match.topic_id for match in matches if match.topic_id in own), None)
        if found is None:
            raise Refusal("members.topic_missing")
        return await self.own(actor, found)

    async def own_topics(self, actor: Actor) -> tuple[Topic, ...]:
        """The topics that she names, as far as they are not hidden; none where she has no profile."""
        if actor.member_id is None:
            return ()
        async with self.work.read() as session:
            rows = await queries.of_member(session, actor.member_id)
        found = (self.members.topics.index.get(row.topic_id) for row in rows)
        return tuple(topic for topic in found if topic is not None)

    async def open(self, actor: Actor, topic_id: str, *, to_requests: bool) -> Expertise:
        """Whether people are sent to her for a topic."""
        return await self._changed(actor, topic_id, lambda known: known.opened(to_requests=to_requests))

    async def cap(self, actor: Actor, topic_id: str, cap: int) -> Expertise:
        """At most so many asks in thirty days. Raises `Refusal` for a number out of bounds."""
        return await self._changed(actor, topic_id, lambda known: known.capped(cap))

    async def pause(self, actor: Actor, topic_id: str, until: str) -> Expertise:
        """Nobody is sent to her for a topic for so many days, or until a date; "0" ends it. Raises `Refusal`."""
        end = None if until.strip() == "0" else self.members.until(actor, until)
        return await self._changed(actor, topic_id, lambda known: known.pausing(end))

    async def standing(self, actor: Actor, user_id: int) -> Standing:
        """A member as an expert. Raises `Refusal` where nobody may see her profile."""
        profile = await self.members.profile_of(user_id)
        async with self.work.read() as session:
            topics = await self._topics(session, profile.member_id)
            reader = actor.member_id
            endorsed = await queries.endorsed_topics(session, profile.member_id, reader) if reader else frozenset()
        return Standing(profile, topics, endorsed)

    async def endorse(self, actor: Actor, user_id: int, topic_id: str) -> Standing:
        """She vouches for another member in a topic. Done again, it changes nothing.

        Raises `Refusal` for herself, without a profile of her own, and for a topic that the other one does not name.
        """
        standing, topic_id = await self._to_endorse(actor, user_id), self.members.topics.current(topic_id)
        if topic_id not in {one.topic_id for one in standing.topics}:
            raise Refusal("expertise.not_hers")
        async with self.work.begin() as session:
            endorser = await self._member(session, actor)
            await queries.endorse(session, standing.profile.member_id, topic_id, endorser, self.clock())
        return await self.standing(actor, user_id)

    async def withdraw(self, actor: Actor, user_id: int, topic_id: str) -> Standing:
        """She no longer vouches for her. Done again, it changes nothing."""
        standing, topic_id = await self._to_endorse(actor, user_id), self.members.topics.current(topic_id)
        async with self.work.begin() as session:
            endorser = await self._member(session, actor)
            await queries.withdraw(session, standing.profile.member_id, topic_id, endorser)
        return await self.standing(actor, user_id)

    async def endorsable(self, actor: Actor, user_id: int) -> Standing:
        """What she may vouch for. Raises `Refusal` for herself, without a profile, and where there is no topic."""
        standing = await self._to_endorse(actor, user_id)
        if not standing.topics:
            raise Refusal("expertise.no_topics", name=standing.profile.about.display_name)
        return standing

    async def still(self, actor: Actor) -> Expertise | None:
        """A topic that she has not confirmed for over a year, to be asked about; once a day at most."""
        today = self.clock().date()
        if self.asked.get(actor.user_id) == today:
            return None
        found = await self.next_stale(actor)
        if found is not None:
            self.asked[actor.user_id] = today
        return found

    async def next_stale(self, actor: Actor) -> Expertise | None:
        """The topic that she has not confirmed for the longest time, if that is over a year."""
        if actor.member_id is None:
            return None
        async with self.work.read() as session:
            rows = await queries.of_member(session, actor.member_id)
        return oldest_stale(map(_expertise, rows), self.clock())

    async def confirm(self, actor: Actor, topic_id: str) -> Expertise:
        """It is still so."""
        async with self.work.begin() as session:
            member_id, known = await self._own(session, actor, topic_id)
            await queries.change(session, member_id, known.topic_id, confirmed_at=self.clock())
            return (await self._own(session, actor, topic_id))[1]

    async def _changed(self, actor: Actor, topic_id: str, change: Callable[[Expertise], Expertise]) -> Expertise:
        """Save her terms. Whoever changes them says that she still knows about the topic."""
        async with self.work.begin() as session:
            member_id, known = await self._own(session, actor, topic_id)
            wanted = change(known)
            await queries.change(
                session,
                member_id,
                known.topic_id,
                open=wanted.open,
                monthly_cap=wanted.cap,
                paused_until=wanted.paused_until,
                confirmed_at=self.clock(),
            )
            return (await self._own(session, actor, topic_id))[1]

    async def _own(self, session: AsyncSession, actor: Actor, topic_id: str) -> tuple[int, Expertise]:
        member_id = await self._member(session, actor)
        for row in await queries.of_member(session, member_id):
            if row.topic_id == self.members.topics.current(topic_id):
                return member_id, _expertise(row)
        raise Refusal("members.topic_missing")

    async def _member(self, session: AsyncSession, actor: Actor) -> int:
        row = await members.by_user(session, actor.user_id)
        if row is None:
            raise Refusal("members.no_profile")
        if row.confirmed_at is None:
            raise Refusal("members.confirm_first")
        return row.id

    async def _to_endorse(self, actor: Actor, user_id: int) -> Standing:
        actor.require(Right.MEMBER)
        if user_id == actor.user_id:
            raise Refusal("expertise.not_oneself")
        async with self.work.read() as session:
            await self._member(session, actor)
        return await self.standing(actor, user_id)

    async def _topics(self, session: AsyncSession, member_id: int) -> tuple[Expertise, ...]:
        rows = await queries.of_member(session, member_id)
        topic_ids = [row.topic_id for row in rows]
        since = self.clock() - CREDITS_COUNT_FOR
        accepted, thanked = await experts.credits_of(session, [member_id], topic_ids, since)
        keys = [(member_id, row.topic_id) for row in rows]
        return tuple(
            _expertise(row, len(accepted.get(key, ())), len(thanked.get(key, ())))
            for key, row in zip(keys, rows, strict=True)
        )


def _expertise(row: queries.ExpertiseRow, accepted: int = 0, thanked: int = 0) -> Expertise:
    return Expertise(
        topic_id=row.topic_id,
        level=Level(row.level),
        confirmed_at=row.confirmed_at,
        open=row.open,
        cap=USUAL_CAP if row.monthly_cap is None else row.monthly_cap,
        paused_until=row.paused_until,
        accepted=accepted,
        thanked=thanked,
        endorsements=row.endorsements,
    )
