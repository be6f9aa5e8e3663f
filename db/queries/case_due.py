"""What is to be asked and told about cases as time goes by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.cases import CaseRow, some
from db.tables import Case, CaseTopic


async def published_since(
    session: AsyncSession, topic_ids: Collection[str], since: datetime, limit: int
) -> Sequence[CaseRow]:
    """Cases of these topics that were published later than `since`, the newest first."""
    about = exists().where(and_(CaseTopic.case_id == Case.id, CaseTopic.topic_id.in_(topic_ids)))
    return await some(
        session,
        Case.state == "published",
        Case.published_at > since,
        about,
        order=Case.published_at.desc(),
        limit=limit,
    )


async def to_verify(session: AsyncSession, now: datetime, limit: int) -> Sequence[CaseRow]:
    """Published cases whose date has come, and which nobody was asked about since."""
    return await some(
        session,
        Case.state == "published",
        Case.verify_by <= now,
        or_(Case.verify_asked_at.is_(None), Case.verify_asked_at < Case.verify_by),
        order=Case.verify_by,
        limit=limit,
    )


async def pilots_due(session: AsyncSession, now: datetime, limit: int) -> Sequence[CaseRow]:
    """Published debriefs whose pilot is to be asked about."""
    return await some(
        session,
        Case.state == "published",
        Case.kind == "debrief",
        Case.pilot_on <= now,
        Case.pilot_asked_at.is_(None),
        Case.owner_user_id.is_not(None),
        Case.owner_user_id != 0,
        order=Case.pilot_on,
        limit=limit,
    )


async def mark_asked(session: AsyncSession, case_id: int, column: str, now: datetime) -> None:
    """Somebody is being asked: `verify_asked_at` or `pilot_asked_at`."""
    await session.execute(update(Case).where(Case.id == case_id).values({column: now}))
