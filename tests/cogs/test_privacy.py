"""/privacy at the edge: the list, the file, and a deletion behind a question."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from db.tables import Member
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak


async def members(world: World) -> int:
    async with world.application.database.read() as session:
        return await session.scalar(select(func.count(Member.id))) or 0


async def test_a_stranger_reads_that_nothing_is_kept(world: World) -> None:
    for command in ("privacy info", "privacy delete"):
        told = answer(await world.stranger.slash(world.room, command))
        assert "I keep nothing about you" in told.embeds[0].description
        assert labels(told) == []


async def test_a_member_reads_what_is_kept_and_why(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city="2996944")
    result = await world.alumna.slash(world.room, "privacy info")
    assert result.ephemeral
    told = answer(result)
    assert "**Your profile**" in told.embeds[0].description
    assert "so that others of the network find you" in told.embeds[0].description
    assert "1 server you are or were in" in told.embeds[0].description
    assert labels(told) == ["Get it as a file", "Delete it"]
    speak(world.alumna, "es")
    assert "Su perfil" in answer(await world.alumna.slash(world.room, "privacy info")).embeds[0].description


async def test_the_file_holds_it_all(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city="2996944")
    result = await world.alumna.slash(world.room, "privacy export")
    assert result.ephemeral
    (file,) = answer(result).attachments
    assert file.filename == "twincord.json"
    everything = json.loads(await file.read())
    assert everything["city"]["name"] == "Lyon"
    assert everything["members"][0]["user_id"] == str(world.alumna.id)


async def test_deleting_asks_first_and_then_really_deletes(world: World) -> None:
    await world.alumna.slash(world.room, "profile setup", city="2996944")
    asked = answer(await world.alumna.slash(world.room, "privacy delete"))
    assert "- Your profile" in asked.embeds[0].description
    assert "This stays, without you" in asked.embeds[0].description
    await world.alumna.click(asked, label="Keep it")
    assert asked.content == "Nothing was deleted."
    assert await members(world) == 1

    listed = answer(await world.alumna.slash(world.room, "privacy info"))
    await world.alumna.click(listed, label="Delete it")
    await world.alumna.click(listed, label="Delete it for good")
    assert "I keep nothing about you any more" in listed.content
    assert await members(world) == 0
    again = answer(await world.alumna.slash(world.room, "privacy info"))
    assert "I keep nothing about you" in again.embeds[0].description


async def test_what_a_coordinator_did_stays_without_her(world: World) -> None:
    await world.network_coordinator.slash(world.room, "network appoint", member=world.coordinator)
    asked = answer(await world.network_coordinator.slash(world.room, "privacy delete"))
    assert "appointments of network coordinators" in asked.embeds[0].description
    await world.network_coordinator.click(asked, label="Delete it for good")
    listed = answer(await world.coordinator.slash(world.room, "network coordinators"))
    assert f"<@{world.coordinator.id}>, appointed by somebody who has left" in listed.embeds[0].description
    assert str(world.network_coordinator.id) not in listed.embeds[0].description
    refused = answer(await world.network_coordinator.slash(world.room, "network coordinators"))
    assert "Only the network’s coordinators" in refused.content
    world.env.errors.clear()
