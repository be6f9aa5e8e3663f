"""What people leave behind when they leave the network, and who takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.tables import (
    Adaptation,
    Case,
    Expertise,
    HandOver,
    HandOverItem,
    Member,
    Membership,
    Question,
    Server,
)


class LeaverRow(NamedTuple):
    """A member who is in no server of the network any more, and the one that she left last."""

    member_id: int
    user_id: int
    name: str
    server_id: int


class HandOverRow(NamedTuple):
    """All that one person leaves behind in one server."""

    id: int
    server_id: int
    user_id: int | None
    name: str | None
    opened_at: datetime
    settled_at: datetime | None


class ItemRow(NamedTuple):
    """One thing of it."""

    id: int
    hand_over_id: int
    kind: str
    subject: str
    title: str
    offered_to: int | None
    accepted_at: datetime | None


_HAND_OVER = tuple(getattr(HandOver, name) for name in HandOverRow._fields)
_ITEM = tuple(getattr(HandOverItem, name) for name in ItemRow._fields)


def _here(member: Any) -> Any:
    """Whether a member is in a joined server with its alumni role."""
    return exists().where(
        and_(
            Membership.member_id == member,
            Membership.left_at.is_(None),
            Membership.alumni.is_(True),
            Server.id == Membership.server_id,
            Server.left_at.is_(None),
        )
    )


async def leavers(session: AsyncSession, before: datetime, limit: int) -> Sequence[LeaverRow]:
    """Who left the last server before this moment, and no hand-over was opened for since."""
    gone = (
        select(Membership.member_id, func.max(Membership.left_at).label("left_at"))
        .where(Membership.left_at.is_not(None))
        .group_by(Membership.member_id)
        .subquery()
    )
    last = aliased(Membership)
    opened = exists().where(and_(HandOver.user_id == Member.user_id, HandOver.opened_at >= gone.c.left_at))
    query: Any = (
        select(Member.id, Member.user_id, Member.display_name, func.min(last.server_id))
        .join(gone, gone.c.member_id == Member.id)
        .join(last, and_(last.member_id == Member.id, last.left_at == gone.c.left_at))
        .join(Server, and_(Server.id == last.server_id, Server.left_at.is_(None)))
        .where(Member.user_id.is_not(None), gone.c.left_at <= before, ~_here(Member.id), ~opened)
        .group_by(Member.id, Member.user_id, Member.display_name)
        .order_by(Member.id)
        .limit(limit)
    )
    return [LeaverRow(*row) for row in await session.execute(query)]


async def belongings(session: AsyncSession, leaver: LeaverRow) -> list[tuple[str, str, str]]:
    """What she looks after: kind, subject and title of each thing."""
    found: list[tuple[str, str, str]] = []
    cases = await session.execute(
        select(Case.id, Case.title)
        .where(Case.owner_user_id == leaver.user_id, Case.state.in_(("published", "retired", "submitted")))
        .order_by(Case.id)
    )
    found += [("case", str(case_id), title or "") for case_id, title in cases]
    questions = await session.execute(
        select(Question.id, Question.title)
        .where(Question.asker_user_id == leaver.user_id, Question.state == "open", Question.nameless.is_(False))
        .order_by(Question.id)
    )
    found += [("question", str(question_id), title) for question_id, title in questions]
    adaptations = await session.execute(
        select(Adaptation.id, Case.title)
        .join(Case, Case.id == Adaptation.case_id)
        .where(Adaptation.user_id == leaver.user_id, Adaptation.removed_at.is_(None))
        .order_by(Adaptation.id)
    )
    found += [("adaptation", str(adaptation_id), title or "") for adaptation_id, title in adaptations]
    other = aliased(Expertise)
    another = exists().where(
        and_(
            other.topic_id == Expertise.topic_id,
            other.level == "expert",
            other.member_id != leaver.member_id,
            _here(other.member_id),
        )
    )
    topics = await session.scalars(
        select(Expertise.topic_id)
        .where(Expertise.member_id == leaver.member_id, Expertise.level == "expert", ~another)
        .order_by(Expertise.topic_id)
    )
    return found + [("topic", topic_id, topic_id) for topic_id in topics]


async def open_one(
    session: AsyncSession, leaver: LeaverRow, items: Sequence[tuple[str, str, str]], now: datetime
) -> int:
    """A hand-over with these things; its id. Without any it is settled at once."""
    hand_over_id: int | None = await session.scalar(
        insert(HandOver)
        .values(
            server_id=leaver.server_id,
            user_id=leaver.user_id,
            name=leaver.name,
            opened_at=now,
            settled_at=None if items else now,
        )
        .returning(HandOver.id)
    )
    assert hand_over_id is not None
    if items:
        rows = [
            {"hand_over_id": hand_over_id, "kind": kind, "subject": subject, "title": title[:200]}
            for kind, subject, title in items
        ]
        await session.execute(insert(HandOverItem), rows)
    return hand_over_id


async def by_id(session: AsyncSession, hand_over_id: int) -> HandOverRow | None:
    """A hand-over."""
    row = (await session.execute(select(*_HAND_OVER).where(HandOver.id == hand_over_id))).one_or_none()
    return HandOverRow(*row) if row else None


async def items(session: AsyncSession, hand_over_id: int) -> Sequence[ItemRow]:
    """Everything in it."""
    rows = await session.execute(
        select(*_ITEM).where(HandOverItem.hand_over_id == hand_over_id).order_by(HandOverItem.id)
    )
    return [ItemRow(*row) for row in rows]


async def item(session: AsyncSession, item_id: int) -> ItemRow | None:
    """One thing."""
    row = (await session.execute(select(*_ITEM).where(HandOverItem.id == item_id))).one_or_none()
    return ItemRow(*row) if row else None


async def offer(session: AsyncSession, item_id: int, user_id: int, now: datetime) -> None:
    """Somebody is asked to take it; whoever was asked before no longer is."""
    await session.execute(
        update(HandOverItem)
        .where(HandOverItem.id == item_id, HandOverItem.accepted_at.is_(None))
        .values(offered_to=user_id, offered_at=now)
    )


async def decline(session: AsyncSession, item_id: int, user_id: int) -> bool:
    """She would rather not. False where it was not offered to her any more."""
    found = await session.scalar(
        update(HandOverItem)
        .where(HandOverItem.id == item_id, HandOverItem.offered_to == user_id, HandOverItem.accepted_at.is_(None))
        .values(offered_to=None, offered_at=None)
        .returning(HandOverItem.id)
    )
    return found is not None


async def accept(session: AsyncSession, item_id: int, user_id: int, now: datetime) -> bool:
    """She takes it, once. False where it was not offered to her any more, or is taken."""
    found = await session.scalar(
        update(HandOverItem)
        .where(HandOverItem.id == item_id, HandOverItem.offered_to == user_id, HandOverItem.accepted_at.is_(None))
        .values(accepted_at=now)
        .returning(HandOverItem.id)
    )
    return found is not None


async def settle(session: AsyncSession, hand_over_id: int, now: datetime) -> None:
    """Nothing more is to be given, where nothing is left."""
    left = exists().where(and_(HandOverItem.hand_over_id == hand_over_id, HandOverItem.accepted_at.is_(None)))
    await session.execute(
        update(HandOver).where(HandOver.id == hand_over_id, HandOver.settled_at.is_(None), ~left).values(settled_at=now)
    )


async def give_case(session: AsyncSession, case_id: int, user_id: int, name: str) -> None:
    """A case has another owner; its author stays its author."""
    await session.execute(
        update(Case)
        .where(Case.id == case_id)
        .values(owner_user_id=user_id, owner_name=name, revision=Case.revision + 1)
    )


async def give_question(session: AsyncSession, question_id: int, user_id: int, name: str) -> None:
    """Somebody else asks a question from now on."""
    await session.execute(
        update(Question).where(Question.id == question_id).values(asker_user_id=user_id, asker_name=name)
    )
