"""/readiness in a running bot: hers for a coordinator, all for a network coordinator, the worst first."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from sqlalchemy import update

from bot.domain.access import Actor
from bot.domain.oncall import Chosen, Duty
from db.tables import Server
from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer, fields, labels
from tests.cogs.conftest import World, join, speak
from tests.cogs.delivering import deliver
from tests.cogs.test_questions import deny


async def look(world: World, who: Any) -> Any:
    return answer(await who.slash(world.room, "readiness"))


async def appoint_on_call(world: World) -> None:
    """Somebody on call for Lyon, and a deputy."""
    actor = Actor(
        world.coordinator.id, "c", "en", server_id=world.server.id, server_joined=True, is_server_coordinator=True
    )
    oncall = world.application.services.oncall
    roles = frozenset({world.alumni_role.id})
    await oncall.choose(actor, 1, Duty.ON_CALL, [Chosen(world.alumna.id, "a", roles)])
    await oncall.choose(actor, 1, Duty.DEPUTY, [Chosen(world.coordinator.id, "c", roles)])


async def test_a_coordinator_sees_what_is_to_be_mended_in_her_server(world: World) -> None:
    crisis, _, _ = await furnish(world)
    deny(world, crisis, create_public_threads=True, mention_everyone=True)
    shown = await look(world, world.coordinator)
    assert shown.flags.ephemeral
    said = fields(shown)
    assert "Everybody can read it" in said["Channels: worth a thought"]
    assert f"In <#{crisis.id}> I lack Create Public Threads" in said["Permissions: to be mended"]
    assert f"<@&{world.alumni_role.id}> cannot be pinged in <#{crisis.id}>" in said["Ping: to be mended"]
    assert "Nobody is on call for Lyon. Choose somebody with /oncall." in said["On call: to be mended"]
    assert "There was no drill here yet" in said["Last drill: worth a thought"]
    assert "3 things to mend · 2 worth a thought" in shown.embeds[0].description
    assert labels(shown) == ["Look again"]

    world.env.backend.get_channel(crisis.id).overwrites.clear()
    world.env.backend.announce_channel_update(crisis.id)
    await appoint_on_call(world)
    await world.env.settle()
    again = answer(await world.coordinator.click(shown, label="Look again"))
    assert "On call: worth a thought" in fields(again)  # all depends on the channel: nobody allows direct messages
    assert "Permissions: well" in fields(again)


async def test_the_last_drill_and_who_was_silent_in_it(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number, card = await draft(world, office, "drill new", "server")
    await send(world, card, number, "1", "drill")
    await deliver(world)
    said = fields(await look(world, world.coordinator))
    assert "0 of 1 cities acknowledged; silent: Lyon" in said["Last drill: worth a thought"]
    await world.alumna.click(crisis.history()[-1], label="Received")
    assert "its one city acknowledged" in fields(await look(world, world.coordinator))["Last drill: well"]


async def test_a_network_coordinator_sees_all_the_worst_first_by_pages_and_one(world: World) -> None:
    await furnish(world)
    for number in range(5):
        await join(world.application, 9000 + number, name=f"Far {number}")
    shown = await look(world, world.network_coordinator)
    names = [field.name for field in shown.embeds[0].fields]
    assert names[:2] == ["Porto alumni", "Lyon alumni"]
    assert len(names) == 5
    assert "I do not see this server on Discord" in shown.embeds[0].fields[2].value
    assert labels(shown) == ["Next"]
    second = answer(await world.network_coordinator.click(shown, label="Next"))
    assert second.embeds[0].footer.text == "Page 2 of 2"
    assert labels(second) == ["Before"]
    assert {*names, *(field.name for field in second.embeds[0].fields)} == {
        "Lyon alumni",
        "Porto alumni",
        *(f"Far {number}" for number in range(5)),
    }
    one = answer(await world.network_coordinator.select(shown, ["9004"], custom_id="readiness:choose"))
    assert one.embeds[0].title == "Is Far 4 ready?"
    assert labels(one) == ["Look again", "All servers"]
    back = answer(await world.network_coordinator.click(one, label="All servers"))
    assert back.embeds[0].title == "Is the network ready?"


async def test_a_coordinator_does_not_see_another_server(world: World) -> None:
    await furnish(world)
    await join(world.application, 9000, name="Far")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id="readiness:one:9000"))
    view.stop()
    channel = world.application.bot.get_channel(world.room.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("x", view=view)
    said = answer(await world.coordinator.click(message, custom_id="readiness:one:9000"))
    assert world.application.catalogues.translator("en")("access.network_coordinator_only") in said.content
    async with world.application.database.begin() as session:
        await session.execute(update(Server).where(Server.id == 9000).values(left_at=world.application.clock()))
    said = answer(await world.network_coordinator.click(message, custom_id="readiness:one:9000"))
    assert "not in the network any more" in said.content
    world.env.errors.clear()


@pytest.mark.parametrize("language", ["fr", "es"])
async def test_in_her_language_and_harmless(world: World, language: str) -> None:
    await furnish(world)
    async with world.application.database.begin() as session:
        await session.execute(update(Server).where(Server.id == world.server.id).values(name="**L** <@&1>"))
    speak(world.coordinator, language)
    shown = await look(world, world.coordinator)
    assert "**L**" not in shown.embeds[0].title
    assert {"fr": "/astreinte", "es": "/guardia"}[language] in str(shown.embeds[0].to_dict())
