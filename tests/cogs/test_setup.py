"""/setup: joining by code, choosing and creating what a server needs, and saying what is wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.client.furnishing import Furnished, furnish
from bot.client.guilds import fetch, look
from bot.domain.access import Actor, Host
from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, RoleUse, Server
from tests.clock import SettableClock
from tests.cogs.answers import answer, fields, labels
from tests.cogs.conftest import World, speak


async def on_record(world: World, server: simcord.GuildHandle | None = None) -> Server:
    """A server as the database has it."""
    found = await world.application.services.servers.find((server or world.server).id)
    assert found is not None
    return found


async def open_panel(world: World, who: simcord.MemberActor | None = None) -> Any:
    """The card, as the administrator opens it."""
    return answer(await (who or world.administrator).slash(world.room, "setup"))


async def open_piece(world: World, piece: str) -> Any:
    """The card of one piece, reached from the first card's select."""
    return answer(await world.administrator.select(await open_panel(world), [piece], custom_id="setup:choose"))


def grant(world: World, **changes: bool) -> None:
    """Change what the bot's own role may do in the server."""
    guild = world.env.backend.get_guild(world.server.id)
    role = next(role for role in guild.roles.values() if role.managed)
    permissions = discord.Permissions(role.permissions)
    permissions.update(**changes)
    world.env.backend.edit_role(world.server.id, role.id, {"permissions": permissions.value})


class Newcomers:
    """A server that has not joined: its room, its manager and somebody else."""

    def __init__(self, world: World, locale: str = "en-US") -> None:
        self.server = world.env.create_guild("Ville neuve", preferred_locale=locale)
        self.room = self.server.create_text_channel("general")
        manages = self.server.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        self.manager = self.server.add_member(world.env.create_user("manager"), roles=[manages])
        self.somebody = self.server.add_member(world.env.create_user("somebody"))

    async def enter(self, code: str) -> Any:
        """Open /setup, press the button, type the code."""
        shown = answer(await self.manager.slash(self.room, "setup"))
        form = await self.manager.click(shown, custom_id="setup:join")
        return await self.manager.submit_modal(form, {"code": code})


async def invite(world: World) -> str:
    """A fresh code from the host."""
    return (await world.application.services.network.invite(Host())).text


async def test_a_strangers_server_learns_only_how_to_join(world: World) -> None:
    new = Newcomers(world)
    shown = answer(await new.manager.slash(new.room, "setup"))
    assert shown.ephemeral
    assert "not part of the network yet" in shown.content
    assert labels(shown) == ["Enter the code"]
    assert not shown.embeds


async def test_joining_with_a_code_that_was_typed_carelessly(world: World) -> None:
    new = Newcomers(world)
    speak(new.manager, "fr")
    code = await invite(world)
    joined = await new.enter(f" {code.lower().replace('-', ' ')} ")
    assert "Bienvenue dans le réseau !" in answer(joined).embeds[0].description
    server = await on_record(world, new.server)
    assert (server.name, server.language) == ("Ville neuve", "fr")


async def test_a_wrong_code_is_given_back(world: World) -> None:
    new = Newcomers(world)
    refused = await new.enter("AAAA-BBBB-CCCC-DDDD")
    assert "I do not know that code" in answer(refused).content
    assert "AAAA-BBBB-CCCC-DDDD" in answer(refused).content
    assert await world.application.services.servers.find(new.server.id) is None
    again = await new.manager.click(answer(refused), label="Mend it and try again")
    joined = await new.manager.submit_modal(again, {"code": await invite(world)})
    assert "Welcome" in answer(joined).embeds[0].description


async def test_a_code_that_is_too_old(world: World, clock: SettableClock) -> None:
    new = Newcomers(world)
    code = await invite(world)
    clock.advance(timedelta(days=8))
    assert "too old" in answer(await new.enter(code)).content


async def test_the_button_is_not_for_everybody(world: World) -> None:
    new = Newcomers(world)
    shown = answer(await new.manager.slash(new.room, "setup"))
    world.env.backend.edit_role(new.server.id, new.server.roles["Managers"].id, {"permissions": 0})
    await world.env.settle()
    clicked = await new.manager.click(shown, custom_id="setup:join")
    assert clicked.modal is None
    assert "not part of the network yet" in answer(clicked).content


async def test_the_button_after_somebody_else_was_quicker(world: World) -> None:
    new = Newcomers(world)
    shown = answer(await new.manager.slash(new.room, "setup"))
    await new.enter(await invite(world))
    late = await new.manager.click(shown, custom_id="setup:join")
    assert late.modal is None
    assert answer(late).embeds[0].title == "Set-up of Ville neuve"


async def test_create_everything(world: World) -> None:
    panel = await open_panel(world)
    made = answer(await world.administrator.click(panel, label="Create what is missing"))
    assert made.embeds[0].description.startswith("I have created <#")
    server = await on_record(world)
    assert set(server.channels) == set(ChannelUse)
    assert all("all is well" in fields(made)[name] for name in ("Questions forum", "Crisis channel", "Alumni role"))
    assert "Create what is missing" not in labels(made)
    guild = world.env.bot.get_guild(world.server.id)
    assert guild is not None
    assert isinstance(guild.get_channel(server.channels[ChannelUse.CASES]), discord.ForumChannel)
    private = guild.get_channel(server.channels[ChannelUse.COORDINATORS])
    assert private is not None
    assert world.alumna.member is not None
    assert world.coordinator.member is not None
    assert not private.permissions_for(world.alumna.member).view_channel
    assert private.permissions_for(world.coordinator.member).send_messages


async def test_created_in_the_servers_language_even_the_roles(world: World) -> None:
    new = Newcomers(world)
    joined = await new.enter(await invite(world))
    await world.application.services.servers.set_language(Host(), new.server.id, "fr")
    made = answer(await new.manager.click(answer(joined), label="Create what is missing"))
    assert {"études-de-cas", "crise", "nouvelles", "coordination"} <= new.server.channels.keys()
    assert {"Anciens", "Coordination"} <= new.server.roles.keys()
    assert "give the alumni role to your alumni" in made.embeds[0].description
    role = world.env.backend.get_role(new.server.id, new.server.roles["Coordination"].id)
    assert discord.Permissions(role.permissions) == discord.Permissions(manage_threads=True)
    server = await on_record(world, new.server)
    assert server.roles == {
        RoleUse.COORDINATOR: new.server.roles["Coordination"].id,
        RoleUse.ALUMNI: new.server.roles["Anciens"].id,
    }


async def test_creating_without_the_permission_names_it_and_keeps_what_was_made(world: World) -> None:
    grant(world, manage_channels=False)
    assert "To create what is missing I need **Manage Channels**." in (await open_panel(world)).embeds[0].description
    new_role = await open_piece(world, "alumni")
    await world.administrator.click(new_role, label="Create a new one")
    made = answer(await world.administrator.click(await open_panel(world), label="Create what is missing"))
    assert "Questions forum: to create it I need Manage Channels." in made.embeds[0].description
    server = await on_record(world)
    assert server.roles[RoleUse.ALUMNI] == world.server.roles["Alumni"].id != world.alumni_role.id
    assert not server.channels


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (403, 50013, "Discord does not let me create it"),
        (400, 50024, "enable Community"),
        (400, 30013, "as many as Discord allows"),
        (503, 0, "Discord is not answering well"),
    ],
)
async def test_discord_refuses_a_forum(world: World, status: int, code: int, sentence: str) -> None:
    world.env.inject_error("POST", "/guilds/*/channels", status=status, code=code, message="no", times=None)
    made = answer(await world.administrator.click(await open_panel(world), label="Create what is missing"))
    assert sentence in made.embeds[0].description
    assert "Create what is missing" in labels(made)


async def test_discord_does_not_make_a_role(world: World) -> None:
    world.env.inject_error("POST", "/guilds/*/roles", status=400, code=50035, message="no")
    step = await open_piece(world, "alumni")
    made = answer(await world.administrator.click(step, label="Create a new one"))
    assert "Alumni role: Discord did not create it." in made.embeds[0].description
    assert (await on_record(world)).roles[RoleUse.ALUMNI] == world.alumni_role.id


async def test_choosing_a_channel(world: World) -> None:
    forum = world.server.create_forum_channel("ask-here")
    step = await open_piece(world, "questions")
    assert "Embed Links\nAttach Files" in fields(step)["What I need there"]
    saved = answer(await world.administrator.select(step, [forum], custom_id="setup:channel:questions"))
    assert saved.embeds[0].description.startswith(f"Questions forum: <#{forum.id}>.")
    assert (await on_record(world)).channels == {ChannelUse.QUESTIONS: forum.id}
    again = await open_piece(world, "questions")
    assert fields(again)["Now"] == f"<#{forum.id}>: all is well."


async def test_doing_without(world: World) -> None:
    step = await open_piece(world, "alumni")
    cleared = answer(await world.administrator.click(step, label="Do without it"))
    assert fields(cleared)["Alumni role"] == "None: everybody in this server counts as a member."
    assert RoleUse.ALUMNI not in (await on_record(world)).roles
    assert "Alumni" in world.server.roles


async def test_roles_that_cannot_stand_for_anything(world: World) -> None:
    bots = world.server.create_role("Music", managed=True)
    sentences = {
        bots: "belongs to a bot",
        world.server.default_role: "Everybody has that role",
        world.coordinator_role: "every member would be a coordinator",
    }
    for role, sentence in sentences.items():
        step = await open_piece(world, "alumni")
        refused = await world.administrator.select(step, [role], custom_id="setup:role:alumni")
        assert sentence in answer(refused).content
    assert (await on_record(world)).roles[RoleUse.ALUMNI] == world.alumni_role.id


async def test_a_role_may_stand_above_the_bots_own(world: World) -> None:
    high = world.server.create_role("Mayor", position=99)
    step = await open_piece(world, "alumni")
    saved = answer(await world.administrator.select(step, [high], custom_id="setup:role:alumni"))
    assert f"<@&{high.id}>" in saved.embeds[0].description
    assert (await on_record(world)).roles[RoleUse.ALUMNI] == high.id


async def test_what_is_missing_and_what_to_do_about_it(world: World) -> None:
    panel = await open_panel(world)
    await world.administrator.click(panel, label="Create what is missing")
    forum = (await on_record(world)).channels[ChannelUse.QUESTIONS]
    world.env.backend.set_overwrite(
        forum,
        Overwrite(target_id=world.server.id, type=OverwriteType.ROLE, deny=discord.Permissions(embed_links=True).value),
    )
    grant(world, manage_threads=False)
    shown = fields(answer(await world.administrator.click(panel, label="Check again")))
    assert "I lack **Embed Links** and **Manage Threads and Posts**." in shown["Questions forum"]
    assert "under Permissions, give them to my role" in shown["Questions forum"]
    assert "all is well" in shown["Check-in channel"]
    world.env.backend.edit_role(world.server.id, world.coordinator_role.id, {"permissions": 0})
    await world.env.settle()
    shown = fields(answer(await world.administrator.click(panel, label="Check again")))
    assert "do not see the coordinators’ commands" in shown["Coordinator role"]


async def test_a_private_channel_that_is_not_private(world: World) -> None:
    step = await open_piece(world, "coordinators")
    chosen = await world.administrator.select(step, [world.room], custom_id="setup:channel:coordinators")
    assert "Everybody can read it." in fields(answer(chosen))["Coordinators’ private channel"]


async def test_deleted_channels_and_roles_are_shown_as_gone(world: World) -> None:
    panel = await open_panel(world)
    await world.administrator.click(panel, label="Create what is missing")
    before = await on_record(world)
    world.env.backend.delete_channel(before.channels[ChannelUse.CRISIS])
    world.env.backend.delete_role(world.server.id, world.alumni_role.id)
    await world.env.settle()
    assert await on_record(world) == before
    shown = answer(await world.administrator.click(panel, label="Check again"))
    assert fields(shown)["Crisis channel"].startswith("It was deleted on Discord.")
    assert fields(shown)["Alumni role"].startswith("It was deleted on Discord.")
    again = answer(await world.administrator.click(shown, label="Create what is missing"))
    after = await on_record(world)
    assert after.channels[ChannelUse.CRISIS] != before.channels[ChannelUse.CRISIS]
    assert {use for use in after.channels if after.channels[use] != before.channels[use]} == {ChannelUse.CRISIS}
    assert "Create what is missing" not in labels(again)


async def test_a_private_channel_needs_the_role_first(world: World) -> None:
    await world.application.services.servers.set_role(Host(), world.server.id, RoleUse.COORDINATOR, None)
    step = await open_piece(world, "coordinators")
    refused = answer(await world.administrator.click(step, label="Create a new one"))
    assert "Please choose or create that role first." in refused.embeds[0].description


async def test_language(world: World) -> None:
    step = await open_piece(world, "language")
    saved = answer(await world.administrator.select(step, ["es"], custom_id="setup:language"))
    assert fields(saved)["Language of this server"] == "Spanish"
    assert (await on_record(world)).language == "es"


@pytest.mark.parametrize(
    ("locale", "title", "label"),
    [
        ("fr", "Configuration de Lyon alumni", "Créer ce qui manque"),
        ("es-ES", "Configuración de", "Crear lo que falta"),
    ],
)
async def test_in_the_administrators_language(world: World, locale: str, title: str, label: str) -> None:
    speak(world.administrator, locale)
    panel = await open_panel(world)
    assert panel.embeds[0].title.startswith(title)
    made = answer(await world.administrator.click(panel, label=label))
    assert len(fields(made)) == 9
    assert "questions" in world.server.channels


async def test_old_buttons_after_the_server_left(world: World) -> None:
    panel = await open_panel(world)
    await world.application.services.network.leave(world.server.id)
    for action in ("Create what is missing", "Check again"):
        refused = await world.administrator.click(panel, label=action)
        assert "not part of the network yet" in answer(refused).content


async def test_old_buttons_after_she_lost_the_right(world: World) -> None:
    panel = await open_panel(world)
    world.env.backend.edit_role(world.server.id, world.server.roles["Managers"].id, {"permissions": 0})
    await world.env.settle()
    refused = await world.administrator.click(panel, label="Create what is missing")
    assert "Only people who may manage this server" in answer(refused).content
    assert not (await on_record(world)).channels


async def test_what_doctor_asks_of_discord_is_what_setup_sees(world: World) -> None:
    await world.administrator.click(await open_panel(world), label="Create what is missing")
    server = await on_record(world)
    guild = world.env.bot.get_guild(world.server.id)
    assert guild is not None
    assert await fetch(world.env.bot, server) == await look(guild, server)
    world.env.backend.remove_guild(world.server.id)
    await world.env.settle()
    assert await fetch(world.env.bot, server) is None


async def test_what_the_cache_forgot_is_asked_of_discord(world: World) -> None:
    await world.administrator.click(await open_panel(world), label="Create what is missing")
    server = await on_record(world)
    guild = world.env.bot.get_guild(world.server.id)
    assert guild is not None
    before = await look(guild, server)
    guild._channels.pop(server.channels[ChannelUse.CRISIS])
    guild._roles.pop(world.alumni_role.id)
    assert await look(guild, server) == before


async def test_a_community_server_says_its_language_itself(world: World) -> None:
    new = Newcomers(world, "es-ES")
    guild = world.env.bot.get_guild(new.server.id)
    assert guild is not None
    guild.features.append("COMMUNITY")
    await new.enter(await invite(world))
    assert (await on_record(world, new.server)).language == "es"


async def test_two_impatient_clicks_make_everything_once(world: World) -> None:
    bot = world.application.bot
    guild = bot.get_guild(world.server.id)
    assert guild is not None
    actor = Actor(user_id=1, name="Ana", language="en", server_id=guild.id, server_joined=True, is_administrator=True)
    clicks = (furnish(bot, guild, actor, [ChannelUse.CRISIS]) for _ in range(2))
    one, other = await asyncio.gather(*clicks, return_exceptions=True)
    assert isinstance(one, Furnished)
    assert len(one.made) == 1
    assert isinstance(other, Refusal)
    assert other.message_id == "servers.busy"
    assert (await furnish(bot, guild, actor, [ChannelUse.CHECKIN])).refusal is None
