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
from bot.domain.crisis_chain import FollowUp, FollowUpKind, shown
from bot.domain.outbox import DeliveryKind, NewDelivery, Priority, Target
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.crisis_texts import ending
from bot.services.escalation import begin, hurry
from bot.services.escalation_publishing import tell_end, tell_what_follows
from bot.services.outbox import post, withdraw
from db.engine import AsyncSession
from db.queries import crisis as queries
from db.queries import crisis_chain, crisis_messages, crisis_places, crisis_told

BEGIN = (DeliveryKind.ALERT, DeliveryKind.DRILL)
FOLLOWING = (
    DeliveryKind.ALERT_UPDATE,
    DeliveryKind.ALERT_REPORT,
    DeliveryKind.DRILL_UPDATE,
    DeliveryKind.DRILL_REPORT,
)
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
        await record(session, alert, alert.frozen, MsgType.ALERT, now, over=False)
    kind, priority = _begin_of(alert)
    targets = await rows.targets(session, alert_id)
    await post(session, [_delivery(alert, kind, priority, each, expires) for each in targets], now)
    await begin(session, alert, targets, now)


async def finish(session: AsyncSession, catalogues: Catalogues, alert: Alert, msg_type: MsgType, now: datetime) -> None:
    """What was not begun is not begun any more; every channel that was told, or may have been, hears that it is
    over."""
    await silence(session, alert.id, now)
    told = set(await crisis_told.told_or_in_doubt(session, alert.id, BEGIN))
    kind, priority = _end_of(alert, msg_type)
    targets = [each for each in await rows.targets(session, alert.id) if each.channel_id in told]
    until = now + LATEST_END
    await post(session, [_delivery(alert, kind, priority, each, until) for each in targets], now)
    await tell_end(session, alert, msg_type, now)
    await crisis_told.edit_anew(session, alert.id)
    await queries.touch_card(session, alert.id, now)
    if not alert.imported:
        await record(session, alert, ending(catalogues, alert, msg_type), msg_type, now, over=True)


async def silence(session: AsyncSession, alert_id: int, now: datetime) -> None:
    """An alert is over: what was not begun is not begun any more, and nothing more is written about it."""
    await withdraw(session, (*BEGIN, *FOLLOWING, DeliveryKind.ALERT_END), alert_id, now)
    await crisis_chain.discard_open(session, alert_id)


async def follow(session: AsyncSession, alert: Alert, follow_up: FollowUp, now: datetime) -> None:
    """A message goes to every channel of its alert, and an escalation begins the alert in those that it adds."""
    await crisis_chain.change(session, follow_up.id, sent_at=now)
    said = shown(alert, follow_up, now)
    targets = await rows.targets(session, alert.id)
    there = {each.channel_id for each in targets}
    added = [each for each in follow_up.added if each.channel_id not in there]
    if added:
        await queries.add_targets(session, alert.id, [target_row(each) for each in added])
    if follow_up.kind.changes:
        await queries.change(session, alert.id, expires_at=said.expires_at)
        if not alert.imported:
            await record(session, said, said.frozen, MsgType.UPDATE, now, over=False)
    kind, priority = _following(alert, follow_up.kind)
    first, urgent = _begin_of(alert)
    until = said.expires_at or now + LATEST_END
    deliveries = [_delivery(alert, kind, priority, each, until, follow_up=follow_up) for each in targets]
    deliveries += [_delivery(alert, first, urgent, each, until, follow_up=follow_up) for each in added]
    await post(session, deliveries, now)
    if added:
        await begin(session, said, added, now)
    await tell_what_follows(session, said, follow_up.id, now, urgent=follow_up.kind is not FollowUpKind.REPORT)
    await hurry(session, said, now)
    await queries.touch_card(session, alert.id, now)


async def record(
    session: AsyncSession,
    alert: Alert,
    texts: Mapping[str, AlertText],
    msg_type: MsgType,
    now: datetime,
    *,
    over: bool,
) -> None:
    """The CAP message of what is published now. Published messages are never changed."""
    earlier = await crisis_messages.messages(session, alert.id)
    references = [Reference(each.sender, each.identifier, each.sent) for each in earlier]
    going = replace(alert, state=AlertState.BROADCASTING)
    message = message_of(going, texts, msg_type, now.replace(microsecond=0), references, over=over)
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


async def tell_everybody(
    session: AsyncSession, alert_id: int, now: datetime, follow_up: FollowUp | None = None
) -> None:
    """An override, of an alert or of what follows it, is told to every server's coordinators at once."""
    number = f"{follow_up.id}:" if follow_up else ""
    deliveries = [
        NewDelivery(
            DeliveryKind.ALERT_OVERRIDE,
            alert_id,
            Target.channel(place.coordinators_channel_id, place.id),
            f"alert:{alert_id}:override:{number}{place.id}",
            language=place.language,
            priority=Priority.ALERT,
            not_after=now + timedelta(days=1),
            payload={"follow_up": follow_up.id} if follow_up else {},
        )
        for place in await crisis_places.places(session)
        if place.coordinators_channel_id is not None
    ]
    await post(session, deliveries, now)


def _begin_of(alert: Alert) -> tuple[DeliveryKind, Priority]:
    return (DeliveryKind.DRILL, Priority.DRILL) if alert.drill else (DeliveryKind.ALERT, Priority.ALERT)


def _following(alert: Alert, kind: FollowUpKind) -> tuple[DeliveryKind, Priority]:
    report = kind is FollowUpKind.REPORT
    if alert.drill:
        return (DeliveryKind.DRILL_REPORT if report else DeliveryKind.DRILL_UPDATE), Priority.DRILL
    return (DeliveryKind.ALERT_REPORT, Priority.ESCALATION) if report else (DeliveryKind.ALERT_UPDATE, Priority.ALERT)


def _end_of(alert: Alert, msg_type: MsgType) -> tuple[DeliveryKind, Priority]:
    if alert.drill:
        return DeliveryKind.DRILL_END, Priority.DRILL
    if msg_type is MsgType.CANCEL:
        return DeliveryKind.ALERT_CANCEL, Priority.CANCEL
    return DeliveryKind.ALERT_END, Priority.ALERT


def _delivery(
    alert: Alert,
    kind: DeliveryKind,
    priority: Priority,
    target: AlertTarget,
    until: datetime,
    *,
    follow_up: FollowUp | None = None,
) -> NewDelivery:
    number = f"{follow_up.id}:" if follow_up and kind in FOLLOWING else ""
    return NewDelivery(
        kind,
        alert.id,
        Target.channel(target.channel_id, target.server_id),
        f"alert:{alert.id}:{kind}:{number}{target.channel_id}",
        language=target.language,
        priority=priority,
        not_after=until,
        payload={"follow_up": follow_up.id} if follow_up else {},
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
