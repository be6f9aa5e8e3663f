"""/privacy: what is kept about whoever asks; for strangers, too."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, inviting, posts, reply
from bot.domain.access import Actor, Right
from bot.render import privacy as render
from bot.services.privacy import PrivacyService

Interaction = discord.Interaction[Twincord]


async def hand_out(interaction: Interaction, actor: Actor) -> None:
    """Everything about her as a file, privately."""
    t = interaction.client.translator(actor.language)
    everything = await interaction.client.services.privacy.export(actor)
    await reply(interaction, t("privacy.file"), file=render.file(t, everything))


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Privacy(commands.GroupCog, group_name="privacy", group_description="What I keep about you"):
    """The three commands."""

    def __init__(self, privacy: PrivacyService) -> None:
        self.privacy = privacy

    @app_commands.command(
        name="info", description="See what is kept about you, and why", extras={"right": Right.ANYONE}
    )
    async def info(self, interaction: Interaction) -> None:
        """The list."""
        actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        embed, view = render.info(t, await self.privacy.kept(actor))
        await reply(interaction, embed=embed, view=view)

    @app_commands.command(
        name="export", description="Get everything that is kept about you as a file", extras={"right": Right.ANYONE}
    )
    async def export(self, interaction: Interaction) -> None:
        """The file."""
        await hand_out(interaction, await actor_of(interaction))

    @app_commands.command(
        name="delete", description="Have everything that is kept about you deleted", extras={"right": Right.ANYONE}
    )
    async def delete(self, interaction: Interaction) -> None:
        """What would go, and the button that does it."""
        actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        embed, view = render.confirm(t, await self.privacy.kept(actor))
        await reply(interaction, embed=embed, view=view)


class ExportData(Action, template=r"privacy:export"):
    """The button for the file."""

    right = Right.ANYONE

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The file, as an answer of its own."""
        await hand_out(interaction, actor)


class AskDelete(Action, template=r"privacy:delete"):
    """The button that asks for a deletion; nothing happens yet."""

    right = Right.ANYONE

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What would go, in place of what was there."""
        t = interaction.client.translator(actor.language)
        embed, view = render.confirm(t, await interaction.client.services.privacy.kept(actor))
        await interaction.response.edit_message(content=None, embed=embed, view=view)


class ReallyDelete(Action, template=r"privacy:delete:yes"):
    """The button that deletes."""

    right = Right.ANYONE

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Delete; clicked twice, it is just as done."""
        t = interaction.client.translator(actor.language)
        asked = await interaction.client.services.questions.asked_by(actor)
        relayed = await interaction.client.services.relays.of(actor)
        await interaction.client.services.privacy.delete(actor)
        await interaction.response.edit_message(content=t("privacy.deleted"), embed=None, view=None)
        await posts.unname(interaction.client, asked)
        await inviting.unname(interaction.client, relayed)


class KeepData(Action, template=r"privacy:keep"):
    """The button that does not delete."""

    right = Right.ANYONE

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Say that nothing was deleted."""
        t = interaction.client.translator(actor.language)
        await interaction.response.edit_message(content=t("privacy.kept"), embed=None, view=None)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ExportData, AskDelete, ReallyDelete, KeepData)
    await bot.add_cog(Privacy(bot.services.privacy))
