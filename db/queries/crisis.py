"""Alerts and drills: themselves, their channels, what was published, and who answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.tables import (
    AlertAnswerRow,
    AlertMessage,
    AlertRow,
    AlertTargetRow,
    AuditEntry,
    City,
    DeliveryRow,
    Member,
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


class TargetRow(NamedTuple):
    """A channel that an alert was confirmed for."""

    server_id: int
    server_name: str
    channel_id: int
    language: str
    cities: list[str]


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


class AnswerRow(NamedTuple):
    """An answer to an alert."""

    kind: str
    user_id: int
    name: str | None
    city: str
    what: str | None
    quantity: str | None
    place: str | None
    at: datetime


class MessageRow(NamedTuple):
    """A CAP message on record."""

    id: int
    alert_id: int
    msg_type: str
    sender: str
    identifier: str
    sent: datetime
    document: str


class EditRow(NamedTuple):
    """A message that does not say yet how its alert ended."""

    alert_id: int
    channel_id: int
    message_id: int | None
    delivery_id: int
    language: str


_ALERT = tuple(getattr(AlertRow, name) for name in Row._fields)
_MESSAGE = tuple(getattr(AlertMessage, name) for name in MessageRow._fields)
_ANSWER = tuple(getattr(AlertAnswerRow, name) for name in AnswerRow._fields)


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


async def alerts(
    session: AsyncSession, *, server_id: int | None, drill: bool, imported: bool | None = None, limit: int = 25
) -> Sequence[Row]:
    """The newest alerts of a server, or of all; `imported`: those that nobody has taken on, or the others."""
    query = select(*_ALERT).where(AlertRow.drill.is_(drill)).order_by(AlertRow.id.desc()).limit(limit)
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


async def told(session: AsyncSession, alert_id: int, kinds: Collection[str]) -> Sequence[ToldRow]:
    """Every delivery of these kinds about an alert, the oldest first."""
    columns = tuple(getattr(DeliveryRow, name) for name in ToldRow._fields)
    rows = await session.execute(
        select(*columns).where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id).order_by(DeliveryRow.id)
    )
    return [ToldRow(*row) for row in rows]


async def told_or_in_doubt(session: AsyncSession, alert_id: int, kinds: Collection[str]) -> Sequence[int]:
    """The channels that have an alert, or may have it."""
    may_have = or_(
        DeliveryRow.state.in_(("sent", "unknown", "sending")),
        and_(DeliveryRow.state == "pending", DeliveryRow.in_doubt_since.is_not(None)),
        # Given up after a try that may have arrived: it was never found out.
        and_(
            DeliveryRow.state.in_(("cancelled", "expired")),
            DeliveryRow.in_doubt_since.is_not(None),
            DeliveryRow.attempts > 1,
        ),
    )
    query = select(DeliveryRow.channel_id).where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id, may_have)
    return [each for each in await session.scalars(query) if each is not None]


async def to_edit(session: AsyncSession, limit: int = 20) -> Sequence[EditRow]:
    """Messages of alerts whose end was told below them. One that merely expired says so itself."""
    end = aliased(DeliveryRow)
    told = exists().where(
        end.subject == AlertRow.id,
        end.kind.in_(("alert_end", "alert_cancel", "drill_end")),
        end.channel_id == AlertTargetRow.channel_id,
        end.state == "sent",
    )
    rows = await session.execute(
        select(AlertRow.id, AlertTargetRow.channel_id, DeliveryRow.message_id, DeliveryRow.id, AlertTargetRow.language)
        .join(DeliveryRow, and_(DeliveryRow.subject == AlertRow.id, DeliveryRow.kind.in_(("alert", "drill"))))
        .join(
            AlertTargetRow,
            and_(AlertTargetRow.alert_id == AlertRow.id, AlertTargetRow.channel_id == DeliveryRow.channel_id),
        )
        .where(
            AlertRow.state.in_(("completed", "cancelled")),
            DeliveryRow.state == "sent",
            DeliveryRow.message_id.is_not(None),
            AlertTargetRow.edited_at.is_(None),
            told,
        )
        .order_by(AlertRow.id.desc(), DeliveryRow.id)
        .limit(limit)
    )
    return [EditRow(*row) for row in rows]


async def waiting_ends(session: AsyncSession, alert_id: int) -> bool:
    """Whether a message about the end of an alert still waits or is being sent."""
    kinds = ("alert_end", "alert_cancel", "drill_end")
    found = await session.scalar(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.kind.in_(kinds),
            DeliveryRow.subject == alert_id,
            DeliveryRow.state.in_(("pending", "sending")),
        )
        .limit(1)
    )
    return found is not None


async def edited(session: AsyncSession, alert_id: int, channel_id: int, at: datetime | None) -> None:
    """A message says how its alert ended (or cannot); None where it is to be said anew."""
    await session.execute(
        update(AlertTargetRow)
        .where(AlertTargetRow.alert_id == alert_id, AlertTargetRow.channel_id == channel_id)
        .values(edited_at=at)
    )


async def edit_anew(session: AsyncSession, alert_id: int) -> None:
    """How an alert ended has changed: its messages must say so."""
    await session.execute(update(AlertTargetRow).where(AlertTargetRow.alert_id == alert_id).values(edited_at=None))


async def cards_due(session: AsyncSession, now: datetime) -> Sequence[int]:
    """The alerts whose card is to be brought up to date."""
    query = select(AlertRow.id).where(AlertRow.card_due_at <= now, AlertRow.card_channel_id.is_not(None))
    return list(await session.scalars(query.order_by(AlertRow.card_due_at)))


async def next_card(session: AsyncSession) -> datetime | None:
    """When the next card is to be brought up to date."""
    found: datetime | None = await session.scalar(
        select(func.min(AlertRow.card_due_at)).where(AlertRow.card_channel_id.is_not(None))
    )
    return found


async def touch_card(session: AsyncSession, alert_id: int, at: datetime) -> None:
    """Let the card be brought up to date at `at`, unless it is to be earlier."""
    await session.execute(
        update(AlertRow).where(AlertRow.id == alert_id, AlertRow.card_due_at.is_(None)).values(card_due_at=at)
    )


async def add_message(session: AsyncSession, columns: Mapping[str, Any]) -> None:
    """Put a CAP message on record."""
    await session.execute(insert(AlertMessage).values(**columns))


async def messages(session: AsyncSession, alert_id: int) -> Sequence[MessageRow]:
    """The CAP messages of an alert's chain, the oldest first."""
    rows = await session.execute(select(*_MESSAGE).where(AlertMessage.alert_id == alert_id).order_by(AlertMessage.id))
    return [MessageRow(*row) for row in rows]


async def message_by_reference(
    session: AsyncSession, sender: str, identifier: str, sent: datetime
) -> MessageRow | None:
    """The message on record that a reference names."""
    row = (
        await session.execute(
            select(*_MESSAGE).where(
                AlertMessage.sender == sender, AlertMessage.identifier == identifier, AlertMessage.sent == sent
            )
        )
    ).one_or_none()
    return None if row is None else MessageRow(*row)


async def add_answer(session: AsyncSession, columns: Mapping[str, Any]) -> None:
    """Put an answer on record."""
    await session.execute(insert(AlertAnswerRow).values(**columns))


async def has_received(session: AsyncSession, alert_id: int, user_id: int) -> bool:
    """Whether she said already that she has it."""
    found = await session.scalar(
        select(AlertAnswerRow.id)
        .where(AlertAnswerRow.alert_id == alert_id, AlertAnswerRow.user_id == user_id)
        .where(AlertAnswerRow.kind == "received")
        .limit(1)
    )
    return found is not None


async def answers(session: AsyncSession, alert_id: int) -> Sequence[AnswerRow]:
    """The answers to an alert, the oldest first."""
    rows = await session.execute(
        select(*_ANSWER).where(AlertAnswerRow.alert_id == alert_id).order_by(AlertAnswerRow.id)
    )
    return [AnswerRow(*row) for row in rows]


async def city_of(session: AsyncSession, user_id: int) -> tuple[int, str] | None:
    """The city of a member."""
    row = (
        await session.execute(
            select(City.id, City.name).join(Member, Member.city_id == City.id).where(Member.user_id == user_id)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def deeds(session: AsyncSession, alert_id: int) -> Sequence[tuple[datetime, str, int | None, int | None, str]]:
    """What the audit has about an alert: when, what, who, from which server, and the reason."""
    rows = await session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.actor_id, AuditEntry.server_id, AuditEntry.details)
        .where(AuditEntry.action.like("alert.%"), AuditEntry.subject == str(alert_id))
        .order_by(AuditEntry.id)
    )
    return [(at, action, who, server, str(details.get("reason") or "")) for at, action, who, server, details in rows]
