"""The outbox: what the bot is to say on its own is written down in the transaction that decides it, and sent later.

`post` writes it down. A sender (`bot.messenger`) takes what is due with `take`, and says with `settle` what became of
each. Nothing here speaks to Discord.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.deliveries import Unreached
from bot.domain.outbox import (
    COUNTED,
    FIRST_BACKOFF,
    KEPT,
    LEASE,
    UNSETTLED,
    Again,
    Delivery,
    DeliveryKind,
    Dropped,
    InDoubt,
    NewDelivery,
    Outcome,
    Place,
    Priority,
    Refused,
    Sent,
    Target,
    TargetKind,
    state_after,
)
from bot.services.outbox_targets import place_of, reached, refused
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import outbox as queries
from db.queries import refusals

Hook = Callable[[AsyncSession, Delivery, Outcome, datetime], Awaitable[None]]
"""Called in the transaction that settles a delivery for good; it may read, write, and `post` more."""


async def post(session: AsyncSession, deliveries: Iterable[NewDelivery], now: datetime) -> None:
    """Write down what is to be said, in the transaction that decides it; it is sent as soon as that is committed.

    A delivery whose dedupe key is there already is left out. What was tried before it in its sequence, and is not
    settled, becomes as urgent as it.
    """
    rows = [_row(each, now) for each in deliveries]
    if rows:
        await queries.insert(session, rows)
        for priority in sorted({row["priority"] for row in rows}, reverse=True):
            keys = {row["order_key"] for row in rows if row["priority"] == priority and row["order_key"]}
            await queries.hurry(session, sorted(keys), priority, now)
        wake_after(session)


async def withdraw(session: AsyncSession, kinds: Iterable[DeliveryKind], subject: int, now: datetime) -> int:
    """Cancel what still waits about a subject and was never tried; how many.

    What is being sent, or may have been, is left to its sender, who asks the composer again before each try.
    """
    return await queries.withdraw(session, list(kinds), subject, now)


@dataclass(frozen=True, slots=True)
class OutboxService:
    """Hands out deliveries, and puts on record what became of them. `lease` is how long a sender may keep one."""

    work: Work
    clock: Clock
    lease: timedelta = LEASE
    hooks: dict[DeliveryKind, Hook] = field(default_factory=dict)

    def on_settled(self, kind: DeliveryKind, hook: Hook) -> None:
        """Let a service be told, in the same transaction, when a delivery of this kind is settled for good."""
        assert kind not in self.hooks, kind
        self.hooks[kind] = hook

    async def take(self, owner: str, most: int) -> list[Delivery]:
        """Take what goes first, at most so many. Of one target's sequence, only the first."""
        now = self.clock()
        async with self.work.begin() as session:
            rows = await queries.take(session, owner=owner, now=now, leased_until=now + self.lease, most=most)
        return [_delivery(row, now) for row in rows]

    async def settle(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Put on record what became of a try. False where the lease was lost: another sender has it now."""
        now = self.clock()
        async with self.work.begin() as session:
            columns = _columns(outcome, now)
            if not await queries.settle(session, delivery.id, delivery.owner, columns):
                return False
            if isinstance(outcome, Again) and outcome.error not in COUNTED:
                # Something more urgent may wait for it since it was taken: its pauses begin anew.
                await queries.not_later(session, delivery.id, now + FIRST_BACKOFF, taken_with=delivery.priority)
            if isinstance(outcome, Refused):
                await post(session, await refused(session, delivery, outcome, now), now)
            elif isinstance(outcome, Sent) and outcome.message_id is not None:
                await reached(session, delivery)
            hook = self.hooks.get(delivery.kind)
            if hook is not None and state_after(outcome) not in UNSETTLED:
                await hook(session, delivery, outcome, now)
        return True

    async def put_back(self, delivery: Delivery) -> None:
        """It was taken, and nothing was tried: it waits again as it did before."""
        async with self.work.begin() as session:
            await queries.settle(
                session,
                delivery.id,
                delivery.owner,
                {
                    "state": "pending",
                    "owner": None,
                    "leased_until": None,
                    "attempts": delivery.attempts - 1,
                    "in_doubt_since": delivery.in_doubt_since,
                },
            )

    async def take_over(self, owner: str) -> None:
        """Whoever spoke before has ended: what it had taken is free. Only for who holds the speaker's lock."""
        async with self.work.begin() as session:
            await queries.end_leases(session, owner, self.clock())

    async def place(self, delivery: Delivery) -> Place:
        """Where it would go now, and whether anything speaks against it."""
        async with self.work.read() as session:
            return await place_of(session, delivery, self.clock())

    async def about_to_send(self, delivery: Delivery, fingerprints: Iterable[str]) -> bool:
        """Put on record by what texts it can be found again. False where the lease was lost: do not send it."""
        columns = {"fingerprints": " ".join(fingerprints)}
        async with self.work.begin() as session:
            return await queries.settle(session, delivery.id, delivery.owner, columns)

    async def known_messages(self, message_ids: Collection[int], but: Delivery) -> frozenset[int]:
        """Those of these messages that are other deliveries."""
        async with self.work.read() as session:
            return await queries.known_messages(session, message_ids, but.id)

    async def refusal(self, refusal_id: int) -> Unreached | None:
        """What Discord refused; None where that is over."""
        async with self.work.read() as session:
            row = await refusals.by_id(session, refusal_id)
        return Unreached(*row) if row else None

    async def sweep(self, now: datetime) -> datetime:
        """Delete what was settled long ago; returns when to do so again. A due-worker (`bot.ticker`)."""
        async with self.work.begin() as session:
            await queries.sweep(session, now - KEPT)
        return now + timedelta(days=1)

    async def next_due(self) -> datetime | None:
        """When there is something to send next, None where there is nothing."""
        async with self.work.read() as session:
            return await queries.next_due(session)


def _row(new: NewDelivery, now: datetime) -> dict[str, Any]:
    return {
        "kind": new.kind,
        "subject": new.subject,
        "target": new.target.kind,
        "server_id": new.target.server_id,
        "channel_id": new.target.channel_id,
        "member_id": new.target.member_id,
        "instead_of": new.instead_of,
        "language": new.language,
        "priority": new.priority,
        "direct": new.target.is_direct,
        "fallback": new.fallback,
        "dedupe_key": new.dedupe_key,
        "order_key": new.order_key,
        "due_at": new.not_before or now,
        "not_after": new.not_after,
        "payload": dict(new.payload),
        "state": "pending",
        "attempts": 0,
        "posted_at": now,
    }


def _delivery(row: queries.TakenRow, now: datetime) -> Delivery:
    kind = TargetKind(row.target)
    identity = row.member_id if kind is TargetKind.MEMBER else row.channel_id
    assert identity is not None
    assert row.owner is not None
    return Delivery(
        id=row.id,
        kind=DeliveryKind(row.kind),
        subject=row.subject,
        target=Target(kind, identity, row.server_id),
        dedupe_key=row.dedupe_key,
        language=row.language,
        priority=Priority(row.priority),
        not_after=row.not_after,
        payload=row.payload,
        fallback=row.fallback,
        instead_of=row.instead_of,
        attempts=row.attempts,
        owner=row.owner,
        taken_at=now,
        in_doubt_since=row.in_doubt_since,
        fingerprints=tuple((row.fingerprints or "").split()),
    )


def _columns(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What settling writes."""
    state = state_after(outcome)
    columns: dict[str, Any] = {"state": state, "owner": None, "leased_until": None}
    if state not in UNSETTLED:
        columns["settled_at"] = now
    match outcome:
        case Sent(message_id, place_id):
            columns |= {"message_id": message_id, "place_id": place_id, "problem": None, "in_doubt_since": None}
        case Refused(code, place_id):
            columns |= {"code": code, "place_id": place_id, "in_doubt_since": None}
        case Again(at, in_doubt_since, error):
            columns |= {"due_at": at, "problem": error[:200], "in_doubt_since": in_doubt_since}
        case Dropped(why) | InDoubt(why):
            columns["problem"] = why[:200]
    return columns
