"""/alert: for what is really happening."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, alert_commands, alert_templates
from bot.domain.access import Right


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class Alerts(commands.GroupCog, group_name="alert", group_description="Warn the network of something real"):
    """For what is really happening."""

    @app_commands.command(
        name="new",
        description="Draft a real alert; nothing is sent before you say so",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(event="What is happening", audience="Whom it is for")
    @app_commands.choices(audience=alert_commands.AUDIENCES)
    async def new(self, interaction: discord.Interaction[Twincord], event: str, audience: str) -> None:
        """A draft."""
        await alert_commands.begin(interaction, event, audience, drill=False)

    @new.autocomplete("event")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Hazards."""
        return await alert_commands.hazards(interaction, current)

    @app_commands.command(
        name="log",
        description="Get the timeline of an alert as files",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert")
    async def log(self, interaction: discord.Interaction[Twincord], number: int) -> None:
        """Who did what when."""
        await alert_commands.send_log(interaction, await actor_of(interaction), number, drill=False)

    @log.autocomplete("number")
    async def known(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Alerts."""
        return await alert_commands.alerts(interaction, current, drill=False)

    @app_commands.command(
        name="imported",
        description="Take on an alert that was imported from a CAP file",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert")
    async def imported(self, interaction: discord.Interaction[Twincord], number: int) -> None:
        """It becomes hers."""
        await alert_commands.adopt(interaction, number, drill=False)

    @imported.autocomplete("number")
    async def waiting(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Alerts that nobody has taken on."""
        return await alert_commands.alerts(interaction, current, drill=False, imported=True)

    @app_commands.command(
        name="templates",
        description="See and change what alerts begin with",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(hazard="Open the template of this hazard")
    async def templates(self, interaction: discord.Interaction[Twincord], hazard: str | None = None) -> None:
        """All of them, or one."""
        await alert_templates.open_templates(interaction, await actor_of(interaction), hazard)

    @templates.autocomplete("hazard")
    async def kept(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Hazards."""
        return await alert_commands.hazards(interaction, current)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Alerts())
