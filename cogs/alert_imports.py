"""The button under the news that something came in from others."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, alert_commands
from bot.domain.access import Actor, Right


class AdoptAlert(Action, template=r"(?P<family>alert|drill):adopt:(?P<id>\d+)(?::d\d+)?"):
    """She takes it on."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Its card in her server's coordinators' channel."""
        await alert_commands.adopt(interaction, int(self.match["id"]), drill=self.match["family"] == "drill")


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(AdoptAlert)
