"""What a case said before: who changed it when, and each version to read."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord
from bot.client.case_cards import put, speaking
from bot.domain.access import Actor, Right
from bot.render import case_versions as render

Interaction = discord.Interaction[Twincord]


class CaseVersions(Action, template=r"case:versions:(?P<id>\d+):(?P<page>\d{1,4})(?::[bf])?"):
    """The list of versions."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """A page of it, to her alone."""
        cases = interaction.client.services.cases
        versions = await cases.versions(actor, int(self.match["id"]))
        case = await cases.get(actor, int(self.match["id"]))
        page = int(self.match["page"])
        text, view = render.listed(speaking(interaction, actor), case, versions, page, actor.zone)
        await put(interaction, content=text, view=view)


class OpenCaseVersion(Action, template=r"case:version:(?P<id>\d+)"):
    """One of them, chosen from the list."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its first page."""
        await put_version(interaction, actor, int(self.match["id"]), int(self.values[0]), 0)


class ReadCaseVersion(Action, template=r"case:versioned:(?P<id>\d+):(?P<number>\d{1,6}):(?P<page>\d{1,3})(?::[bf])?"):
    """Turns its pages."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Another page."""
        numbers = (int(self.match[name]) for name in ("id", "number", "page"))
        await put_version(interaction, actor, *numbers)


async def put_version(interaction: Interaction, actor: Actor, case_id: int, number: int, page: int) -> None:
    """A page of a version, to her alone."""
    services = interaction.client.services
    case = await services.cases.get(actor, case_id)
    version = await services.cases.version(actor, case_id, number)
    found = (services.topics.index.get(one) for one in version.content.topics)
    topics = [one for one in found if one is not None]
    content, embeds, view = render.page(speaking(interaction, actor), case, version, topics, page, zone=actor.zone)
    await put(interaction, content=content, embeds=embeds, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(CaseVersions, OpenCaseVersion, ReadCaseVersion)
