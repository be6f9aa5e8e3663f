"""/case: writing case studies, finding them, and taking them away."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Twincord, actor_of, case_reading, reply
from bot.client.case_cards import put_card, speaking
from bot.domain.access import Right
from bot.domain.case_content import CaseKind, CaseOutcome, CaseStatus
from bot.domain.case_filters import CaseFilters
from bot.domain.cities import PopulationBand
from bot.render import cases as render
from bot.render import experts as render_experts
from bot.render.case_map import draw
from bot.services.case_exchange import ExportFormat
from bot.services.case_search import CaseSearchService
from bot.services.cases import CasesService
from bot.services.filters import countries, filters_of, languages
from bot.services.registry import Services

Interaction = discord.Interaction[Twincord]
KINDS = [
    app_commands.Choice(name="Case study", value=CaseKind.CASE.value),
    app_commands.Choice(name="Debrief of an exchange visit", value=CaseKind.DEBRIEF.value),
]
OUTCOMES = [
    app_commands.Choice(name="It worked", value=CaseOutcome.WORKED.value),
    app_commands.Choice(name="It worked in part", value=CaseOutcome.PARTLY.value),
    app_commands.Choice(name="It failed", value=CaseOutcome.FAILED.value),
    app_commands.Choice(name="Too early to say", value=CaseOutcome.OPEN.value),
]
STATUSES = [
    app_commands.Choice(name="Idea", value=CaseStatus.IDEA.value),
    app_commands.Choice(name="Pilot", value=CaseStatus.PILOT.value),
    app_commands.Choice(name="Running", value=CaseStatus.RUNNING.value),
    app_commands.Choice(name="Stopped", value=CaseStatus.STOPPED.value),
    app_commands.Choice(name="Scaled up", value=CaseStatus.SCALED.value),
]
FORMATS = [
    app_commands.Choice(name="Markdown", value=ExportFormat.MD.value),
    app_commands.Choice(name="JSON", value=ExportFormat.JSON.value),
    app_commands.Choice(name="CSV", value=ExportFormat.CSV.value),
]
SIZES = [
    app_commands.Choice(name="Under 20,000 people", value=PopulationBand.SMALL_TOWN.value),
    app_commands.Choice(name="20,000 to 50,000 people", value=PopulationBand.TOWN.value),
    app_commands.Choice(name="50,000 to 100,000 people", value=PopulationBand.SMALL_CITY.value),
    app_commands.Choice(name="100,000 to 250,000 people", value=PopulationBand.CITY.value),
    app_commands.Choice(name="250,000 to 1 million people", value=PopulationBand.LARGE_CITY.value),
    app_commands.Choice(name="Over 1 million people", value=PopulationBand.METROPOLIS.value),
]


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Cases(commands.GroupCog, group_name="case", group_description="Case studies: what worked, and what failed"):
    """Writing, finding, reading."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.cases: CasesService = services.cases
        self.finding: CaseSearchService = services.case_search

    @app_commands.command(
        name="submit", description="Begin a case study, or the debrief of a visit", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(topic="What it is about", kind="A case study, unless you say otherwise")
    @app_commands.choices(kind=KINDS)
    async def submit(self, interaction: Interaction, topic: str, kind: str = CaseKind.CASE.value) -> None:
        """A draft's card, from which everything else is filled in."""
        actor = await actor_of(interaction)
        started = await self.cases.start(actor, topic, CaseKind(kind))
        await put_card(interaction, actor, started.case, "", started.offered)

    @app_commands.command(
        name="drafts", description="Your case studies, published or not", extras={"right": Right.MEMBER}
    )
    async def drafts(self, interaction: Interaction) -> None:
        """Everything that she looks after, to open one."""
        actor = await actor_of(interaction)
        starts = [(one.id, one.text) for one in await self.cases.starts(actor)]
        text, view = render.mine(speaking(interaction, actor), await self.cases.mine(actor), starts)
        await reply(interaction, text, view=view)

    @app_commands.command(
        name="search", description="Find case studies, in any language", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(
        text="What you look for, in your own words",
        topic="Only cases about this topic",
        outcome="Only cases that ended like this",
        country="Only cases of this country",
        size="Only cases of cities of this size",
        status="Only cases that have come so far",
        language="Only cases written in this language",
    )
    @app_commands.choices(outcome=OUTCOMES, size=SIZES, status=STATUSES)
    async def search(
        self,
        interaction: Interaction,
        *,
        text: str | None = None,
        topic: str | None = None,
        outcome: str | None = None,
        country: str | None = None,
        size: str | None = None,
        status: str | None = None,
        language: str | None = None,
    ) -> None:
        """A page of what fits."""
        actor = await actor_of(interaction)
        named = filters_of(speaking(interaction, actor), country, language, None, available=False)
        filters = CaseFilters(
            CaseOutcome(outcome) if outcome else None,
            named.country,
            PopulationBand(size) if size else None,
            CaseStatus(status) if status else None,
            named.language,
            self.cases.topic_named(topic, actor.language) if topic else None,
        )
        found = await self.finding.search(actor, text, filters)
        await case_reading.put_found(interaction, actor, found)

    @app_commands.command(name="view", description="Read a case study", extras={"right": Right.MEMBER})
    @app_commands.describe(case="Its title, or its number")
    async def view(self, interaction: Interaction, case: str) -> None:
        """Its first page."""
        actor = await actor_of(interaction)
        await case_reading.put_page(interaction, actor, await self.finding.named(actor, case), 0)

    @app_commands.command(name="map", description="See which city learned from which", extras={"right": Right.MEMBER})
    async def map(self, interaction: Interaction) -> None:
        """A picture, with its words."""
        actor = await actor_of(interaction)
        t = speaking(interaction, actor)
        found = await self.services.adaptations.map()
        if not found.lines:
            await reply(interaction, t("cases.map_empty"))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        picture = await asyncio.to_thread(draw, t, found)
        await reply(interaction, picture.key or None, file=picture.file("who-learned-from-whom.png"))

    @app_commands.command(name="export", description="Get all case studies as a file", extras={"right": Right.MEMBER})
    @app_commands.describe(form="Markdown to read, JSON or CSV for machines")
    @app_commands.rename(form="format")
    @app_commands.choices(form=FORMATS)
    async def export(self, interaction: Interaction, form: str = ExportFormat.MD.value) -> None:
        """The whole collection, each case with its lasting id and its licence."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        t = speaking(interaction, actor)
        text, count = await self.services.case_exchange.export(actor, ExportFormat(form), t)
        said, file = render.exported(t, text, count, form)
        await reply(interaction, said, file=file)

    @submit.autocomplete("topic")
    @search.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        topics = self.services.topics
        found = [(topics.get(match.topic_id), match.matched_label) for match in topics.suggest(current, actor.language)]
        return render_experts.choices(speaking(interaction, actor), found)

    @view.autocomplete("case")
    async def suggest_case(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Cases that fit what she has typed so far."""
        actor = await actor_of(interaction)
        return render_experts.named_choices(
            [(str(case.id), case.title) for case in await self.finding.like(actor, current)]
        )

    @search.autocomplete("country")
    async def suggest_country(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Countries whose name in her language holds what she has typed so far."""
        return render_experts.named_choices(countries(speaking(interaction, await actor_of(interaction)), current))

    @search.autocomplete("language")
    async def suggest_language(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Languages whose name in her language holds what she has typed so far."""
        return render_experts.named_choices(languages(speaking(interaction, await actor_of(interaction)), current))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(Cases(bot.services))
