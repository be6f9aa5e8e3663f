"""Threads under an alert: once every channel was told, once each, in the server's language, whatever stops the bot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from db.tables import AlertThread
from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver, states
from tests.cogs.test_questions import deny

SECONDS = timedelta(seconds=40)


async def broadcast(world: World, office: Any, family: str = "alert", audience: str = "network") -> int:
    """An alert that is approved, and not yet sent."""
    number, card = await draft(world, office, f"{family} new", audience)
    channels = "2" if audience == "network" else "1"
    await send(world, card, number, channels, family)
    if audience == "network":
        await world.network_coordinator.click(office.history()[-1], custom_id=f"{family}:approve:{number}")
    return number


async def threads(world: World) -> list[tuple[int, int | None, int | None]]:
    """What is on record: channel, thread, code."""
    async with world.application.database.read() as session:
        columns = (AlertThread.channel_id, AlertThread.thread_id, AlertThread.code)
        return [(a, b, c) for a, b, c in await session.execute(select(*columns).order_by(AlertThread.channel_id))]


async def finish(world: World, office: Any, number: int, deed: str, family: str = "alert") -> None:
    """End it, or call it off, by two taps."""
    sure = answer(await world.coordinator.click(office.history()[-1], custom_id=f"{family}:{deed}:{number}"))
    await world.coordinator.click(sure, custom_id=f"{family}:{deed}:yes:{number}")
    await deliver(world, after=timedelta(seconds=5))


async def test_threads_follow_in_each_servers_language_and_say_the_end(world: World) -> None:
    crisis, office, far = await furnish(world)
    number = await broadcast(world, office)
    assert crisis.threads == []
    await deliver(world)
    (here,), (there,) = crisis.threads, far.threads
    assert here.name == "Flood, Lyon: talk here"
    assert there.name == "Inundación, Lyon: conversación"
    assert here.id == crisis.history()[-1].id
    assert await threads(world) == sorted([(crisis.id, here.id, None), (far.id, there.id, None)])
    await deliver(world, after=timedelta(seconds=5))
    assert "2 are open" in str(office.history()[-1].embeds[0].to_dict())
    await deliver(world, after=SECONDS)
    assert len(crisis.threads) == 1

    await finish(world, office, number, "cancel")
    assert [message.content for message in here.history()] == ["FALSE ALARM: Flood, Lyon"]
    assert [message.content for message in there.history()] == ["FALSA ALARMA: Inundación, Lyon"]
    log = answer(await world.coordinator.slash(world.room, "alert log", number=number))
    text = (await log.attachments[0].read()).decode()
    assert "Porto alumni: a thread was opened under the message" in text


async def test_a_drills_thread_says_first_that_it_is_one(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number = await broadcast(world, office, "drill", "server")
    await deliver(world)
    (thread,) = crisis.threads
    assert thread.name == "DRILL, nothing is real: Flood, Lyon"
    await finish(world, office, number, "end", "drill")
    assert [message.content for message in thread.history()] == ["🟣 The DRILL is over: Flood, Lyon"]
    assert ("drill_thread_end", "sent") in await states(world)


async def test_nothing_is_opened_while_a_channel_is_still_to_be_told(world: World) -> None:
    crisis, office, far = await furnish(world)
    await broadcast(world, office)
    world.env.inject_error("POST", f"/channels/{far.id}/messages", status=503, message="unwell", times=None)
    await deliver(world)
    assert len(crisis.history()) == 1
    assert crisis.threads == []
    world.env.backend.faults.clear()
    await deliver(world, after=timedelta(minutes=1))
    assert (len(crisis.threads), len(far.threads)) == (1, 1)


async def test_what_was_called_off_meanwhile_gets_no_thread(world: World) -> None:
    crisis, office, far = await furnish(world)
    number = await broadcast(world, office)
    world.env.inject_error("POST", f"/channels/{far.id}/messages", status=503, message="unwell", times=None)
    await deliver(world)
    world.env.backend.faults.clear()
    await finish(world, office, number, "cancel")
    await deliver(world, after=timedelta(minutes=5))
    assert (crisis.threads, far.threads, await threads(world)) == ([], [], [])


async def test_a_server_that_left_gets_no_thread(world: World) -> None:
    crisis, office, far = await furnish(world)
    await broadcast(world, office)
    world.env.inject_error("POST", f"/channels/{far.id}/messages", status=503, message="unwell", times=None)
    await deliver(world)
    shown = answer(await world.coordinator.slash(world.room, "consent"))
    await world.coordinator.click(shown, custom_id="consent:part")
    world.env.backend.faults.clear()
    await deliver(world, after=timedelta(minutes=1))
    assert (crisis.threads, len(far.threads)) == ([], 1)


@pytest.mark.parametrize("by", ["us", "somebody"])
async def test_a_thread_that_is_there_is_found_and_not_made_twice(world: World, by: str) -> None:
    crisis, office, _ = await furnish(world)
    number = await broadcast(world, office, audience="server")
    if by == "us":  # stopped between making it and writing that down
        await deliver(world)
        async with world.application.database.begin() as session:
            await session.execute(delete(AlertThread))
    else:
        world.env.inject_error("POST", "/channels/*/messages/*/threads", status=503, message="unwell")
        await deliver(world)
        message = crisis.history()[-1]
        world.env.backend.create_thread(crisis.id, "Theirs", world.alumna.id, message_id=message.id)
    await deliver(world, after=SECONDS)
    (thread,) = crisis.threads
    assert await threads(world) == [(crisis.id, thread.id, None)]
    await finish(world, office, number, "end")
    assert thread.history()[-1].content == "ALL CLEAR: Flood, Lyon"


async def test_discord_is_unwell_and_the_others_do_not_wait_for_it(world: World) -> None:
    crisis, office, far = await furnish(world)
    await broadcast(world, office)
    world.env.inject_error("POST", f"/channels/{crisis.id}/messages/*/threads", status=502, message="no", times=None)
    await deliver(world)
    assert (len(crisis.threads), len(far.threads)) == (0, 1)
    world.env.backend.faults.clear()
    await deliver(world, after=SECONDS)
    assert (len(crisis.threads), len(far.threads)) == (1, 1)


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (400, 160006, "1,000 active threads"),
        (403, 50013, "I may not open threads there"),
        (403, 0, "I may not open threads there"),
        (404, 10008, "somebody deleted the message"),
        (404, 10003, "the channel is gone"),
        (400, 50024, "Discord takes no thread there"),
    ],
)
async def test_a_refusal_is_remembered_and_shown(world: World, status: int, code: int, sentence: str) -> None:
    crisis, office, _ = await furnish(world)
    number = await broadcast(world, office, audience="server")
    path = f"/channels/{crisis.id}/messages/*/threads"
    world.env.inject_error("POST", path, status=status, code=code, message="no")
    await deliver(world)
    await deliver(world, after=SECONDS)
    assert crisis.threads == []
    assert await threads(world) == [(crisis.id, None, code or status)]
    assert sentence in str(office.history()[-1].embeds[0].to_dict())
    log = answer(await world.coordinator.slash(world.room, "alert log", number=number))
    assert sentence in (await log.attachments[0].read()).decode()


async def test_without_the_right_to_open_threads(world: World) -> None:
    crisis, office, _ = await furnish(world)
    deny(world, crisis, create_public_threads=True)
    await broadcast(world, office, audience="server")
    await deliver(world)
    assert await threads(world) == [(crisis.id, None, 50013)]


async def test_the_end_that_came_while_a_thread_was_being_opened_is_said_in_it(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number = await broadcast(world, office, audience="server")
    services = world.application.services
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=503, message="unwell")
    await deliver(world)
    one = await services.crisis_threads.next()
    assert one is not None
    await finish(world, office, number, "cancel")
    message = crisis.history()[0]
    thread = world.env.backend.create_thread(crisis.id, "ours", world.env.backend.bot_user.id, message_id=message.id)
    await services.crisis_threads.opened(one, thread.id)
    await services.crisis_threads.opened(one, thread.id)
    await deliver(world)
    (shown,) = crisis.threads
    assert [each.content for each in shown.history()] == ["FALSE ALARM: Flood, Lyon"]


async def test_a_false_alarm_after_an_all_clear_is_said_once_and_last(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number = await broadcast(world, office, audience="server")
    await deliver(world)
    (thread,) = crisis.threads
    await finish(world, office, number, "end")
    await finish(world, office, number, "cancel")
    said = [message.content for message in thread.history()]
    assert said == ["ALL CLEAR: Flood, Lyon", "FALSE ALARM: Flood, Lyon"]
