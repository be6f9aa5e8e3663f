"""The alerts and drills that were sent to a server, and what became of them there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.tables import AlertRow, AlertTargetRow, DeliveryRow, Member, Server


class SentRow(NamedTuple):
    """An alert that was for channels of a server, who sent it and who approved it, where they are members."""

    alert_id: int
    origin: str | None
    author: str | None
    approver: str | None
    channels: int


class BecameRow(NamedTuple):
    """What became of an alert in a channel."""

    alert_id: int
    state: str
    problem: str | None
    code: int | None


def _sent(server_id: int, *, drill: bool) -> ColumnElement[bool]:
    return and_(AlertTargetRow.server_id == server_id, AlertRow.drill.is_(drill), AlertRow.published_at.is_not(None))


async def count(session: AsyncSession, server_id: int, *, drill: bool) -> int:
    """How many were sent to a server."""
    found = await session.scalar(
        select(func.count(distinct(AlertRow.id)))
        .join(AlertTargetRow, AlertTargetRow.alert_id == AlertRow.id)
        .where(_sent(server_id, drill=drill))
    )
    return found or 0


async def sent(session: AsyncSession, server_id: int, *, drill: bool, begin: int, most: int) -> Sequence[SentRow]:
    """So many of them from the `begin`th on, the newest first."""
    author, approver = aliased(Member), aliased(Member)
    rows = await session.execute(
        select(AlertRow.id, Server.name, author.display_name, approver.display_name, func.count())
        .join(AlertTargetRow, AlertTargetRow.alert_id == AlertRow.id)
        .outerjoin(Server, Server.id == AlertRow.server_id)
        .outerjoin(author, author.user_id == AlertRow.author_id)
        .outerjoin(approver, approver.user_id == AlertRow.approved_by)
        .where(_sent(server_id, drill=drill))
        .group_by(AlertRow.id, AlertRow.published_at, Server.name, author.display_name, approver.display_name)
        .order_by(AlertRow.published_at.desc(), AlertRow.id.desc())
        .offset(begin)
        .limit(most)
    )
    return [SentRow(*row) for row in rows]


async def became(session: AsyncSession, server_id: int, alert_ids: Collection[int]) -> Sequence[BecameRow]:
    """What became of these alerts in a server's channels, as far as that is still on record."""
    rows = await session.execute(
        select(DeliveryRow.subject, DeliveryRow.state, DeliveryRow.problem, DeliveryRow.code)
        .where(
            DeliveryRow.kind.in_(("alert", "drill")),
            DeliveryRow.subject.in_(alert_ids),
            DeliveryRow.server_id == server_id,
        )
        .order_by(DeliveryRow.id)
    )
    return [BecameRow(*row) for row in rows]
