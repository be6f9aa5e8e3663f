"""Who found which case useful."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import CaseVote


async def vote(session: AsyncSession, case_id: int, user_id: int, now: datetime) -> None:
    """She found it useful; once is enough."""
    statement: Any = insert_for(session, CaseVote)
    await session.execute(statement.values(case_id=case_id, user_id=user_id, given_at=now).on_conflict_do_nothing())


async def unvote(session: AsyncSession, case_id: int, user_id: int) -> bool:
    """She takes it back. False where she had not said so."""
    found = await session.scalar(
        delete(CaseVote).where(CaseVote.case_id == case_id, CaseVote.user_id == user_id).returning(CaseVote.user_id)
    )
    return found is not None


async def votes(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, int]:
    """How many found each of these cases useful; those that nobody did are missing."""
    rows = await session.execute(
        select(CaseVote.case_id, func.count()).where(CaseVote.case_id.in_(case_ids)).group_by(CaseVote.case_id)
    )
    return {row[0]: row[1] for row in rows}
