"""Somebody leaves: the coordinators get one card, ask somebody, and she takes it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from db.tables import Case, Member, Server
from tests.cogs.answers import answer
from tests.cogs.asking import member
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver
from tests.cogs.writing import pressed, published, rows


async def test_what_she_leaves_finds_somebody_else(world: World) -> None:
    bob = world.person("Bob", world.alumni_role)
    for who, name in ((world.alumna, "Ana"), (bob, "Bob")):
        await member(world, who, name)
    thread = await published(world)
    room = world.server.create_text_channel("coordinators")
    channel = bob.user.dm_channel
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server).where(Server.id == world.server.id).values(coordinators_channel_id=room.id)
        )
        await session.execute(
            update(Member)
            .where(Member.user_id == bob.id)
            .values(direct_messages_at=world.application.clock(), direct_channel_id=channel.id)
        )
    world.server.remove_member(world.alumna)
    await world.env.settle()
    await deliver(world, after=timedelta(hours=3))
    (card,) = room.history()
    assert "Ana has left the network" in card.content
    left = answer(await world.coordinator.click(card, custom_id=pressed(card, "handover:open:")))
    (item,) = [item for item in (await world.application.services.hand_overs.get(1)).items if item.kind == "case"]
    asked = answer(await world.coordinator.select(left, [str(item.id)], custom_id="handover:item"))
    await world.coordinator.select(asked, [bob], custom_id=f"handover:to:{item.id}")
    await deliver(world)
    offer = channel.history()[-1]
    assert "would take this over" in offer.content
    said = answer(await bob.user.click(offer, custom_id=pressed(offer, "handover:take:")))
    assert "it is yours now" in said.content
    (case,) = await rows(world, Case)
    assert (case.owner_name, case.author_name) == ("Bob", world.alumna.name)
    (author,) = [field for field in thread.history()[0].embeds[0].fields if field.name == "Written by"]
    assert "looked after by Bob" in str(author.value)
