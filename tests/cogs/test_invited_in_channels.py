"""Somebody who does not allow direct messages is called in a check-in channel, where nobody else learns what for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import simcord
from sqlalchemy import update

from db.tables import Server
from tests.cogs.answers import answer
from tests.cogs.asking import ask, forum, last, press
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver, states
from tests.cogs.inviting import another_server, checkin_channel, expert, options


async def called(world: World, channel: simcord.ChannelHandle) -> tuple[simcord.ChannelHandle, Any]:
    """The asker has the one expert invited; the question's thread, and what the check-in channel shows."""
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    board = await press(world, world.alumna, thread, "people")
    await world.alumna.select(board, [options(board)[0][1]], custom_id="question:invite:1")
    await deliver(world)
    return thread, last(channel)


async def test_a_short_line_calls_her_and_the_rest_is_hers_alone(world: World) -> None:
    channel = await checkin_channel(world, world.server)
    rui = await expert(world, "Rui Costa", direct=False)
    thread, line = await called(world, channel)
    assert line.content == f"<@{rui.id}>, there is a question for you. Only you can open it."
    assert [user.id for user in line.mentions] == [rui.id]
    assert line.embeds == []

    others = answer(await world.coordinator.click(line, label="Show me"))
    assert others.ephemeral
    assert "This is for somebody else" in others.content
    hers = answer(await rui.click(line, label="Show me"))
    assert hers.ephemeral
    assert hers.embeds[0].title == "Who has done participatory budgeting?"
    await asyncio.gather(*(rui.click(hers, label="Accept") for _ in range(2)), return_exceptions=True)
    assert rui.id in world.env.backend.get_channel(thread.id).thread_members
    assert [one.content for one in thread.history()].count(
        f"Rui Costa (<@{rui.id}>) was asked to help, and has joined."
    ) == 1
    assert last(channel).content == line.content, "what she said is not for the channel to read"


async def test_she_names_anybody_of_her_server(world: World) -> None:
    porto = await another_server(world)
    channel = await checkin_channel(world, porto)
    rui = await expert(world, "Rui Costa", server=porto, direct=False)
    olha = await expert(world, "Olha", server=porto, topic=None)
    _, line = await called(world, channel)
    hers = answer(await rui.click(line, label="Show me"))
    choice = answer(await rui.click(hers, label="Refer to…"))
    stranger = porto.add_member(world.env.create_user("stranger of Porto"))
    said = answer(await rui.select(choice, [stranger], custom_id="invitation:member:1"))
    assert "That person cannot be asked about this question now" in said.content
    await rui.select(choice, [olha], custom_id="invitation:member:1")
    assert "I am asking Olha" in choice.content
    await deliver(world)
    assert "Rui Costa was asked first" in olha.user.dm_channel.history()[-1].content


async def test_where_nobody_can_be_reached_the_asker_reads_it_and_in_the_end_the_coordinators(world: World) -> None:
    coordinators = world.server.create_text_channel("coordinators")
    async with world.application.database.begin() as session:
        await session.execute(update(Server).values(coordinators_channel_id=coordinators.id))
    await expert(world, "Rui Costa", direct=False)
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    for _ in range(4):
        await deliver(world, after=timedelta(days=1))
    assert ("invitation", "refused") in await states(world)
    board = await press(world, world.alumna, thread, "people")
    assert "could not be reached" in board.embeds[0].fields[0].value
    told = last(coordinators).content
    assert told.startswith("A question has had no answer for 4 days: Who has done participatory budgeting?")
    assert "0 people were asked privately" in told
