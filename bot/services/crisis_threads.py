"""Threads under alerts: opened once every channel has been told, and never twice; the end is said in them too.

What was opened or refused is put on record afterwards, so a stop in between is found out by trying again: Discord says
that the message has its thread, which has the message's own id.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alert_log import LOGGED
from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_threads import Opened, ToOpen, refusal_of
from bot.domain.outbox import Delivery, DeliveryKind, NewDelivery, Outcome, Priority, Sent, Target
from bot.services import crisis_rows as rows
from bot.services.crisis import CARD_PAUSE, CrisisService
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import crisis as crisis_queries
from db.queries import crisis_threads as queries

END = {
    DeliveryKind.ALERT_END: DeliveryKind.ALERT_THREAD_END,
    DeliveryKind.ALERT_CANCEL: DeliveryKind.ALERT_THREAD_END,
    DeliveryKind.DRILL_END: DeliveryKind.DRILL_THREAD_END,
}
LATEST = timedelta(days=1)
"""After so long the end is not said in the thread any more: above it everybody reads it."""


@dataclass(frozen=True, slots=True)
class CrisisThreads:
    """Keeps account of threads. Discord is spoken to by `bot.messenger.threads`."""

    work: Work
    clock: Clock
    crisis: CrisisService

    async def next(self, but: Collection[tuple[int, int]] = ()) -> ToOpen | None:
        """The next message under which a thread is to be opened now, looked up afresh: not while anything of its alert
        waits, and not once that is over. `but` are those that are left alone for now."""
        async with self.work.read() as session:
            row = await queries.next_due(session, LOGGED, Priority.ALERT, self.clock(), but)
            if row is None:
                return None
            alert = self.crisis.spoken(await rows.find(session, row.alert_id))
        return ToOpen(alert, row.server_id, row.channel_id, row.message_id, row.language)

    async def opened(self, one: ToOpen, thread_id: int) -> None:
        """The thread is there. Where the alert ended meanwhile, that is said in it."""
        await self._note(one, thread_id=thread_id)

    async def refused(self, one: ToOpen, code: int) -> None:
        """Discord will not have it; it is not tried again, and the card shows it."""
        await self._note(one, code=code)

    async def _note(self, one: ToOpen, *, thread_id: int | None = None, code: int | None = None) -> None:
        now = self.clock()
        async with self.work.begin() as session:
            new = await queries.note(session, one.alert.id, one.channel_id, thread_id=thread_id, code=code, now=now)
            if not new:
                return
            if thread_id is not None:
                thread = Target.channel(thread_id, one.server_id)
                ends = await queries.ends_said(session, one.alert.id, one.channel_id)
                await post(
                    session, [_end(one.alert.id, DeliveryKind(kind), thread, one.language, now) for kind in ends], now
                )
            await crisis_queries.touch_card(session, one.alert.id, now + CARD_PAUSE)
            wake_after(session)

    async def ended(self, delivery: Delivery) -> Alert | None:
        """The alert whose end is about to be said in its thread; None where something newer is to be said of it."""
        async with self.work.read() as session:
            alert = self.crisis.spoken(await rows.find(session, delivery.subject))
        newer = alert.state is AlertState.CANCELLED and delivery.payload.get("end") != DeliveryKind.ALERT_CANCEL
        return None if newer else alert


async def of_alert(session: AsyncSession, alert_id: int) -> tuple[Opened, ...]:
    """The threads of an alert, and those that were refused."""
    return tuple(
        Opened(row.server, row.channel_id, row.thread_id, refusal_of(row.code) if row.code else None, row.at)
        for row in await queries.of_alert(session, alert_id)
    )


async def follow_end(session: AsyncSession, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """The end was told in a channel: it is said in the thread there too. To be called in the settling transaction."""
    channel_id = delivery.target.channel_id
    if delivery.kind not in END or not isinstance(outcome, Sent) or channel_id is None:
        return
    thread_id = await queries.thread_in(session, delivery.subject, channel_id)
    if thread_id is not None and delivery.target.server_id is not None:
        thread = Target.channel(thread_id, delivery.target.server_id)
        await post(session, [_end(delivery.subject, delivery.kind, thread, delivery.language, now)], now)


def _end(alert_id: int, kind: DeliveryKind, thread: Target, language: str | None, now: datetime) -> NewDelivery:
    return NewDelivery(
        END[kind],
        alert_id,
        thread,
        f"alert:{alert_id}:thread:{kind}:{thread.id}",
        language=language,
        not_after=now + LATEST,
        payload={"end": kind.value},
        sequence=f"alert:{alert_id}",
    )
