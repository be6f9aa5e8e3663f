"""What the bot says on its own, seen by coordinators; and direct messages, allowed and stopped."""

from __future__ import annotations

from typing import Any

import simcord
from sqlalchemy import insert, select, update

from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.services.outbox import post
from db.tables import Member, RefusalRow, Server
from tests.cogs.answers import answer
from tests.cogs.asking import member
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver, states


async def refuse(world: World, target: Target, code: int) -> simcord.ChannelHandle:
    """Discord refused this target before, and coordinators are to be told of it in the channel that is returned."""
    channel = world.server.create_text_channel("coordinators")
    now = world.application.clock()
    async with world.application.services.outbox.work.begin() as session:
        await session.execute(update(Server).values(coordinators_channel_id=channel.id))
        refusal = await session.scalar(
            insert(RefusalRow)
            .values(channel_id=None if target.member_id else target.id, member_id=target.member_id, code=code, at=now)
            .returning(RefusalRow.id)
        )
        await post(
            session,
            [
                NewDelivery(DeliveryKind.UNDELIVERED, refusal or 0, Target.channel(channel.id, world.server.id), "a"),
                NewDelivery(DeliveryKind.UNDELIVERED, refusal or 0, target, "b"),
            ],
            now,
        )
    return channel


async def test_coordinators_are_told_see_it_and_try_again(world: World) -> None:
    told = await refuse(world, Target.channel(world.room.id, world.server.id), 50001)
    await deliver(world)
    (message,) = told.history()
    assert message.content.startswith(f"I cannot write in <#{world.room.id}>: I may not see the channel")
    assert await states(world) == [("undelivered", "sent"), ("undelivered", "refused")]
    said = answer(await world.coordinator.slash(world.room, "deliveries status"))
    assert said.ephemeral
    (embed,) = said.embeds
    assert "refused: 1" in str(embed.description)
    assert f"<#{world.room.id}>" in str(embed.fields[-1].value)
    said = answer(await world.coordinator.slash(world.room, "deliveries retry"))
    assert said.content == "I try 1 message again."
    await deliver(world)
    assert await states(world) == [("undelivered", "sent"), ("undelivered", "cancelled")], "there is nothing to tell"


async def test_a_member_allows_direct_messages_and_stops_them(world: World) -> None:
    member_id = await member(world, world.alumna, "Ana")
    async with world.application.database.begin() as session:
        await session.execute(update(Member).values(confirmed_at=world.application.clock()))
    shown = answer(await world.alumna.slash(world.room, "profile show"))
    await world.alumna.click(shown, custom_id="direct:allow")
    (hello,) = world.alumna.user.dm_channel.history()
    assert hello.content.startswith("From now on I may write to you here")
    assert await direct(world) == world.alumna.user.dm_channel.id
    card = answer(await world.alumna.slash(world.room, "profile show"))
    assert "Allowed since" in repr(card.embeds[0].to_dict())
    await refuse(world, Target.member(member_id), 50007)
    async with world.application.database.begin() as session:
        await session.execute(RefusalRow.__table__.update().values(member_id=None, channel_id=1))  # type: ignore[attr-defined]
    await deliver(world)
    assert len(world.alumna.user.dm_channel.history()) == 2, "what is for her arrives there"
    stopped = answer(await world.alumna.user.click(hello, custom_id="direct:stop"))
    assert "I no longer write to you directly" in stopped.content
    assert await direct(world) is None
    await world.alumna.click(card, custom_id="direct:stop:card")


async def test_closed_direct_messages_are_said_at_once(world: World) -> None:
    await member(world, world.alumna, "Ana")
    async with world.application.database.begin() as session:
        await session.execute(update(Member).values(confirmed_at=world.application.clock()))
    shown = answer(await world.alumna.slash(world.room, "profile show"))
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="no")
    said = answer(await world.alumna.click(shown, custom_id="direct:allow"))
    assert "Discord does not let me write to you" in said.content
    assert await direct(world) is None


async def direct(world: World) -> Any:
    async with world.application.database.read() as session:
        return await session.scalar(select(Member.direct_channel_id))
