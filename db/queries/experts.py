"""Who named a topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import City, Expertise, Member, MemberLanguage, Membership, Server


class CandidateRow(NamedTuple):
    """A member who named a topic, and what speaks for or against suggesting her."""

    member_id: int
    user_id: int | None
    name: str
    topic_id: str
    level: str
    post: str | None
    city: str | None
    country: str | None
    zone: str
    current: bool
    confirmed_at: datetime | None
    paused_until: datetime | None
    expertise_confirmed_at: datetime | None


async def candidates(session: AsyncSession, topic_ids: Collection[str]) -> Sequence[CandidateRow]:
    """Everyone with one of these topics and a Discord account who confirmed her profile, a row for each topic."""
    current = exists().where(
        and_(
            Membership.member_id == Member.id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.id == Membership.server_id,
            Server.left_at.is_(None),
        )
    )
    rows = await session.execute(
        select(
            Member.id,
            Member.user_id,
            Member.display_name,
            Expertise.topic_id,
            Expertise.level,
            Member.post,
            City.name,
            City.country,
            Member.zone,
            current,
            Member.confirmed_at,
            Member.paused_until,
            Expertise.confirmed_at,
        )
        .join(Expertise, Expertise.member_id == Member.id)
        .outerjoin(City, City.id == Member.city_id)
        .where(Expertise.topic_id.in_(topic_ids), Member.user_id.is_not(None), Member.confirmed_at.is_not(None))
        .order_by(Member.id)
    )
    return [CandidateRow._make(row) for row in rows]


async def languages(session: AsyncSession, topic_ids: Collection[str]) -> dict[int, frozenset[str]]:
    """The languages of everyone with one of these topics, by member."""
    rows = await session.execute(
        select(MemberLanguage.member_id, MemberLanguage.language).where(
            MemberLanguage.member_id.in_(select(Expertise.member_id).where(Expertise.topic_id.in_(topic_ids)))
        )
    )
    spoken: dict[int, set[str]] = defaultdict(set)
    for member_id, language in rows:
        spoken[member_id].add(language)
    return {member_id: frozenset(every) for member_id, every in spoken.items()}


async def languages_of(session: AsyncSession, member_id: int) -> frozenset[str]:
    """The languages of one member."""
    rows = await session.scalars(select(MemberLanguage.language).where(MemberLanguage.member_id == member_id))
    return frozenset(rows)
