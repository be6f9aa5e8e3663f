"""Messages to those who answer for cities, and about silent cities, that do not say yet how their alert ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import AlertEdit, AlertRow, DeliveryRow

ENDS = ("alert_end", "alert_on_call_end", "drill_end", "drill_on_call_end")
CANCELS = ("alert_cancel", "alert_on_call_cancel")
LIMIT = 20


class EditRow(NamedTuple):
    """A message that does not say yet how its alert ended: `place_id` is the channel that it stands in."""

    id: int
    kind: str
    place_id: int
    message_id: int
    language: str | None
    direct: bool
    payload: dict[str, Any]


async def over(session: AsyncSession, since: datetime) -> Sequence[tuple[int, str]]:
    """The alerts that are over and were to last until after `since`, each with how it stands."""
    query = select(AlertRow.id, AlertRow.state).where(
        AlertRow.state.in_(("completed", "cancelled")), AlertRow.expires_at > since
    )
    return [(alert_id, state) for alert_id, state in await session.execute(query.order_by(AlertRow.id))]


async def to_edit(
    session: AsyncSession, alert_id: int, state: str, kinds: Collection[str], but: Collection[int]
) -> Sequence[EditRow]:
    """Messages of these kinds about an alert that is over, below which that was told; but for these."""
    # What was sent is told apart here: SQLite would begin with everything that was ever sent.
    ends = await session.execute(_about(alert_id, CANCELS if state == "cancelled" else ENDS))
    told = {_target(member_id, channel_id) for sent, member_id, channel_id in ends if sent == "sent"}
    if not told:
        return []
    columns = tuple(getattr(DeliveryRow, name) for name in EditRow._fields)
    edited = and_(AlertEdit.delivery_id == DeliveryRow.id, AlertEdit.said == state)
    rows = await session.execute(_about(alert_id, kinds, *columns, AlertEdit.said).outerjoin(AlertEdit, edited))
    found = [
        EditRow(*row)
        for sent, member_id, channel_id, *row, said in rows
        if sent == "sent" and said is None and _target(member_id, channel_id) in told
    ]
    there = [row for row in found if row.message_id is not None and row.place_id is not None and row.id not in but]
    return sorted(there, key=lambda row: row.id)[:LIMIT]


async def ends_wait(session: AsyncSession, alert_id: int) -> bool:
    """Whether somebody is still to be told that an alert is over."""
    rows = await session.execute(_about(alert_id, (*ENDS, *CANCELS)))
    return any(state in {"pending", "sending"} for state, _, _ in rows)


def _about(alert_id: int, kinds: Collection[str], *columns: Any) -> Any:
    """The state and target of an alert's deliveries of these kinds, and what else is asked for."""
    target = (DeliveryRow.state, DeliveryRow.member_id, DeliveryRow.channel_id)
    return select(*target, *columns).where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id)


def _target(member_id: int | None, channel_id: int | None) -> tuple[str, int | None]:
    return ("channel", channel_id) if member_id is None else ("member", member_id)


async def edited(session: AsyncSession, delivery_id: int, state: str, now: datetime) -> None:
    """A message says how its alert ended, or cannot be made to."""
    values = {"said": state, "at": now}
    statement = insert_for(session, AlertEdit).values(delivery_id=delivery_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["delivery_id"], set_=values))
