"""Showing a member's own card, which commands, buttons and forms all end with."""

from __future__ import annotations

import discord

from bot.client.twincord import Twincord, reply
from bot.domain.access import Actor
from bot.domain.expertise import Expertise
from bot.domain.members import Level, Profile
from bot.i18n import Translator
from bot.render import expertise as expertise_render
from bot.render import profile as render
from bot.render import profile_topics
from bot.services.members import WhichTopic

Interaction = discord.Interaction[Twincord]


def speaking(interaction: Interaction, actor: Actor, profile: Profile | None = None) -> Translator:
    """The reader's language, which a change of her profile may just have changed."""
    return interaction.client.translator(profile.language if profile else None, actor.language)


async def put(interaction: Interaction, embed: discord.Embed, view: discord.ui.View) -> None:
    """Answer a click, or a form that a click opened, in place; a command privately."""
    if interaction.message is not None and not interaction.response.is_done():
        await interaction.response.edit_message(content=None, embed=embed, view=view, attachments=[])
    else:
        await reply(interaction, embed=embed, view=view)


async def put_card(interaction: Interaction, actor: Actor, profile: Profile, notice: str = "") -> None:
    """Show her own card."""
    members = interaction.client.services.members
    t = speaking(interaction, actor, profile)
    await put(interaction, *render.own(t, profile, members.topics.index, members.clock(), notice))


async def put_topics(interaction: Interaction, actor: Actor, profile: Profile, notice: str = "") -> None:
    """Show her topics; before she has confirmed it, what the programme told us."""
    if profile.awaits_confirmation:
        await put_card(interaction, actor, profile)
        return
    t = speaking(interaction, actor, profile)
    await put(interaction, *profile_topics.card(t, profile, interaction.client.services.topics.index, notice))


async def put_terms(interaction: Interaction, actor: Actor, known: Expertise) -> None:
    """Show on which terms she takes requests on a topic."""
    services = interaction.client.services
    t = speaking(interaction, actor)
    now = services.expertise.clock()
    await put(interaction, *expertise_render.terms(t, known, services.topics.index, now, actor.zone))


async def ask_still(interaction: Interaction, actor: Actor) -> None:
    """After the answer to a command, once a day: ask whether a topic that she confirmed long ago is still hers."""
    services = interaction.client.services
    known = await services.expertise.still(actor)
    if known is not None:
        t = speaking(interaction, actor)
        embed, view = expertise_render.still(t, known, services.topics.index, actor.zone)
        await reply(interaction, embed=embed, view=view)


async def add_topic(interaction: Interaction, actor: Actor, text: str, level: Level) -> None:
    """Add a topic in her own words, or ask which one she means."""
    services = interaction.client.services
    t = speaking(interaction, actor)
    found = await services.members.add_topic(actor, text, level)
    if isinstance(found, WhichTopic):
        await put(interaction, *profile_topics.which(t, found.text, level, found.topics))
        return
    name = render.label(t, services.topics.index, found.topic.id)
    await put_topics(interaction, actor, found.profile, t("profile.topic_saved", topic=name, level=t.of(level)))


async def end_pause(interaction: Interaction, actor: Actor) -> None:
    """She may be found again."""
    profile = await interaction.client.services.members.resume(actor)
    await put_card(interaction, actor, profile, speaking(interaction, actor, profile)("profile.resumed"))
