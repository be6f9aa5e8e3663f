"""What is on record about one alert: deeds with their doers, deliveries with where they went, answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import AlertAnswerRow, AlertFollowUp, AlertTargetRow, AuditEntry, DeliveryRow, Member, Server


class DeedRow(NamedTuple):
    """An entry of the audit. `name` is that of a member, None where she is none."""

    at: datetime
    action: str
    who: int | None
    name: str | None
    server: str | None
    details: dict[str, Any]


class DeliveryLogRow(NamedTuple):
    """A delivery about an alert: to a channel, with its server and the cities it was confirmed for, or to a member."""

    at: datetime
    settled_at: datetime | None
    kind: str
    state: str
    channel_id: int | None
    server: str | None
    cities: list[str] | None
    who: int | None
    name: str | None
    problem: str | None
    code: int | None


class AnswerLogRow(NamedTuple):
    """An answer to an alert."""

    at: datetime
    kind: str
    who: int
    name: str | None
    city: str
    what: str | None
    quantity: str | None
    place: str | None


class MessageLogRow(NamedTuple):
    """A message that followed an alert. `texts` are what it said, by language; `language` is its author's."""

    at: datetime
    kind: str
    who: int | None
    name: str | None
    server: str
    language: str
    texts: dict[str, Any]


async def deeds(session: AsyncSession, alert_id: int) -> Sequence[DeedRow]:
    """What the audit has about an alert, the oldest first."""
    rows = await session.execute(
        select(
            AuditEntry.at,
            AuditEntry.action,
            AuditEntry.actor_id,
            Member.display_name,
            Server.name,
            AuditEntry.details,
        )
        .outerjoin(Member, Member.user_id == AuditEntry.actor_id)
        .outerjoin(Server, Server.id == AuditEntry.server_id)
        .where(AuditEntry.action.startswith("alert."), AuditEntry.subject == str(alert_id))
        .order_by(AuditEntry.id)
    )
    return [DeedRow(*row) for row in rows]


async def deliveries(session: AsyncSession, alert_id: int, kinds: Collection[str]) -> Sequence[DeliveryLogRow]:
    """What the outbox did about an alert, the oldest first."""
    target = and_(AlertTargetRow.alert_id == alert_id, AlertTargetRow.channel_id == DeliveryRow.channel_id)
    rows = await session.execute(
        select(
            DeliveryRow.posted_at,
            DeliveryRow.settled_at,
            DeliveryRow.kind,
            DeliveryRow.state,
            DeliveryRow.channel_id,
            Server.name,
            AlertTargetRow.cities,
            Member.user_id,
            Member.display_name,
            DeliveryRow.problem,
            DeliveryRow.code,
        )
        .outerjoin(AlertTargetRow, target)
        .outerjoin(Server, Server.id == DeliveryRow.server_id)
        .outerjoin(Member, Member.id == DeliveryRow.member_id)
        .where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id)
        .order_by(DeliveryRow.id)
    )
    return [DeliveryLogRow(*row) for row in rows]


async def messages(session: AsyncSession, alert_id: int) -> Sequence[MessageLogRow]:
    """What was written in the messages that followed an alert and were sent, the oldest first."""
    rows = await session.execute(
        select(
            AlertFollowUp.sent_at,
            AlertFollowUp.kind,
            AlertFollowUp.author_id,
            Member.display_name,
            Server.name,
            AlertFollowUp.language,
            AlertFollowUp.frozen,
        )
        .outerjoin(Member, Member.user_id == AlertFollowUp.author_id)
        .join(Server, Server.id == AlertFollowUp.server_id)
        .where(AlertFollowUp.alert_id == alert_id, AlertFollowUp.sent_at.is_not(None), AlertFollowUp.kind != "stands")
        .order_by(AlertFollowUp.sent_at, AlertFollowUp.id)
    )
    return [MessageLogRow(*row) for row in rows]


async def answers(session: AsyncSession, alert_id: int) -> Sequence[AnswerLogRow]:
    """What people answered to an alert, the oldest first."""
    rows = await session.execute(
        select(
            AlertAnswerRow.at,
            AlertAnswerRow.kind,
            AlertAnswerRow.user_id,
            AlertAnswerRow.name,
            AlertAnswerRow.city,
            AlertAnswerRow.what,
            AlertAnswerRow.quantity,
            AlertAnswerRow.place,
        )
        .where(AlertAnswerRow.alert_id == alert_id)
        .order_by(AlertAnswerRow.id)
    )
    return [AnswerLogRow(*row) for row in rows]
