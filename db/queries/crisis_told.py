"""What the outbox did about alerts, channel by channel, and which messages do not say yet how theirs ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.queries.outbox import its_turn
from db.tables import (
    AlertRow,
    AlertTargetRow,
    DeliveryRow,
)


class ToldRow(NamedTuple):
    """What the outbox last did about an alert in a channel."""

    channel_id: int
    kind: str
    state: str
    message_id: int | None
    problem: str | None
    code: int | None
    posted_at: datetime
    settled_at: datetime | None
    payload: dict[str, Any]


class SaidRow(NamedTuple):
    """A message of ours about an alert."""

    message_id: int
    payload: dict[str, Any]


async def told(session: AsyncSession, alert_id: int, kinds: Collection[str]) -> Sequence[ToldRow]:
    """Every delivery of these kinds about an alert, the oldest first."""
    columns = tuple(getattr(DeliveryRow, name) for name in ToldRow._fields)
    rows = await session.execute(
        select(*columns).where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id).order_by(DeliveryRow.id)
    )
    return [ToldRow(*row) for row in rows]


def may_have() -> ColumnElement[bool]:
    """A delivery that arrived, or may have."""
    return or_(
        DeliveryRow.state.in_(("sent", "unknown", "sending")),
        and_(DeliveryRow.state == "pending", DeliveryRow.in_doubt_since.is_not(None)),
        # Given up after a try that may have arrived: it was never found out.
        and_(
            DeliveryRow.state.in_(("cancelled", "expired")),
            DeliveryRow.in_doubt_since.is_not(None),
            DeliveryRow.attempts > 1,
        ),
    )


async def told_or_in_doubt(
    session: AsyncSession, alert_id: int, kinds: Collection[str], channel_id: int | None = None
) -> Sequence[int]:
    """The channels that have an alert, or may have it; or one of them, if it does."""
    query = select(DeliveryRow.channel_id).where(
        DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id, may_have()
    )
    if channel_id is not None:
        query = query.where(DeliveryRow.channel_id == channel_id)
    return [each for each in await session.scalars(query) if each is not None]


async def to_edit(session: AsyncSession, limit: int = 500) -> Sequence[tuple[int, int, str]]:
    """Alert, channel and language, where the end of an alert was told and its messages do not say so yet.

    One that merely expired says so itself.
    """
    end = aliased(DeliveryRow)
    told = exists().where(
        end.subject == AlertRow.id,
        end.kind.in_(("alert_end", "alert_cancel", "drill_end")),
        end.channel_id == AlertTargetRow.channel_id,
        end.state == "sent",
    )
    rows = await session.execute(
        select(AlertRow.id, AlertTargetRow.channel_id, AlertTargetRow.language)
        .join(AlertTargetRow, AlertTargetRow.alert_id == AlertRow.id)
        .where(AlertRow.state.in_(("completed", "cancelled")), AlertTargetRow.edited_at.is_(None), told)
        .order_by(AlertRow.id.desc(), AlertTargetRow.channel_id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def messages_in(
    session: AsyncSession, alert_id: int, channel_id: int, kinds: Collection[str]
) -> Sequence[SaidRow]:
    """Our messages of these kinds about an alert in a channel, the oldest first."""
    rows = await session.execute(
        select(DeliveryRow.message_id, DeliveryRow.payload)
        .where(DeliveryRow.subject == alert_id, DeliveryRow.kind.in_(kinds), DeliveryRow.channel_id == channel_id)
        .where(DeliveryRow.state == "sent", DeliveryRow.message_id.is_not(None))
        .order_by(DeliveryRow.id)
    )
    return [SaidRow(*row) for row in rows]


async def telling_end(session: AsyncSession, alert_id: int) -> bool:
    """Whether channels are still to be told for the first time that an alert is over.

    Where that failed and is to be tried again, or waits for the alert itself, nobody else waits for it.
    """
    kinds = ("alert_end", "alert_cancel", "drill_end")
    fresh = or_(
        and_(DeliveryRow.state == "pending", DeliveryRow.attempts == 0),
        and_(DeliveryRow.state == "sending", DeliveryRow.attempts == 1),
    )
    found = await session.scalar(
        select(DeliveryRow.id)
        .where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id, fresh, its_turn())
        .limit(1)
    )
    return found is not None


async def edited(session: AsyncSession, alert_id: int, channel_id: int, at: datetime | None) -> None:
    """The messages in a channel say how their alert ended (or cannot); None where it is to be said anew."""
    await session.execute(
        update(AlertTargetRow)
        .where(AlertTargetRow.alert_id == alert_id, AlertTargetRow.channel_id == channel_id)
        .values(edited_at=at)
    )


async def edit_anew(session: AsyncSession, alert_id: int) -> None:
    """How an alert ended has changed: its messages must say so."""
    await session.execute(update(AlertTargetRow).where(AlertTargetRow.alert_id == alert_id).values(edited_at=None))
