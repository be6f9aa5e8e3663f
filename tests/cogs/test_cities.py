"""/city: which cities a server speaks for, and their own channels."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.access import Host
from bot.domain.servers import ChannelUse, SpokenCity
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak

LYON, VIENNE, LVIV = "2996944", "2969284", "702550"


async def ask(world: World, command: str, who: simcord.MemberActor | None = None, **options: Any) -> Any:
    """What the server's coordinator is answered."""
    return answer(await (who or world.coordinator).slash(world.room, f"city {command}", **options))


async def cities(world: World) -> tuple[SpokenCity, ...]:
    """The server's cities on record."""
    server = await world.application.services.servers.find(world.server.id)
    assert server is not None
    return server.cities


@pytest.mark.parametrize(
    ("typed", "locale", "first"),
    [
        ("Львів", "en-US", "Lviv, Lviv, Ukraine"),
        ("lion", "es-ES", "Lyon"),
        ("лион", "fr", "Lyon"),
        ("pragu", "fr", "Prague"),
        ("東京", "en-US", "Tokyo"),
    ],
)
async def test_autocomplete_in_any_script(world: World, typed: str, locale: str, first: str) -> None:
    speak(world.coordinator, locale)
    choices = await world.coordinator.autocomplete(world.room, "city add", "city", typed)
    assert any(choice["name"].startswith(first.partition(",")[0]) for choice in choices)
    assert len(choices) <= 25
    assert all(len(choice["name"]) <= 100 for choice in choices)


async def test_add_by_choice(world: World) -> None:
    added = await ask(world, "add", city=LYON)
    assert "now speaks for Lyon, " in added.content
    assert "250,000 to a million people, time zone Europe/Paris" in added.content
    assert [city.name for city in await cities(world)] == ["Lyon"]
    assert "already" in (await ask(world, "add", city=LYON)).content


async def test_add_by_a_name_that_only_one_city_has(world: World) -> None:
    assert "Lviv" in (await ask(world, "add", city="Львів")).content
    assert [str(city.geonames_id) for city in await cities(world)] == [LVIV]


async def test_add_asks_which_one(world: World) -> None:
    asked = await ask(world, "add", city="springfield")
    assert "Which city do you mean by “springfield”?" in asked.content
    options = asked.components[0]["components"][0]["options"]
    assert len({option["label"] for option in options}) > 3
    picked = answer(await world.coordinator.select(asked, [options[0]["value"]], custom_id="city:pick"))
    assert "now speaks for Springfield" in picked.content
    assert not picked.components
    assert len(await cities(world)) == 1


async def test_a_city_that_is_not_in_the_list(world: World) -> None:
    asked = await ask(world, "add", city="@everyone xqzt")
    assert "I know no city called “@\u200beveryone xqzt”" in asked.content
    form = await world.coordinator.click(asked, label="It is not in the list")
    typed = {"name": "Saint-Étienne-le-Vieux", "country": "zz", "zone": "Europe/Paris", "population": "3 000"}
    refused = answer(await world.coordinator.submit_modal(form, typed))
    assert "not a country’s code" in refused.content
    assert "Saint-Étienne-le-Vieux" in refused.content
    again = await world.coordinator.click(refused, label="Mend it and try again")
    added = answer(await world.coordinator.submit_modal(again, {**typed, "country": "fr"}))
    assert "Saint-Étienne-le-Vieux, France (fewer than 20,000 people" in added.content
    assert [(city.name, city.population) for city in await cities(world)] == [("Saint-Étienne-le-Vieux", 3_000)]


async def test_an_administrator_looks_for_a_city_from_the_set_up(world: World) -> None:
    panel = answer(await world.administrator.slash(world.room, "setup"))
    form = await world.administrator.click(panel, label="Add a city")
    found = answer(await world.administrator.submit_modal(form, {"name": "Wien"}))
    values = [option["value"] for option in found.components[0]["components"][0]["options"]]
    picked = answer(await world.administrator.select(found, values[:1], custom_id="city:pick"))
    assert "Vienna" in picked.content
    shown = answer(await world.administrator.click(panel, label="Check again"))
    assert next(field.value for field in shown.embeds[0].fields if field.name == "Cities") == "Vienna"


async def test_remove(world: World) -> None:
    await ask(world, "add", city=LYON)
    await ask(world, "add", city=LVIV)
    choices = await world.coordinator.autocomplete(world.room, "city remove", "city", "lY")
    assert [choice["name"].partition(",")[0] for choice in choices] == ["Lyon"]
    removed = await ask(world, "remove", city=choices[0]["value"])
    assert "no longer speaks for Lyon" in removed.content
    assert [city.name for city in await cities(world)] == ["Lviv"]
    assert "does not speak for that city" in (await ask(world, "remove", city="lyon")).content


async def test_a_citys_own_channels_and_the_way_back(world: World) -> None:
    servers = world.application.services.servers
    await servers.set_channel(Host(), world.server.id, ChannelUse.CRISIS, world.room.id)
    own = world.server.create_text_channel("lyon-crisis")
    talk = world.server.create_text_channel("lyon-talk")
    await ask(world, "add", city=LYON)
    set_up = await ask(world, "channels", city="Lyon", crisis=own)
    assert f"Crisis channel: <#{own.id}>, its own\nCheck-in channel: none yet" in set_up.content
    set_up = await ask(world, "channels", city="Lyon", checkin=talk)
    assert f"<#{own.id}>, its own\nCheck-in channel: <#{talk.id}>, its own" in set_up.content
    set_up = await ask(world, "channels", city="Lyon")
    assert f"Crisis channel: <#{world.room.id}>, this server’s" in set_up.content
    assert (await cities(world))[0].crisis_channel_id is None


async def test_what_the_bot_lacks_in_a_citys_channel(world: World) -> None:
    own = world.server.create_text_channel("lyon-crisis")
    deny = discord.Permissions(attach_files=True).value
    world.env.backend.set_overwrite(own.id, Overwrite(target_id=world.server.id, type=OverwriteType.ROLE, deny=deny))
    await ask(world, "add", city=LYON)
    set_up = await ask(world, "channels", city="Lyon", crisis=own)
    assert "Crisis channel: I lack **Attach Files**." in set_up.content
    panel = answer(await world.administrator.slash(world.room, "setup"))
    shown = next(field.value for field in panel.embeds[0].fields if field.name == "Cities")
    assert "Lyon, Crisis channel: I lack **Attach Files**." in shown


async def test_list(world: World) -> None:
    empty = await ask(world, "list")
    assert "does not speak for any city yet" in empty.embeds[0].description
    assert labels(empty) == ["Add a city"]
    await ask(world, "add", city=LYON)
    text = (await ask(world, "list")).embeds[0].description
    assert text.startswith("**Lyon, ")
    assert "Crisis channel: none yet" in text


async def test_in_spanish_with_spanish_words(world: World) -> None:
    speak(world.coordinator, "es-ES")
    added = await ask(world, "add", city=LYON)
    assert "Este servidor representa ahora a Lyon" in added.content
    assert "de 250 000 a un millón de habitantes" in added.content


async def test_administrators_may_members_may_not(world: World) -> None:
    managers = world.env.backend.get_role(world.server.id, world.server.roles["Managers"].id)
    both = discord.Permissions(manage_guild=True, manage_threads=True).value
    world.env.backend.edit_role(world.server.id, managers.id, {"permissions": both})
    world.env.backend.edit_role(
        world.server.id, world.alumni_role.id, {"permissions": discord.Permissions(manage_threads=True).value}
    )
    await world.env.settle()
    assert "now speaks" in (await ask(world, "add", world.administrator, city=LYON)).content
    refused = await ask(world, "add", world.alumna, city=LVIV)
    assert "Only the coordinators of this server, and people who may manage it" in refused.content
    assert await world.alumna.autocomplete(world.room, "city remove", "city", "") == []


async def test_old_buttons_after_the_server_left(world: World) -> None:
    asked = await ask(world, "add", city="springfield")
    listed = await ask(world, "list")
    await world.application.services.network.leave(world.server.id)
    value = asked.components[0]["components"][0]["options"][0]["value"]
    for clicked in (
        await world.coordinator.select(asked, [value], custom_id="city:pick"),
        await world.coordinator.click(asked, custom_id="city:other"),
        await world.coordinator.click(listed, custom_id="city:search"),
    ):
        assert "not part of the network yet" in answer(clicked).content
