"""A question is posted once, whatever stops the bot or Discord on the way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from bot.client import publishing
from bot.domain.access import Actor
from bot.services.questions import Draft
from db.tables import Question
from tests.cogs.answers import answer
from tests.cogs.asking import TEXT, ask, forum, rows, stale, top
from tests.cogs.conftest import World


async def on_record(world: World, nameless: bool = False) -> Any:
    """A question that is on record, and the bot stopped there."""
    actor = Actor(
        user_id=world.alumna.id,
        name="alumna",
        language="en",
        server_id=world.server.id,
        server_joined=True,
        is_member=True,
    )
    draft = Draft(TEXT["title"], TEXT["body"])
    return (await world.application.services.questions.ask(actor, world.server.id, draft, nameless=nameless)).question


async def forget_the_post(world: World) -> None:
    """The post stands, and the bot stopped before it could write that down."""
    async with world.application.database.begin() as session:
        await session.execute(update(Question).values(thread_id=None, message_id=None))


async def start_again(world: World) -> None:
    """What happens whenever the bot has come to Discord."""
    cog: Any = world.application.bot.get_cog("Questions")
    await cog.on_ready()


async def test_stopped_before_the_post(world: World) -> None:
    place = await forum(world)
    await on_record(world)
    await start_again(world)
    await start_again(world)
    (thread,) = place.threads
    (row,) = await rows(world)
    assert (row.thread_id, row.message_id) == (thread.id, top(thread).id)


async def test_stopped_after_the_post(world: World) -> None:
    place = await forum(world)
    await ask(world)
    await ask(world, title="Another one")
    await forget_the_post(world)
    await start_again(world)
    assert len(place.threads) == 2
    found = {row.title: row.thread_id for row in await rows(world)}
    assert found == {thread.name: thread.id for thread in place.threads}


async def test_stopped_after_the_post_which_is_archived_by_now(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    await forget_the_post(world)
    await start_again(world)
    assert [each.id for each in place.threads] == [thread.id]
    assert [row.thread_id for row in await rows(world)] == [thread.id]


async def test_the_next_question_brings_the_last_one_along(world: World) -> None:
    place = await forum(world)
    await on_record(world)
    await ask(world, title="The next one")
    assert {thread.name for thread in place.threads} == {TEXT["title"], "The next one"}


async def test_two_at_once_make_one_post(world: World) -> None:
    place = await forum(world)
    question = await on_record(world)
    bot = world.application.bot
    both = [publishing.publish(bot, question, look_first=True) for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first.question.thread_id == second.question.thread_id
    assert len(place.threads) == 1


@pytest.mark.parametrize("made", [False, True])
async def test_discord_fails_on_the_way_and_one_tap_goes_on(world: World, made: bool) -> None:
    place = await forum(world)
    path = f"/channels/{place.id}/threads"
    world.env.inject_error("POST", path, status=503, code=0, message="unwell", times=None)
    said = await ask(world)
    assert "It is kept" in said.content
    assert len(await rows(world)) == 1
    again = answer(await world.alumna.click(said, label="Try again now"))
    assert "It is kept" in again.content
    world.env.backend.faults.clear()
    if made:  # Discord had made it all the same
        await start_again(world)
        await forget_the_post(world)
    done = answer(await world.alumna.click(again, label="Try again now"))
    assert "Your question stands here" in done.content
    assert len(place.threads) == 1


async def test_nobody_else_posts_it(world: World) -> None:
    place = await forum(world)
    question = await on_record(world, nameless=True)
    button = await stale(world, f"question:publish:{question.id}")
    said = answer(await world.coordinator.click(button, custom_id=f"question:publish:{question.id}"))
    assert "Only the person who asked" in said.content
    assert place.threads == []


async def test_what_cannot_be_posted_at_start_stays_on_record(world: World) -> None:
    await on_record(world)
    await start_again(world)
    (row,) = await rows(world)
    assert row.thread_id is None
