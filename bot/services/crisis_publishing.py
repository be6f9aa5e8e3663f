"""What is said about alerts: written into the outbox, and put on record as CAP, in the transaction that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cap.values import MsgType, Reference
from bot.domain.cap.writing import write
from bot.domain.crisis import Alert, AlertState, AlertTarget, AlertText
from bot.domain.crisis_cap import message_of
from bot.domain.outbox import DeliveryKind, NewDelivery, Priority, Target
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.crisis_texts import ending
from bot.services.escalation import begin
from bot.services.escalation_publishing import tell_end
from bot.services.outbox import post, withdraw
from db.engine import AsyncSession
from db.queries import crisis as queries
from db.queries import crisis_messages, crisis_places, crisis_told

BEGIN = (DeliveryKind.ALERT, DeliveryKind.DRILL)
ENDS = (DeliveryKind.ALERT_END, DeliveryKind.ALERT_CANCEL, DeliveryKind.DRILL_END)
LATEST_END = timedelta(days=7)
"""After so long nobody is told any more that an alert is over."""


async def publish(session: AsyncSession, alert_id: int, now: datetime, *, approved_by: int | None) -> None:
    """Every channel that it was confirmed for is told."""
    alert = await rows.find(session, alert_id)
    expires = now + timedelta(hours=alert.hours)
    await queries.change(
        session, alert_id, published_at=now, expires_at=expires, approved_by=approved_by, card_due_at=now
    )
    alert = replace(alert, expires_at=expires, published_at=now)
    if not alert.imported:
        await record(session, alert, alert.frozen, MsgType.ALERT, now)
    kind = DeliveryKind.DRILL if alert.drill else DeliveryKind.ALERT
    priority = Priority.DRILL if alert.drill else Priority.ALERT
    targets = await rows.targets(session, alert_id)
    await post(session, [_delivery(alert, kind, priority, each, expires) for each in targets], now)
    await begin(session, alert, targets, now)


async def finish(session: AsyncSession, catalogues: Catalogues, alert: Alert, msg_type: MsgType, now: datetime) -> None:
    """What was not begun is not begun any more; every channel that was told, or may have been, hears that it is
    over."""
    await withdraw(session, (*BEGIN, DeliveryKind.ALERT_END), alert.id, now)
    told = set(await crisis_told.told_or_in_doubt(session, alert.id, BEGIN))
    kind, priority = _end_of(alert, msg_type)
    targets = [each for each in await rows.targets(session, alert.id) if each.channel_id in told]
    until = now + LATEST_END
    await post(session, [_delivery(alert, kind, priority, each, until) for each in targets], now)
    await tell_end(session, alert, msg_type, now)
    await crisis_told.edit_anew(session, alert.id)
    await queries.touch_card(session, alert.id, now)
    if not alert.imported:
        await record(session, alert, ending(catalogues, alert, msg_type), msg_type, now)


async def record(
    session: AsyncSession, alert: Alert, texts: Mapping[str, AlertText], msg_type: MsgType, now: datetime
) -> None:
    """The CAP message of what is published now. Published messages are never changed."""
    earlier = await crisis_messages.messages(session, alert.id)
    references = [Reference(each.sender, each.identifier, each.sent) for each in earlier]
    going = replace(alert, state=AlertState.BROADCASTING)
    message = message_of(going, texts, msg_type, now.replace(microsecond=0), references)
    await crisis_messages.add_message(
        session,
        {
            "alert_id": alert.id,
            "msg_type": msg_type.value,
            "sender": message.sender,
            "identifier": message.identifier,
            "sent": message.sent,
            "document": write(message).decode(),
            "at": now,
        },
    )


async def tell_everybody(session: AsyncSession, alert_id: int, now: datetime) -> None:
    """An override is told to every server's coordinators at once."""
    deliveries = [
        NewDelivery(
            DeliveryKind.ALERT_OVERRIDE,
            alert_id,
            Target.channel(place.coordinators_channel_id, place.id),
            f"alert:{alert_id}:override:{place.id}",
            language=place.language,
            priority=Priority.ALERT,
            not_after=now + timedelta(days=1),
        )
        for place in await crisis_places.places(session)
        if place.coordinators_channel_id is not None
    ]
    await post(session, deliveries, now)


def _end_of(alert: Alert, msg_type: MsgType) -> tuple[DeliveryKind, Priority]:
    if alert.drill:
        return DeliveryKind.DRILL_END, Priority.DRILL
    if msg_type is MsgType.CANCEL:
        return DeliveryKind.ALERT_CANCEL, Priority.CANCEL
    return DeliveryKind.ALERT_END, Priority.ALERT


def _delivery(
    alert: Alert, kind: DeliveryKind, priority: Priority, target: AlertTarget, until: datetime
) -> NewDelivery:
    return NewDelivery(
        kind,
        alert.id,
        Target.channel(target.channel_id, target.server_id),
        f"alert:{alert.id}:{kind}:{target.channel_id}",
        language=target.language,
        priority=priority,
        not_after=until,
        sequence=f"alert:{alert.id}",
    )


def target_row(target: AlertTarget) -> dict[str, Any]:
    """A channel as the table keeps it."""
    return {
        "channel_id": target.channel_id,
        "server_id": target.server_id,
        "language": target.language,
        "cities": list(target.cities),
    }
