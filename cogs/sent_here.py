"""Who sent what to this server: two buttons on the card of /consent, and pages."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, reply
from bot.domain.access import Actor, Right
from bot.render import sent_here as render


class SentToServer(Action, template=r"consent:sent:(?P<family>alert|drill):(?P<page>\d{1,6})(?P<turn>:turn)?"):
    """Alerts or drills, never both."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """A page, to her alone; another page takes its place."""
        drill = self.match["family"] == "drill"
        found = await interaction.client.services.sent_here.page(actor, int(self.match["page"]), drill=drill)
        embed, view = render.page(interaction.client.translator(actor.language), found)
        if self.match["turn"]:
            await interaction.response.edit_message(embed=embed, view=view)
        else:
            await reply(interaction, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(SentToServer)
