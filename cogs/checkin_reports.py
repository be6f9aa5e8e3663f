"""/campaign report and /campaign quiet: what came of asking, for coordinators alone."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.domain.access import Actor, Right
from bot.domain.checkin_reports import Report
from bot.domain.checkins import SILENT_FOR
from bot.domain.errors import Refusal
from bot.i18n import Translator
from bot.render import checkin_reports as render
from bot.render import checkin_tables
from bot.render.charts import Picture, draw
from bot.services.checkin_reports import CheckinReportsService

Interaction = discord.Interaction[Twincord]


class CheckinReports(commands.Cog):
    """Results. The commands stand in the group of campaigns."""

    def __init__(self, reports: CheckinReportsService) -> None:
        self.reports = reports

    async def report(self, interaction: Interaction, campaign: str) -> None:
        """Rates and answers as a card, a picture and files."""
        actor = await actor_of(interaction)
        if not campaign.isdecimal() or len(campaign) > 12:
            raise Refusal("campaigns.unknown")
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self.reports.report(actor, int(campaign))
        t = interaction.client.translator(actor.language)
        pictures = await drawn(t, found)
        files = [picture.file(f"chart{place}.png") for place, picture in enumerate(pictures, 1)]
        keys = "\n".join(picture.key for picture in pictures if picture.key)
        tables = checkin_tables.files(t, found) if found.rounds else []
        await reply(interaction, keys or None, embed=render.report(t, found), files=[*files, *tables])

    async def quiet(self, interaction: Interaction) -> None:
        """Who has been silent."""
        actor = await actor_of(interaction)
        found = await self.reports.quiet(actor)
        t = interaction.client.translator(actor.language)
        await reply(interaction, render.quiet(t, found, SILENT_FOR))

    async def offer(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Campaigns whose name holds what was typed."""
        actor: Actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        return render.choices(t, await self.reports.campaigns(actor), current)


async def drawn(t: Translator, found: Report) -> list[Picture]:
    """The pictures, drawn in a thread."""
    return [await asyncio.to_thread(draw, t, chart) for chart in render.charts(t, found)]


def add_commands(group: app_commands.Group, cog: CheckinReports) -> None:
    """Put the commands into the group of another cog, which cogs do not import."""

    @group.command(
        name="report",
        description="Response rates and answers of a campaign",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(campaign="One of the campaigns")
    async def report(interaction: Interaction, campaign: str) -> None:
        await cog.report(interaction, campaign)

    @report.autocomplete("campaign")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await cog.offer(interaction, current)

    @group.command(
        name="quiet",
        description="Who of your server has been silent for three periods",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    async def quiet(interaction: Interaction) -> None:
        await cog.quiet(interaction)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded, after the one whose group it is: they are loaded by name."""
    cog = CheckinReports(bot.services.checkin_reports)
    await bot.add_cog(cog)
    group = bot.tree.get_command("campaign")
    assert isinstance(group, app_commands.Group)
    add_commands(group, cog)
