"""What cases need as time goes by: do they still hold, what became of pilots and adaptations, what is new?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.domain.access import Actor, Right
from bot.domain.adaptations import ASKED_AFTER, due, months_later
from bot.domain.errors import Refusal
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.topics import Topic
from bot.services import adaptation_rows, case_news, case_rows
from bot.services.case_fields import named_topic
from bot.services.hand_overs import HandOversService
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import adaptations, case_due, refusals
from db.queries import case_people as people

LOOK_EVERY = timedelta(minutes=30)
AT_ONCE = 100
DIGEST_MOST = 10
"""As many cases in one digest, the newest first."""
DIGEST_LATE = timedelta(hours=24)
LOST_AFTER = timedelta(days=30)
"""Who cannot be written to for so long is not told of what came before."""


class CaseCareService:
    """Looks from time to time. What is due stands on record; only when to look next is remembered here."""

    def __init__(self, work: Work, topics: TopicsService, clock: Clock, hand_overs: HandOversService) -> None:
        self._work = work
        self._topics = topics
        self._clock = clock
        self._hand_overs = hand_overs
        self._next: datetime | None = None

    async def run_due(self, now: datetime) -> datetime | None:
        """Write down whatever is to be said now; when to look again."""
        if self._next is not None and now < self._next <= now + LOOK_EVERY:
            return self._next
        async with self._work.begin() as session:
            await self._verify(session, now)
            await self._pilots(session, now)
            await self._adaptations(session, now)
            await self._digests(session, now)
            await self._hand_overs.run(session, now)
        self._next = now + LOOK_EVERY
        return self._next

    async def follows(self, actor: Actor, topic: str) -> tuple[Topic, bool]:
        """A topic, and whether she follows it. Raises `Refusal` where she has no profile, or it is not clear which."""
        actor.require(Right.MEMBER)
        meant = self._topics.get(named_topic(self._topics, topic, actor.language))
        async with self._work.read() as session:
            if await people.member(session, actor.user_id) is None:
                raise Refusal("members.no_profile")
            return meant, meant.id in {row.topic_id for row in await people.followed(session, actor.user_id)}

    async def follow(self, actor: Actor, topic_id: str, direct_channel_id: int) -> None:
        """She follows a topic from now on, and has just been written to directly, in this channel."""
        async with self._work.begin() as session:
            await people.allow_direct(session, actor.user_id, direct_channel_id, self._clock())
            await refusals.forget_user(session, actor.user_id)
            await people.follow(session, topic_id, actor.user_id, actor.language, self._clock())

    async def unfollow(self, actor: Actor, topic_id: str) -> None:
        """She no longer does."""
        async with self._work.begin() as session:
            await people.unfollow(session, topic_id, actor.user_id)

    async def still_follows(self, member_id: int, topic_ids: list[str]) -> frozenset[str]:
        """Those of these topics that a member still follows."""
        async with self._work.read() as session:
            user_id = await people.user_of(session, member_id)
            rows = await people.followed(session, user_id) if user_id else []
        return frozenset(row.topic_id for row in rows) & frozenset(topic_ids)

    async def _verify(self, session: AsyncSession, now: datetime) -> None:
        rows = await case_due.to_verify(session, now, AT_ONCE)
        for case in (await case_rows.from_rows(session, rows)).values():
            await case_news.verify(session, case, now)
            await case_due.mark_asked(session, case.id, "verify_asked_at", now)

    async def _pilots(self, session: AsyncSession, now: datetime) -> None:
        rows = await case_due.pilots_due(session, now, AT_ONCE)
        for case in (await case_rows.from_rows(session, rows)).values():
            await case_news.pilot(session, case, now)
            await case_due.mark_asked(session, case.id, "pilot_asked_at", now)

    async def _adaptations(self, session: AsyncSession, now: datetime) -> None:
        since, until = months_later(now, -max(ASKED_AFTER) - 2), months_later(now, -min(ASKED_AFTER))
        rows = await adaptations.created_between(session, since, until)
        for adaptation in await adaptation_rows.from_rows(session, rows):
            months = due(adaptation, now)
            if months is not None and await adaptations.ask(session, adaptation.id, months, now):
                await case_news.asked(session, adaptation, months, now)

    async def _digests(self, session: AsyncSession, now: datetime) -> None:
        """At most one a day for each person, and none where nothing is new."""
        followers: defaultdict[int, list[people.FollowRow]] = defaultdict(list)
        for row in await people.with_news(session):
            followers[row.user_id].append(row)
        for user_id, rows in followers.items():
            key = f"case_digest:{user_id}:{now:%Y-%m-%d}"
            if not await people.is_written(session, key):
                await self._digest(session, key, rows, now)

    async def _digest(self, session: AsyncSession, key: str, rows: list[people.FollowRow], now: datetime) -> None:
        user_id = rows[0].user_id
        member = await people.member(session, user_id)
        since = max(min(row.told_until for row in rows), now - LOST_AFTER)
        new = await case_due.published_since(session, [row.topic_id for row in rows], since, DIGEST_MOST)
        # Not until now: what is being published at this very moment is not seen yet.
        await people.told(session, user_id, max((row.published_at for row in new if row.published_at), default=now))
        if member is None or not new:
            return
        delivery = NewDelivery(
            DeliveryKind.CASE_DIGEST,
            member.id,
            Target.member(member.id),
            key,
            language=member.language or rows[0].language,
            not_after=now + DIGEST_LATE,
            payload={"cases": [row.id for row in new], "topics": [row.topic_id for row in rows]},
        )
        await post(session, [delivery], now)
