"""A loopback Discord, a database, and a process that sends from the one to the other; and what came of it.

    async with sender_process() as copied, wire_up(url, copied) as wire:
        await wire.post(2_000)
        await wire.finish()
        assert wire.audit(Report()).harm == 0

Nothing here knows how the sender works: deliveries are written by `bot.services.outbox.post`, and what is counted is
what the loopback Discord shows. `say` tells many channels one thing with a priority and a sequence, as an alert does,
also while a life is running.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from bot.domain.outbox import UNSETTLED, NewDelivery, Priority, Target
from bot.services.outbox import post
from db.engine import Database
from db.tables import DeliveryRow, Member, Membership, Server
from tests.wire.discord_server import DiscordServer
from tests.wire.sending import KIND, Orders
from tests.wire.zygote import Life, Zygote, zygote

SERVER = 900_000_000_000_000_001
SEND = ("POST", r"/channels/\d+/messages")


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
    orders: Orders
    zygote: Zygote | None = None
    expected: dict[int, list[str]] = field(default_factory=dict)
    """What each channel is to show, in order."""
    must_show: set[int] = field(default_factory=set)
    """The channels that must do so; the others may."""
    in_sequence: set[int] = field(default_factory=set)
    """The channels in which the order counts."""

    async def post(
        self,
        number: int,
        each: int = 4,
        *,
        priority: Priority = Priority.ORDINARY,
        withdrawn: bool = False,
        expected: bool = True,
    ) -> list[int]:
        """Write down so many deliveries, `each` of them to one channel; in every second channel their order counts.

        `withdrawn`: no longer to be said after the first try. `expected`: whether they are to be shown; what is
        withdrawn may be. Returns the channels.
        """
        channels = self.server.add_channels(-(-number // each))
        if expected and not withdrawn:
            self.in_sequence |= set(channels[::2])
            self.must_show |= set(channels)
        targets = {channel: Target.channel(channel, SERVER) for channel in channels}
        await self._post(number, targets, priority, withdrawn=withdrawn)
        return channels

    async def post_directly(self, number: int) -> list[int]:
        """Write down so many deliveries to members, one each, who allowed direct messages. Returns their channels."""
        targets = {}
        for person in range(number):
            channel = int(self.server.channels.open_direct(str(self.server.new_id()))["id"])
            targets[channel] = Target.member(await self._add_member(f"Member {person}", channel))
        self.must_show |= set(targets)
        await self._post(number, targets, Priority.ORDINARY)
        return list(targets)

    async def _add_member(self, name: str, channel: int) -> int:
        now = datetime.now(UTC)
        async with self.database.begin() as session:
            values = {"display_name": name, "zone": "Europe/Paris", "created_at": now, "updated_at": now}
            direct = {"direct_messages_at": now, "direct_channel_id": channel}
            added = await session.execute(insert(Member).values(**values, **direct).returning(Member.id))
            member_id = int(added.scalar_one())
            await session.execute(
                insert(Membership).values(server_id=SERVER, member_id=member_id, alumni=True, joined_at=now)
            )
        return member_id

    async def _post(
        self, number: int, targets: Mapping[int, Target], priority: Priority, *, withdrawn: bool = False
    ) -> None:
        channels = list(targets)
        wanted = []
        for count in range(number):
            channel = channels[count % len(channels)]
            sequence = "news" if channel in self.in_sequence else None
            text = f"Delivery {count} for {channel}"
            more = {"button": count % 3 > 0, "withdrawn": withdrawn}
            wanted.append(self._new(channel, targets[channel], text, priority, sequence, **more))
        await self._write(wanted)

    async def say(self, channels: Iterable[int], words: str, priority: Priority, sequence: str | None = None) -> None:
        """Write down that each of these channels is to be told this, with its number in it."""
        told = [(channel, f"{words} for {channel}", Target.channel(channel, SERVER)) for channel in channels]
        self.must_show |= {channel for channel, _, _ in told}
        await self._write(
            [self._new(channel, target, text, priority, sequence, button=True) for channel, text, target in told]
        )

    def _new(
        self, channel: int, target: Target, text: str, priority: Priority, sequence: str | None, **more: bool
    ) -> NewDelivery:
        self.expected.setdefault(channel, []).append(text)
        payload = {"text": text, **more}
        return NewDelivery(KIND, 1, target, text, priority=priority, payload=payload, sequence=sequence)

    async def _write(self, wanted: Iterable[NewDelivery]) -> None:
        async with self.database.begin() as session:
            await post(session, wanted, datetime.now(UTC))

    async def live(self, **more: Any) -> Life:
        """Start a life that ends when nothing is left to send, with more orders where its program takes them."""
        assert self.zygote is not None
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
        wanted = [(channel, text) for channel in self.must_show for text in self.expected[channel]]
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
        wire = await stack.enter_async_context(wire_over(server, database))
        wire.zygote = copied
        yield wire


@asynccontextmanager
async def wire_over(server: DiscordServer, database: Database) -> AsyncIterator[Wire]:
    """A wire between what is there already; what sends is the caller's own."""
    async with database.begin() as session:
        await session.execute(insert(Server).values(id=SERVER, name="Lyon", language="en", joined_at=datetime.now(UTC)))
    url = database.url.render_as_string(hide_password=False)
    yield Wire(server, database, Orders(server.base, server.gateway_url, server.token, url))
