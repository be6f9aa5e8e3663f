"""Threads under alerts: which are to be opened, which are there, which Discord refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

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
    on = select(AlertRow.id).where(AlertRow.state == "broadcasting").order_by(AlertRow.drill, AlertRow.id)
    # One alert at a time: a database that does not know how few are on would begin with all that was ever sent.
    for alert_id in list(await session.scalars(on)):
        if await session.scalar(select(_waits(alert_id, kinds, urgent, now))):
            continue
        left_alone = [channel_id for alert, channel_id in but if alert == alert_id]
        row = (await session.execute(_due(alert_id).where(AlertTargetRow.channel_id.not_in(left_alone)))).one_or_none()
        if row is not None:
            return DueRow(alert_id, row[0], row[1], row[2], row[3])
    return None


def _due(alert_id: int) -> Any:
    """The first of an alert's messages without a thread, where its server is still in the broadcast."""
    first = and_(
        DeliveryRow.subject == alert_id,
        DeliveryRow.kind.in_(FIRST),
        DeliveryRow.channel_id == AlertTargetRow.channel_id,
    )
    columns = (AlertTargetRow.server_id, AlertTargetRow.channel_id, DeliveryRow.message_id, AlertTargetRow.language)
    return (
        select(*columns)
        .join(DeliveryRow, first)
        .join(Server, Server.id == AlertTargetRow.server_id)
        .outerjoin(AlertConsent, AlertConsent.server_id == AlertTargetRow.server_id)
        .where(
            AlertTargetRow.alert_id == alert_id,
            DeliveryRow.message_id.is_not(None),  # it was sent
            Server.left_at.is_(None),
            or_(AlertConsent.takes_part.is_(None), AlertConsent.takes_part.is_(True)),
            ~exists().where(AlertThread.alert_id == alert_id, AlertThread.channel_id == AlertTargetRow.channel_id),
        )
        .order_by(DeliveryRow.id)
        .limit(1)
    )


def _waits(alert_id: int, kinds: Collection[str], urgent: int, now: datetime) -> ColumnElement[bool]:
    """Whether something is still to be said in a channel: about this alert, or anything urgent whose time has come.

    What is to be said later, and was never tried, keeps no thread waiting.
    """
    in_channel, sending = DeliveryRow.target == "channel", DeliveryRow.state == "sending"
    due = and_(DeliveryRow.state == "pending", DeliveryRow.due_at <= now)
    tried = and_(DeliveryRow.state == "pending", DeliveryRow.attempts > 0)
    own = exists().where(
        DeliveryRow.subject == alert_id, DeliveryRow.kind.in_(kinds), in_channel, or_(sending, due, tried)
    )
    other = exists().where(DeliveryRow.priority <= urgent, in_channel, or_(sending, due))
    return or_(own, other)


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
