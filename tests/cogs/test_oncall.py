"""/oncall by clicks: a card for each city, people who learn of their duty, and step back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update

from db.tables import City, Server, ServerCity
from tests.cogs.answers import answer, fields, labels
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver
from tests.cogs.inviting import expert


async def furnish(world: World, *cities: str) -> tuple[Any, Any]:
    """A crisis channel, the coordinators' channel, and these cities, the first of which has the number 1."""
    crisis = world.server.create_text_channel("crisis")
    office = world.server.create_text_channel("office")
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server)
            .where(Server.id == world.server.id)
            .values(crisis_channel_id=crisis.id, coordinators_channel_id=office.id)
        )
        for number, name in enumerate(cities, start=1):
            await session.execute(insert(City).values(id=number, name=name, country="FR", zone="Europe/Paris"))
            await session.execute(insert(ServerCity).values(server_id=world.server.id, city_id=number))
    return crisis, office


async def test_a_list_from_the_command_to_stepping_back(world: World) -> None:
    crisis, office = await furnish(world, "Lyon", "Villeurbanne")
    direct = await expert(world, "direct", topic=None)
    card = answer(await world.coordinator.slash(world.room, "oncall", city="Lyon"))
    assert card.ephemeral
    assert fields(card) == {"On-call people": "Nobody yet", "Deputies": "Nobody yet"}
    await world.coordinator.select(card, [direct, world.alumna], custom_id="oncall:on_call:1")
    await world.coordinator.select(card, [world.network_coordinator], custom_id="oncall:deputy:1")
    shown = fields(answer(await world.coordinator.slash(world.room, "oncall", city="1")))
    assert f"<@{direct.id}>: reached by direct message and in the channel" in shown["On-call people"]
    assert f"<@{world.alumna.id}>: reached in the channel only" in shown["On-call people"]
    assert "/profile show" in shown["To mend"]
    await deliver(world)

    assert "You are on call for Lyon now" in direct.user.dm_channel.history()[-1].content
    mentioned = [message.content for message in crisis.history()]
    assert any(text.startswith(f"<@{world.alumna.id}> You are on call") for text in mentioned)
    assert any(text.startswith(f"<@{world.network_coordinator.id}> You are a deputy") for text in mentioned)

    said = answer(await world.coordinator.click(crisis.history()[-1], label="I cannot do it"))
    assert "somebody else’s place" in said.content
    world.env.errors.clear()
    hers = next(each for each in crisis.history() if str(world.alumna.id) in each.content)
    said = answer(await world.alumna.click(hers, label="I cannot do it"))
    assert "no longer on the list for Lyon" in said.content
    await deliver(world)
    assert office.history()[-1].content.startswith("Somebody stepped back for Lyon (on call). Now there are: 1 person")

    said = answer(await world.alumna.click(hers, label="I cannot do it"))
    assert "not on that list any more" in said.content
    world.env.errors.clear()


async def test_whoever_left_is_shown_and_taken_off(world: World) -> None:
    await furnish(world, "Lyon")
    card = answer(await world.coordinator.slash(world.room, "oncall"))
    await world.coordinator.select(card, [world.alumna], custom_id="oncall:on_call:1")
    world.server.remove_member(world.alumna)
    await world.env.settle()
    card = answer(await world.coordinator.slash(world.room, "oncall"))
    assert "has left this server" in fields(card)["On-call people"]
    assert labels(card) == ["Take off whoever left"]
    await world.coordinator.click(card, label="Take off whoever left")
    card = answer(await world.coordinator.slash(world.room, "oncall"))
    assert fields(card)["On-call people"] == "Nobody yet"


async def test_without_a_city_or_a_member_it_says_what_to_do(world: World) -> None:
    said = answer(await world.coordinator.slash(world.room, "oncall"))
    assert "/city add" in said.content
    await furnish(world, "Lyon")
    card = answer(await world.coordinator.slash(world.room, "oncall"))
    said = answer(await world.coordinator.select(card, [world.stranger], custom_id="oncall:on_call:1"))
    assert "does not have this server’s alumni role" in said.content
    world.env.errors.clear()


async def test_other_cities_are_one_choice_away(world: World) -> None:
    await furnish(world, "Lyon", "Villeurbanne")
    card = answer(await world.coordinator.slash(world.room, "oncall"))
    assert card.embeds[0].title == "On call for Lyon"
    shown = await world.coordinator.select(card, ["2"], custom_id="oncall:city")
    assert shown is not None
    said = answer(await world.coordinator.slash(world.room, "oncall", city="Nowhere"))
    assert "does not speak for" in said.content
    world.env.errors.clear()
