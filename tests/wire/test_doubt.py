"""Deliveries of which nobody knows whether they arrived: looked for before they are sent again.

The first try is accepted (or not), its answer is lost, and time passes until Discord has forgotten the nonce.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import insert, select

from bot.domain.outbox import Delivery, DeliveryKind, Dropped, NewDelivery, Priority, Target
from bot.messenger import Compose, Desk, Outgoing, Sender
from bot.services.outbox import OutboxService, post
from bot.services.work import Work
from db.engine import Database
from db.tables import DeliveryRow
from db.tables import Server as ServerRow
from tests.wire.discord_server import DiscordServer
from tests.wire.sending import KIND, Client, Clock, complain, compose
from tests.wire.wires import SEND, SERVER

FORGOTTEN = 600.0


@dataclass
class Speaker:
    """A sender in this process, and what it sends to."""

    server: DiscordServer
    database: Database
    clock: Clock
    sender: Sender
    channel: int
    compose: Compose = compose

    async def write(self, *, button: bool, key: str = "a", text: str = "hello", **more: Any) -> None:
        """Write a delivery down."""
        payload = {"text": text, "button": button, "withdrawn": more.pop("withdrawn", False)}
        new = NewDelivery(KIND, 1, Target.channel(self.channel, SERVER), key, payload=payload, **more)
        async with self.database.begin() as session:
            await post(session, [new], self.clock())

    async def send(self) -> None:
        """Let the sender do what is due."""
        await self.sender.run_due(self.clock())

    def forget(self) -> None:
        """Let so much time pass that Discord has forgotten every nonce."""
        self.clock.ahead += timedelta(seconds=FORGOTTEN)
        self.server.pass_time(FORGOTTEN)

    async def states(self) -> list[str]:
        """The state of each delivery of ours."""
        async with self.database.read() as session:
            query = select(DeliveryRow.state).where(DeliveryRow.kind == KIND).order_by(DeliveryRow.id)
            return list(await session.scalars(query))

    def shown(self) -> list[str]:
        """What the channel shows."""
        return self.server.channels.shown(self.channel)


@pytest.fixture
async def speaker(server: DiscordServer, sqlite_database: Database) -> AsyncIterator[Speaker]:
    """A sender that is logged in, and a channel."""
    clock = Clock(timedelta(0))
    async with sqlite_database.begin() as session:
        await session.execute(
            insert(ServerRow).values(id=SERVER, name="Lyon", language="en", joined_at=datetime.now(UTC))
        )
    async with Client(sqlite_database, None) as client:
        await client.login(server.token)
        outbox = OutboxService(Work(sqlite_database), clock)

        async def composed(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
            return await made.compose(desk, delivery)

        sender = Sender(client, outbox, cast(Desk, None), {KIND: composed, DeliveryKind.UNDELIVERED: complain})
        made = Speaker(server, sqlite_database, clock, sender, server.add_channels(1)[0])
        yield made


@pytest.mark.parametrize("button", [True, False])
@pytest.mark.parametrize("accepted", [True, False])
async def test_what_arrived_is_found_and_what_did_not_is_sent(speaker: Speaker, button: bool, accepted: bool) -> None:
    await speaker.write(button=button)
    speaker.server.lose_answer(*SEND, accepted=accepted)
    await speaker.send()
    assert len(speaker.shown()) == accepted
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello"]
    assert await speaker.states() == ["sent"]


async def test_a_twin_is_not_taken_for_it(speaker: Speaker) -> None:
    await speaker.write(button=False, key="twin")
    await speaker.send()
    await speaker.write(button=False)
    speaker.server.lose_answer(*SEND, accepted=False)
    await speaker.send()
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello", "hello"]


async def test_it_is_found_under_many_others(speaker: Speaker) -> None:
    await speaker.write(button=False)
    speaker.server.lose_answer(*SEND)
    await speaker.send()
    for number in range(130):
        speaker.server.channels.post(speaker.channel, {"content": f"Other {number}"})
    speaker.forget()
    await speaker.send()
    assert speaker.shown().count("hello") == 1
    assert await speaker.states() == ["sent"]


async def test_what_says_something_else_by_now_is_still_found(speaker: Speaker) -> None:
    async def other_words(_desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
        return Outgoing(content="hello again")

    await speaker.write(button=False)
    speaker.server.lose_answer(*SEND)
    await speaker.send()
    speaker.compose = other_words
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello"]
    assert await speaker.states() == ["sent"]


async def test_where_we_may_not_look_it_is_not_said_again(speaker: Speaker) -> None:
    await speaker.write(button=True)
    speaker.server.lose_answer(*SEND)
    await speaker.send()
    speaker.server.channels.unreadable.add(speaker.channel)
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello"]
    assert await speaker.states() == ["unknown"]


async def test_where_nothing_was_said_it_is_safe_to_speak_without_a_look(speaker: Speaker) -> None:
    """An empty channel and one that may not be read look alike; the channel's last message tells them apart."""
    await speaker.write(button=True)
    speaker.server.lose_answer(*SEND, accepted=False)
    await speaker.send()
    speaker.server.channels.unreadable.add(speaker.channel)
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello"]
    assert await speaker.states() == ["sent"]


@pytest.mark.parametrize("skew", [-240, 240])
async def test_it_is_found_where_the_clocks_differ(speaker: Speaker, skew: int) -> None:
    speaker.clock.ahead = timedelta(seconds=skew)
    await speaker.write(button=False)
    speaker.server.lose_answer(*SEND)
    await speaker.send()
    speaker.forget()
    await speaker.send()
    assert speaker.shown() == ["hello"]


async def test_soon_afterwards_the_nonce_is_enough(speaker: Speaker) -> None:
    await speaker.write(button=False)
    speaker.server.lose_answer(*SEND)
    await speaker.send()
    speaker.clock.ahead += timedelta(seconds=10)
    await speaker.send()
    assert speaker.shown() == ["hello"]
    assert all(request.method != "GET" or "/messages" not in request.path for request in speaker.server.requests)


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_false_alarm_does_not_wait_for_the_next_try_of_its_alert(speaker: Speaker, accepted: bool) -> None:
    await speaker.write(button=True, text="alert", priority=Priority.ALERT, sequence="alert:1", withdrawn=True)
    speaker.server.lose_answer(*SEND, accepted=accepted)
    await speaker.send()
    await speaker.write(button=False, key="b", text="cancel", priority=Priority.CANCEL, sequence="alert:1")
    await speaker.send()  # no time has passed
    assert speaker.shown() == (["alert"] if accepted else []) + ["cancel"]
    assert await speaker.states() == ["sent" if accepted else "cancelled", "sent"]
