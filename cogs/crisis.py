"""/alert: for what is really happening."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, alert_commands, alert_templates, chain_commands
from bot.domain.access import Right
from bot.domain.crisis import AlertDeed
from bot.domain.crisis_chain import FollowUpKind


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
        name="update",
        description="Say what has changed to everyone who was told",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def update(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """Other words, a lower severity, another end."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.UPDATE, drill=False)

    @app_commands.command(
        name="escalate",
        description="Make it more serious, or for more people",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def escalate(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """A higher severity or a wider audience."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.ESCALATE, drill=False)

    @app_commands.command(
        name="report",
        description="Say how things are to everyone who was told",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def report(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """A situation report."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.REPORT, drill=False)

    @app_commands.command(
        name="stands", description="Say that it is real and still holds", extras={"right": Right.SERVER_COORDINATOR}
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def stands(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """Against a rumour."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.STANDS, drill=False)

    @app_commands.command(
        name="all-clear",
        description="Tell everyone who was told that it is over",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def all_clear(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """It is over."""
        await chain_commands.finish_command(interaction, number, AlertDeed.END, drill=False)

    @app_commands.command(
        name="false-alarm",
        description="Tell everyone at once that it was a mistake",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which alert, if several are on")
    async def false_alarm(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """It should not have been sent."""
        await chain_commands.finish_command(interaction, number, AlertDeed.CANCEL, drill=False)

    @update.autocomplete("number")
    @escalate.autocomplete("number")
    @report.autocomplete("number")
    @stands.autocomplete("number")
    @all_clear.autocomplete("number")
    @false_alarm.autocomplete("number")
    async def on(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Those that are on."""
        return await alert_commands.alerts(interaction, current, drill=False, running=True)

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
