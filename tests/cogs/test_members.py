"""Joining, leaving, and the alumni role, as Discord tells of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import simcord
from sqlalchemy import insert, select, update

from db.tables import Member, Membership
from tests.cogs.answers import answer
from tests.cogs.conftest import World


async def known(world: World, user_id: int) -> int:
    """Somebody with a profile; nothing is known yet of where she is."""
    now = world.application.clock()
    async with world.application.database.begin() as session:
        member_id: int | None = await session.scalar(
            insert(Member)
            .values(user_id=user_id, display_name="Known", zone="UTC", created_at=now, updated_at=now)
            .returning(Member.id)
        )
    assert member_id is not None
    return member_id


async def seen(world: World) -> list[tuple[int, bool, bool]]:
    """Each membership: the member's Discord id, whether she is an alumna, whether she is there now."""
    async with world.application.database.read() as session:
        rows = await session.execute(
            select(Member.user_id, Membership.alumni, Membership.left_at)
            .join(Member, Member.id == Membership.member_id)
            .where(Membership.server_id == world.server.id)
            .order_by(Member.id)
        )
    return [(user_id or 0, alumni, left_at is None) for user_id, alumni, left_at in rows]


async def test_who_comes_and_goes_is_followed(world: World) -> None:
    user = world.env.create_user("traveller")
    await known(world, user.id)
    actor = world.server.add_member(user, roles=[world.alumni_role])
    await world.env.settle()
    assert await seen(world) == [(user.id, True, True)]
    await remove(world, actor)
    assert await seen(world) == [(user.id, True, False)]
    world.server.add_member(user)
    await world.env.settle()
    assert await seen(world) == [(user.id, False, True)], "she is back, without the role"


async def test_getting_and_losing_the_role_is_followed(world: World) -> None:
    await known(world, world.alumna.id)
    member = world.env.bot.get_guild(world.server.id).get_member(world.alumna.id)  # type: ignore[union-attr]
    assert member is not None
    await member.remove_roles(member.guild.get_role(world.alumni_role.id))  # type: ignore[arg-type]
    await world.env.settle()
    assert await seen(world) == [(world.alumna.id, False, True)]
    await member.add_roles(member.guild.get_role(world.alumni_role.id))  # type: ignore[arg-type]
    await world.env.settle()
    assert await seen(world) == [(world.alumna.id, True, True)]


async def test_nobody_without_a_row_is_followed(world: World) -> None:
    world.person("Passer-by", world.alumni_role)
    await world.env.settle()
    await world.stranger.slash(world.room, "help")
    assert await seen(world) == []


async def test_whoever_uses_the_bot_is_there(world: World) -> None:
    await known(world, world.coordinator.id)
    await world.coordinator.slash(world.room, "help")
    assert await seen(world) == [(world.coordinator.id, True, True)]


async def test_what_happened_while_the_bot_was_away_is_learnt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    there, gone, elsewhere = world.alumna.id, 4_000_000_000_000_000_01, 4_000_000_000_000_000_02
    for user_id in (there, gone, elsewhere):
        await known(world, user_id)
    now = world.application.clock()
    async with world.application.database.begin() as session:
        member_id = await session.scalar(select(Member.id).where(Member.user_id == gone))
        await session.execute(
            insert(Membership).values(server_id=world.server.id, member_id=member_id, alumni=True, joined_at=now)
        )
    guild: Any = world.env.bot.get_guild(world.server.id)
    cog: Any = world.application.bot.get_cog("Members")
    await cog.on_guild_available(guild)
    assert await seen(world) == [(there, True, True), (gone, True, False)]

    async with world.application.database.begin() as session:
        await session.execute(update(Membership).values(left_at=None))

    async def silent(*_: Any, **__: Any) -> Any:
        raise TimeoutError

    monkeypatch.setattr(type(guild), "query_members", silent)
    await cog.on_guild_available(guild)
    assert await seen(world) == [(there, True, True), (gone, True, True)], "no answer is not absence"


async def test_another_alumni_role_makes_others_alumnae(world: World) -> None:
    await known(world, world.alumna.id)
    await world.alumna.slash(world.room, "help")
    assert await seen(world) == [(world.alumna.id, True, True)]
    younger = world.server.create_role("Younger alumni")
    card = answer(await world.administrator.slash(world.room, "setup"))
    await world.administrator.select(card, ["alumni"], custom_id="setup:choose")
    await world.administrator.select(card, [younger], custom_id="setup:role:alumni")
    await asyncio.gather(*(task for task in asyncio.all_tasks() if "on_alumni_role" in task.get_name()))
    assert await seen(world) == [(world.alumna.id, False, True)]


async def remove(world: World, actor: simcord.MemberActor) -> None:
    """Somebody leaves the server."""
    guild: Any = world.env.bot.get_guild(world.server.id)
    await guild.kick(guild.get_member(actor.id))
    await world.env.settle()
