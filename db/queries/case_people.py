"""The people around cases: whom to tell, and who follows which topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Case, CaseTopic, DeliveryRow, Member, Server, TopicFollower
from db.types import UtcDateTime


class Addressee(NamedTuple):
    """A member to be written to; `direct` says whether she allowed direct messages."""

    id: int
    language: str | None
    direct: bool


class FollowRow(NamedTuple):
    """Somebody follows a topic."""

    topic_id: str
    user_id: int
    language: str
    told_until: datetime


async def member(session: AsyncSession, user_id: int) -> Addressee | None:
    """The member behind a Discord account."""
    row = (
        await session.execute(
            select(Member.id, Member.language, Member.direct_messages_at).where(Member.user_id == user_id)
        )
    ).one_or_none()
    return Addressee(row[0], row[1], row[2] is not None) if row else None


async def user_of(session: AsyncSession, member_id: int) -> int | None:
    """The Discord account of a member."""
    found: int | None = await session.scalar(select(Member.user_id).where(Member.id == member_id))
    return found


async def coordinators_channel(session: AsyncSession, server_id: int) -> int | None:
    """The channel of a server's coordinators, where it has one and is in the network."""
    found: int | None = await session.scalar(
        select(Server.coordinators_channel_id).where(Server.id == server_id, Server.left_at.is_(None))
    )
    return found


async def follow(session: AsyncSession, topic_id: str, user_id: int, language: str, now: datetime) -> bool:
    """She wants to be told of new cases; False where she did already."""
    statement: Any = insert_for(session, TopicFollower)
    found = await session.scalar(
        statement.values(topic_id=topic_id, user_id=user_id, language=language, told_until=now)
        .on_conflict_do_nothing()
        .returning(TopicFollower.user_id)
    )
    return found is not None


async def allow_direct(session: AsyncSession, user_id: int, channel_id: int, now: datetime) -> None:
    """She may be written to directly, in this channel; since when stays as it was where she had allowed it before."""
    since = func.coalesce(Member.direct_messages_at, literal(now, UtcDateTime))
    await session.execute(
        update(Member).where(Member.user_id == user_id).values(direct_messages_at=since, direct_channel_id=channel_id)
    )


async def unfollow(session: AsyncSession, topic_id: str, user_id: int) -> bool:
    """She no longer does; False where she did not."""
    found = await session.scalar(
        delete(TopicFollower)
        .where(TopicFollower.topic_id == topic_id, TopicFollower.user_id == user_id)
        .returning(TopicFollower.user_id)
    )
    return found is not None


async def followed(session: AsyncSession, user_id: int) -> Sequence[FollowRow]:
    """The topics that somebody follows."""
    return await _follows(session, TopicFollower.user_id == user_id)


async def with_news(session: AsyncSession) -> Sequence[FollowRow]:
    """Who follows a topic about which a case was published that she was not told of, by person."""
    new = exists().where(
        and_(
            CaseTopic.topic_id == TopicFollower.topic_id,
            Case.id == CaseTopic.case_id,
            Case.state == "published",
            Case.published_at > TopicFollower.told_until,
        )
    )
    return await _follows(session, new)


async def is_written(session: AsyncSession, dedupe_key: str) -> bool:
    """Whether something with this key was written down to be sent."""
    return await session.scalar(select(DeliveryRow.id).where(DeliveryRow.dedupe_key == dedupe_key)) is not None


async def told(session: AsyncSession, user_id: int, until: datetime) -> None:
    """She has been told of everything up to this moment."""
    await session.execute(update(TopicFollower).where(TopicFollower.user_id == user_id).values(told_until=until))


async def _follows(session: AsyncSession, condition: Any) -> Sequence[FollowRow]:
    rows = await session.execute(
        select(TopicFollower.topic_id, TopicFollower.user_id, TopicFollower.language, TopicFollower.told_until)
        .where(condition)
        .order_by(TopicFollower.user_id, TopicFollower.topic_id)
    )
    return [FollowRow(*row) for row in rows]
