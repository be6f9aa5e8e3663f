"""/readiness: would an alert arrive, and what is to be mended before there is one."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, reply
from bot.client.readying import eyes
from bot.domain.access import Actor, Right
from bot.render import readiness as render


async def answer(
    interaction: discord.Interaction[Twincord], actor: Actor, *, server_id: int | None = None, page: int | None = None
) -> render.Answer:
    """One server's card, or a page of all of them."""
    bot = interaction.client
    t, service = bot.translator(actor.language), bot.services.readiness
    if page is not None:
        return render.everyone(t, await service.all(actor, eyes(bot)), page, actor.zone)
    found = await service.one(actor, eyes(bot), server_id)
    return render.one(t, found, actor.zone, everywhere=actor.is_network_coordinator)


async def show(
    interaction: discord.Interaction[Twincord], actor: Actor, server_id: int | None, page: int | None
) -> None:
    """In place of what was clicked. Looking at many servers takes its time."""
    await interaction.response.defer()
    embed, view = await answer(interaction, actor, server_id=server_id, page=page)
    await interaction.edit_original_response(embed=embed, view=view)


class ReadinessCog(commands.Cog):
    """The command."""

    @app_commands.command(
        name="readiness",
        description="See whether an alert would arrive, and what is to be mended before there is one",
        extras={"right": Right.COORDINATOR_OR_ADMINISTRATOR},
    )
    @app_commands.default_permissions(manage_threads=True)
    @app_commands.guild_only()
    async def readiness(self, interaction: discord.Interaction[Twincord]) -> None:
        """Her server; for a network coordinator all of them."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        embed, view = await answer(interaction, actor, page=0 if actor.is_network_coordinator else None)
        await reply(interaction, embed=embed, view=view)


class ReadinessOne(Action, template=r"readiness:one(?::(?P<id>\d{1,20}))?"):
    """A fresh look at one server; without a number, at hers."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Its card."""
        number = self.match["id"]
        await show(interaction, actor, int(number) if number else None, None)


class ReadinessChoose(Action, template=r"readiness:choose"):
    """One of the list."""

    right = Right.NETWORK_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Its card."""
        await show(interaction, actor, int(self.values[0]), None)


class ReadinessAll(Action, template=r"readiness:all:(?P<page>\d{1,6})"):
    """All servers."""

    right = Right.NETWORK_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """A page of them, looked at afresh."""
        await show(interaction, actor, None, int(self.match["page"]))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ReadinessOne, ReadinessChoose, ReadinessAll)
    await bot.add_cog(ReadinessCog())
