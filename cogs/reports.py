"""/report: what coordinators should look at, as a table, a picture and a file."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.domain.access import Right
from bot.i18n import Translator
from bot.render import reports as render
from bot.render.charts import draw
from bot.services.reports import ReportsService

Interaction = discord.Interaction[Twincord]


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class ReportCog(commands.GroupCog, group_name="report", group_description="Reports for coordinators"):
    """The commands; each report is shown to her alone."""

    def __init__(self, reports: ReportsService) -> None:
        self.reports = reports

    @app_commands.command(
        name="questions",
        description="See which questions are open, how long, and about what",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    async def questions(self, interaction: Interaction) -> None:
        """Open questions by topic."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self.reports.questions(actor)
        t = interaction.client.translator(actor.language)
        now = self.reports.clock()
        await show(interaction, t, render.questions(t, found, now, everywhere=actor.is_network_coordinator))

    @app_commands.command(
        name="topics",
        description="See the topics that nobody could be asked about",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    async def topics(self, interaction: Interaction) -> None:
        """Topics without an expert."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self.reports.topics_without(actor)
        t = interaction.client.translator(actor.language)
        await show(interaction, t, render.topics(t, found, everywhere=actor.is_network_coordinator))

    @app_commands.command(
        name="unmatched",
        description="See what people asked for and no topic is called",
        extras={"right": Right.NETWORK_COORDINATOR},
    )
    async def unmatched(self, interaction: Interaction) -> None:
        """Queries that matched nothing."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self.reports.unmatched(actor)
        t = interaction.client.translator(actor.language)
        await show(interaction, t, render.unmatched(t, found, actor.zone))


async def show(interaction: Interaction, t: Translator, report: render.Report) -> None:
    """Draw the picture, and send it all."""
    picture = await asyncio.to_thread(draw, t, report.chart) if report.chart else None
    embed = render.with_key(report.embed, t, picture)
    await reply(interaction, embed=embed, files=report.files(picture))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(ReportCog(bot.services.reports))
