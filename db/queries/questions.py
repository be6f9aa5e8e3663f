"""Questions and who follows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Follower, Member, Membership, Question, Server


class QuestionRow(NamedTuple):
    """A question, with the names of the domain."""

    id: int
    server_id: int
    asker_user_id: int | None
    asker_name: str | None
    nameless: bool
    title: str
    body: str
    language: str
    topic_id: str | None
    state: str
    thread_id: int | None
    message_id: int | None
    asked_at: datetime
    edited_at: datetime | None
    answered_at: datetime | None


class PlaceRow(NamedTuple):
    """A server in which somebody may ask."""

    server_id: int
    name: str


class FollowerRow(NamedTuple):
    """Somebody who follows a question, where she is written to, and her language where we know it."""

    user_id: int
    direct_channel_id: int | None
    language: str | None


class EarlierRow(NamedTuple):
    """An earlier question that has a post, without whoever asked it."""

    id: int
    server_id: int
    thread_id: int
    title: str
    topic_id: str | None
    state: str
    asked_at: datetime


_COLUMNS = tuple(getattr(Question, name) for name in QuestionRow._fields)


async def _some(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[QuestionRow]:
    rows = await session.execute(select(*_COLUMNS).where(*conditions).order_by(Question.id))
    return [QuestionRow(*row) for row in rows]


async def by_id(session: AsyncSession, question_id: int) -> QuestionRow | None:
    """A question."""
    return next(iter(await _some(session, Question.id == question_id)), None)


async def by_thread(session: AsyncSession, thread_id: int) -> QuestionRow | None:
    """The question whose post this thread is."""
    return next(iter(await _some(session, Question.thread_id == thread_id)), None)


async def by_asker(session: AsyncSession, user_id: int) -> Sequence[QuestionRow]:
    """Somebody's questions that have a post."""
    posted = (Question.thread_id.is_not(None), Question.state != "removed")
    return await _some(session, Question.asker_user_id == user_id, *posted)


async def unposted(session: AsyncSession, server_id: int | None = None) -> Sequence[QuestionRow]:
    """Questions without a post, oldest first, of one server or of all that are in the network now."""
    wanted = [Question.thread_id.is_(None), Question.state == "open"]
    if server_id is not None:
        wanted.append(Question.server_id == server_id)
    here = select(Server.id).where(Server.left_at.is_(None))
    return await _some(session, *wanted, Question.server_id.in_(here))


async def earlier(
    session: AsyncSession, *, server_ids: Collection[int], topic_id: str | None, limit: int
) -> Sequence[EarlierRow]:
    """The newest questions of these servers that have a post, `limit` of the topic and as many of any."""
    columns = tuple(getattr(Question, name) for name in EarlierRow._fields)
    posted = (Question.thread_id.is_not(None), Question.state != "removed", Question.server_id.in_(server_ids))
    newest = select(*columns).where(*posted).order_by(Question.asked_at.desc(), Question.id.desc()).limit(limit)
    of_topic = newest.where(Question.topic_id == topic_id)
    wanted = [newest] if topic_id is None else [of_topic, newest]
    rows = {row.id: EarlierRow(*row) for query in wanted for row in await session.execute(query)}
    return list(rows.values())


async def threads(session: AsyncSession, thread_ids: Collection[int]) -> frozenset[int]:
    """Those of these threads that are the post of a question."""
    found = await session.scalars(select(Question.thread_id).where(Question.thread_id.in_(thread_ids)))
    return frozenset(each for each in found if each is not None)


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new question, columns by name; its id."""
    question_id: int | None = await session.scalar(insert(Question).values(**columns).returning(Question.id))
    assert question_id is not None
    return question_id


async def change(session: AsyncSession, question_id: int, **columns: Any) -> None:
    """Write these columns of a question."""
    await session.execute(update(Question).where(Question.id == question_id).values(**columns))


async def remove(session: AsyncSession, question_id: int) -> None:
    """A question that never came to be posted goes."""
    await session.execute(delete(Question).where(Question.id == question_id, Question.thread_id.is_(None)))


async def places(session: AsyncSession, user_id: int) -> Sequence[PlaceRow]:
    """The servers of the network in which she was last seen as an alumna, by name."""
    rows = await session.execute(
        select(Server.id, Server.name)
        .join(Membership, Membership.server_id == Server.id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Member.user_id == user_id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.left_at.is_(None),
        )
        .order_by(Server.name, Server.id)
    )
    return [PlaceRow(*row) for row in rows]


async def follow(session: AsyncSession, question_id: int, user_id: int, channel_id: int, now: datetime) -> None:
    """She follows a question, and is written to in that channel."""
    insert = insert_for(session, Follower)
    await session.execute(
        insert.values(
            question_id=question_id, user_id=user_id, since=now, direct_channel_id=channel_id
        ).on_conflict_do_update(
            index_elements=["question_id", "user_id"], set_={"direct_channel_id": insert.excluded.direct_channel_id}
        )
    )


async def unfollow(session: AsyncSession, question_id: int, user_id: int) -> bool:
    """She no longer does. False where she did not."""
    found = await session.scalar(
        delete(Follower)
        .where(Follower.question_id == question_id, Follower.user_id == user_id)
        .returning(Follower.user_id)
    )
    return found is not None


async def unfollow_in(session: AsyncSession, question_id: int, channel_id: int) -> None:
    """Whoever is written to in this channel no longer follows a question."""
    await session.execute(
        delete(Follower).where(Follower.question_id == question_id, Follower.direct_channel_id == channel_id)
    )


async def follows_in(session: AsyncSession, question_id: int, channel_id: int) -> bool:
    """Whether whoever is written to in this channel follows a question."""
    found = await session.scalar(
        select(Follower.user_id).where(Follower.question_id == question_id, Follower.direct_channel_id == channel_id)
    )
    return found is not None


async def followers(session: AsyncSession, question_id: int) -> Sequence[FollowerRow]:
    """Who follows a question."""
    rows = await session.execute(
        select(Follower.user_id, Follower.direct_channel_id, Member.language)
        .outerjoin(Member, Member.user_id == Follower.user_id)
        .where(Follower.question_id == question_id)
        .order_by(Follower.user_id)
    )
    return [FollowerRow(*row) for row in rows]
