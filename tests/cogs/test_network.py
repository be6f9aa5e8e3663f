"""/network, and servers that the bot is added to, removed from, or that take another name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.access import Host
from tests.clock import SettableClock
from tests.cogs.answers import answer
from tests.cogs.conftest import World, speak


async def ask(world: World, command: str, **options: Any) -> Any:
    """What a network coordinator is answered."""
    return answer(await world.network_coordinator.slash(world.room, f"network {command}", **options))


async def test_invite(world: World) -> None:
    shown = await ask(world, "invite")
    assert shown.ephemeral
    (code,) = re.findall(r"```\n((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\n```", shown.content)
    assert "March 10, 2026" in shown.content
    await world.application.services.network.join(Host(), code, 123, "Porto alumni", "pt")


async def test_servers(world: World, clock: SettableClock) -> None:
    network, servers = world.application.services.network, world.application.services.servers
    await network.join(Host(), (await network.invite(Host())).text, 123, "**Porto** @everyone", "fr")
    await servers.add_city(Host(), world.server.id, 2996944)
    clock.advance(timedelta(days=3))
    await network.leave(123)
    text = (await ask(world, "servers")).embeds[0].description
    assert "**Lyon alumni**: Lyon\nEnglish, 0 alumni, since March 3, 2026" in text
    assert "no city yet\nLeft the network on March 6, 2026." in text
    assert "@everyone" not in text
    assert "\\*\\*Porto" in text


async def test_a_long_list_says_what_is_left_out(world: World) -> None:
    network = world.application.services.network
    for number in range(60):
        await network.join(Host(), (await network.invite(Host())).text, 1000 + number, "N" * 100, "en")
    text = (await ask(world, "servers")).embeds[0].description
    assert len(text) <= 4096
    assert re.search(r"… and \d+ more\.$", text)


async def test_appoint_dismiss_and_list(world: World, clock: SettableClock) -> None:
    clock.advance(timedelta(hours=1))
    appointed = await ask(world, "appoint", member=world.alumna)
    assert appointed.content == f"{world.alumna.mention} now coordinates the whole network."
    listed = (await ask(world, "coordinators")).embeds[0].description.splitlines()
    assert listed == [
        f"{world.network_coordinator.mention}, appointed by whoever runs the bot, on March 3, 2026",
        f"{world.alumna.mention}, appointed by {world.network_coordinator.mention} on March 3, 2026",
    ]
    assert "already" in (await ask(world, "appoint", member=world.alumna)).content
    assert "no longer coordinates" in (await ask(world, "dismiss", member=world.alumna)).content
    assert "does not coordinate" in (await ask(world, "dismiss", member=world.alumna)).content
    assert "appoint another one first" in (await ask(world, "dismiss", member=world.network_coordinator)).content


async def test_a_bot_coordinates_nothing(world: World) -> None:
    robot = world.server.add_member(world.env.create_user("robot", bot=True))
    assert "cannot coordinate" in (await ask(world, "appoint", member=robot)).content


@pytest.mark.parametrize("command", ["invite", "servers", "coordinators"])
async def test_a_servers_coordinator_is_not_the_networks(world: World, command: str) -> None:
    refused = answer(await world.coordinator.slash(world.room, f"network {command}"))
    assert "Only the network’s coordinators can do this." in refused.content


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [("fr", "Voici un code pour un serveur"), ("es-419", "Este es un código para un servidor")],
)
async def test_in_her_language(world: World, locale: str, sentence: str) -> None:
    speak(world.network_coordinator, locale)
    assert sentence in (await ask(world, "invite")).content


async def added(world: World, *, locale: str = "en-US", silent: bool = False) -> simcord.GuildHandle:
    """A server whose first channel greets newcomers, and to which the bot is added now."""
    backend = world.env.backend
    server = world.env.create_guild("Porto", preferred_locale=locale)
    room = server.create_text_channel("welcome")
    if silent:
        deny = discord.Permissions(send_messages=True).value
        backend.set_overwrite(room.id, Overwrite(target_id=server.id, type=OverwriteType.ROLE, deny=deny))
    await world.env.settle()
    backend.edit_guild(server.id, {"system_channel_id": room.id})
    backend.emit("GUILD_DELETE", {"id": str(server.id)})
    await arrive(world, server)
    return server


async def arrive(world: World, server: simcord.GuildHandle) -> None:
    """Discord tells the bot of a server that is new to it: without "unavailable", which simcord always says."""
    backend = world.env.backend
    payload: dict[str, Any] = dict(serializers.guild_create_payload(backend, backend.get_guild(server.id)))
    del payload["unavailable"]
    backend.emit("GUILD_CREATE", payload)
    await world.env.settle()


async def test_a_server_is_told_once_how_to_join_and_nothing_else(world: World) -> None:
    server = await added(world, locale="fr")
    (message,) = server.channels["welcome"].history()
    assert message.content.startswith("Ce serveur ne fait pas encore partie du réseau.")
    assert not message.components


async def test_where_the_bot_may_not_speak_it_does_not(world: World) -> None:
    server = await added(world, silent=True)
    assert not server.channels["welcome"].history()


async def test_a_server_of_the_network_is_not_told_how_to_join(world: World) -> None:
    backend = world.env.backend
    backend.edit_guild(world.server.id, {"system_channel_id": world.room.id})
    await arrive(world, world.server)
    assert not world.room.history()


async def test_a_server_that_removes_the_bot_has_left(world: World) -> None:
    other = world.env.create_guild("Porto")
    network = world.application.services.network
    await network.join(Host(), (await network.invite(Host())).text, other.id, "Porto", "pt")
    world.env.backend.remove_guild(other.id)
    await world.env.settle()
    assert [server.name for server in await network.servers(Host()) if server.left_at] == ["Porto"]


async def test_an_outage_is_not_a_removal(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.server.id), "unavailable": True})
    await world.env.settle()
    assert not [server for server in await world.application.services.network.servers(Host()) if server.left_at]


async def test_a_servers_new_name(world: World) -> None:
    world.env.backend.edit_guild(world.server.id, {"name": "Lyon & Grenoble"})
    await world.env.settle()
    assert [server.name for server in await world.application.services.network.servers(Host())] == ["Lyon & Grenoble"]


async def test_a_greeting_that_discord_refuses_is_no_error(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="no")
    server = await added(world)
    assert not server.channels["welcome"].history()
    assert not world.env.errors
