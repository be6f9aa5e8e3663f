"""/campaign: questions that are put to an audience again and again."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, reply
from bot.client.campaign_cards import look_again, put, put_campaign, roles_of, shown
from bot.domain.access import Right
from bot.domain.errors import Refusal
from bot.render import campaigns as render
from bot.services.audiences import AudiencesService, token
from bot.services.campaigns import CampaignsService

RIGHT = Right.SERVER_COORDINATOR
Interaction = discord.Interaction[Twincord]
Choices = list[app_commands.Choice[str]]


def number(typed: str) -> int:
    """The campaign that an option names. Raises `Refusal` for what is no id: it was typed, not chosen."""
    if not typed.isdecimal() or len(typed) > 12:
        raise Refusal("campaigns.unknown")
    return int(typed)


async def offer(interaction: Interaction, current: str) -> Choices:
    """Campaigns whose name holds what was typed."""
    actor = await actor_of(interaction)
    if not actor.may(RIGHT):
        return []
    found = await interaction.client.services.campaigns.list(actor)
    return render.choices(interaction.client.translator(actor.language), found, current)


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class Campaigns(commands.GroupCog, group_name="campaign", group_description="Ask people again and again: check-ins"):
    """The commands of coordinators."""

    def __init__(self, bot: Twincord, campaigns: CampaignsService, audiences: AudiencesService) -> None:
        self.bot = bot
        self.campaigns = campaigns
        self.audiences = audiences

    @app_commands.command(name="create", description="Make a campaign; the rest has defaults", extras={"right": RIGHT})
    @app_commands.describe(
        name="What it is called, at most 45 characters",
        audience="Who is asked: everyone, a cohort, a country, a city, a topic, a role",
        network="Ask the whole network, for its coordinators alone",
    )
    async def create(self, interaction: Interaction, name: str, audience: str, network: bool = False) -> None:
        """Make it, and show its card."""
        actor = await actor_of(interaction)
        whom = await self.audiences.understand(actor, audience, roles_of(interaction))
        made = await self.campaigns.create(actor, name, whom, whole_network=network)
        look_again(interaction)
        await put_campaign(interaction, actor, made.id, self.bot.translator(actor.language)("campaigns.created"))

    @create.autocomplete("audience")
    async def suggest_audience(self, interaction: Interaction, current: str) -> Choices:
        """Audiences whose name holds what was typed."""
        actor = await actor_of(interaction)
        if not actor.may(RIGHT):
            return []
        t = self.bot.translator(actor.language)
        found = await self.audiences.suggest(actor, current, roles_of(interaction))
        return [render.audience_choice(t, each.audience, each.name, token(each.audience)) for each in found]

    @app_commands.command(name="list", description="See the campaigns, and the one that ships", extras={"right": RIGHT})
    async def list(self, interaction: Interaction) -> None:
        """Those that she may change."""
        actor = await actor_of(interaction)
        found = await self.campaigns.list(actor)
        t = self.bot.translator(actor.language)
        embed, view = render.listing(t, found, network=actor.is_network_coordinator)
        await reply(interaction, embed=embed, view=view)

    @app_commands.command(name="show", description="See a campaign and change it", extras={"right": RIGHT})
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def show(self, interaction: Interaction, campaign: str) -> None:
        """Its card, on which everything is changed."""
        await put_campaign(interaction, await actor_of(interaction), number(campaign))

    @app_commands.command(
        name="preview", description="See the next six runs in three zones, and whom they reach", extras={"right": RIGHT}
    )
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def preview(self, interaction: Interaction, campaign: str) -> None:
        """What it would do."""
        actor = await actor_of(interaction)
        found = await self.campaigns.preview(actor, number(campaign))
        named = await self.audiences.called(found.campaign.audience, actor.language)
        embed, view = render.preview(self.bot.translator(actor.language), found, named.name)
        await put(interaction, embed=embed, view=view)

    @app_commands.command(name="resume", description="Switch a campaign on", extras={"right": RIGHT})
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def resume(self, interaction: Interaction, campaign: str) -> None:
        """Its calendar runs."""
        actor = await actor_of(interaction)
        found = await self.campaigns.switch(actor, number(campaign), on=True)
        await put_campaign(interaction, actor, found.id, self.bot.translator(actor.language)("campaigns.switched_on"))

    @app_commands.command(name="pause", description="Let a campaign’s calendar stand still", extras={"right": RIGHT})
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def pause(self, interaction: Interaction, campaign: str) -> None:
        """Its calendar stands still."""
        actor = await actor_of(interaction)
        found = await self.campaigns.switch(actor, number(campaign), on=False)
        await put_campaign(interaction, actor, found.id, self.bot.translator(actor.language)("campaigns.switched_off"))

    @app_commands.command(name="run", description="Ask everybody now, once more", extras={"right": RIGHT})
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def run(self, interaction: Interaction, campaign: str) -> None:
        """Ask first: the button says whom, and how many."""
        actor = await actor_of(interaction)
        found = await shown(interaction, actor, number(campaign))
        text, view = render.confirm_run(self.bot.translator(actor.language), found)
        await reply(interaction, text, view=view)

    @app_commands.command(name="delete", description="Delete a campaign with all answers", extras={"right": RIGHT})
    @app_commands.describe(campaign="One of the campaigns")
    @app_commands.autocomplete(campaign=offer)
    async def delete(self, interaction: Interaction, campaign: str) -> None:
        """Ask first: it cannot be undone."""
        actor = await actor_of(interaction)
        what = await self.campaigns.what_goes(actor, number(campaign))
        text, view = render.confirm_delete(self.bot.translator(actor.language), *what)
        await reply(interaction, text, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Campaigns(bot, bot.services.campaigns, bot.services.audiences))
