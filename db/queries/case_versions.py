"""What published cases said at one time and another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import CaseVersion, Member


class VersionRow(NamedTuple):
    """What a case said at one time, and who let it say so; nobody is known where she is gone, or it was taken in."""

    number: int
    document: dict[str, Any]
    at: datetime
    by_user_id: int | None
    by_name: str | None


async def keep_version(
    session: AsyncSession,
    case_id: int,
    number: int,
    document: Mapping[str, Any],
    *,
    user_id: int | None,
    now: datetime,
) -> None:
    """Put on record what a published case says from now on."""
    statement: Any = insert_for(session, CaseVersion)
    await session.execute(
        statement.values(
            case_id=case_id, number=number, document=document, by_user_id=user_id, at=now
        ).on_conflict_do_nothing()
    )


async def versions(session: AsyncSession, case_id: int) -> Sequence[VersionRow]:
    """Every version of a case, the first one first."""
    rows = await session.execute(
        select(CaseVersion.number, CaseVersion.document, CaseVersion.at, CaseVersion.by_user_id, Member.display_name)
        .outerjoin(Member, Member.user_id == CaseVersion.by_user_id)
        .where(CaseVersion.case_id == case_id)
        .order_by(CaseVersion.number)
    )
    return [VersionRow(*row) for row in rows]
