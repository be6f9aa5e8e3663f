"""/drill: for practice; nothing in it looks or reads like an alert."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, alert_commands, chain_commands
from bot.domain.access import Right
from bot.domain.crisis import AlertDeed
from bot.domain.crisis_chain import FollowUpKind


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class Drills(commands.GroupCog, group_name="drill", group_description="Practise with the network; nothing is real"):
    """For practice."""

    @app_commands.command(
        name="new",
        description="Draft a drill; it says that it is one, first and last",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(event="What is practised", audience="Whom it is for")
    @app_commands.choices(audience=alert_commands.AUDIENCES)
    async def new(self, interaction: discord.Interaction[Twincord], event: str, audience: str) -> None:
        """A draft."""
        await alert_commands.begin(interaction, event, audience, drill=True)

    @new.autocomplete("event")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Hazards."""
        return await alert_commands.hazards(interaction, current)

    @app_commands.command(
        name="log",
        description="Get the timeline of a drill as files",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which drill")
    async def log(self, interaction: discord.Interaction[Twincord], number: int) -> None:
        """Who did what when."""
        await alert_commands.send_log(interaction, await actor_of(interaction), number, drill=True)

    @log.autocomplete("number")
    async def known(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Drills."""
        return await alert_commands.alerts(interaction, current, drill=True)

    @app_commands.command(
        name="imported",
        description="Take on an exercise that was imported from a CAP file",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which drill")
    async def imported(self, interaction: discord.Interaction[Twincord], number: int) -> None:
        """It becomes hers."""
        await alert_commands.adopt(interaction, number, drill=True)

    @imported.autocomplete("number")
    async def waiting(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Drills that nobody has taken on."""
        return await alert_commands.alerts(interaction, current, drill=True, imported=True)

    @app_commands.command(
        name="update", description="Practise to say what has changed", extras={"right": Right.SERVER_COORDINATOR}
    )
    @app_commands.describe(number="Which drill, if several are on")
    async def update(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """Other words, a lower severity, another end."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.UPDATE, drill=True)

    @app_commands.command(
        name="escalate",
        description="Practise to make it more serious, or for more people",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which drill, if several are on")
    async def escalate(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """A higher severity or a wider audience."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.ESCALATE, drill=True)

    @app_commands.command(
        name="report", description="Practise to say how things are", extras={"right": Right.SERVER_COORDINATOR}
    )
    @app_commands.describe(number="Which drill, if several are on")
    async def report(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """A situation report."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.REPORT, drill=True)

    @app_commands.command(
        name="goes-on", description="Say that the drill goes on", extras={"right": Right.SERVER_COORDINATOR}
    )
    @app_commands.describe(number="Which drill, if several are on")
    async def goes_on(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """Everyone who was told hears it."""
        await chain_commands.begin_command(interaction, number, FollowUpKind.STANDS, drill=True)

    @app_commands.command(
        name="end",
        description="Tell everyone who was told that the drill is over",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(number="Which drill, if several are on")
    async def end(self, interaction: discord.Interaction[Twincord], number: int | None = None) -> None:
        """It is over."""
        await chain_commands.finish_command(interaction, number, AlertDeed.END, drill=True)

    @update.autocomplete("number")
    @escalate.autocomplete("number")
    @report.autocomplete("number")
    @goes_on.autocomplete("number")
    @end.autocomplete("number")
    async def on(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[int]]:
        """Those that are on."""
        return await alert_commands.alerts(interaction, current, drill=True, running=True)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Drills())
