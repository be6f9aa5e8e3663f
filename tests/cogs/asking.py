"""Asking in a running bot, and looking at what became of it."""

from __future__ import annotations

from typing import Any

import discord
import simcord
from sqlalchemy import insert, select, update

from db.tables import Member, Membership, Question, Server
from tests.cogs.answers import answer
from tests.cogs.conftest import World

TEXT = {
    "title": "Who has done participatory budgeting?",
    "body": "We are a town of 40,000 people.\n- first try failed\n- council decides in May",
    "topic": "",
}


async def forum(world: World, server: simcord.GuildHandle | None = None) -> simcord.ChannelHandle:
    """A questions forum, chosen."""
    made = (server or world.server).create_forum_channel("questions")
    await choose(world, made.id, server)
    return made


async def choose(world: World, forum_id: int | None, server: simcord.GuildHandle | None = None) -> None:
    """Choose a forum for questions straight away."""
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server).where(Server.id == (server or world.server).id).values(questions_forum_id=forum_id)
        )


async def language(world: World, code: str) -> None:
    """What everybody in the server reads."""
    async with world.application.database.begin() as session:
        await session.execute(update(Server).where(Server.id == world.server.id).values(language=code))


async def ask(world: World, who: simcord.MemberActor | None = None, *, nameless: bool = False, **text: str) -> Any:
    """Ask with the form; the private answer."""
    who = who or world.alumna
    form = await who.slash(world.room, "ask")
    values = {**TEXT, **text, "sign": ["nameless" if nameless else "name"]}
    return answer(await who.submit_modal(form, values))


async def member(world: World, actor: simcord.MemberActor, name: str) -> int:
    """A profile for somebody; its id."""
    now = world.application.clock()
    async with world.application.database.begin() as session:
        member_id: int | None = await session.scalar(
            insert(Member)
            .values(user_id=actor.id, display_name=name, zone="UTC", created_at=now, updated_at=now)
            .returning(Member.id)
        )
        await session.execute(
            insert(Membership).values(server_id=world.server.id, member_id=member_id, alumni=True, joined_at=now)
        )
    assert member_id is not None
    return member_id


async def rows(world: World, table: Any = Question) -> list[Any]:
    """All rows of a table."""
    async with world.application.database.read() as session:
        return list((await session.execute(select(*table.__table__.columns))).all())


def tags(world: World, place: simcord.ChannelHandle, thread: simcord.ChannelHandle) -> set[str]:
    """The names of the tags on a post."""
    names = {int(tag["id"]): tag["name"] for tag in world.env.backend.get_channel(place.id).available_tags}
    return {names[each] for each in world.env.backend.get_channel(thread.id).applied_tags}


def top(thread: simcord.ChannelHandle) -> Any:
    """The card of a post."""
    return thread.history()[0]


def pressable(post: Any) -> list[str]:
    """The labels of the buttons under a post."""
    return [item.label for row in post.components for item in row.children]


def unclear(world: World) -> str:
    """A text that may mean several topics, whatever names they have been given by now."""
    topics = world.application.services.topics
    for text in ("digital", "public", "children roads", "planning", "water", "services", "city"):
        found = topics.find(text, "en")
        if not found.confident and len(found.matches) > 1:
            return text
    raise AssertionError("every text is clear")


async def press(world: World, who: simcord.MemberActor, thread: simcord.ChannelHandle, verb: str) -> Any:
    """Press a button of a post, by its verb; the private answer."""
    (row,) = [row for row in await rows(world) if row.thread_id == thread.id]
    return answer(await who.click(top(thread), custom_id=f"question:{verb}:{row.id}"))


async def menu(who: simcord.MemberActor, thread: simcord.ChannelHandle, name: str, message: Any) -> Any:
    """Use the menu of a message in a thread; the private answer."""
    return answer(await who.context_menu(thread, name, message))


async def state(world: World) -> str:
    """How the one question stands."""
    (row,) = await rows(world)
    return str(row.state)


def last(thread: simcord.ChannelHandle) -> Any:
    """The newest message in a thread."""
    return thread.history()[-1]


async def stale(world: World, custom_id: str) -> discord.Message:
    """A button as it stands on a screen that has not caught up: pressed again after it is gone."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
    view.stop()
    channel = world.application.bot.get_channel(world.room.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("x", view=view)
