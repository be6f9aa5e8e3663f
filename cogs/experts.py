"""/expert: who knows about a topic, and what speaks for somebody."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, reply
from bot.client.profiles import Interaction, ask_still, put_terms, speaking
from bot.domain.access import Actor, Right
from bot.domain.experts import CitySize
from bot.domain.filters import Filters
from bot.render import expertise as standings
from bot.render import experts as render
from bot.services.expertise import ExpertiseService
from bot.services.experts import DidYouMean, ExpertsService
from bot.services.filters import countries, filters_of, languages
from bot.services.topics import TopicsService

SIZES = [
    app_commands.Choice(name="Under 50,000 inhabitants", value=CitySize.TOWN.value),
    app_commands.Choice(name="50,000 to 200,000 inhabitants", value=CitySize.SMALL.value),
    app_commands.Choice(name="200,000 to 500,000 inhabitants", value=CitySize.MEDIUM.value),
    app_commands.Choice(name="500,000 to 1.5 million inhabitants", value=CitySize.LARGE.value),
    app_commands.Choice(name="Over 1.5 million inhabitants", value=CitySize.VERY_LARGE.value),
]


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Expert(commands.GroupCog, group_name="expert", group_description="Find people who know about a topic"):
    """Finding people, and being found."""

    def __init__(self, experts: ExpertsService, expertise: ExpertiseService, topics: TopicsService) -> None:
        self.experts = experts
        self.expertise = expertise
        self.topics = topics

    @app_commands.command(
        name="find",
        description="Find people who know about a topic, and why each of them",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(
        topic="A topic, or your question in your own words and language",
        country="Only people of this country",
        language="Only people who speak this language",
        size="Only people of cities of this size",
        available="Only people where it is daytime now",
    )
    @app_commands.choices(size=SIZES)
    async def find(
        self,
        interaction: Interaction,
        topic: str,
        *,
        country: str | None = None,
        language: str | None = None,
        size: str | None = None,
        available: bool = False,
    ) -> None:
        """People for a topic or a question."""
        actor = await actor_of(interaction)
        t = speaking(interaction, actor)
        wanted = filters_of(t, country, language, size, available=available)
        found = await self.experts.find(actor, topic, wanted)
        if isinstance(found, DidYouMean):
            text, view = render.did_you_mean(t, found.text, found.topics, found.filters)
            await reply(interaction, text, view=view)
        else:
            embed, view = render.answer(t, found.topic, found.page, self.experts.clock(), found.filters)
            await reply(interaction, embed=embed, view=view)
        await ask_still(interaction, actor)

    @app_commands.command(
        name="profile", description="See what speaks for a member as an expert", extras={"right": Right.MEMBER}
    )
    @app_commands.describe(member="Whose topics")
    async def profile(self, interaction: Interaction, member: discord.User) -> None:
        """Her profile, and for each topic what speaks for her."""
        actor = await actor_of(interaction)
        found = await self.expertise.standing(actor, member.id)
        t = speaking(interaction, actor)
        now = self.expertise.clock()
        await reply(interaction, embed=standings.standing(t, found.profile, found.topics, self.topics.index, now))
        await ask_still(interaction, actor)

    @app_commands.command(
        name="open",
        description="Say whether, and how often, people may ask you about one of your topics",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(topic="One of your topics")
    async def open_to(self, interaction: Interaction, topic: str) -> None:
        """Her terms for the topic, to be changed."""
        actor = await actor_of(interaction)
        await put_terms(interaction, actor, await self.expertise.named(actor, topic))

    @find.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        matches = self.topics.suggest(current, actor.language)
        t = interaction.client.translator(actor.language)
        return render.choices(t, [(self.topics.get(match.topic_id), match.matched_label) for match in matches])

    @open_to.autocomplete("topic")
    async def suggest_own(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Her own topics that hold what she has typed so far."""
        actor = await actor_of(interaction)
        t = speaking(interaction, actor)
        own = [(topic.id, topic.label(t.language)) for topic in await self.expertise.own_topics(actor)]
        return render.named_choices([one for one in own if current.casefold() in one[1].casefold()] or own)

    @find.autocomplete("country")
    async def suggest_country(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Countries whose name in her language holds what she has typed so far."""
        return render.named_choices(countries(speaking(interaction, await actor_of(interaction)), current))

    @find.autocomplete("language")
    async def suggest_language(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Languages whose name in her language holds what she has typed so far."""
        return render.named_choices(languages(speaking(interaction, await actor_of(interaction)), current))


class ShowPage(Action, template=r"expert:page:(?P<number>\d{1,6}):(?P<filters>[\w.-]{1,30}):(?P<topic>.+)"):
    """Shows a page of people: the buttons below a list, and those of "did you mean"."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show it in place of what was there."""
        experts = interaction.client.services.experts
        wanted = Filters.decoded(self.match["filters"])
        found = await experts.page(actor, self.match["topic"], int(self.match["number"]), wanted)
        t = interaction.client.translator(actor.language)
        embed, view = render.answer(t, found.topic, found.page, experts.clock(), found.filters)
        await interaction.response.edit_message(content=None, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    services = bot.services
    bot.add_dynamic_items(ShowPage)
    await bot.add_cog(Expert(services.experts, services.expertise, services.topics))
