"""A question without a name: whatever happens to it, nothing that anybody else reads says who asked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
import pytest
import structlog

from config.logs import configure
from db.tables import AuditEntry, Base, Follower, Question
from tests.clock import SettableClock
from tests.cogs.answers import answer
from tests.cogs.asking import ask, forum, last, member, menu, press, pressable, rows, stale, state, top
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver, states

SECRET = "Ottoline Quill"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that the program logs, ours and the libraries'."""
    stream = io.StringIO()
    configure("info", "json", stream=stream)
    yield stream
    structlog.reset_defaults()


async def asker(world: World) -> Any:
    """Somebody with a name that stands out, and a profile."""
    actor = world.person(SECRET, world.alumni_role)
    await member(world, actor, SECRET)
    return actor


def traces(world: World, actor: Any, log: io.StringIO) -> list[str]:
    """Wherever the asker's name or id stands in what others can read: threads, channels, the log."""
    backend = world.env.backend
    found = []
    for channel_id, messages in backend.messages.items():
        channel = backend.get_channel(channel_id)
        if channel.guild_id is None:
            continue
        found += [
            repr(message)
            for message in messages.values()
            if not message.flags & discord.MessageFlags.ephemeral.flag and message.author_id != actor.id
        ]
        if channel.is_thread:
            found.append(f"members {sorted(channel.thread_members)}")
    found += [repr(entry) for entry in world.server.audit_log()]
    found += log.getvalue().splitlines()
    wanted = re.compile(f"{SECRET}|{actor.id}")
    return [text for text in found if wanted.search(text)]


async def database_traces(world: World, actor: Any) -> dict[str, int]:
    """In how many rows of which tables her id stands."""
    found = {}
    async with world.application.database.read() as session:
        for table in Base.metadata.sorted_tables:
            count = sum(
                str(actor.id) in repr(tuple(row)) or SECRET in repr(tuple(row))
                for row in await session.execute(table.select())
            )
            if count:
                found[table.name] = count
    return found


async def test_nothing_says_who_asked(world: World, log: io.StringIO) -> None:
    place = await forum(world)
    ana = await asker(world)
    rui = world.person("Rui", world.alumni_role)
    await member(world, rui, "Rui Costa")
    said = await ask(world, ana, nameless=True)
    assert said.ephemeral
    assert "Nobody sees who you are" in said.content
    (thread,) = place.threads
    assert top(thread).content == "Somebody from the network asks, without a name:"
    assert pressable(top(thread)) == ["Find people", "Reply", "Edit", "It is answered", "Follow", "Stop following"]

    form = await ana.click(top(thread), custom_id="question:reply:1")
    replied = answer(await ana.submit_modal(form, {"text": "Thank you! Which *year* was it?"}))
    assert replied.ephemeral
    assert last(thread).content.startswith("**Who asked the question writes:**\nThank you!")
    assert last(thread).author.id == world.application.bot.user.id  # type: ignore[union-attr]

    form = await ana.click(top(thread), custom_id="question:edit:1")
    await ana.submit_modal(form, {"title": "Another title", "body": "Another text", "topic": ""})
    await press(world, ana, thread, "follow")
    helpful = await rui.send(thread, "In 2019.")
    await press(world, ana, thread, "close")
    await press(world, ana, thread, "reopen")
    await menu(ana, thread, "Thank", helpful)
    await menu(ana, thread, "Mark as answer", helpful)
    taken = await menu(ana, thread, "Mark as answer", helpful)
    await ana.click(taken, label="Take the mark back")

    assert traces(world, ana, log) == []
    assert await rows(world, AuditEntry) == []
    (question,) = await rows(world, Question)
    assert question.asker_name is None
    assert await database_traces(world, ana) == {"members": 1, "questions": 1, "followers": 1, "thanks": 1}


async def test_refusals_and_bugs_do_not_say_it_either(world: World, log: io.StringIO) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True, title="\u200b")
    await ask(world, ana, nameless=True)
    (thread,) = place.threads
    form = await ana.click(top(thread), custom_id="question:edit:1")
    await ana.submit_modal(form, {"title": "\u200b", "body": "x", "topic": ""})
    await menu(ana, thread, "Mark as answer", top(thread))
    await menu(ana, thread, "Thank", top(thread))
    await press(world, ana, thread, "close")
    await ana.click(await stale(world, "question:people:1"), custom_id="question:people:1")
    await press(world, ana, thread, "reopen")
    world.env.inject_error("PATCH", f"/channels/{thread.id}*", status=403, code=50013, message="no", times=None)
    await press(world, ana, thread, "close")
    world.env.backend.delete_channel(place.id)
    await world.env.settle()
    form = await ana.slash(world.room, "ask")
    await ana.submit_modal(form, {"title": "Again", "body": "Again", "topic": "", "sign": ["nameless"]})
    assert log.getvalue().count("refused") >= 6
    assert traces(world, ana, log) == []


async def test_a_coordinator_reads_the_same_of_the_askers_message_as_of_anybodys(world: World) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True)
    (thread,) = place.threads
    own = await ana.send(thread, "We tried that too.")
    said = await menu(world.coordinator, thread, "Mark as answer", own)
    assert f"{SECRET} gets the credit" in said.content


async def test_nobody_else_replies_for_her(world: World) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True)
    for who in (world.coordinator, world.network_coordinator, world.alumna):
        for verb in ("reply", "edit"):
            said = answer(await who.click(top(place.threads[0]), custom_id=f"question:{verb}:1"))
            assert "Only the person who asked" in said.content


async def test_followers_are_told_once_in_a_while_and_never_of_their_own_words(
    world: World, clock: SettableClock, log: io.StringIO
) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True)
    (thread,) = place.threads
    said = await press(world, ana, thread, "follow")
    assert "Nobody sees that you follow" in said.content
    told = ana.user.dm_channel.history
    assert len(told()) == 1
    await ana.send(thread, "My own words")
    await deliver(world)
    assert len(told()) == 1
    first = await world.alumna.send(thread, "One")
    await world.alumna.send(thread, "Two")
    await deliver(world)
    assert len(told()) == 2
    assert str(first.id) in told()[-1].content
    clock.advance(timedelta(minutes=20))
    await world.alumna.send(thread, "Three")
    await press(world, ana, thread, "unfollow")
    await deliver(world)
    assert len(told()) == 2, "who stops following before it is sent is not told"
    clock.advance(timedelta(minutes=20))
    await world.alumna.send(thread, "Four")
    await deliver(world)
    assert await states(world) == [("question_news", "sent"), ("question_news", "cancelled")]
    assert traces(world, ana, log) == []


async def test_closed_direct_messages_are_said_at_once(world: World) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="no")
    said = await press(world, ana, place.threads[0], "follow")
    assert "Discord does not let me write to you" in said.content
    assert await rows(world, Follower) == []


async def test_who_closes_her_messages_later_is_no_longer_written_to(world: World) -> None:
    place = await forum(world)
    ana = await asker(world)
    await ask(world, ana, nameless=True)
    await press(world, ana, place.threads[0], "follow")
    world.env.inject_error("POST", f"/channels/{ana.user.dm_channel.id}/messages", status=403, code=50007, message="no")
    await world.alumna.send(place.threads[0], "News")
    await deliver(world)
    assert await rows(world, Follower) == []
    assert await states(world) == [("question_news", "refused")]
    await press(world, ana, place.threads[0], "follow")
    await world.alumna.send(place.threads[0], "More news")
    await deliver(world, after=timedelta(minutes=20))
    assert len(ana.user.dm_channel.history()) == 2, "the hello of either time: she was told a moment ago"


async def test_a_named_asker_just_writes(world: World) -> None:
    place = await forum(world)
    await ask(world)
    said = answer(await world.alumna.click(await stale(world, "question:reply:1"), custom_id="question:reply:1"))
    assert "just write in the thread" in said.content
    assert await state(world) == "open"
    assert len(place.threads[0].history()) == 1
