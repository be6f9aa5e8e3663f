"""How the outbox is, for coordinators and for whoever watches over the bot; and trying again what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Actor, Right
from bot.domain.deliveries import DeliveriesStatus, Troubled
from bot.domain.outbox import DeliveryKind, DeliveryState, RefusalReason, reason_of
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.queries import audit
from db.queries import deliveries as queries

LOOK_BACK = timedelta(days=30)
"""Of what is settled, so much is shown, and may be tried again."""
SHOWN = 10


@dataclass(frozen=True, slots=True)
class DeliveriesService:
    """A server's coordinators see its channels and its members; network coordinators everything."""

    work: Work
    clock: Clock

    async def status(self, actor: Actor) -> DeliveriesStatus:
        """How the outbox is, as far as she may see. Raises `Forbidden` for whoever coordinates nothing here."""
        scope = _scope(actor)
        now = self.clock()
        async with self.work.read() as session:
            counts = await queries.counts(session, server_id=scope, now=now, since=now - LOOK_BACK)
            rows = await queries.troubled(session, server_id=scope, since=now - LOOK_BACK, most=SHOWN)
        return _status(counts, rows)

    async def figures(self) -> DeliveriesStatus:
        """The same of everything, for whoever watches over the bot."""
        now = self.clock()
        async with self.work.read() as session:
            counts = await queries.counts(session, server_id=None, now=now, since=now - LOOK_BACK)
        return _status(counts, ())

    async def retry(self, actor: Actor, *, uncertain: bool) -> int:
        """Try again what was refused, and where she says so what is `uncertain` and may be said twice; how many.

        What is too late by now stays, and so does what was said in a channel instead. Raises `Forbidden`.
        """
        scope = _scope(actor)
        now = self.clock()
        states = [DeliveryState.REFUSED, *([DeliveryState.UNKNOWN] if uncertain else [])]
        async with self.work.begin() as session:
            number = await queries.put_back(session, server_id=scope, states=states, now=now, since=now - LOOK_BACK)
            if number:
                wake_after(session)
                await audit.record(
                    session,
                    at=now,
                    actor_id=actor.user_id,
                    server_id=scope,
                    action="deliveries.retry",
                    details={"number": number, "uncertain": uncertain},
                )
        return number


def _scope(actor: Actor) -> int | None:
    """The server whose deliveries she sees; None for all."""
    if actor.is_network_coordinator:
        return None
    actor.require(Right.SERVER_COORDINATOR)
    return actor.server_id


def _status(counts: Sequence[queries.CountRow], rows: Sequence[queries.TroubledRow]) -> DeliveriesStatus:
    kinds: dict[DeliveryKind, Counter[DeliveryState]] = {}
    states: Counter[DeliveryState] = Counter()
    refused: Counter[RefusalReason] = Counter()
    for row in counts:
        state = DeliveryState(row.state)
        states[state] += row.n
        kinds.setdefault(DeliveryKind(row.kind), Counter())[state] += row.n
        if state is DeliveryState.REFUSED:
            refused[reason_of(row.code or 0)] += row.n
    due = [row for row in counts if row.due]
    waiting = sum(row.n for row in due)
    return DeliveriesStatus(
        states=states,
        kinds=kinds,
        refused=refused,
        later=states[DeliveryState.PENDING] - waiting,
        waiting=waiting,
        oldest=min((row.since for row in due if row.since is not None), default=None),
        troubled=tuple(map(_troubled, rows)),
    )


def _troubled(row: queries.TroubledRow) -> Troubled:
    refused = row.state == DeliveryState.REFUSED
    reason = reason_of(row.code or 0) if refused else None
    # A direct channel would say who is behind it to whoever finds it in her own Discord.
    channel_id = None if row.direct else row.channel_id
    assert row.settled_at is not None
    return Troubled(DeliveryKind(row.kind), reason, channel_id, row.member, row.settled_at)
