"""Questions in plain words: a mention, a direct message, the menu of a message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import update

from bot.domain.members import Level
from db.tables import Member
from tests.clock import SettableClock
from tests.cogs.answers import answer
from tests.cogs.asking import ask, forum, language, pressable, top, unclear
from tests.cogs.asking import member as profile
from tests.cogs.conftest import World, speak
from tests.cogs.test_experts import person

QUESTION = "who has done participatory budgeting?"


def me(world: World) -> str:
    """How the bot is mentioned."""
    assert world.application.bot.user is not None
    return world.application.bot.user.mention


async def say(world: World, text: str, who: Any = None) -> list[Any]:
    """Say it in the room; what the bot answered."""
    before = len(world.room.history())
    await (who or world.alumna).send(world.room, text)
    await world.env.settle()
    return world.room.history()[before + 1 :]


async def test_a_mention_is_answered_in_place_and_names_nobody(world: World) -> None:
    ana = await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    (said,) = await say(world, f"{me(world)} {QUESTION}")
    assert said.content == "1 person knows about **participatory budgeting**."
    assert said.reference.message_id == world.room.history()[-2].id
    assert said.mentions == []
    assert "Ana" not in said.content + str(said.embeds)
    assert str(ana) not in said.content
    shown = answer(await world.alumna.click(said, label="Show me"))
    assert shown.ephemeral
    assert "Ana Sousa" in shown.embeds[0].description
    form = await world.alumna.click(said, label="Ask everybody")
    assert "has no forum for questions" in answer(form).content


async def test_in_the_servers_language(world: World) -> None:
    await language(world, "fr")
    (said,) = await say(world, f"{me(world)} budget participatif ?")
    assert said.content.startswith("Personne n’a encore indiqué **budget participatif**")
    assert pressable(said) == ["Interroger tout le monde"]


async def test_unsure(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    (said,) = await say(world, f"{me(world)} {unclear(world)}")
    assert said.content == "I am not sure what you mean. Is it one of these?"
    label = pressable(said)[0]
    shown = answer(await world.coordinator.click(said, label=label))
    assert shown.ephemeral
    assert label in shown.embeds[0].title


async def test_no_topic_at_all_gets_one_sentence_and_the_way_to_people(world: World) -> None:
    (said,) = await say(world, f"{me(world)} qwzxv plmk @everyone")
    assert said.content.startswith("I know no topic like")
    assert not said.mention_everyone
    assert pressable(said) == ["Ask everybody"]


async def test_a_mention_alone_gets_a_hint(world: World) -> None:
    (said,) = await say(world, me(world))
    assert said.content.startswith("Write your question in your own words")


@pytest.mark.parametrize("text", ["just talking", "@everyone {me} planning", "<@&{me_id}> planning"])
async def test_what_is_not_meant_for_it(world: World, text: str) -> None:
    loud = world.server.create_role("Loud", permissions=discord.Permissions(mention_everyone=True))
    speaker = world.person("Speaker", world.alumni_role, loud)
    assert world.application.bot.user is not None
    assert await say(world, text.format(me=me(world), me_id=world.application.bot.user.id), speaker) == []


async def test_other_bots_are_not_answered(world: World) -> None:
    other = world.server.add_member(world.env.create_user("Robot", bot=True))
    assert await say(world, f"{me(world)} {QUESTION}", other) == []


async def test_a_stranger_reads_whom_to_ask(world: World) -> None:
    (said,) = await say(world, f"{me(world)} {QUESTION}", world.stranger)
    assert "for the network’s alumni" in said.content


async def test_many_at_once_are_asked_to_wait_once(world: World, clock: SettableClock) -> None:
    said = [message for _ in range(8) for message in await say(world, me(world))]
    assert [message.content.startswith("That is a lot") for message in said] == [False] * 5 + [True]
    (other,) = await say(world, me(world), world.coordinator)
    assert other.content.startswith("Write your question")
    clock.advance(timedelta(minutes=1))
    (again,) = await say(world, me(world))
    assert again.content.startswith("Write your question")


async def test_a_direct_message_in_her_language(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    mine = await profile(world, world.alumna, "Alma")
    async with world.application.database.begin() as session:
        await session.execute(update(Member).where(Member.id == mine).values(language="fr"))
    await world.alumna.send_dm("qui a fait un budget participatif ?")
    await world.env.settle()
    said: Any = world.alumna.user.dm_channel.history()[-1]
    assert said.embeds[0].title == "Qui s’y connaît : budget participatif"
    assert "Ana Sousa" in said.embeds[0].description


async def test_a_direct_message_of_a_stranger(world: World) -> None:
    await world.stranger.send_dm("hello")
    await world.env.settle()
    assert "for the network’s alumni" in world.stranger.user.dm_channel.history()[-1].content


async def test_the_menu_of_a_message_answers_privately(world: World) -> None:
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    speak(world.coordinator, "es-ES")
    message = await world.alumna.send(world.room, QUESTION)
    shown = answer(await world.coordinator.context_menu(world.room, "Find people", message))
    assert shown.ephemeral
    assert "Ana Sousa" in shown.embeds[0].description
    empty = await world.alumna.send(world.room, "<@1> <#2>")
    assert "has no text" in answer(await world.alumna.context_menu(world.room, "Find people", empty)).content


async def test_the_menu_on_a_questions_post_reads_its_card(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    shown = answer(await world.coordinator.context_menu(thread, "Find people", top(thread)))
    assert "participatory budgeting" in shown.embeds[0].title
