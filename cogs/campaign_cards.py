"""The buttons and selects on a campaign's card."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord
from bot.client.campaign_cards import (
    put,
    put_campaign,
    put_saved,
    shown,
)
from bot.domain.access import Actor, Right
from bot.render import campaigns as render

RIGHT = Right.SERVER_COORDINATOR
Interaction = discord.Interaction[Twincord]


class ShowCampaign(Action, template=r"campaign:show:(?P<id>\d+)"):
    """Back to the card."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show it."""
        await put_campaign(interaction, actor, int(self.match["id"]))


class PickCampaign(Action, template=r"campaign:pick"):
    """One of the list."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show its card."""
        await put_campaign(interaction, actor, int(self.values[0]))


class MakeMonthly(Action, template=r"campaign:monthly:(?P<whom>here|all)"):
    """The monthly check-in that ships."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Make it, paused; pressed again, it shows the one that is there."""
        campaigns = interaction.client.services.campaigns
        made = await campaigns.create_monthly(actor, whole_network=self.match["whom"] == "all")
        t = interaction.client.translator(actor.language)
        await put_campaign(interaction, actor, made.id, t("campaigns.created"))


class ChooseDigest(Action, template=r"campaign:digest:(?P<id>\d+)"):
    """A channel for the digest."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Put it on record."""
        editing = interaction.client.services.campaign_editing
        await editing.set_digest(actor, int(self.match["id"]), self.values[0].id)
        await put_saved(interaction, actor, int(self.match["id"]))


class DefaultDigest(Action, template=r"campaign:digest_default:(?P<id>\d+)"):
    """The coordinators' channel for the digest."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Put it on record."""
        await interaction.client.services.campaign_editing.set_digest(actor, int(self.match["id"]), None)
        await put_saved(interaction, actor, int(self.match["id"]))


class SwitchCampaign(Action, template=r"campaign:(?P<to>on|off):(?P<id>\d+)"):
    """Let its calendar run, or stand still."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Do it."""
        on = self.match["to"] == "on"
        found = await interaction.client.services.campaigns.switch(actor, int(self.match["id"]), on=on)
        t = interaction.client.translator(actor.language)
        notice = t("campaigns.switched_on") if on else t("campaigns.switched_off")
        await put_campaign(interaction, actor, found.id, notice)


class PreviewCampaign(Action, template=r"campaign:preview:(?P<id>\d+)"):
    """What it would do."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show it."""
        services = interaction.client.services
        found = await services.campaigns.preview(actor, int(self.match["id"]))
        named = await services.audiences.called(found.campaign.audience, actor.language)
        embed, view = render.preview(interaction.client.translator(actor.language), found, named.name)
        await put(interaction, embed=embed, view=view)


class RunCampaign(Action, template=r"campaign:run:(?P<id>\d+)"):
    """Run it now?"""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Say whom that would ask."""
        found = await shown(interaction, actor, int(self.match["id"]))
        text, view = render.confirm_run(interaction.client.translator(actor.language), found)
        await put(interaction, text, view=view)


class ReallyRun(Action, template=r"campaign:go:(?P<id>\d+):(?P<version>\d+)"):
    """Yes, run it now."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Run it, once however often the button is pressed."""
        campaign_id, version = int(self.match["id"]), int(self.match["version"])
        reach = await interaction.client.services.campaigns.run(actor, campaign_id, version)
        t = interaction.client.translator(actor.language)
        await put_campaign(interaction, actor, campaign_id, t("campaigns.started", n=reach.reached))


class DropCampaign(Action, template=r"campaign:drop:(?P<id>\d+)"):
    """Delete it?"""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Say what would go."""
        what = await interaction.client.services.campaigns.what_goes(actor, int(self.match["id"]))
        text, view = render.confirm_delete(interaction.client.translator(actor.language), *what)
        await put(interaction, text, view=view)


class ReallyDrop(Action, template=r"campaign:gone:(?P<id>\d+):(?P<version>\d+)"):
    """Yes, delete it."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Delete it."""
        campaigns = interaction.client.services.campaigns
        gone = await campaigns.delete(actor, int(self.match["id"]), int(self.match["version"]))
        t = interaction.client.translator(actor.language)
        await put(interaction, render.deleted(t, gone), view=None)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ShowCampaign, PickCampaign, MakeMonthly, ChooseDigest, DefaultDigest)
    bot.add_dynamic_items(SwitchCampaign, PreviewCampaign, RunCampaign, ReallyRun, DropCampaign, ReallyDrop)
