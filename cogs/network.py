"""/network: for those who coordinate the whole network; and servers that the bot is added to or removed from."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.domain.access import Right
from bot.domain.errors import Refusal
from bot.render import network as render

log = structlog.get_logger("twincord.network")


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class Network(commands.GroupCog, group_name="network", group_description="The whole network: servers and coordinators"):
    """The network coordinators' commands."""

    def __init__(self, bot: Twincord) -> None:
        self.bot = bot
        self.network = bot.services.network

    @app_commands.command(
        name="invite",
        description="Get a code with which one more server can join the network",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    async def invite(self, interaction: discord.Interaction[Twincord]) -> None:
        """A code, shown to her alone."""
        actor = await actor_of(interaction)
        code = await self.network.invite(actor)
        await reply(interaction, render.invitation(self.bot.translator(actor.language), code, actor.zone))

    @app_commands.command(
        name="servers",
        description="See the servers of the network and the cities they speak for",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    async def servers(self, interaction: discord.Interaction[Twincord]) -> None:
        """The list of all servers."""
        actor = await actor_of(interaction)
        found = await self.network.servers(actor)
        await reply(interaction, embed=render.servers(self.bot.translator(actor.language), found, actor.zone))

    @app_commands.command(
        name="appoint",
        description="Make somebody a coordinator of the whole network",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    @app_commands.describe(member="Who shall coordinate the whole network")
    async def appoint(self, interaction: discord.Interaction[Twincord], member: discord.User) -> None:
        """Appoint a person; a bot cannot be one."""
        actor = await actor_of(interaction)
        if member.bot:
            raise Refusal("network.no_bots")
        await self.network.appoint(actor, member.id)
        await reply(interaction, self.bot.translator(actor.language)("network.appointed", who=member.mention))

    @app_commands.command(
        name="dismiss",
        description="Let somebody no longer coordinate the whole network",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    @app_commands.describe(member="Who shall no longer coordinate the whole network")
    async def dismiss(self, interaction: discord.Interaction[Twincord], member: discord.User) -> None:
        """Dismiss a person, who keeps everything else."""
        actor = await actor_of(interaction)
        await self.network.dismiss(actor, member.id)
        await reply(interaction, self.bot.translator(actor.language)("network.dismissed", who=member.mention))

    @app_commands.command(
        name="coordinators",
        description="See who coordinates the whole network",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    async def coordinators(self, interaction: discord.Interaction[Twincord]) -> None:
        """The list of network coordinators."""
        actor = await actor_of(interaction)
        found = await self.network.coordinators(actor)
        await reply(interaction, embed=render.coordinators(self.bot.translator(actor.language), found, actor.zone))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say how to ask for a code, once, where newcomers are greeted; nothing at all where that is not possible."""
        log.info("added to a server", server=guild.id, name=guild.name)
        channel = guild.system_channel
        if await self.bot.services.servers.find(guild.id) is not None or channel is None:
            return
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            t = self.bot.translator(guild.preferred_locale.value)
            try:
                await channel.send(t("access.server_not_joined"))
            except discord.HTTPException as error:
                log.info("could not say how to join", server=guild.id, status=error.status, code=error.code)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The server leaves the network; what it had stays, for the day it comes back."""
        if await self.network.leave(guild.id):
            log.warning("server left", server=guild.id, name=guild.name)

    @commands.Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Follow the server's name."""
        if before.name != after.name:
            await self.bot.services.servers.rename(after.id, after.name)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Network(bot))
