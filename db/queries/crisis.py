"""Alerts and drills: themselves, their channels and their cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import (
    AlertRow,
    AlertTargetRow,
    Server,
)


class Row(NamedTuple):
    """An alert, with the names of the table."""

    id: int
    drill: bool
    imported: bool
    state: str
    server_id: int | None
    author_id: int | None
    hazard: str
    event: str | None
    place: str
    severity: str
    urgency: str
    certainty: str
    audience: str
    audience_value: str | None
    language: str
    hours: int
    texts: dict[str, Any]
    frozen: dict[str, Any]
    created_at: datetime
    submitted_at: datetime | None
    approved_by: int | None
    reason: str | None
    published_at: datetime | None
    expires_at: datetime | None
    card_channel_id: int | None
    card_message_id: int | None
    category: str
    templated: bool
    returned_as: str | None


class TargetRow(NamedTuple):
    """A channel that an alert was confirmed for."""

    server_id: int
    server_name: str
    channel_id: int
    language: str
    cities: list[str]


_ALERT = tuple(getattr(AlertRow, name) for name in Row._fields)


async def create(session: AsyncSession, columns: Mapping[str, Any]) -> int:
    """A new alert; its id."""
    created: int | None = await session.scalar(insert(AlertRow).values(**columns).returning(AlertRow.id))
    assert created is not None
    return created


async def alert(session: AsyncSession, alert_id: int) -> Row | None:
    """One alert."""
    row = (await session.execute(select(*_ALERT).where(AlertRow.id == alert_id))).one_or_none()
    return None if row is None else Row(*row)


async def change(session: AsyncSession, alert_id: int, **columns: Any) -> None:
    """Change these columns of an alert."""
    await session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(**columns))


async def adopt(session: AsyncSession, alert_id: int, server_id: int | None, user_id: int) -> bool:
    """A server takes on what was imported. False where another one was faster."""
    statement = (
        update(AlertRow)
        .where(AlertRow.id == alert_id, AlertRow.server_id.is_(None))
        .values(server_id=server_id, author_id=user_id)
    )
    return await session.scalar(statement.returning(AlertRow.id)) is not None


async def alerts(
    session: AsyncSession,
    *,
    server_id: int | None,
    drill: bool,
    states: Collection[str],
    imported: bool = False,
    limit: int = 25,
) -> Sequence[Row]:
    """The newest alerts of a server, or of all, in these states; `imported`: only those that nobody has taken on."""
    query = select(*_ALERT).where(AlertRow.drill.is_(drill), AlertRow.state.in_(states))
    query = query.order_by(AlertRow.id.desc()).limit(limit)
    if server_id is not None:
        query = query.where(AlertRow.server_id == server_id)
    if imported:
        query = query.where(AlertRow.imported.is_(True), AlertRow.server_id.is_(None))
    return [Row(*row) for row in await session.execute(query)]


async def expired(session: AsyncSession, now: datetime) -> Sequence[int]:
    """The alerts that are being broadcast and have expired."""
    query = select(AlertRow.id).where(AlertRow.state == "broadcasting", AlertRow.expires_at <= now)
    return list(await session.scalars(query))


async def next_expiry(session: AsyncSession) -> datetime | None:
    """When the next alert expires."""
    found: datetime | None = await session.scalar(
        select(func.min(AlertRow.expires_at)).where(AlertRow.state == "broadcasting")
    )
    return found


async def add_targets(session: AsyncSession, alert_id: int, targets: Sequence[Mapping[str, Any]]) -> None:
    """The channels that an alert was confirmed for."""
    await session.execute(insert(AlertTargetRow), [{"alert_id": alert_id, **each} for each in targets])


async def clear_targets(session: AsyncSession, alert_id: int) -> None:
    """It was returned: it will be confirmed anew."""
    table = AlertTargetRow.__table__
    await session.execute(table.delete().where(table.c.alert_id == alert_id))  # type: ignore[attr-defined]


async def targets(session: AsyncSession, alert_id: int) -> Sequence[TargetRow]:
    """The channels that an alert was confirmed for."""
    rows = await session.execute(
        select(
            AlertTargetRow.server_id,
            Server.name,
            AlertTargetRow.channel_id,
            AlertTargetRow.language,
            AlertTargetRow.cities,
        )
        .join(Server, Server.id == AlertTargetRow.server_id)
        .where(AlertTargetRow.alert_id == alert_id)
        .order_by(Server.name, AlertTargetRow.channel_id)
    )
    return [TargetRow(*row) for row in rows]


async def take_cards(session: AsyncSession, now: datetime, until: datetime) -> Sequence[int]:
    """The alerts whose card is to be brought up to date; due again at `until`, unless that is said to be done."""
    query = select(AlertRow.id).where(AlertRow.card_due_at <= now, AlertRow.card_channel_id.is_not(None))
    due = list(await session.scalars(query.order_by(AlertRow.card_due_at)))
    if due:
        await session.execute(update(AlertRow).where(AlertRow.id.in_(due)).values(card_due_at=until))
    return due


async def card_done(session: AsyncSession, alert_id: int, until: datetime, following: datetime | None) -> None:
    """A card that was taken until then is up to date, unless something happened meanwhile; when it is due next."""
    await session.execute(
        update(AlertRow).where(AlertRow.id == alert_id, AlertRow.card_due_at == until).values(card_due_at=following)
    )


async def next_card(session: AsyncSession) -> datetime | None:
    """When the next card is to be brought up to date."""
    found: datetime | None = await session.scalar(
        select(func.min(AlertRow.card_due_at)).where(AlertRow.card_channel_id.is_not(None))
    )
    return found


async def touch_card(session: AsyncSession, alert_id: int, at: datetime) -> None:
    """Let the card be brought up to date at `at`, unless it is to be earlier."""
    later = or_(AlertRow.card_due_at.is_(None), AlertRow.card_due_at > at)
    await session.execute(update(AlertRow).where(AlertRow.id == alert_id, later).values(card_due_at=at))


async def touch_pending_cards(session: AsyncSession, at: datetime) -> None:
    """Whom alerts that wait for approval reach may have changed: let their cards be brought up to date."""
    later = or_(AlertRow.card_due_at.is_(None), AlertRow.card_due_at > at)
    await session.execute(update(AlertRow).where(AlertRow.state == "pending", later).values(card_due_at=at))
