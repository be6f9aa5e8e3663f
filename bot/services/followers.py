"""Who follows questions, and is told of what is new there by direct message.

Nobody is shown who follows what: a nameless asker follows like everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import questions as rules
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, NewDelivery, Outcome, Refused, Target
from bot.domain.questions import Deed, Question
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.questions import question_of
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import outbox, refusals
from db.queries import questions as queries

QUIET = timedelta(minutes=15)
"""After a message about a question, a follower is left alone for this long: she has the link."""


@dataclass(frozen=True, slots=True)
class FollowersService:
    """Following, and telling."""

    work: Work
    clock: Clock

    async def check(self, actor: Actor, question_id: int) -> Question:
        """A question that she may follow. Raises `Refusal` where she may not."""
        async with self.work.read() as session:
            return await _followable(session, actor, question_id)

    async def follow(self, actor: Actor, question_id: int, channel_id: int) -> Question:
        """She wants to be told of what is new, in the channel in which she was just written to."""
        async with self.work.begin() as session:
            question = await _followable(session, actor, question_id)
            await queries.follow(session, question_id, actor.user_id, channel_id, self.clock())
            await refusals.forget(session, channel_id=channel_id, member_id=None)
            return question

    async def unfollow(self, user_id: int, question_id: int) -> bool:
        """She no longer wants to. False where she did not follow it."""
        async with self.work.begin() as session:
            return await queries.unfollow(session, question_id, user_id)

    async def tell(self, question_id: int, message_id: int, *, leave_out: int | None) -> int:
        """Let every follower but one know of a new message, unless she was told of this question a moment ago; how
        many."""
        now = self.clock()
        async with self.work.begin() as session:
            followers = await queries.followers(session, question_id)
            if not followers:
                return 0
            told = await outbox.channels_told(session, DeliveryKind.QUESTION_NEWS, question_id, now - QUIET)
            news = [
                NewDelivery(
                    DeliveryKind.QUESTION_NEWS,
                    question_id,
                    Target.direct(each.direct_channel_id),
                    f"news:{question_id}:{each.direct_channel_id}:{message_id}",
                    language=each.language,
                    payload={"message_id": message_id},
                )
                for each in followers
                if each.user_id != leave_out and each.direct_channel_id and each.direct_channel_id not in told
            ]
            await post(session, news, now)
        return len(news)

    async def follows(self, question_id: int, channel_id: int) -> bool:
        """Whether the person behind a direct channel still follows a question."""
        async with self.work.read() as session:
            return await queries.follows_in(session, question_id, channel_id)

    async def on_settled(self, session: AsyncSession, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """Who closed her direct messages is no longer told (a hook of the outbox)."""
        if isinstance(outcome, Refused):
            await queries.unfollow_in(session, delivery.subject, delivery.target.id)


async def _followable(session: AsyncSession, actor: Actor, question_id: int) -> Question:
    row = await queries.by_id(session, question_id)
    if row is None:
        raise Refusal("questions.unknown")
    question = question_of(row)
    rules.check(question, Deed.FOLLOW, actor)
    return question
