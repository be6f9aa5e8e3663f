"""The newest drill of each server, and which of its cities acknowledged it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import AlertAnswerRow, AlertRow, AlertTargetRow


class DrillRow(NamedTuple):
    """A channel of a server that its newest drill was for. `cities` is empty where the server speaks for none."""

    server_id: int
    alert_id: int
    at: datetime | None
    cities: list[str]


async def drills(session: AsyncSession, server_ids: Collection[int]) -> Sequence[DrillRow]:
    """The newest drill that was sent to each of these servers, channel by channel."""
    newest = (
        select(AlertTargetRow.server_id, func.max(AlertRow.id).label("alert_id"))
        .join(AlertRow, AlertRow.id == AlertTargetRow.alert_id)
        .where(AlertRow.drill.is_(True), AlertRow.published_at.is_not(None), AlertTargetRow.server_id.in_(server_ids))
        .group_by(AlertTargetRow.server_id)
        .subquery()
    )
    own = and_(AlertTargetRow.alert_id == newest.c.alert_id, AlertTargetRow.server_id == newest.c.server_id)
    rows = await session.execute(
        select(AlertTargetRow.server_id, AlertRow.id, AlertRow.published_at, AlertTargetRow.cities)
        .join(newest, own)
        .join(AlertRow, AlertRow.id == AlertTargetRow.alert_id)
        .order_by(AlertTargetRow.server_id, AlertTargetRow.channel_id)
    )
    return [DrillRow(*row) for row in rows]


async def acknowledged(session: AsyncSession, alert_ids: Collection[int]) -> Sequence[tuple[int, int, str]]:
    """Which city acknowledged which of these in which server: alert, server, city."""
    rows = await session.execute(
        select(AlertAnswerRow.alert_id, AlertAnswerRow.server_id, AlertAnswerRow.city)
        .where(AlertAnswerRow.alert_id.in_(alert_ids), AlertAnswerRow.kind == "received")
        .distinct()
    )
    return [(alert_id, server_id, city) for alert_id, server_id, city in rows]
