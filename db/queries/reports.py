"""What reports for coordinators are made of; of one server (`server_id`) or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Expertise, Member, Membership, Question, Server

_KNOWING = ("practitioner", "expert")


class AskedRow(NamedTuple):
    """A question whose post stands."""

    id: int
    server_id: int
    thread_id: int
    title: str
    topic_id: str | None
    asked_at: datetime
    answered_at: datetime | None


class KnownRow(NamedTuple):
    """How many people name a topic: those who may be suggested, and those who are only interested."""

    topic_id: str
    experts: int
    interested: int


async def questions(session: AsyncSession, server_id: int | None, since: datetime) -> Sequence[AskedRow]:
    """Questions that are open, or were answered since then, oldest first."""
    answered_at = case((Question.state == "answered", func.coalesce(Question.answered_at, Question.asked_at)))
    query: Any = (
        select(
            Question.id,
            Question.server_id,
            Question.thread_id,
            Question.title,
            Question.topic_id,
            Question.asked_at,
            answered_at.label("answered_at"),
        )
        .join(Server, Server.id == Question.server_id)
        .where(
            Question.thread_id.is_not(None),
            Server.left_at.is_(None),
            or_(Question.state == "open", and_(Question.state == "answered", Question.answered_at >= since)),
        )
        .order_by(Question.asked_at, Question.id)
    )
    if server_id is not None:
        query = query.where(Question.server_id == server_id)
    return [AskedRow(*row) for row in await session.execute(query)]


async def known(session: AsyncSession, server_id: int | None) -> Sequence[KnownRow]:
    """Who names each topic, among confirmed members who are alumnae in the server, or in any."""
    here = [Membership.member_id == Member.id, Membership.alumni.is_(True), Membership.left_at.is_(None)]
    if server_id is not None:
        here.append(Membership.server_id == server_id)
    there = exists().where(*here, Server.id == Membership.server_id, Server.left_at.is_(None))
    knowing = and_(Expertise.level.in_(_KNOWING), Expertise.open.is_(True))
    rows = await session.execute(
        select(
            Expertise.topic_id,
            func.sum(case((knowing, 1), else_=0)),
            func.sum(case((knowing, 0), else_=1)),
        )
        .join(Member, Member.id == Expertise.member_id)
        .where(Member.user_id.is_not(None), Member.confirmed_at.is_not(None), there)
        .group_by(Expertise.topic_id)
    )
    return [KnownRow(topic_id, int(experts), int(others)) for topic_id, experts, others in rows]


async def asked_about(session: AsyncSession, server_id: int | None, since: datetime) -> Mapping[str, int]:
    """How many questions were asked about each topic since then."""
    query = (
        select(Question.topic_id, func.count())
        .where(Question.topic_id.is_not(None), Question.thread_id.is_not(None), Question.asked_at >= since)
        .group_by(Question.topic_id)
    )
    if server_id is not None:
        query = query.where(Question.server_id == server_id)
    return {topic_id: count for topic_id, count in await session.execute(query) if topic_id is not None}
