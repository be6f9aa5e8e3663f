"""The least that sends: the outbox, its sender and a client that is logged in; no gateway, no commands, no readiness.

`main` is a process's whole life (`tests.wire.zygote`). The switches in it are faults of the harness's own making, to
show that it can see: they stand between the sender and discord.py, and know neither.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import discord
import structlog
from sqlalchemy import update

from bot.domain.outbox import Delivery, DeliveryKind, Dropped, Outcome, mark
from bot.messenger import Desk, Outgoing, Pacer, Sender, pacing
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import AsyncSession, Database
from db.errors import DatabaseInUse
from db.lock import SpeakerLock
from db.tables import DeliveryRow
from tests.wire import payloads
from tests.wire.hooks import point_discord_py_at

log = structlog.get_logger("twincord.wire")

KIND = DeliveryKind.QUESTION_NEWS
"""Any kind: the composer here is our own."""
SHORT_WAIT = 0.02


class Switch(StrEnum):
    """A sender that is broken on purpose."""

    NO_NONCE = "no nonce"
    """Each try has a nonce of its own, as discord.py makes one unless told."""
    NO_LOOK = "no look at the history"
    """What it finds in a channel's history is never its own."""
    MARK_FIRST = "mark before send"
    """A delivery counts as sent before it is."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a life needs to know.

    `ahead`: by so many seconds its clock is ahead of this machine's. `leaps`: where there is nothing to do before some
    moment, its clock leaps there.
    """

    base: str
    gateway: str
    token: str
    database: str
    ahead: float = 0.0
    leaps: bool = False
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
    database, clock = Database(orders.database), Clock(timedelta(seconds=orders.ahead))
    async with await speaker(database), Client(database, orders.switch) as client:
        outbox = OutboxService(Work(database), clock)
        outbox.on_settled(KIND, take_note)
        sender = Sender(client, outbox, cast(Desk, None), {KIND: compose, DeliveryKind.UNDELIVERED: complain})
        await asyncio.gather(client.login(orders.token), outbox.take_over(sender.owner))
        while (due := await run_due(sender, clock)) is not None:
            await clock.until(due, leap=orders.leaps)
    await database.close()


async def run_due(sender: Sender, clock: Clock) -> datetime | None:
    """What the ticker does: whatever fails is tried again."""
    try:
        return await sender.run_due(clock())
    except Exception:
        log.exception("the sender failed")
        return clock()


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


@dataclass
class Clock:
    """A clock that is ahead of this machine's."""

    ahead: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def until(self, moment: datetime, *, leap: bool) -> None:
        """Wait until then, or be there."""
        wait = (moment - self()).total_seconds()
        if leap and wait > 1:
            self.ahead += timedelta(seconds=wait)
        else:
            await asyncio.sleep(min(max(wait, SHORT_WAIT), 1.0))


async def compose(_desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The text that the delivery was given; two in three have a button by which it is found again."""
    if delivery.payload.get("withdrawn") and delivery.attempts > 1:
        return Dropped("withdrawn")
    view = None
    if delivery.payload["button"]:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Seen", custom_id=f"seen:{mark(delivery.id)}"))
    return Outgoing(content=delivery.payload["text"], view=view)


async def take_note(session: AsyncSession, delivery: Delivery, _outcome: Outcome, _now: datetime) -> None:
    """What a service might do in the transaction that settles: it looks the delivery up."""
    assert await session.get(DeliveryRow, delivery.id) is not None


async def complain(_desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """What coordinators are told about somewhere that cannot be reached."""
    return Outgoing(content=f"Undelivered {delivery.id}")


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
            case Switch.NO_LOOK:
                return _Blind(state=place._state, id=place.id, guild_id=place.guild_id, type=place.type)
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


class _Blind(discord.PartialMessageable):
    async def history(self, **_: Any) -> AsyncIterator[discord.Message]:
        stranger = payloads.user(1, "Somebody")
        somewhere = payloads.message(discord.utils.time_snowflake(discord.utils.utcnow()), self.id, stranger, {})
        yield discord.Message(state=self._state, channel=self, data=somewhere)  # type: ignore[arg-type]
