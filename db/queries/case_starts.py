"""What members tried, from check-ins: it may become a case study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import CaseStart, Member


class StartRow(NamedTuple):
    """What somebody tried."""

    id: int
    text: str
    created_at: datetime


async def unused(session: AsyncSession, user_id: int, limit: int) -> Sequence[StartRow]:
    """What she told of and nothing was made of, the newest first."""
    rows = await session.execute(
        select(CaseStart.id, CaseStart.text, CaseStart.created_at)
        .join(Member, Member.id == CaseStart.member_id)
        .where(Member.user_id == user_id, CaseStart.used_at.is_(None))
        .order_by(CaseStart.created_at.desc())
        .limit(limit)
    )
    return [StartRow(*row) for row in rows]


async def use(session: AsyncSession, start_id: int, user_id: int, now: datetime) -> StartRow | None:
    """Take it, once; None where it is not hers, or was taken."""
    hers = select(Member.id).where(Member.user_id == user_id)
    row = (
        await session.execute(
            update(CaseStart)
            .where(CaseStart.id == start_id, CaseStart.used_at.is_(None), CaseStart.member_id.in_(hers))
            .values(used_at=now)
            .returning(CaseStart.id, CaseStart.text, CaseStart.created_at)
        )
    ).one_or_none()
    return StartRow(*row) if row else None
