"""Targets of deliveries: where each is now, and what follows where Discord refuses one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.outbox import (
    Delivery,
    DeliveryKind,
    NewDelivery,
    Place,
    Priority,
    Refused,
    Target,
    TargetKind,
)
from db.engine import AsyncSession
from db.queries import refusals as queries


async def place_of(session: AsyncSession, delivery: Delivery, now: datetime) -> Place:
    """Where a delivery would go now, and whether anything speaks against it."""
    target = delivery.target
    if target.kind is not TargetKind.MEMBER:
        refusal = await queries.channel_refusal(session, target.id)
        left = target.server_id is not None and await queries.has_left(session, target.server_id)
        barred = "server_left" if left else None
        code, at = refusal or (None, None)
        return Place(target.id, code, at, barred)
    row = await queries.member_place(session, target.id)
    if row is None:
        return Place(None, barred="member_gone")
    barred = None if row.here else "member_left"
    if row.paused_until is not None and row.paused_until > now and delivery.priority is Priority.ORDINARY:
        barred = "paused"
    return Place(row.direct_channel_id, row.code, row.at, barred)


async def refused(session: AsyncSession, delivery: Delivery, outcome: Refused, now: datetime) -> Sequence[NewDelivery]:
    """Remember what Discord refused; what is to be said instead, and to the coordinators, once."""
    more = []
    if outcome.to_remember:
        kind, target = delivery.target.kind, delivery.target
        refusal_id = await queries.remember(
            session,
            channel_id=None if kind is TargetKind.MEMBER else target.id,
            member_id=target.member_id,
            code=outcome.code,
            now=now,
        )
        if refusal_id is not None:
            more += await _told(session, delivery, outcome.code, refusal_id)
    return [*more, *await _instead(session, delivery)]


async def reached(session: AsyncSession, delivery: Delivery) -> None:
    """Something arrived there: whatever refusal was remembered is over."""
    kind, target = delivery.target.kind, delivery.target
    channel_id = None if kind is TargetKind.MEMBER else target.id
    await queries.forget(session, channel_id=channel_id, member_id=target.member_id)


async def _instead(session: AsyncSession, delivery: Delivery) -> list[NewDelivery]:
    """The check-in channel of the member's city, where she cannot be reached directly and that is wanted."""
    member_id = delivery.target.member_id
    if not delivery.fallback or member_id is None:
        return []
    near = await queries.checkin_channel_near(session, member_id)
    if near is None:
        return []
    return [
        NewDelivery(
            delivery.kind,
            delivery.subject,
            Target.channel(near.channel_id, near.server_id),
            f"{delivery.dedupe_key}:instead"[:200],
            language=near.language,
            priority=delivery.priority,
            not_after=delivery.not_after,
            payload=delivery.payload,
            instead_of=member_id,
        )
    ]


async def _told(session: AsyncSession, delivery: Delivery, code: int, refusal_id: int) -> list[NewDelivery]:
    """To the coordinators of the server that the channel is in, or that the member is in."""
    target = delivery.target
    if target.member_id is not None:
        near = await queries.coordinators_of_member(session, target.member_id)
    elif target.server_id is not None:
        near = await queries.coordinators_of_server(session, target.server_id)
    else:
        return []
    if near is None or near.channel_id == target.channel_id:
        return []
    return [
        NewDelivery(
            DeliveryKind.UNDELIVERED,
            refusal_id,
            Target.channel(near.channel_id, near.server_id),
            f"undelivered:{refusal_id}",
            language=near.language,
            payload={"code": code, "channel_id": target.channel_id},
        )
    ]
