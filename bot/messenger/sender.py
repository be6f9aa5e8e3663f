"""The sender: takes what is due from the outbox, has it composed, and sends it, several at a time."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
import discord
import structlog

from bot.domain.errors import Unavailable
from bot.domain.outbox import (
    SEND_LIMIT,
    Again,
    Delivery,
    DeliveryKind,
    Dropped,
    Late,
    Outcome,
    Refused,
    Sent,
    TargetKind,
    backoff,
)
from bot.messenger.answers import outcome_of
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.services.outbox import OutboxService

log = structlog.get_logger("twincord.outbox")

IN_FLIGHT = 16
"""Sends at a time: enough for 50 requests a second where each takes a third of a second."""
GRACE = 5.0
"""Seconds for what is in flight when we are told to stop."""


class Sender:
    """One for each process that speaks. It needs a client that is logged in; it does not wait until it is ready."""

    def __init__(
        self,
        client: discord.Client,
        outbox: OutboxService,
        desk: Desk,
        composers: Mapping[DeliveryKind, Compose],
        *,
        chance: Callable[[], float] = random.random,
        owner: str | None = None,
    ) -> None:
        self.client = client
        self.outbox = outbox
        self.desk = desk
        self.composers = composers
        self.chance = chance
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
        """Nothing new is begun; what is in flight is given a few seconds."""
        self.stopping = True
        if self.in_flight:
            await asyncio.wait(set(self.in_flight), timeout=GRACE)

    async def _take(self) -> None:
        free = IN_FLIGHT - len(self.in_flight)
        if self.in_flight and free < IN_FLIGHT / 2:
            return
        for delivery in await self.outbox.take(self.owner, free):
            task = asyncio.create_task(self._deliver(delivery), name=f"delivery-{delivery.id}")
            self.in_flight.add(task)
            task.add_done_callback(self.in_flight.discard)

    async def _land(self) -> None:
        while self.in_flight:
            await asyncio.wait(set(self.in_flight))

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            outcome = await self._try(delivery)
            settled = await self.outbox.settle(delivery, outcome)
        except Unavailable as error:
            # Its lease will end, and then it is looked for before it is sent again.
            log.warning("delivery not settled", delivery=delivery.id, problem=str(error))
            return
        log.info("delivery", delivery=delivery.id, kind=delivery.kind, outcome=type(outcome).__name__, settled=settled)

    async def _try(self, delivery: Delivery) -> Outcome:
        now = self.outbox.clock()
        if delivery.expired(now):
            return Late()
        try:
            composed = await self.composers[delivery.kind](self.desk, delivery)
        except Unavailable:
            raise
        except Exception:
            log.exception("not composed", delivery=delivery.id, kind=delivery.kind)
            return Again(now + backoff(delivery.attempts, self.chance()), delivery.in_doubt_since, "not_composed")
        if isinstance(composed, Dropped):
            return composed
        place = await self._place(delivery)
        if place is None:
            return Refused(0)
        return await self._send(delivery, composed, place)

    async def _place(self, delivery: Delivery) -> int | None:
        if delivery.target.kind is TargetKind.MEMBER:
            return await self.outbox.direct_channel(delivery.target.id)
        return delivery.target.id

    async def _send(self, delivery: Delivery, message: Outgoing, place: int) -> Outcome:
        channel = self.client.get_partial_messageable(place)
        try:
            async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
                sent = await channel.send(nonce=delivery.id, **message.parts())
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return outcome_of(error, delivery, place, now=self.outbox.clock(), chance=self.chance())
        return Sent(sent.id, place)
