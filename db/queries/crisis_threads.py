"""Threads under alerts: which are to be opened, which are there, which Discord refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import AlertConsent, AlertRow, AlertTargetRow, AlertThread, DeliveryRow, Server

FIRST = ("alert", "drill")
ENDS = ("alert_end", "alert_cancel", "drill_end")


class DueRow(NamedTuple):
    """A message under which a thread is to be opened."""

    alert_id: int
    server_id: int
    channel_id: int
    message_id: int
    language: str


class ThreadRow(NamedTuple):
    """A thread under an alert, or why there is none."""

    channel_id: int
    server: str
    thread_id: int | None
    code: int | None
    at: datetime


async def next_due(
    session: AsyncSession, kinds: Collection[str], urgent: int, now: datetime, but: Collection[tuple[int, int]]
) -> DueRow | None:
    """A message of an alert that is on, of which no delivery of these kinds waits any more; None where there is none.

    Deliveries to channels of priority `urgent` or a lower number go first, whatever they are about. `but` are alerts
    and channels that are left alone for now.
    """
    query = (
        select(
            AlertRow.id,
            AlertTargetRow.server_id,
            AlertTargetRow.channel_id,
            DeliveryRow.message_id,
            AlertTargetRow.language,
        )
        .join(AlertTargetRow, AlertTargetRow.alert_id == AlertRow.id)
        .join(
            DeliveryRow,
            and_(
                DeliveryRow.subject == AlertRow.id,
                DeliveryRow.kind.in_(FIRST),
                DeliveryRow.channel_id == AlertTargetRow.channel_id,
            ),
        )
        .join(Server, Server.id == AlertTargetRow.server_id)
        .outerjoin(AlertConsent, AlertConsent.server_id == AlertTargetRow.server_id)
        .where(
            AlertRow.state == "broadcasting",
            DeliveryRow.state == "sent",
            DeliveryRow.message_id.is_not(None),
            Server.left_at.is_(None),
            or_(AlertConsent.takes_part.is_(None), AlertConsent.takes_part.is_(True)),
            ~exists().where(AlertThread.alert_id == AlertRow.id, AlertThread.channel_id == AlertTargetRow.channel_id),
            ~_waits(kinds, urgent, now),
        )
        .order_by(AlertRow.drill, AlertRow.id, DeliveryRow.id)
        .limit(1)
    )
    if but:
        query = query.where(tuple_(AlertRow.id, AlertTargetRow.channel_id).not_in(list(but)))
    row = (await session.execute(query)).one_or_none()
    if row is None or row[3] is None:
        return None
    return DueRow(row[0], row[1], row[2], row[3], row[4])


def _waits(kinds: Collection[str], urgent: int, now: datetime) -> ColumnElement[bool]:
    """Whether something is still to be said in a channel: about this alert, or anything urgent whose time has come.

    What is to be said later, and was never tried, keeps no thread waiting.
    """
    waiting = aliased(DeliveryRow)
    begun = or_(waiting.due_at <= now, waiting.attempts > 0)
    due = and_(waiting.state == "pending", waiting.due_at <= now)
    own = and_(
        waiting.subject == AlertRow.id,
        waiting.kind.in_(kinds),
        or_(waiting.state == "sending", and_(waiting.state == "pending", begun)),
    )
    other = and_(waiting.priority <= urgent, or_(waiting.state == "sending", due))
    return exists().where(waiting.target == "channel", or_(own, other))


async def note(
    session: AsyncSession, alert_id: int, channel_id: int, *, thread_id: int | None, code: int | None, now: datetime
) -> bool:
    """Put it on record. False where it was already."""
    values = {"alert_id": alert_id, "channel_id": channel_id, "thread_id": thread_id, "code": code, "at": now}
    statement = insert_for(session, AlertThread).values(**values).on_conflict_do_nothing()
    return await session.scalar(statement.returning(AlertThread.channel_id)) is not None


async def thread_in(session: AsyncSession, alert_id: int, channel_id: int) -> int | None:
    """The thread under an alert's message in a channel; None where there is none."""
    found: int | None = await session.scalar(
        select(AlertThread.thread_id).where(AlertThread.alert_id == alert_id, AlertThread.channel_id == channel_id)
    )
    return found


async def of_alert(session: AsyncSession, alert_id: int) -> Sequence[ThreadRow]:
    """Every thread of an alert, and every one that was refused, by server."""
    target = and_(AlertTargetRow.alert_id == AlertThread.alert_id, AlertTargetRow.channel_id == AlertThread.channel_id)
    rows = await session.execute(
        select(AlertThread.channel_id, Server.name, AlertThread.thread_id, AlertThread.code, AlertThread.at)
        .join(AlertTargetRow, target)
        .join(Server, Server.id == AlertTargetRow.server_id)
        .where(AlertThread.alert_id == alert_id)
        .order_by(Server.name, AlertThread.channel_id)
    )
    return [ThreadRow(*row) for row in rows]


async def ends_said(session: AsyncSession, alert_id: int, channel_id: int) -> Sequence[str]:
    """The kinds of end that were told in a channel, the oldest first."""
    rows = await session.scalars(
        select(DeliveryRow.kind)
        .where(
            DeliveryRow.subject == alert_id,
            DeliveryRow.channel_id == channel_id,
            DeliveryRow.kind.in_(ENDS),
            DeliveryRow.state == "sent",
        )
        .order_by(DeliveryRow.id)
    )
    return list(rows)
