"""Messages to those who answer for cities, and about silent cities, that do not say yet how their alert ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import AlertEdit, AlertRow, DeliveryRow

ENDS = ("alert_end", "alert_on_call_end", "drill_end", "drill_on_call_end")
CANCELS = ("alert_cancel", "alert_on_call_cancel")


class EditRow(NamedTuple):
    """A message that does not say yet how its alert ended: `place_id` is the channel that it stands in."""

    delivery_id: int
    alert_id: int
    state: str
    kind: str
    place_id: int
    message_id: int
    language: str | None
    direct: bool
    payload: dict[str, Any]


async def to_edit(
    session: AsyncSession, kinds: Collection[str], since: datetime, but: Collection[int], limit: int = 20
) -> Sequence[EditRow]:
    """Messages of these kinds about alerts that were to last until after `since`, below which the end was told."""
    end = aliased(DeliveryRow)
    same_target = or_(
        end.member_id == DeliveryRow.member_id,
        and_(DeliveryRow.member_id.is_(None), end.channel_id == DeliveryRow.channel_id),
    )
    said = or_(
        and_(AlertRow.state == "completed", end.kind.in_(ENDS)),
        and_(AlertRow.state == "cancelled", end.kind.in_(CANCELS)),
    )
    told = exists().where(end.subject == AlertRow.id, end.state == "sent", said, same_target)
    edited = exists().where(AlertEdit.delivery_id == DeliveryRow.id, AlertEdit.said == AlertRow.state)
    rows = await session.execute(
        select(
            DeliveryRow.id,
            AlertRow.id,
            AlertRow.state,
            DeliveryRow.kind,
            DeliveryRow.place_id,
            DeliveryRow.message_id,
            DeliveryRow.language,
            DeliveryRow.direct,
            DeliveryRow.payload,
        )
        .join(AlertRow, AlertRow.id == DeliveryRow.subject)
        .where(
            AlertRow.state.in_(("completed", "cancelled")),
            AlertRow.expires_at > since,
            DeliveryRow.kind.in_(kinds),
            DeliveryRow.state == "sent",
            DeliveryRow.message_id.is_not(None),
            DeliveryRow.place_id.is_not(None),
            DeliveryRow.id.not_in(but),
            told,
            ~edited,
        )
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    return [EditRow(*row) for row in rows]


async def edited(session: AsyncSession, delivery_id: int, state: str, now: datetime) -> None:
    """A message says how its alert ended, or cannot be made to."""
    values = {"said": state, "at": now}
    statement = insert_for(session, AlertEdit).values(delivery_id=delivery_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["delivery_id"], set_=values))
