"""The sender: takes what is due from the outbox, has it composed, and sends it, several at a time."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import discord
import structlog

from bot.domain.errors import Unavailable
from bot.domain.outbox import NONCE_MARGIN, Delivery, DeliveryKind, Outcome
from bot.messenger.outgoing import Compose, Desk
from bot.messenger.trying import LeaseLost, Trying
from bot.services.outbox import OutboxService

log = structlog.get_logger("twincord.outbox")

IN_FLIGHT = 16
"""Sends at a time: enough for 50 requests a second where each takes a third of a second."""
GRACE = 5.0
"""Seconds for what is in flight when we are told to stop."""


class Sender:
    """One for each process that speaks. It needs a client that is logged in; it does not wait until it is ready.

    `chance` gives numbers from 0 to 1; `margin` is how long Discord surely knows a nonce.
    """

    def __init__(
        self,
        client: discord.Client,
        outbox: OutboxService,
        desk: Desk,
        composers: Mapping[DeliveryKind, Compose],
        *,
        chance: Callable[[], float] = random.random,
        owner: str | None = None,
        margin: timedelta = NONCE_MARGIN,
    ) -> None:
        self.client = client
        self.outbox = outbox
        self.desk = desk
        self.composers = composers
        self.chance = chance
        self.margin = margin
        self.owner = owner or secrets.token_hex(8)
        self.stopping = False
        self.in_flight: set[asyncio.Task[None]] = set()

    async def run_due(self, now: datetime) -> datetime | None:
        """Send whatever is due, until nothing is; when there is more, None where there is nothing."""
        try:
            while not self.stopping:
                await self._take()
                if not self.in_flight:
                    break
                await asyncio.wait(self.in_flight, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._land()
        return None if self.stopping else await self.outbox.next_due()

    async def stop(self) -> None:
        """Nothing new is begun; what is in flight is given a few seconds. What is cut off is in doubt, and looked for
        by whoever speaks next."""
        self.stopping = True
        if self.in_flight:
            _, late = await asyncio.wait(set(self.in_flight), timeout=GRACE)
            for task in late:
                task.cancel()

    async def _take(self) -> None:
        free = IN_FLIGHT - len(self.in_flight)
        if self.in_flight and free < IN_FLIGHT / 2:
            return
        for delivery in await self.outbox.take(self.owner, free):
            # Told to stop while we waited for the database: nothing of it was tried.
            work = self._put_back(delivery) if self.stopping else self._deliver(delivery)
            task = asyncio.create_task(work, name=f"delivery-{delivery.id}")
            self.in_flight.add(task)
            task.add_done_callback(self.in_flight.discard)

    async def _land(self) -> None:
        while self.in_flight:
            await asyncio.wait(set(self.in_flight))

    async def _put_back(self, delivery: Delivery) -> None:
        await self.outbox.put_back(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            trying = Trying(self.client, self.outbox, self.desk, self.composers, self.chance, self.margin)
            outcome = await trying.once(delivery)
            settled = await self.outbox.settle(delivery, outcome)
        except LeaseLost:
            log.warning("lease lost", delivery=delivery.id)
        except Unavailable as error:
            # Its lease will end, and then it is looked for before it is sent again.
            log.warning("delivery not settled", delivery=delivery.id, problem=str(error))
        except Exception:
            log.exception("delivery not settled", delivery=delivery.id)
        else:
            _tell(delivery, outcome, settled=settled)


def _tell(delivery: Delivery, outcome: Outcome, *, settled: bool) -> None:
    # Who it was for is not written down: she may be somebody whom nobody is to see.
    log.info(
        "delivery",
        delivery=delivery.id,
        kind=delivery.kind.value,
        subject=delivery.subject,
        outcome=type(outcome).__name__,
        attempts=delivery.attempts,
        reason=getattr(outcome, "error", None) or getattr(outcome, "why", None) or getattr(outcome, "code", None),
        settled=settled,
    )
