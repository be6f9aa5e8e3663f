"""The topics of one member: her terms, what others say of them, and endorsing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import Endorsement, Expertise


class ExpertiseRow(NamedTuple):
    """A topic of a member; `endorsements` are those that she did not return."""

    topic_id: str
    level: str
    confirmed_at: datetime | None
    open: bool
    monthly_cap: int | None
    paused_until: datetime | None
    endorsements: int


async def of_member(session: AsyncSession, member_id: int) -> Sequence[ExpertiseRow]:
    """All topics of a member, sorted."""
    back = aliased(Endorsement)
    returned = exists().where(back.member_id == Endorsement.endorser_id, back.endorser_id == Endorsement.member_id)
    vouched = (
        select(func.count())
        .where(Endorsement.member_id == Expertise.member_id, Endorsement.topic_id == Expertise.topic_id, ~returned)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            Expertise.topic_id,
            Expertise.level,
            Expertise.confirmed_at,
            Expertise.open,
            Expertise.monthly_cap,
            Expertise.paused_until,
            vouched,
        )
        .where(Expertise.member_id == member_id)
        .order_by(Expertise.topic_id)
    )
    return [ExpertiseRow(*row) for row in rows]


async def change(session: AsyncSession, member_id: int, topic_id: str, **columns: Any) -> None:
    """Write these columns of a member's topic."""
    await session.execute(
        update(Expertise).where(Expertise.member_id == member_id, Expertise.topic_id == topic_id).values(**columns)
    )


async def endorsed_topics(session: AsyncSession, member_id: int, endorser_id: int) -> frozenset[str]:
    """The topics in which one member vouches for another."""
    rows = await session.scalars(
        select(Endorsement.topic_id).where(Endorsement.member_id == member_id, Endorsement.endorser_id == endorser_id)
    )
    return frozenset(rows)


async def endorse(session: AsyncSession, member_id: int, topic_id: str, endorser_id: int, now: datetime) -> None:
    """She vouches for a member; once is enough."""
    await session.execute(
        insert_for(session, Endorsement)
        .values(member_id=member_id, topic_id=topic_id, endorser_id=endorser_id, endorsed_at=now)
        .on_conflict_do_nothing()
    )


async def withdraw(session: AsyncSession, member_id: int, topic_id: str, endorser_id: int) -> bool:
    """She no longer does. False where she did not."""
    removed = await session.scalar(
        delete(Endorsement)
        .where(
            Endorsement.member_id == member_id,
            Endorsement.topic_id == topic_id,
            Endorsement.endorser_id == endorser_id,
        )
        .returning(Endorsement.topic_id)
    )
    return removed is not None
