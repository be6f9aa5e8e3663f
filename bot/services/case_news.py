"""What people are told of cases, written down in the transaction that decides it (`bot.services.outbox`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.adaptations import Adaptation
from bot.domain.cases import Case
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.services.outbox import post
from db.engine import AsyncSession
from db.queries import case_people as people

LATE = timedelta(days=14)
"""After so long nobody is asked or told any more: it stands in `/case drafts`, and on the posts."""


async def submitted(session: AsyncSession, case: Case, now: datetime) -> None:
    """To the coordinators of its server, where they have a channel: a case waits."""
    key = f"case_submitted:{case.id}:{now:%Y%m%dT%H%M%S}"
    await _write_to_coordinators(session, DeliveryKind.CASE_SUBMITTED, case, key, now)


async def decided(session: AsyncSession, case: Case, now: datetime) -> None:
    """To whoever looks after it, where she allowed messages: what the coordinators decided."""
    key = f"case_decided:{case.id}:{now:%Y%m%dT%H%M%S}"
    message = _Message(DeliveryKind.CASE_DECIDED, case.id, key, {"state": case.state.value})
    await _write(session, case.owner_user_id, message, now)


async def adapted(session: AsyncSession, case: Case, adaptation: Adaptation, now: datetime) -> None:
    """To whoever looks after it: another city took it up."""
    message = _Message(DeliveryKind.CASE_ADAPTED, adaptation.id, f"case_adapted:{adaptation.id}")
    await _write(session, case.owner_user_id, message, now)


async def asked(session: AsyncSession, adaptation: Adaptation, months: int, now: datetime) -> None:
    """To whoever told of an adaptation: what came of it?"""
    key = f"adaptation_asked:{adaptation.id}:{months}"
    message = _Message(DeliveryKind.ADAPTATION_ASKED, adaptation.id, key, {"months": months}, must=True)
    await _write(session, adaptation.user_id, message, now)


async def verify(session: AsyncSession, case: Case, now: datetime) -> None:
    """To whoever looks after it: does it still hold? Where nobody does, to the coordinators of its server."""
    assert case.verify_by is not None
    key = f"case_verify:{case.id}:{case.verify_by:%Y%m%d}"
    if case.owner_user_id is None:
        await _write_to_coordinators(session, DeliveryKind.CASE_VERIFY, case, key, now)
        return
    await _write(session, case.owner_user_id, _Message(DeliveryKind.CASE_VERIFY, case.id, key, must=True), now)


async def pilot(session: AsyncSession, case: Case, now: datetime) -> None:
    """To whoever looks after a debrief: what came of its pilot?"""
    key = f"case_pilot:{case.id}:{case.content.pilot_on:%Y%m%d}"
    await _write(session, case.owner_user_id, _Message(DeliveryKind.CASE_PILOT, case.id, key, must=True), now)


@dataclass(frozen=True, slots=True)
class _Message:
    """What is said. `must`: where she cannot be reached directly, she is spoken to in her city's channel."""

    kind: DeliveryKind
    subject: int
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)
    must: bool = False


async def _write(session: AsyncSession, user_id: int | None, message: _Message, now: datetime) -> None:
    member = await people.member(session, user_id) if user_id else None
    if member is None or not (message.must or member.direct):
        return
    delivery = NewDelivery(
        message.kind,
        message.subject,
        Target.member(member.id),
        message.key,
        language=member.language,
        not_after=now + LATE,
        payload=message.payload,
        fallback=message.must,
    )
    await post(session, [delivery], now)


async def _write_to_coordinators(
    session: AsyncSession, kind: DeliveryKind, case: Case, key: str, now: datetime
) -> None:
    if case.server_id is None:
        return
    channel_id = await people.coordinators_channel(session, case.server_id)
    if channel_id is not None:
        target = Target.channel(channel_id, case.server_id)
        await post(session, [NewDelivery(kind, case.id, target, key, not_after=now + LATE)], now)
