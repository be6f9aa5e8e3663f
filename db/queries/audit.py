"""The audit: what coordinators, administrators and the host did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import AuditEntry


class AuditRow(NamedTuple):
    """One thing that was done."""

    id: int
    at: datetime
    actor_id: int | None
    server_id: int | None
    action: str
    subject: str | None
    details: dict[str, Any]


async def record(
    session: AsyncSession,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    server_id: int | None = None,
    subject: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Keep that `actor_id` (None: the host, at the command line) did `action`, in the transaction that does it."""
    await session.execute(
        insert(AuditEntry).values(
            at=at, actor_id=actor_id, server_id=server_id, action=action, subject=subject, details=details or {}
        )
    )


async def latest(session: AsyncSession, *, limit: int = 100, actor_id: int | None = None) -> Sequence[AuditRow]:
    """The newest entries first, of everyone or of one person."""
    query = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor_id,
        AuditEntry.server_id,
        AuditEntry.action,
        AuditEntry.subject,
        AuditEntry.details,
    ).order_by(AuditEntry.id.desc())
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    return [AuditRow(*row) for row in await session.execute(query.limit(limit))]


async def newest(session: AsyncSession, begins: str, after: int = 0) -> int:
    """The id of the newest entry after another one whose action begins with a word; that one's where there is none."""
    found = await session.scalar(
        select(func.max(AuditEntry.id)).where(AuditEntry.id > after, AuditEntry.action.startswith(begins))
    )
    return found or after
