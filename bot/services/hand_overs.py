"""Hand-overs: what somebody looked after when she left, given to whoever accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import hand_overs as rules
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.hand_overs import HandOver, HandOverKind, Item
from bot.domain.members import Level
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.privacy import NOBODY
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import adaptations, audit
from db.queries import case_people as people
from db.queries import hand_overs as queries
from db.queries import members as member_queries

NAME_LIMIT = 100
SETTLING = timedelta(hours=1)
"""Who left by mistake is back by then."""
AT_ONCE = 20
LATE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that was taken over; a question's and a case's posts are to say so."""

    item: Item
    case_id: int | None = None
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandOversService:
    """Opened by itself when somebody is gone; decided by coordinators and those whom they ask."""

    work: Work
    topics: TopicsService
    clock: Clock

    async def run(self, session: AsyncSession, now: datetime) -> None:
        """Open one for everybody who has left, and tell the coordinators of the server that she left last."""
        for leaver in await queries.leavers(session, now - SETTLING, AT_ONCE):
            items = await queries.belongings(session, leaver)
            hand_over_id = await queries.open_one(session, leaver, items, now)
            channel_id = await people.coordinators_channel(session, leaver.server_id)
            if items and channel_id is not None:
                target = Target.channel(channel_id, leaver.server_id)
                key = f"hand_over:{hand_over_id}"
                await post(session, [NewDelivery(DeliveryKind.HAND_OVER, hand_over_id, target, key)], now)

    async def get(self, hand_over_id: int) -> HandOver:
        """A hand-over with all that is in it. Raises `Refusal` where there is none."""
        async with self.work.read() as session:
            return await self._get(session, hand_over_id)

    async def for_coordinators(self, actor: Actor, hand_over_id: int) -> HandOver:
        """The same, for who coordinates that server."""
        actor.require(Right.SERVER_COORDINATOR)
        found = await self.get(hand_over_id)
        rules.check_coordinates(found, actor)
        return found

    async def to_offer(self, actor: Actor, item_id: int) -> Item:
        """One thing that she may offer to somebody. Raises `Refusal` for another."""
        async with self.work.read() as session:
            item = await self._item(session, item_id)
            rules.check_offer(await self._get(session, item.hand_over_id), item, actor)
        return item

    async def offer(self, actor: Actor, item_id: int, user_id: int) -> HandOver:
        """Ask a member to take something over. Raises `Refusal` where she is no member, or it is taken."""
        now = self.clock()
        async with self.work.begin() as session:
            item = await self._item(session, item_id)
            rules.check_offer(await self._get(session, item.hand_over_id), item, actor)
            member = await people.member(session, user_id)
            if member is None:
                raise Refusal("cases.no_member")
            await queries.offer(session, item_id, user_id, now)
            await audit.record(
                session,
                at=now,
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="handover.offer",
                subject=item.title,
                details={"item": item_id, "to": user_id},
            )
            delivery = NewDelivery(
                DeliveryKind.HAND_OVER_OFFER,
                item_id,
                Target.member(member.id),
                f"hand_over_offer:{item_id}:{user_id}:{now:%Y%m%d%H%M}",
                language=member.language,
                not_after=now + LATE,
                payload={"to": user_id},
                fallback=True,
            )
            await post(session, [delivery], now)
            return await self._get(session, item.hand_over_id)

    async def offered(self, item_id: int, user_id: int) -> Item | None:
        """What is still offered to somebody; None where it is not."""
        async with self.work.read() as session:
            row = await queries.item(session, item_id)
        item = _item(row) if row else None
        return item if item and item.offered_to == user_id and item.accepted_at is None else None

    async def accept(self, actor: Actor, item_id: int) -> Taken:
        """She takes it: it is hers from now on."""
        now = self.clock()
        async with self.work.begin() as session:
            item = await self._item(session, item_id)
            rules.check_accept(item, actor)
            if not await queries.accept(session, item_id, actor.user_id, now):
                raise Refusal("cases.taken_already")
            taken = await self._give(session, actor, item, now)
            await queries.settle(session, item.hand_over_id, now)
            return taken

    async def decline(self, actor: Actor, item_id: int) -> None:
        """She would rather not: the coordinators may ask somebody else."""
        async with self.work.begin() as session:
            if not await queries.decline(session, item_id, actor.user_id):
                raise Refusal("cases.not_offered")

    async def _give(self, session: AsyncSession, actor: Actor, item: Item, now: datetime) -> Taken:
        name = actor.name[:NAME_LIMIT]
        match item.kind:
            case HandOverKind.CASE:
                await queries.give_case(session, int(item.subject), actor.user_id, name)
                return Taken(item, case_id=int(item.subject))
            case HandOverKind.QUESTION:
                await queries.give_question(session, int(item.subject), actor.user_id, name)
                return Taken(item, question_id=int(item.subject))
            case HandOverKind.ADAPTATION:
                await adaptations.give(session, int(item.subject), actor.user_id, name)
                return Taken(item)
            case HandOverKind.TOPIC:
                member = await people.member(session, actor.user_id)
                if member is None:
                    raise Refusal("members.no_profile")
                await member_queries.set_topic(session, member.id, item.subject, Level.EXPERT, now)
                return Taken(item)

    async def _get(self, session: AsyncSession, hand_over_id: int) -> HandOver:
        row = await queries.by_id(session, hand_over_id)
        if row is None:
            raise Refusal("cases.hand_over_unknown")
        items = tuple(map(_item, await queries.items(session, hand_over_id)))
        user_id = None if row.user_id == NOBODY else row.user_id
        return HandOver(row.id, row.server_id, user_id, row.name, row.opened_at, row.settled_at, items)

    async def _item(self, session: AsyncSession, item_id: int) -> Item:
        row = await queries.item(session, item_id)
        if row is None:
            raise Refusal("cases.hand_over_unknown")
        return _item(row)


def _item(row: queries.ItemRow) -> Item:
    offered = None if row.offered_to == NOBODY else row.offered_to
    return Item(row.id, row.hand_over_id, HandOverKind(row.kind), row.subject, row.title, offered, row.accepted_at)
