"""A campaign's card, and the forms that change it."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.forms import Form
from bot.client.twincord import Twincord, reply
from bot.domain.access import Actor, Right
from bot.domain.reach import Shown
from bot.render import campaigns as render

Interaction = discord.Interaction[Twincord]


async def put(interaction: Interaction, text: str | None = None, **parts: Any) -> None:
    """Answer a click, or a form that a click opened, in place; a command privately."""
    if interaction.message is not None and not interaction.response.is_done():
        await interaction.response.edit_message(**{"content": text, "embed": None} | parts)
    else:
        await reply(interaction, text, **parts)


async def shown(interaction: Interaction, actor: Actor, campaign_id: int) -> Shown:
    """A campaign with the names that its card shows. Raises `Refusal` where she may not see it."""
    services = interaction.client.services
    campaign, reach = await services.campaigns.reach(actor, campaign_id)
    named = await services.audiences.called(campaign.audience, actor.language)
    server = await services.servers.find(campaign.server_id) if campaign.server_id else None
    return Shown(campaign, reach, named.name, server.name if server else None)


async def put_campaign(interaction: Interaction, actor: Actor, campaign_id: int, notice: str = "") -> None:
    """Show a campaign's card."""
    t = interaction.client.translator(actor.language)
    embed, view = render.card(t, await shown(interaction, actor, campaign_id), actor.zone, notice)
    await put(interaction, embed=embed, view=view)


async def put_saved(interaction: Interaction, actor: Actor, campaign_id: int) -> None:
    """Show the card after a change."""
    t = interaction.client.translator(actor.language)
    await put_campaign(interaction, actor, campaign_id, t("campaigns.saved"))


def roles_of(interaction: Interaction) -> dict[int, str]:
    """The roles of the server in which this happens, by id; not everybody's own."""
    guild = interaction.guild
    return {role.id: role.name for role in guild.roles if not role.is_default()} if guild else {}


def look_again(interaction: Interaction) -> None:
    """A role may have become an audience: who holds it is asked of Discord."""
    if interaction.guild is not None:
        interaction.client.dispatch("alumni_role", interaction.guild)


def options(found: dict[str, str], chosen: str) -> list[discord.SelectOption]:
    """The options of a select, by their values, with one of them chosen."""
    return [
        discord.SelectOption(label=label[:100], value=value, default=value == chosen) for value, label in found.items()
    ]


class CampaignForm(Form):
    """A form that changes a campaign."""

    right = Right.SERVER_COORDINATOR

    def __init__(self, title: str, campaign_id: int) -> None:
        super().__init__(title=title)
        self.campaign_id = campaign_id

    def ask(self, label: str, field: discord.ui.Item[Any]) -> None:
        """One more field."""
        self.add_item(discord.ui.Label(text=label, component=field))
