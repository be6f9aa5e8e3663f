"""Killing what sends while an alert, a word that it stands, and a false alarm are on their way; and looking afterwards
at what each channel shows.

The decisions are the services', made here while a life is sending; the sender is that of the bot
(`tests.wire.alerting`). A channel that was not told in time hears nothing at all; one that was, or may have been, hears
everything that was sent to it once, in order, and last that it was a false alarm.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.app import build_services
from bot.domain.cities import Gazetteer
from bot.domain.crisis import AlertDeed
from bot.domain.outbox import UNSETTLED, DeliveryKind
from bot.i18n import Catalogues
from bot.services.registry import Services
from config import FOLDER
from config.settings import Settings
from db.engine import Database
from db.tables import DeliveryRow, Server
from tests.wire.alerting import APPROVER, publish
from tests.wire.discord_server import DiscordServer
from tests.wire.sending import Clock, Switch
from tests.wire.wires import SEND, SERVER, Report
from tests.wire.zygote import Life, Zygote

ENDS = DeliveryKind.ALERT_CANCEL
WORDS = {"FALSE ALARM": ENDS, "THE ALERT STANDS": DeliveryKind.ALERT_UPDATE}
"""How messages begin; the alert itself begins with what has happened. Numbers are no proof: a sender that is broken on
purpose gives each try another one."""
HELD, EARLY = 0.4, 0.15
"""Shares of the kills: while the server holds an answer back, and before the first message; the others come at random
moments."""


@dataclass
class AlertWire:
    """A network, a loopback Discord, and a process that is copied for each life."""

    server: DiscordServer
    database: Database
    copied: Zygote
    clock: Clock
    services: Services
    channels: Sequence[int]
    switch: Switch | None = None

    async def live(self) -> Life:
        """A life that sends until nothing is left to send."""
        base, gateway, url = self.server.base, self.server.gateway_url, self.database.url
        # What stands in a channel is not changed afterwards, so that it can be told by its words.
        orders: dict[str, Any] = {
            "edits": False,
            "base": base,
            "gateway": gateway,
            "token": self.server.token,
            "scene": "go_on",
            "switch": self.switch,
        }
        database = url.render_as_string(hide_password=False)
        return await self.copied.start(orders | {"database": database, "ahead": self.clock.ahead.total_seconds()})

    def pass_time(self, seconds: float) -> None:
        """Let time pass here and at Discord, between two lives."""
        self.clock.ahead += timedelta(seconds=seconds)
        self.server.pass_time(seconds)

    async def kinds(self, *conditions: Any) -> dict[int, tuple[str, str, int]]:
        """Deliveries to these channels, by number: kind, state and channel."""
        columns = (DeliveryRow.id, DeliveryRow.kind, DeliveryRow.state, DeliveryRow.channel_id)
        async with self.database.read() as session:
            found = await session.execute(
                select(*columns).where(DeliveryRow.channel_id.in_(self.channels), *conditions)
            )
            return {row.id: (row.kind, row.state, row.channel_id) for row in found}

    def accepted(self, since: int = 0) -> list[int]:
        """The deliveries that the server has taken, as often as it took them."""
        return [int(one.body["nonce"]) for one in self.server.requests[since:] if one.sends and one.status == 200]


@asynccontextmanager
async def alert_wire(
    database: Database, copied: Zygote, channels: int, *, latency: float = 0.05
) -> AsyncIterator[AlertWire]:
    """A network of so many servers over a migrated, empty database."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DiscordServer(latency=latency))
        stack.push_async_callback(copied.stop)
        made, clock = server.add_channels(channels), Clock(timedelta(0))
        rows = [
            {"id": SERVER + 1 + number, "name": f"S{number}", "language": "en", "joined_at": datetime.now(UTC)}
            | {"crisis_channel_id": channel}
            for number, channel in enumerate(made)
        ]
        async with database.begin() as session:
            home = {"id": SERVER, "name": "Home", "language": "en", "joined_at": datetime.now(UTC)}
            await session.execute(insert(Server).values(**home))
            await session.execute(insert(Server), rows)
        catalogues = Catalogues.load(FOLDER / "locales")
        services = build_services(Settings(), database, catalogues, clock, Gazetteer(()))
        yield AlertWire(server, database, copied, clock, services, made)


async def kill_while_alerting(
    wire: AlertWire,
    kills: int,
    restart: tuple[float, float],
    chance: random.Random,
    advance: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Publish an alert, say while it is being told that it stands, then that it was false, and kill the sender all the
    while.

    `restart`: seconds (least, most) by which the clocks jump from one life to the next. `advance` is told after each
    life. Raises RuntimeError where a
    life ends by itself and badly.
    """
    report = Report()
    number = await publish(wire.services)
    stand, cancel = kills // 3, 2 * kills // 3
    # When the false alarm is decided, everybody has the alert, and some have heard that it stands.
    share = 1.4 * len(wire.channels) / cancel
    for count in range(kills):
        decision = {stand: _stands, cancel: _cancels}.get(count)
        await _one_life(wire, share, chance, report, decision(wire, number) if decision else None)
        wire.pass_time(chance.uniform(*restart))
        advance(report)
    status = await (await wire.live()).ended
    if status:
        raise RuntimeError(f"the sender ended with {status}")
    await wire.server.until(lambda: wire.server.arrived == len(wire.server.requests))
    return await audit(wire, report)


def kind_of(text: str) -> str:
    """What a message of ours is, by its first words."""
    return next((kind for words, kind in WORDS.items() if text.startswith(words)), DeliveryKind.ALERT)


async def _stands(wire: AlertWire, number: int) -> None:
    await wire.services.crisis_chain.stands(APPROVER, number)


async def _cancels(wire: AlertWire, number: int) -> None:
    await wire.server.until(lambda: len(set(wire.accepted())) > len(wire.channels))
    await wire.services.crisis.decide(APPROVER, number, AlertDeed.CANCEL)


async def _one_life(
    wire: AlertWire, share: float, chance: random.Random, report: Report, decision: Coroutine[Any, Any, None] | None
) -> None:
    """One life and its end. A decision is made in its midst."""
    before = len(wire.server.requests)
    life = await wire.live()
    wanted, which = round(chance.uniform(0, 2 * share)), chance.random()
    if decision is not None:
        await _until(life, wire.server.until(lambda: len(wire.accepted(before)) >= min(wanted, 2)))
        await decision
    if which < HELD:
        hold = wire.server.hold_answer(*SEND, skip=wanted)
        await _until(life, hold.reached.wait())
        hold.released.set()
    elif which < HELD + EARLY and decision is None:
        await asyncio.wait([life.ended], timeout=chance.uniform(0, 0.3))
    else:
        await _until(life, wire.server.until(lambda: len(wire.accepted(before)) >= wanted))
    await asyncio.wait([life.ended], timeout=chance.uniform(0, 0.03))
    by_itself = life.ended.done()
    await life.kill()
    wire.server.faults.clear()
    if by_itself:
        if life.ended.result():
            raise RuntimeError(f"the sender ended with {life.ended.result()}")
        return
    report.kills += 1
    unsettled = await wire.kinds(DeliveryRow.state.in_(UNSETTLED))
    report.between += any(number in unsettled for number in wire.accepted(before))


async def _until(life: Life, moment: Coroutine[Any, Any, Any]) -> None:
    reached = asyncio.create_task(moment)
    await asyncio.wait([reached, life.ended], return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()


async def audit(wire: AlertWire, report: Report) -> Report:
    """Compare what is shown with what is on record, and with what must have been said."""
    rows = await wire.kinds()
    numbers = {(row[2], row[0]): number for number, row in rows.items()}
    for channel in wire.channels:
        shown = [numbers[channel, kind_of(text)] for text in wire.server.channels.shown(channel)]
        report.doubled += len(shown) - len(set(shown))
        report.misordered += shown != sorted(shown)
        own = {number: row for number, row in rows.items() if row[2] == channel}
        report.lost += sum((row[1] == "sent") != (number in shown) for number, row in own.items())
        said = [own[number][0] for number in shown]
        # Whoever has anything of it has its beginning, and its end last.
        report.lost += bool(said) and said[-1] != ENDS
        report.lost += bool(said) and said != [ENDS] and said[0] != DeliveryKind.ALERT
        report.states.update(row[1] for row in own.values())
    report.statuses = wire.server.requests.statuses()
    return report
