"""/setup: an administrator lets her server into the network, and says which channels and roles are for what."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.client.furnishing import furnish, save
from bot.client.guilds import look
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, Piece, RoleUse
from bot.domain.setup import check_channel, check_role, review
from bot.render import setup as render
from bot.services.servers import ServersService

log = structlog.get_logger("twincord.setup")

CHANNELS = "|".join(ChannelUse)
ROLES = "|".join(RoleUse)


def piece_of(word: str) -> Piece:
    """The piece that a custom_id names."""
    return ChannelUse(word) if word in set(ChannelUse) else RoleUse(word)


def guild_of(interaction: discord.Interaction[Twincord]) -> discord.Guild:
    """The Discord server in which this happens; the set-up is nowhere else."""
    if interaction.guild is None:
        raise Refusal("servers.in_server_only")
    return interaction.guild


async def show(interaction: discord.Interaction[Twincord], actor: Actor, notice: str = "") -> None:
    """Show the card: in place of the message that was clicked, or as a private answer to the command."""
    server = await interaction.client.services.servers.here(actor)
    seen = await look(guild_of(interaction), server)
    embed, view = render.panel(interaction.client.translator(actor.language), server, seen, notice)
    await put(interaction, embed, view)


async def put(interaction: discord.Interaction[Twincord], embed: discord.Embed, view: discord.ui.View) -> None:
    """Answer a click, or a form that a click opened, in place; a command privately."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=None, embed=embed, view=view)
    elif interaction.message is not None:
        await interaction.response.edit_message(content=None, embed=embed, view=view)
    else:
        await reply(interaction, embed=embed, view=view)


class Setup(commands.Cog):
    """The command, and what happens to channels and roles on Discord."""

    def __init__(self, servers: ServersService) -> None:
        self.servers = servers

    @app_commands.command(
        name="setup",
        description="Choose or create this server’s channels and roles, and see what is missing",
        extras={"right": Right.ADMINISTRATOR},
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def setup(self, interaction: discord.Interaction[Twincord]) -> None:
        """The card of a server in the network; for another one, how to join."""
        actor = await actor_of(interaction)
        if actor.server_joined:
            await show(interaction, actor)
            return
        text, view = render.ask_for_code(interaction.client.translator(actor.language))
        await reply(interaction, text, view=view)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Nothing is forgotten: /setup shows the channel as gone. The log says since when."""
        server = await self.servers.find(channel.guild.id)
        if server is not None and channel.id in server.channel_ids:
            log.warning("channel deleted", server=server.id, channel=channel.id, name=channel.name)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """The same for a role."""
        server = await self.servers.find(role.guild.id)
        if server is not None and role.id in server.roles.values():
            log.warning("role deleted", server=server.id, role=role.id, name=role.name)


class JoinForm(Form):
    """The form for the code."""

    right = Right.ADMINISTRATOR

    def __init__(self, title: str, label: str, hint: str) -> None:
        super().__init__(title=title)
        self.code: discord.ui.TextInput[JoinForm] = discord.ui.TextInput(
            custom_id="code", placeholder=hint, max_length=100
        )
        self.add_item(discord.ui.Label(text=label, component=self.code))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Join, then show what is to be set up."""
        guild = guild_of(interaction)
        # Discord lets only a Community server say which language it speaks; any other is en-US by default.
        language = guild.preferred_locale.value if "COMMUNITY" in guild.features else actor.language
        await interaction.client.services.network.join(actor, self.code.value, guild.id, guild.name, language)
        await show(interaction, actor, interaction.client.translator(actor.language)("network.joined"))


class EnterCode(Action, template=r"setup:join"):
    """Opens the form for the code."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open it; where somebody else was quicker, show the card."""
        if actor.server_joined:
            await show(interaction, actor)
            return
        t = interaction.client.translator(actor.language)
        form = JoinForm(t("network.form_title"), t("network.form_code"), t("network.form_hint"))
        await interaction.response.send_modal(form)


class SetupPanel(Action, template=r"setup:panel"):
    """Back to the card, or a fresh look."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show it."""
        await show(interaction, actor)


class SetupPiece(Action, template=r"setup:choose"):
    """The select on the card: which piece to change."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show how that piece stands, and the ways to choose it."""
        t = interaction.client.translator(actor.language)
        server = await interaction.client.services.servers.here(actor)
        if self.values[0] == render.LANGUAGE:
            await put(interaction, *render.choose_language(t, server))
            return
        piece = piece_of(self.values[0])
        pieces = review(server, await look(guild_of(interaction), server))
        await put(interaction, *render.choose(t, next(each for each in pieces if each.piece == piece)))


class SetupChannel(Action, template=rf"setup:channel:(?P<use>{CHANNELS})"):
    """A channel was chosen."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Put it on record; the card then shows what the bot lacks there."""
        use, chosen = ChannelUse(self.match["use"]), self.values[0].id
        server = await interaction.client.services.servers.here(actor)
        check_channel(use, chosen, await look(guild_of(interaction), server, channel=chosen))
        await save(interaction.client, actor, server.id, use, chosen)
        await show(interaction, actor, render.saved(interaction.client.translator(actor.language), use, chosen))


class SetupRole(Action, template=rf"setup:role:(?P<use>{ROLES})"):
    """A role was chosen."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Put it on record, unless it is one that cannot stand for this."""
        use, chosen = RoleUse(self.match["use"]), self.values[0].id
        server = await interaction.client.services.servers.here(actor)
        check_role(chosen, await look(guild_of(interaction), server, role=chosen))
        await save(interaction.client, actor, server.id, use, chosen)
        await show(interaction, actor, render.saved(interaction.client.translator(actor.language), use, chosen))


class SetupClear(Action, template=rf"setup:clear:(?P<piece>{CHANNELS}|{ROLES})"):
    """A piece is to be left out."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Forget the choice; nothing is deleted on Discord."""
        piece = piece_of(self.match["piece"])
        await save(interaction.client, actor, guild_of(interaction).id, piece, None)
        await show(interaction, actor, render.saved(interaction.client.translator(actor.language), piece, None))


class SetupLanguage(Action, template=r"setup:language"):
    """The language of what everybody in the server reads."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Put it on record."""
        chosen = self.values[0]
        await interaction.client.services.servers.set_language(actor, guild_of(interaction).id, chosen)
        t = interaction.client.translator(actor.language)
        await show(interaction, actor, t("servers.language_saved", language=t.language_name(chosen)))


class SetupMake(Action, template=rf"setup:make:(?P<what>all|{CHANNELS}|{ROLES})"):
    """Create one piece, or everything that is missing."""

    right = Right.ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Make it, and say what was made and what not. Up to seven requests to Discord take their time: defer."""
        await interaction.response.defer()
        guild = guild_of(interaction)
        server = await interaction.client.services.servers.here(actor)
        what = self.match["what"]
        missing = render.to_make(review(server, await look(guild, server)))
        done = await furnish(interaction.client, guild, actor, missing if what == "all" else [piece_of(what)])
        notice = render.made(interaction.client.translator(actor.language), done.made, done.refusal)
        await show(interaction, actor, notice)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Setup(bot.services.servers))
    bot.add_dynamic_items(
        EnterCode, SetupPanel, SetupPiece, SetupChannel, SetupRole, SetupClear, SetupLanguage, SetupMake
    )
