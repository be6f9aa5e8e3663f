"""The least that sends: the outbox, its sender and a client that is logged in; no gateway, no commands, no readiness.

`main` is a process's whole life (`tests.wire.zygote`). The switches in it are faults of the harness's own making, to
show that it can see: they stand between the sender and discord.py, and know neither.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import discord
from sqlalchemy import update

from bot.domain.outbox import Delivery, DeliveryKind, Dropped, mark
from bot.messenger import Desk, Outgoing, Pacer, Sender, pacing
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import Database
from db.errors import DatabaseInUse
from db.lock import SpeakerLock
from db.tables import DeliveryRow
from tests.wire.hooks import point_discord_py_at

KIND = DeliveryKind.UNDELIVERED
"""Any kind: the composer here is our own."""
SHORT_WAIT = 0.02


class Switch(StrEnum):
    """A sender that is broken on purpose."""

    NO_NONCE = "no nonce"
    """Each try has a nonce of its own, as discord.py makes one unless told."""
    MARK_FIRST = "mark before send"
    """A delivery counts as sent before it is."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a life needs to know. `ahead`: by so many seconds its clock is ahead of this machine's."""

    base: str
    gateway: str
    token: str
    database: str
    ahead: float = 0.0
    switch: Switch | None = None

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def main(orders: dict[str, Any]) -> None:
    """Send until nothing is left to send."""
    asyncio.run(send_all(Orders(**orders)))


async def send_all(orders: Orders) -> None:
    """Become the speaker, take over what the last one left, and send until nothing is left."""
    point_discord_py_at(orders.base, orders.gateway)
    database = Database(orders.database)
    async with await speaker(database), Client(database, orders.switch) as client:
        outbox = OutboxService(Work(database), clock_ahead(orders.ahead))
        sender = Sender(client, outbox, cast(Desk, None), {KIND: compose})
        await asyncio.gather(client.login(orders.token), outbox.take_over(sender.owner))
        while (due := await sender.run_due(outbox.clock())) is not None:
            wait = (due - outbox.clock()).total_seconds()
            await asyncio.sleep(min(max(wait, SHORT_WAIT), 1.0))
    await database.close()


async def speaker(database: Database) -> SpeakerLock:
    """The speaker's lock, once PostgreSQL has noticed that its last holder is dead."""
    lock = SpeakerLock(database)
    while True:
        try:
            await lock.acquire()
        except DatabaseInUse:
            await asyncio.sleep(SHORT_WAIT)
        else:
            return lock


def clock_ahead(seconds: float) -> Callable[[], datetime]:
    """A clock that is ahead of this machine's."""
    ahead = timedelta(seconds=seconds)
    return lambda: datetime.now(UTC) + ahead


async def compose(_desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The text that the delivery was given; every second one has a button by which it is found again."""
    view = None
    if delivery.payload["button"]:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Seen", custom_id=f"seen:{mark(delivery.id)}"))
    return Outgoing(content=delivery.payload["text"], view=view)


class Client(discord.Client):
    """Paced as the bot is, and broken as the switch says."""

    def __init__(self, database: Database, switch: Switch | None) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=pacing(Pacer()),
        )
        self.database = database
        self.switch = switch

    def get_partial_messageable(self, id: int, **more: Any) -> discord.PartialMessageable:  # noqa: A002
        """A channel, through which the sender speaks."""
        place = super().get_partial_messageable(id, **more)
        match self.switch:
            case Switch.NO_NONCE:
                return _change(place, self._without_nonce)
            case Switch.MARK_FIRST:
                return _change(place, self._marked)
            case _:
                return place

    async def _without_nonce(self, parts: dict[str, Any]) -> dict[str, Any]:
        return parts | {"nonce": secrets.randbits(60)}

    async def _marked(self, parts: dict[str, Any]) -> dict[str, Any]:
        async with self.database.begin() as session:
            await session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id == int(parts["nonce"]))
                .values(state="sent", owner=None, leased_until=None)
            )
        return parts


def _change(place: discord.PartialMessageable, change: Callable[[dict[str, Any]], Any]) -> discord.PartialMessageable:
    class Changed(discord.PartialMessageable):
        async def send(self, *text: Any, **parts: Any) -> Any:
            return await super().send(*text, **await change(parts))

    return Changed(state=place._state, id=place.id, guild_id=place.guild_id, type=place.type)
