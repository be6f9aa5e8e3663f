"""`python -m bot run` says what is in its outbox, whatever ends it in the middle."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest

from bot.domain.outbox import DeliveryState, Priority
from db.engine import Database
from tests.wire.discord_server import DiscordServer
from tests.wire.process import BotProcess, running
from tests.wire.wires import SEND, Report, Wire, wire_over

MEMBERS = discord.ApplicationFlags(gateway_guild_members_limited=True).value
DELIVERIES = 40


@dataclass(frozen=True, slots=True)
class Bot:
    """The real program and what it has to say."""

    wire: Wire
    folder: Path

    def runs(self) -> AbstractAsyncContextManager[BotProcess]:
        """A process of it."""
        orders = self.wire.orders
        return running(
            self.wire.server,
            self.folder,
            "run",
            program="tests.wire.run_talking",
            token=orders.token,
            database_url=orders.database,
        )

    async def settled(self) -> None:
        """Wait until everything is shown."""
        await self.wire.server.until(lambda: len(self.shown()) == DELIVERIES)

    def shown(self) -> set[tuple[int, str]]:
        """What is shown, and where."""
        return set(self.wire.server.channels.times_shown())


@pytest.fixture
async def bot(database: Database, tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot with something to say in so many channels."""
    server = DiscordServer(application_flags=MEMBERS, latency=0.02)
    async with server, wire_over(server, database) as wire:
        server.add_guild("Lyon")
        await wire.say(server.add_channels(DELIVERIES), "News", Priority.ORDINARY)
        yield Bot(wire, tmp_path)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_killed_in_the_middle_and_cut_off_from_the_gateway(bot: Bot) -> None:
    hold = bot.wire.server.hold_answer(*SEND, skip=DELIVERIES // 2)
    async with bot.runs() as process:
        await hold.reached.wait()
        assert await process.stop(signal.SIGKILL) == -signal.SIGKILL
    hold.released.set()
    assert DELIVERIES / 2 < len(bot.shown()) < DELIVERIES
    async with bot.runs() as process:
        await process.ready(bot.wire.server)
        bot.wire.server.gateway.drop()
        await bot.settled()
        await bot.wire.server.until(lambda: bot.wire.server.gateway.resumes)
        assert await process.stop() == 0
    assert bot.wire.audit(Report()).harm == 0
    assert await bot.wire.states() == {DeliveryState.SENT: DELIVERIES}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_told_to_stop_in_the_middle(bot: Bot) -> None:
    async with bot.runs() as process:
        await bot.wire.server.until(lambda: len(bot.shown()) > DELIVERIES / 4)
        assert await process.stop() == 0
        assert "Traceback" not in await process.output()
    states = await bot.wire.states()
    assert states == {DeliveryState.SENT: len(bot.shown()), DeliveryState.PENDING: DELIVERIES - len(bot.shown())}
    async with bot.runs() as process:
        await bot.settled()
        assert await process.stop() == 0
    assert bot.wire.audit(Report()).harm == 0
