"""/deliveries: what the bot says on its own, and trying again what did not arrive."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.domain.access import Right
from bot.render import deliveries as render
from bot.services.deliveries import DeliveriesService


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class Deliveries(
    commands.GroupCog,
    group_name="deliveries",
    group_description="What I say on my own: what waits, what did not arrive",
):
    """For coordinators."""

    def __init__(self, deliveries: DeliveriesService) -> None:
        self.deliveries = deliveries

    @app_commands.command(
        name="status",
        description="See what waits to be sent, what was refused and why, and what is uncertain",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    async def status(self, interaction: discord.Interaction[Twincord]) -> None:
        """Of this server; network coordinators see all."""
        actor = await actor_of(interaction)
        found = await self.deliveries.status(actor)
        t = interaction.client.translator(actor.language)
        await reply(interaction, embed=render.status(t, found, self.deliveries.clock(), actor.zone))

    @app_commands.command(
        name="retry",
        description="Send again what was refused, once you have mended what stood in its way",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(uncertain="Also what may have arrived already: people may read it twice")
    async def retry(self, interaction: discord.Interaction[Twincord], uncertain: bool = False) -> None:
        """Put them back; they are sent at once."""
        actor = await actor_of(interaction)
        number = await self.deliveries.retry(actor, uncertain=uncertain)
        await reply(interaction, interaction.client.translator(actor.language)("outbox.retried", n=number))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Deliveries(bot.services.deliveries))
