"""Killing what sends, again and again, and looking afterwards at what each channel shows.

    async with sender_process() as copied, wire_up(url, copied) as wire:
        await wire.post(2_000)
        report = await kill_often(wire, Plan(kills=100), random.Random(7))

Nothing here knows how the sender works: deliveries are written by `bot.services.outbox.post`, lives are ended by
SIGKILL, and what is counted is what the loopback Discord shows.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from bot.domain.outbox import UNSETTLED, NewDelivery, Priority, Target
from bot.services.outbox import post
from db.engine import Database
from db.tables import DeliveryRow, Member, Server
from tests.wire.discord_server import DiscordServer
from tests.wire.ledger import Request
from tests.wire.sending import KIND, Orders, Switch
from tests.wire.zygote import Life, Zygote, zygote

SERVER = 900_000_000_000_000_001
SEND = ("POST", r"/channels/\d+/messages")
LONGER = (0.0, 60.0)
"""Seconds of a restart after which Discord still knows a nonce."""
SHORTER = (400.0, 900.0)
"""Seconds of a restart after which it has forgotten it."""
RATE = 48.0
"""Deliveries a second, about: to spread the kills over all of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How lives end. Discord's clock and ours jump by `restart` seconds (least, most) from one life to the next."""

    kills: int
    restart: tuple[float, float]
    switch: Switch | None = None
    held: float = 0.4
    """The share of kills for which the server holds an answer back, so that they come between its acceptance and our
    commit; the others come at random moments."""
    longest: float = 600.0
    """Seconds that it all may take."""


@dataclass(slots=True)
class Report:
    """What came of it. `between` counts the kills at which the server had accepted something in that life that was not
    on record as sent afterwards."""

    kills: int = 0
    between: int = 0
    lost: int = 0
    doubled: int = 0
    misordered: int = 0
    states: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int | None] = field(default_factory=Counter)
    busiest_second: int = 0
    seconds: float = 0.0

    @property
    def harm(self) -> int:
        """How many were not said exactly once."""
        return self.lost + self.doubled


@dataclass
class Wire:
    """A loopback Discord, a database, and a process that is copied for each life."""

    server: DiscordServer
    database: Database
    zygote: Zygote
    orders: Orders
    expected: dict[int, list[str]] = field(default_factory=dict)
    """What each channel is to show, in order."""
    in_sequence: set[int] = field(default_factory=set)
    """The channels in which the order counts."""

    async def post(self, number: int, each: int = 4, *, priority: Priority = Priority.ORDINARY) -> list[int]:
        """Write down so many deliveries, `each` of them to one channel; in every second channel their order counts.

        Returns the channels.
        """
        channels = self.server.add_channels(-(-number // each))
        self.in_sequence |= set(channels[::2])
        targets = {channel: Target.channel(channel, SERVER) for channel in channels}
        await self._post(number, targets, priority)
        return channels

    async def post_directly(self, number: int) -> list[int]:
        """Write down so many deliveries to members, one each, who allowed direct messages. Returns their channels."""
        targets = {}
        for person in range(number):
            channel = int(self.server.channels.open_direct(str(self.server.new_id()))["id"])
            targets[channel] = Target.member(await self._add_member(f"Member {person}", channel))
        await self._post(number, targets, Priority.ORDINARY)
        return list(targets)

    async def _add_member(self, name: str, channel: int) -> int:
        now = datetime.now(UTC)
        async with self.database.begin() as session:
            values = {"display_name": name, "zone": "Europe/Paris", "created_at": now, "updated_at": now}
            direct = {"direct_messages_at": now, "direct_channel_id": channel}
            added = await session.execute(insert(Member).values(**values, **direct).returning(Member.id))
            return int(added.scalar_one())

    async def _post(self, number: int, targets: Mapping[int, Target], priority: Priority) -> None:
        channels, wanted = list(targets), []
        for count in range(number):
            channel = channels[count % len(channels)]
            text = f"Delivery {count} for {channel}"
            self.expected.setdefault(channel, []).append(text)
            payload = {"text": text, "button": count % 3 > 0}
            sequence = "news" if channel in self.in_sequence else None
            wanted.append(
                NewDelivery(KIND, count, targets[channel], text, priority=priority, payload=payload, sequence=sequence)
            )
        async with self.database.begin() as session:
            await post(session, wanted, datetime.now(UTC))

    async def live(self, **more: Any) -> Life:
        """Start a life that ends when nothing is left to send, with more orders where its program takes them."""
        return await self.zygote.start(self.orders.as_json() | more)

    async def finish(self) -> None:
        """Let a life send what is left. Raises RuntimeError where it ends badly."""
        status = await (await self.live()).ended
        if status:
            raise RuntimeError(f"the sender ended with {status}")
        await self.quiet()

    def pass_time(self, seconds: float) -> None:
        """Let time pass here and at Discord, between two lives."""
        self.orders = replace(self.orders, ahead=self.orders.ahead + seconds)
        self.server.pass_time(seconds)

    async def unsettled(self) -> set[str]:
        """The deliveries that are not settled, by their texts."""
        async with self.database.read() as session:
            found = await session.scalars(select(DeliveryRow.dedupe_key).where(DeliveryRow.state.in_(UNSETTLED)))
            return set(found)

    async def states(self) -> Counter[str]:
        """How many deliveries are in each state."""
        async with self.database.read() as session:
            return Counter(await session.scalars(select(DeliveryRow.state)))

    async def quiet(self) -> None:
        """Wait until the server has done all that arrived, also what a dead process had asked."""
        await self.server.until(lambda: self.server.arrived == len(self.server.requests))

    def audit(self, report: Report) -> Report:
        """Compare what is shown with what was to be shown."""
        shown = self.server.channels.times_shown()
        wanted = [(channel, text) for channel, texts in self.expected.items() for text in texts]
        report.lost = sum(shown[one] == 0 for one in wanted)
        report.doubled = sum(times - 1 for times in shown.values() if times > 1)
        report.misordered = sum(
            list(dict.fromkeys(self.server.channels.shown(channel))) != self.expected[channel]
            for channel in self.in_sequence
        )
        report.statuses = self.server.requests.statuses()
        report.busiest_second = self.server.requests.busiest_second()
        return report


def sender_process(*modules: str) -> AbstractAsyncContextManager[Zygote]:
    """What each life is a copy of: it serves any number of wires, one after the other."""
    return zygote("tests.wire.sending:main", *modules)


@asynccontextmanager
async def wire_up(url: str, copied: Zygote, *, latency: float = 0.05) -> AsyncIterator[Wire]:
    """A wire over a migrated, empty database."""
    async with AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        server = await stack.enter_async_context(DiscordServer(latency=latency))
        stack.push_async_callback(copied.stop)
        async with database.begin() as session:
            await session.execute(
                insert(Server).values(id=SERVER, name="Lyon", language="en", joined_at=datetime.now(UTC))
            )
        yield Wire(server, database, copied, Orders(server.base, server.gateway_url, server.token, url))


async def kill_often(
    wire: Wire, plan: Plan, chance: random.Random, advance: Callable[[Report], None] = lambda _: None
) -> Report:
    """Kill the sender as planned while it sends what was posted; then let it finish, and report.

    `advance` is told after each kill. Raises TimeoutError, and RuntimeError where a life ends by itself and badly.
    """
    report, began = Report(), time.monotonic()
    wire.orders = replace(wire.orders, switch=plan.switch)
    start_up = 0.15
    async with asyncio.timeout(plan.longest):
        while report.kills < plan.kills and (left := await wire.unsettled()):
            spare = len(left) / (plan.kills - report.kills + 1) / RATE
            killing = _Killing(wire, chance, start_up + spare)
            if not await killing.done(held=chance.random() < plan.held):
                break
            start_up = 0.8 * start_up + 0.2 * killing.start_up
            report.kills += 1
            report.between += await killing.between()
            wire.pass_time(chance.uniform(*plan.restart))
            advance(report)
        await wire.finish()
    report.states = await wire.states()
    report.seconds = time.monotonic() - began
    return wire.audit(report)


@dataclass
class _Killing:
    """One life and its end; `mean` seconds long on average where the moment is left to chance."""

    wire: Wire
    chance: random.Random
    mean: float
    start_up: float = 0.0
    before: int = 0

    async def done(self, *, held: bool) -> bool:
        """Whether it was killed; False where it had nothing more to do."""
        self.before, began = len(self.wire.server.requests), time.monotonic()
        life = await self.wire.live()
        if held:
            await self._until_held(life)
        else:
            await asyncio.wait([life.ended], timeout=self.chance.uniform(0, 2 * self.mean))
        by_itself = life.ended.done()
        await life.kill()
        self.wire.server.faults.clear()
        sent = self._accepted()
        self.start_up = (sent[0].at if sent else time.monotonic()) - began
        if by_itself and life.ended.result():
            raise RuntimeError(f"the sender ended with {life.ended.result()}")
        return not by_itself

    async def _until_held(self, life: Life) -> None:
        # Not the first that it sends: any of those that it has time for.
        hold = self.wire.server.hold_answer(*SEND, skip=round(self.chance.expovariate(1 / (self.mean * RATE))))
        reached = asyncio.create_task(hold.reached.wait())
        await asyncio.wait([reached, life.ended], return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        await asyncio.wait([life.ended], timeout=self.chance.uniform(0, 0.03))
        hold.released.set()

    def _accepted(self) -> list[Request]:
        return [one for one in self.wire.server.requests[self.before :] if one.sends and one.status == 200]

    async def between(self) -> bool:
        """Whether the server had accepted something in this life that is not on record."""
        unsettled = await self.wire.unsettled()
        return any(one.body["content"] in unsettled for one in self._accepted())
