"""Marking what answered a question, and thanking who helped, in a running bot."""

from __future__ import annotations

from typing import Any

import pytest
import simcord
from sqlalchemy import insert

from db.tables import Answer, AuditEntry, Thanks
from tests.cogs.answers import answer, fields
from tests.cogs.asking import ask, forum, language, last, member, menu, rows, state, tags, top
from tests.cogs.conftest import World, speak


class Talk:
    """A question's thread, and Rui's answer in it."""

    def __init__(
        self, place: simcord.ChannelHandle, thread: simcord.ChannelHandle, rui: simcord.MemberActor, message: Any
    ) -> None:
        self.place = place
        self.thread = thread
        self.rui = rui
        self.message = message


async def talk(world: World, *, nameless: bool = False, profile: bool = True) -> Talk:
    """A question, answered by Rui in its thread."""
    place = await forum(world)
    await ask(world, nameless=nameless)
    (thread,) = place.threads
    rui = world.person("Rui", world.alumni_role)
    if profile:
        await member(world, rui, "Rui Costa")
    return Talk(place, thread, rui, await rui.send(thread, "We did it in Porto, with three lessons."))


async def test_mark_as_answer(world: World) -> None:
    here = await talk(world)
    said = await menu(world.alumna, here.thread, "Mark as answer", here.message)
    assert "Rui Costa gets the credit" in said.content
    assert await state(world) == "answered"
    assert tags(world, here.place, here.thread) == {"Answered", "Administration"}
    assert fields(top(here.thread))["Marked as the answer"].endswith(f"/{here.message.id}")
    assert "is marked as the answer" in last(here.thread).content
    (row,) = await rows(world, Answer)
    assert (row.message_id, row.relayed, row.accepted_at is not None) == (here.message.id, False, True)
    assert await rows(world, AuditEntry) == []


async def test_marking_twice_marks_once(world: World) -> None:
    here = await talk(world)
    said = [(await menu(world.alumna, here.thread, "Mark as answer", here.message)).content for _ in range(2)]
    assert ["already" in text for text in said] == [False, True]
    assert len(await rows(world, Answer)) == 1
    assert [message.content for message in here.thread.history()].count(last(here.thread).content) == 1


async def test_taking_the_mark_back(world: World) -> None:
    here = await talk(world)
    said = await menu(world.alumna, here.thread, "Mark as answer", here.message)
    back = answer(await world.alumna.click(said, label="Take the mark back"))
    assert back.content == "The mark is taken back."
    assert await state(world) == "open"
    assert await rows(world, Answer) == []
    assert "no longer marked" in last(here.thread).content
    assert tags(world, here.place, here.thread) == {"Open", "Administration"}
    again = answer(await world.alumna.click(said, label="Take the mark back"))
    assert "is not marked" in again.content


async def test_of_two_marks_the_last_one_opens_it_again(world: World) -> None:
    here = await talk(world)
    second = await here.rui.send(here.thread, "And a fourth lesson.")
    first_said = await menu(world.alumna, here.thread, "Mark as answer", here.message)
    second_said = await menu(world.alumna, here.thread, "Mark as answer", second)
    await world.alumna.click(first_said, label="Take the mark back")
    assert await state(world) == "answered"
    await world.alumna.click(second_said, label="Take the mark back")
    assert await state(world) == "open"


async def test_a_coordinator_marks_and_the_audit_says_so(world: World) -> None:
    here = await talk(world)
    speak(world.coordinator, "es-ES")
    said = await menu(world.coordinator, here.thread, "Mark as answer", here.message)
    assert "Rui Costa recibe el mérito" in said.content
    (entry,) = await rows(world, AuditEntry)
    assert (entry.action, entry.actor_id) == ("question.mark", world.coordinator.id)


async def test_the_thread_reads_it_in_the_servers_language(world: World) -> None:
    here = await talk(world)
    await language(world, "fr")
    await menu(world.alumna, here.thread, "Mark as answer", here.message)
    assert last(here.thread).content.startswith("Ce message est désigné comme réponse")
    assert fields(top(here.thread))["État"] == "Résolue"


async def test_her_own_message_closes_and_credits_nobody(world: World) -> None:
    here = await talk(world)
    await member(world, world.alumna, "Ana")
    own = await world.alumna.send(here.thread, "I found it myself.")
    said = await menu(world.alumna, here.thread, "Mark as answer", own)
    assert "Nobody gets credit" in said.content
    (row,) = await rows(world, Answer)
    assert row.member_id is None


@pytest.mark.parametrize("name", ["Mark as answer", "Thank"])
async def test_only_in_a_question(world: World, name: str) -> None:
    await talk(world)
    message = await world.alumna.send(world.room, "Hello")
    said = answer(await world.alumna.context_menu(world.room, name, message))
    assert "in the thread of a question" in said.content


@pytest.mark.parametrize("name", ["Mark as answer", "Thank"])
async def test_what_the_bot_says_of_itself_is_no_answer(world: World, name: str) -> None:
    here = await talk(world)
    said = await menu(world.alumna, here.thread, name, top(here.thread))
    assert "is not somebody’s answer" in said.content


async def test_not_for_everybody(world: World) -> None:
    here = await talk(world)
    said = await menu(here.rui, here.thread, "Mark as answer", here.message)
    assert "Only the person who asked" in said.content
    assert await state(world) == "open"


async def test_a_relayed_answer_credits_who_wrote_it_elsewhere(world: World) -> None:
    here = await talk(world)
    far = await member(world, world.person("Olha", world.alumni_role), "Olha Bondar")
    thread = world.env.bot.get_channel(here.thread.id)
    relayed = await thread.send("Olha Bondar (Lviv) writes: …")  # type: ignore[union-attr]
    async with world.application.database.begin() as session:
        await session.execute(
            insert(Answer).values(
                question_id=1,
                member_id=far,
                message_id=relayed.id,
                text="…",
                relayed=True,
                given_at=world.application.clock(),
            )
        )
    said = await menu(world.alumna, here.thread, "Mark as answer", relayed)
    assert "Olha Bondar gets the credit" in said.content
    await world.alumna.click(said, label="Take the mark back")
    (row,) = await rows(world, Answer)
    assert (row.member_id, row.accepted_at) == (far, None)
    thanked = await menu(here.rui, here.thread, "Thank", relayed)
    assert "Your thanks to Olha Bondar are kept" in thanked.content


async def test_thank_once_and_not_oneself(world: World) -> None:
    here = await talk(world)
    said = await menu(world.coordinator, here.thread, "Thank", here.message)
    assert "Your thanks to Rui Costa are kept" in said.content
    assert last(here.thread).content.startswith("Somebody says thank you")
    assert await state(world) == "open"
    again = await menu(world.coordinator, here.thread, "Thank", here.message)
    assert "already" in again.content
    own = await menu(here.rui, here.thread, "Thank", here.message)
    assert "your own message" in own.content
    await menu(world.alumna, here.thread, "Thank", here.message)
    assert len(await rows(world, Thanks)) == 2
    assert [m.content for m in here.thread.history() if m.content.startswith("Somebody says")] == [
        last(here.thread).content
    ]


async def test_no_thanks_on_record_for_somebody_without_a_profile(world: World) -> None:
    here = await talk(world, profile=False)
    said = await menu(world.alumna, here.thread, "Thank", here.message)
    assert "no profile" in said.content
    marked = await menu(world.alumna, here.thread, "Mark as answer", here.message)
    assert "Nobody gets credit" in marked.content
    assert await state(world) == "answered"
