"""After a false alarm nobody reads the alert unwarned: its own messages say so too, whatever comes between.

The real services, composers, sender and editor, over a loopback Discord. Time is handed in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.app import build_services
from bot.domain.cities import Gazetteer
from bot.domain.crisis import AlertDeed
from bot.i18n import Catalogues
from bot.messenger import Desk, Sender
from bot.messenger.composers import COMPOSERS
from bot.messenger.touching_up import AGAIN, TouchingUp
from bot.services.crisis_desk import EDITED_AT_ONCE
from bot.services.registry import Services
from config import FOLDER
from config.settings import Settings
from db.engine import Database
from db.tables import Server
from tests.wire.alerting import APPROVER, publish
from tests.wire.discord_server import DiscordServer
from tests.wire.sending import Client, Clock
from tests.wire.wires import SEND, SERVER

FALSE = "FALSE ALARM"
EDIT = ("PATCH", r"/channels/\d+/messages/\d+")
CATALOGUES = Catalogues.load(FOLDER / "locales")


@dataclass
class Network:
    """Some servers, and a process that speaks to them."""

    server: DiscordServer
    database: Database
    client: Client
    clock: Clock
    channels: list[int]

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """What was only in memory is gone."""
        self.services: Services = build_services(Settings(), self.database, CATALOGUES, self.clock, Gazetteer(()))
        self.sender = Sender(
            self.client, self.services.outbox, Desk(self.services, CATALOGUES, self.client), COMPOSERS, owner="us"
        )
        self.touching_up = TouchingUp(self.services, CATALOGUES, self.client)

    async def told(self) -> int:
        """An alert that all of them have. Its number."""
        number = await publish(self.services)
        await self.send()
        return number

    async def cancel(self, number: int) -> None:
        await self.services.crisis.decide(APPROVER, number, AlertDeed.CANCEL)

    async def send(self) -> None:
        await self.sender.run_due(self.clock())

    async def edit(self) -> None:
        """Do what is due, as the ticker does: until nothing more is."""
        for _ in range(10):
            now = self.clock()
            due = await self.touching_up.run_due(now)
            if due is None or due > now:
                return
        raise AssertionError("there is always more to edit")

    def shown(self, channel: int) -> list[tuple[bool, bool]]:
        """Of each message in a channel, whether it says that it was a false alarm, and whether it has buttons."""
        messages = self.server.channels.messages[channel]
        return [(one["content"].startswith(FALSE), bool(one["components"])) for one in messages]

    @property
    def warned(self) -> int:
        """How many channels show nothing without the word."""
        return sum(self.shown(channel) == [(True, False), (True, False)] for channel in self.channels)


@pytest.fixture
async def network(
    server: DiscordServer, sqlite_database: Database, request: pytest.FixtureRequest
) -> AsyncIterator[Network]:
    """Three servers, or as many as a test asks for."""
    size = getattr(request, "param", 3)
    channels = server.add_channels(size)
    places = [{"id": SERVER, "name": "Home", "crisis_channel_id": None}]
    places += [
        {"id": SERVER + 1 + number, "name": f"S{number}", "crisis_channel_id": channel}
        for number, channel in enumerate(channels)
    ]
    async with sqlite_database.begin() as session:
        for place in places:
            await session.execute(insert(Server).values(**place, language="en", joined_at=datetime.now(UTC)))
    async with Client(sqlite_database, None) as client:
        await client.login(server.token)
        yield Network(server, sqlite_database, client, Clock(timedelta(0)), channels)


@pytest.mark.parametrize("network", [EDITED_AT_ONCE + 3], indirect=True)
async def test_first_everybody_is_told_then_every_first_message_says_so(network: Network) -> None:
    number = await network.told()
    await network.cancel(number)
    await network.edit()
    assert {tuple(network.shown(channel)) for channel in network.channels} == {((False, True),)}
    await network.send()
    assert {tuple(network.shown(channel)) for channel in network.channels} == {((False, True), (True, False))}
    await network.edit()
    assert network.warned == len(network.channels)


async def test_a_restart_goes_on_where_it_was(network: Network) -> None:
    number = await network.told()
    await network.cancel(number)
    await network.send()
    network.server.fail(*EDIT, 503, times=2)
    await network.edit()
    assert network.warned == 1
    network.restart()
    await network.edit()
    assert network.warned == 3


async def test_an_old_message_is_edited_when_discord_lets_it_be(network: Network) -> None:
    """30046, which Discord answers with a 429: discord.py tries five times by itself. Nobody else waits for it."""
    number = await network.told()
    await network.cancel(number)
    await network.send()
    stubborn = network.channels[0]
    network.server.limit("PATCH", rf"/channels/{stubborn}/messages/\d+", retry_after=0.01, times=5)
    await network.edit()
    assert network.warned == 2
    assert network.shown(stubborn) == [(False, True), (True, False)]  # the word stands below it all the while
    await network.edit()
    assert network.warned == 2
    network.clock.ahead += AGAIN
    await network.edit()
    assert network.warned == 3


async def test_nobody_waits_for_a_channel_that_cannot_be_told(network: Network) -> None:
    number = await network.told()
    await network.cancel(number)
    network.server.lose_answer("POST", rf"/channels/{network.channels[0]}/messages", accepted=False)
    await network.send()
    await network.edit()
    assert network.warned == 2


async def test_a_deleted_message_needs_no_word(network: Network) -> None:
    number = await network.told()
    network.server.channels.delete(network.channels[0], network.server.channels.messages[network.channels[0]][0]["id"])
    await network.cancel(number)
    await network.send()
    await network.edit()
    asked = len(network.server.requests)
    network.clock.ahead += AGAIN
    await network.edit()
    assert len(network.server.requests) == asked
    assert network.shown(network.channels[0]) == [(True, False)]


async def test_one_in_doubt_is_found_and_edited_too(network: Network) -> None:
    number = await publish(network.services)
    network.server.lose_answer(*SEND)
    await network.send()
    assert all(network.shown(channel) == [(False, True)] for channel in network.channels)
    await network.cancel(number)
    await network.send()
    await network.edit()
    assert network.warned == 3
