"""Inviting somebody from a question's post, what she is told, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import simcord
from sqlalchemy import update

from bot.client import inviting
from bot.services.access import Asking
from db.tables import Answer
from tests.clock import SettableClock
from tests.cogs.answers import answer, fields, labels
from tests.cogs.asking import ask, forum, last, menu, press, rows, stale, state
from tests.cogs.conftest import World, speak
from tests.cogs.delivering import deliver, states
from tests.cogs.inviting import another_server, expert, options, pause


async def invited(world: World, *names: str, nameless: bool = False) -> tuple[simcord.ChannelHandle, Any]:
    """The asker asks, and has these people invited, whose messages go out; the thread, and her board."""
    place = await forum(world)
    await ask(world, nameless=nameless)
    (thread,) = place.threads
    board = await press(world, world.alumna, thread, "people")
    chosen = [value for label, value in options(board) if label in names]
    assert len(chosen) == len(names)
    await world.alumna.select(board, chosen, custom_id="question:invite:1")
    await deliver(world)
    return thread, board


def direct(actor: simcord.MemberActor) -> Any:
    """The last thing that the bot wrote to somebody directly."""
    return actor.user.dm_channel.history()[-1]


async def test_an_expert_is_asked_privately_says_yes_and_is_in_the_thread(world: World) -> None:
    rui = await expert(world, "Rui Costa")
    thread, board = await invited(world, "Rui Costa")
    assert "I am asking **Rui Costa**" in board.embeds[0].description
    assert "on its way" in fields(board)["Invited so far"]
    assert rui.id not in world.env.backend.get_channel(thread.id).thread_members

    assert direct(rui).content == "alumna asks whether you would help with a question."
    assert direct(rui).embeds[0].title == "Who has done participatory budgeting?"
    assert "You named participatory budgeting: expert" in direct(rui).embeds[0].fields[0].value
    await rui.user.click(direct(rui), label="Accept")
    assert "You are in the thread now" in direct(rui).content
    assert rui.id in world.env.backend.get_channel(thread.id).thread_members
    assert last(thread).content == f"Rui Costa (<@{rui.id}>) was asked to help, and has joined."

    again = await press(world, world.alumna, thread, "people")
    assert "**Rui Costa**: has accepted" in fields(again)["Invited so far"]
    assert options(again) == []


async def test_not_me_is_told_gently_and_somebody_else_is_named(world: World) -> None:
    rui, olha = await expert(world, "Rui Costa"), await expert(world, "Olha")
    thread, _ = await invited(world, "Rui Costa")
    await rui.user.click(direct(rui), label="Not me")
    assert "Nobody is told why" in direct(rui).content
    choice = answer(await rui.user.click(direct(rui), label="Refer to…"))
    (named,) = options(choice)
    assert named[0] == "Olha"
    await rui.user.select(choice, [named[1]], custom_id="invitation:named:1")
    assert choice.content == "Thank you! I am asking Olha, and say that you named them."
    await deliver(world)
    assert "Rui Costa was asked first, and thinks that you know about it." in direct(olha).content
    shown = fields(await press(world, world.alumna, thread, "people"))["Invited so far"]
    assert "**Rui Costa**: named somebody else" in shown
    assert "**Olha**: asked, no word yet · named by Rui Costa" in shown


async def test_somebody_of_another_server_answers_from_there(world: World) -> None:
    porto = await another_server(world)
    rui = await expert(world, "Rui Costa", server=porto)
    thread, _ = await invited(world, "Rui Costa")
    await rui.user.click(direct(rui), label="Accept")
    assert "asked in another server" in direct(rui).content
    assert len(thread.history()) == 1, "nobody is announced who is not there"
    form = await rui.user.click(direct(rui), label="Write my answer")
    text = "We did that in 2019. @everyone " + "Word by word. " * 270
    said = answer(await rui.user.submit_modal(form, {"text": text}))
    assert "Your answer stands in the thread" in said.content
    posted = last(thread)
    assert posted.content.startswith("**Rui Costa answers from another server:**")
    assert not posted.mention_everyone
    whole = posted.content + "".join(embed.description or "" for embed in posted.embeds)
    assert whole.count("Word by word.") == 270
    assert [row.relayed for row in await rows(world, Answer)] == [True]
    assert "Rui Costa gets the credit" in (await menu(world.alumna, thread, "Mark as answer", posted)).content
    assert await state(world) == "answered"
    await rui.user.click(direct(rui), label="I cannot after all")
    await rui.user.click(direct(rui), label="I can help after all")
    assert direct(rui).content == "This question has been answered meanwhile. Thank you all the same."
    assert labels_of(direct(rui)) == []


def labels_of(message: Any) -> list[str]:
    """The labels of the buttons under a message, however simcord hands it out."""
    if message.components and isinstance(message.components[0], dict):
        return labels(message)
    return [item.label for row in message.components for item in row.children]


async def test_her_answer_stands_without_her_name_once_she_has_her_data_deleted(world: World) -> None:
    porto = await another_server(world)
    rui = await expert(world, "Rui Costa", server=porto)
    thread, _ = await invited(world, "Rui Costa")
    await rui.user.click(direct(rui), label="Accept")
    form = await rui.user.click(direct(rui), label="Write my answer")
    await rui.user.submit_modal(form, {"text": "In 2019."})
    info = answer(await rui.slash(porto.create_text_channel("general"), "privacy delete"))
    await rui.click(info, custom_id="privacy:delete:yes")
    assert last(thread).content == "**Somebody who has left answered from another server:**\nIn 2019."


@pytest.mark.simcord(check_errors=False)
async def test_an_answer_that_discord_took_without_saying_so_is_posted_once(world: World) -> None:
    porto = await another_server(world)
    rui = await expert(world, "Rui Costa", server=porto)
    thread, _ = await invited(world, "Rui Costa")
    await rui.user.click(direct(rui), label="Accept")
    form = await rui.user.click(direct(rui), label="Write my answer")
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=50013, message="no")
    await rui.user.submit_modal(form, {"text": "In 2019."})
    assert len(thread.history()) == 1
    await inviting.reconcile(world.application.bot)
    assert last(thread).content.endswith("In 2019.")
    async with world.application.database.begin() as session:
        await session.execute(update(Answer).values(message_id=None))
    await inviting.reconcile(world.application.bot)
    assert len(thread.history()) == 2
    assert [row.message_id for row in await rows(world, Answer)] == [last(thread).id]


async def test_only_she_who_is_invited_uses_its_buttons(world: World) -> None:
    await expert(world, "Rui Costa")
    await invited(world, "Rui Costa")
    for verb in ("open", "accept", "decline", "refer", "answer"):
        said = answer(
            await world.coordinator.click(await stale(world, f"invitation:{verb}:1"), custom_id=f"invitation:{verb}:1")
        )
        assert "This is for somebody else" in said.content


async def test_who_paused_before_it_went_out_is_not_written_to(world: World, clock: SettableClock) -> None:
    rui = await expert(world, "Rui Costa")
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    board = await press(world, world.alumna, thread, "people")
    await world.alumna.select(board, [options(board)[0][1]], custom_id="question:invite:1")
    await pause(world, rui, clock() + timedelta(days=9))
    await deliver(world)
    assert await states(world) == [("invitation", "cancelled")]
    shown = fields(await press(world, world.alumna, thread, "people"))["Invited so far"]
    assert "could not be reached" in shown


async def test_a_question_that_nobody_answers_moves_until_somebody_writes(world: World) -> None:
    place = await forum(world)
    people = [await expert(world, f"Person {number}") for number in range(6)]
    await ask(world)
    (thread,) = place.threads
    await deliver(world, after=timedelta(days=1))
    assert await states(world) == [("invitation", "sent")]
    await deliver(world, after=timedelta(days=1))
    assert len(await states(world)) == 4
    written = [one for one in people if one.user.dm_channel.history()]
    assert len(written) == 4
    assert "Nobody has answered it so far." in direct(written[0]).content
    await deliver(world, after=timedelta(days=1))
    hint = next(one for one in thread.history() if "nobody has answered yet" in one.content)
    assert hint.content.startswith(f"<@{world.alumna.id}>")
    await people[0].send(thread, "In 2019.")
    count = len(await states(world))
    await deliver(world, after=timedelta(days=9))
    assert len(await states(world)) == count


async def test_an_answer_that_came_while_the_bot_was_away_stops_it(world: World) -> None:
    place = await forum(world)
    await expert(world, "Rui Costa")
    await ask(world)
    (thread,) = place.threads
    unanswered = world.application.services.unanswered
    await world.coordinator.send(thread, "In 2019.")
    await unanswered.go_on(await actor_of_asker(world), 1)
    await deliver(world, after=timedelta(days=5))
    assert await states(world) == []


async def actor_of_asker(world: World) -> Any:
    """The asker, as the services know her."""
    return await world.application.services.access.actor(
        Asking(world.alumna.id, "alumna", "en-US", world.server.id, "en-US", frozenset({world.alumni_role.id}))
    )


async def test_still_thinking_and_going_on(world: World) -> None:
    place = await forum(world)
    await expert(world, "Rui Costa")
    await ask(world)
    (thread,) = place.threads
    board = await press(world, world.alumna, thread, "people")
    said = answer(await world.alumna.click(board, label="Still thinking"))
    assert "I ask nobody else" in said.content
    await deliver(world, after=timedelta(days=9))
    assert await states(world) == []
    board = await press(world, world.alumna, thread, "people")
    await world.alumna.click(board, label="Ask others by itself")
    await deliver(world, after=timedelta(days=1))
    assert await states(world) == [("invitation", "sent")]


async def test_an_invitation_in_her_language_to_a_question_without_a_name(world: World) -> None:
    rui = await expert(world, "Rui Costa")
    speak(rui, "fr")
    thread, _ = await invited(world, "Rui Costa", nameless=True)
    assert direct(rui).content.startswith("Somebody from the network, without a name")
    assert str(world.alumna.id) not in repr(direct(rui))
    await rui.user.click(direct(rui), label="Accept")
    assert "Vous êtes maintenant dans le fil" in direct(rui).content
    assert world.alumna.id not in world.env.backend.get_channel(thread.id).thread_members
