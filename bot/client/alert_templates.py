"""Showing the templates of alerts."""

from __future__ import annotations

import discord

from bot.client.campaign_cards import put
from bot.client.twincord import Twincord
from bot.domain.access import Actor
from bot.domain.alert_templates import TemplateScope
from bot.domain.hazards import HazardTerm
from bot.render import alert_templates as render

Interaction = discord.Interaction[Twincord]


async def put_list(interaction: Interaction, actor: Actor) -> None:
    """Every hazard, with who keeps its template."""
    found = await interaction.client.services.alert_templates.all(actor)
    embed, view = render.overview(interaction.client.translator(actor.language), found)
    await put(interaction, embed=embed, view=view)


async def put_template(
    interaction: Interaction, actor: Actor, scope: TemplateScope, hazard: HazardTerm, notice: str | None = None
) -> None:
    """What alerts about a hazard begin with."""
    found = await interaction.client.services.alert_templates.get(actor, scope, hazard)
    t = interaction.client.translator(actor.language)
    embed, view = render.card(t, found, scope, network=actor.is_network_coordinator)
    await put(interaction, notice, embed=embed, view=view)


async def open_templates(interaction: Interaction, actor: Actor, hazard: str | None) -> None:
    """The template of a hazard, by its word; without one, all. What else is typed belongs to no hazard of its own."""
    if hazard is None:
        await put_list(interaction, actor)
        return
    term = next((each for each in HazardTerm if each.value == hazard), HazardTerm.OTHER)
    await put_template(interaction, actor, TemplateScope.SERVER, term)
