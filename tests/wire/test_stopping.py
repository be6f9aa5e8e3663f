"""Told to stop, a sender finishes what is on its way and begins nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import insert, select

from bot.domain.outbox import NewDelivery, Target
from bot.messenger import Desk, Sender
from bot.services.outbox import OutboxService, post
from bot.services.work import Work
from db.engine import Database
from db.tables import DeliveryRow, Server
from tests.wire.discord_server import DiscordServer
from tests.wire.sending import KIND, Client, Clock, compose
from tests.wire.wires import SEND, SERVER

NUMBER = 30


async def test_what_is_on_its_way_arrives_and_the_rest_waits(server: DiscordServer, sqlite_database: Database) -> None:
    clock = Clock(timedelta(0))
    channels = server.add_channels(NUMBER)
    async with sqlite_database.begin() as session:
        values = {"id": SERVER, "name": "Lyon", "language": "en", "joined_at": datetime.now(UTC)}
        await session.execute(insert(Server).values(**values))
        wanted = [
            NewDelivery(KIND, n, Target.channel(channel, SERVER), str(n), payload={"text": str(n), "button": True})
            for n, channel in enumerate(channels)
        ]
        await post(session, wanted, clock())
    async with Client(sqlite_database, None) as client:
        await client.login(server.token)
        sender = Sender(client, OutboxService(Work(sqlite_database), clock), cast(Desk, None), {KIND: compose})
        hold = server.hold_answer(*SEND)
        running = asyncio.create_task(sender.run_due(clock()))
        await hold.reached.wait()
        stopping = asyncio.create_task(sender.stop())
        hold.released.set()
        await stopping
        assert await running is None
        assert await sender.run_due(clock()) is None
    async with sqlite_database.read() as session:
        states = Counter(await session.scalars(select(DeliveryRow.state)))
    shown = sum(len(server.channels.shown(channel)) for channel in channels)
    assert states == {"sent": shown, "pending": NUMBER - shown}
    assert 0 < shown < NUMBER
