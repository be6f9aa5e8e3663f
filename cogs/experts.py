"""/expert: who knows about a topic."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, reply
from bot.domain.access import Actor, Right
from bot.render import experts as render
from bot.services.experts import DidYouMean, ExpertsService
from bot.services.topics import TopicsService


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Expert(commands.GroupCog, group_name="expert", group_description="Find people who know about a topic"):
    """Finding people."""

    def __init__(self, experts: ExpertsService, topics: TopicsService) -> None:
        self.experts = experts
        self.topics = topics

    @app_commands.command(
        name="find",
        description="Find people who know about a topic, and why each of them",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(topic="A topic, or your question in your own words and language")
    async def find(self, interaction: discord.Interaction[Twincord], topic: str) -> None:
        """People for a topic or a question."""
        actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        found = await self.experts.find(actor, topic)
        if isinstance(found, DidYouMean):
            text, view = render.did_you_mean(t, found.text, found.topics)
            await reply(interaction, text, view=view)
            return
        embed, view = render.answer(t, found.topic, found.page, self.experts.clock())
        await reply(interaction, embed=embed, view=view)

    @find.autocomplete("topic")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        matches = self.topics.suggest(current, actor.language)
        t = interaction.client.translator(actor.language)
        return render.choices(t, [(self.topics.get(match.topic_id), match.matched_label) for match in matches])


class ShowPage(Action, template=r"expert:page:(?P<number>\d{1,6}):(?P<topic>.+)"):
    """Shows a page of people: the buttons below a list, and those of "did you mean"."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show it in place of what was there."""
        experts = interaction.client.services.experts
        found = await experts.page(actor, self.match["topic"], int(self.match["number"]))
        t = interaction.client.translator(actor.language)
        embed, view = render.answer(t, found.topic, found.page, experts.clock())
        await interaction.response.edit_message(content=None, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ShowPage)
    await bot.add_cog(Expert(bot.services.experts, bot.services.topics))
