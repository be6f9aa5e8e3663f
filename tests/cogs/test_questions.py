"""/ask and the life of a question's post, in a running bot."""

from __future__ import annotations

from typing import Any

import simcord
from sqlalchemy import insert, select, update

from bot.domain.questions import QuestionState
from db.tables import Member, Membership, Question, Server
from tests.cogs.answers import answer, fields
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


async def test_a_question_becomes_a_post(world: World) -> None:
    place = await forum(world)
    said = await ask(world)
    (thread,) = place.threads
    assert said.ephemeral
    assert f"<#{thread.id}>" in said.content
    post = top(thread)
    assert thread.name == TEXT["title"]
    assert post.content == f"alumna (<@{world.alumna.id}>) asks:"
    assert "council decides in May" in post.embeds[0].description
    assert fields(post)["Topic"] == "participatory budgeting"
    assert fields(post)["Language"] == "English"
    assert pressable(post) == ["Find people", "Edit", "It is answered"]
    assert len(tags(world, place, thread)) == 2
    assert "Open" in tags(world, place, thread)
    assert world.alumna.id in world.env.backend.get_channel(thread.id).thread_members
    (row,) = await rows(world)
    assert (row.thread_id, row.message_id, row.state) == (thread.id, post.id, QuestionState.OPEN)
