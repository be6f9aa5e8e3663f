"""Answers that were relayed or marked, and thanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Answer, City, Member, Question, Server, Thanks


class AnswerRow(NamedTuple):
    """A message that was relayed, or marked as an answer, and the name of the member who gets the credit."""

    id: int
    question_id: int
    member_id: int | None
    message_id: int | None
    relayed: bool
    accepted_at: datetime | None
    name: str | None


class HelperRow(NamedTuple):
    """The member behind an account."""

    id: int
    name: str


async def by_message(session: AsyncSession, message_id: int) -> AnswerRow | None:
    """The answer that this message is, if it is one on record."""
    row = (
        await session.execute(
            select(
                Answer.id,
                Answer.question_id,
                Answer.member_id,
                Answer.message_id,
                Answer.relayed,
                Answer.accepted_at,
                Member.display_name,
            )
            .outerjoin(Member, Member.id == Answer.member_id)
            .where(Answer.message_id == message_id)
        )
    ).one_or_none()
    return AnswerRow(*row) if row else None


async def helper(session: AsyncSession, user_id: int) -> HelperRow | None:
    """The member behind a Discord account, who may get credit."""
    row = (await session.execute(select(Member.id, Member.display_name).where(Member.user_id == user_id))).one_or_none()
    return HelperRow(*row) if row else None


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new answer, columns by name; its id."""
    answer_id: int | None = await session.scalar(insert(Answer).values(**columns).returning(Answer.id))
    assert answer_id is not None
    return answer_id


async def accept(session: AsyncSession, answer_id: int, now: datetime | None) -> None:
    """Mark it as an answer, or no longer (None)."""
    await session.execute(update(Answer).where(Answer.id == answer_id).values(accepted_at=now))


async def remove(session: AsyncSession, answer_id: int) -> None:
    """What was on record only because it was marked goes."""
    await session.execute(delete(Answer).where(Answer.id == answer_id))


async def accepted(session: AsyncSession, question_id: int) -> Sequence[int]:
    """The messages marked as answers to a question, in the order in which they were marked."""
    rows = await session.scalars(
        select(Answer.message_id)
        .where(Answer.question_id == question_id, Answer.accepted_at.is_not(None), Answer.message_id.is_not(None))
        .order_by(Answer.accepted_at, Answer.id)
    )
    return [each for each in rows if each is not None]


async def thank(session: AsyncSession, *, question_id: int, member_id: int, giver_user_id: int, now: datetime) -> bool:
    """Thanks, once for each question, helper and giver. False where they were given already."""
    given = await session.scalar(
        insert_for(session, Thanks)
        .values(question_id=question_id, member_id=member_id, giver_user_id=giver_user_id, given_at=now)
        .on_conflict_do_nothing()
        .returning(Thanks.member_id)
    )
    return given is not None


async def thanks(session: AsyncSession, question_id: int, member_id: int) -> int:
    """How many people thanked a member for help with a question."""
    counted = await session.scalar(
        select(func.count()).where(Thanks.question_id == question_id, Thanks.member_id == member_id)
    )
    return counted or 0


class RelayedRow(NamedTuple):
    """An answer that was given elsewhere and posted, or is to be, in its question's thread."""

    id: int
    question_id: int
    message_id: int | None
    text: str


_RELAYED = tuple(getattr(Answer, name) for name in RelayedRow._fields)


async def relayed(session: AsyncSession, question_id: int, member_id: int, text: str) -> RelayedRow | None:
    """The answer that a member gave to a question in these words."""
    query = select(*_RELAYED).where(
        Answer.question_id == question_id, Answer.member_id == member_id, Answer.relayed.is_(True), Answer.text == text
    )
    row = (await session.execute(query.order_by(Answer.id).limit(1))).one_or_none()
    return RelayedRow(*row) if row else None


async def relayed_by(session: AsyncSession, member_id: int) -> Sequence[RelayedRow]:
    """Every answer of a member that stands in a thread for her."""
    query = select(*_RELAYED).where(
        Answer.member_id == member_id, Answer.relayed.is_(True), Answer.message_id.is_not(None)
    )
    return [RelayedRow(*row) for row in await session.execute(query.order_by(Answer.id))]


async def posted(session: AsyncSession, answer_id: int, message_id: int) -> None:
    """An answer stands in the thread."""
    await session.execute(update(Answer).where(Answer.id == answer_id).values(message_id=message_id))


class UnpostedRow(NamedTuple):
    """An answer that is to stand in its question's thread, and whose it is."""

    id: int
    question_id: int
    text: str
    name: str
    user_id: int | None
    city: str | None
    country: str | None


async def unposted(session: AsyncSession) -> Sequence[UnpostedRow]:
    """Answers given elsewhere that have no message yet, of questions that have a post in a server of the network."""
    rows = await session.execute(
        select(
            Answer.id,
            Answer.question_id,
            Answer.text,
            Member.display_name,
            Member.user_id,
            City.name,
            City.country,
        )
        .join(Member, Member.id == Answer.member_id)
        .outerjoin(City, City.id == Member.city_id)
        .join(Question, Question.id == Answer.question_id)
        .join(Server, Server.id == Question.server_id)
        .where(
            Answer.relayed.is_(True),
            Answer.message_id.is_(None),
            Answer.text.is_not(None),
            Question.state != "removed",
            Server.left_at.is_(None),
        )
        .order_by(Answer.id)
    )
    return [UnpostedRow(row[0], row[1], row[2] or "", row[3], row[4], row[5], row[6]) for row in rows]


async def stands(session: AsyncSession, answer_id: int) -> bool:
    """Whether an answer has a message."""
    found = await session.scalar(select(Answer.message_id).where(Answer.id == answer_id))
    return found is not None
