"""What becomes of cases: adaptations, news of them, pilots that grow, topics that are followed."""

from __future__ import annotations

from datetime import datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.client.case_cards import defer, put_card, speaking
from bot.client.case_posting import put_case_right
from bot.client.following import CLOSED
from bot.domain.access import Actor, Right
from bot.domain.adaptations import TEXT_LIMIT
from bot.domain.cases import Deed
from bot.domain.errors import Refusal
from bot.i18n import Translator
from bot.render import case_news as render
from bot.render import experts as render_experts
from bot.services.adaptations import Told
from bot.services.registry import Services

Interaction = discord.Interaction[Twincord]
Text = discord.ui.TextInput[discord.ui.LayoutView]


class AdaptForm(Form):
    """Which city took a case up, what it kept and what it changed."""

    def __init__(self, t: Translator, case_id: int, city: str, now: datetime) -> None:
        super().__init__(title=t("cases.adapt_title"))
        self.case_id = case_id
        self.city = Text(custom_id="city", default=city or None, max_length=200)
        self.year = Text(custom_id="year", default=str(now.year), max_length=4)
        long = discord.TextStyle.paragraph
        self.kept = Text(custom_id="kept", style=long, max_length=TEXT_LIMIT)
        self.changed = Text(custom_id="changed", style=long, max_length=TEXT_LIMIT)
        for label, field in (
            (t("cases.adapt_city"), self.city),
            (t("cases.adapt_year"), self.year),
            (t("cases.adapt_kept"), self.kept),
            (t("cases.adapt_changed"), self.changed),
        ):
            self.add_item(discord.ui.Label(text=label, component=field))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """On record, then on the posts."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = Told(self.city.value, self.year.value, self.kept.value, self.changed.value)
        await interaction.client.services.adaptations.tell(actor, self.case_id, told)
        await put_case_right(interaction.client, self.case_id)
        await reply(interaction, speaking(interaction, actor)("cases.adaptation_noted"))


class NewsForm(Form):
    """What came of an adaptation."""

    def __init__(self, t: Translator, adaptation_id: int, months: int) -> None:
        super().__init__(title=t("cases.news_title"))
        self.adaptation_id = adaptation_id
        self.months = months
        options = render.outcome_choices(t)
        self.outcome: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(custom_id="outcome", options=options)
        self.text = Text(custom_id="text", style=discord.TextStyle.paragraph, max_length=TEXT_LIMIT, required=False)
        self.add_item(discord.ui.Label(text=t("cases.outcome"), component=self.outcome))
        self.add_item(discord.ui.Label(text=t("cases.news_text"), component=self.text))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """On record, then on the posts."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        outcome = self.outcome.values[0]
        adaptations = interaction.client.services.adaptations
        told = await adaptations.answer(actor, self.adaptation_id, self.months, outcome, self.text.value)
        await put_case_right(interaction.client, told.case_id)
        await reply(interaction, speaking(interaction, actor)("cases.news_noted"))


class AdaptCase(Action, template=r"case:adapt:(?P<id>\d+)"):
    """Somebody's city took it up."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form, with her own city in it."""
        services = interaction.client.services
        case = await services.cases.check(actor, int(self.match["id"]), Deed.ADAPT)
        city = await services.adaptations.home(actor)
        form = AdaptForm(speaking(interaction, actor), case.id, city, services.adaptations.clock())
        await interaction.response.send_modal(form)


class AdaptationNews(Action, template=r"case:news:(?P<id>\d+):(?P<months>\d{1,2})(?::d\d+)?"):
    """She tells what came of an adaptation."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form, for who told of it."""
        own = await interaction.client.services.adaptations.own(actor, int(self.match["id"]))
        form = NewsForm(speaking(interaction, actor), own.id, int(self.match["months"]))
        await interaction.response.send_modal(form)


class TakeBackAdaptation(Action, template=r"case:unadapt:(?P<id>\d+)(?::d\d+)?"):
    """It was told by mistake, or came to nothing before it began."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It goes from the posts."""
        await defer(interaction)
        gone = await interaction.client.services.adaptations.take_back(actor, int(self.match["id"]))
        await put_case_right(interaction.client, gone.case_id)
        await reply(interaction, speaking(interaction, actor)("cases.taken_back"))


class GrowCase(Action, template=r"case:grow:(?P<id>\d+)(?::d\d+)?"):
    """A pilot is to become a case study."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """A draft from it."""
        started = await interaction.client.services.cases.grow(actor, int(self.match["id"]))
        await put_card(interaction, actor, started.case, "", started.offered)


class BeginCase(Action, template=r"case:begin:(?P<id>\d+)"):
    """What she told in a check-in is to become a case study."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """A draft from it."""
        started = await interaction.client.services.cases.begin(actor, int(self.match["id"]))
        await put_card(interaction, actor, started.case, "", started.offered)


class Follow(commands.Cog):
    """Topics that are followed."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(
        name="follow",
        description="Be told of new case studies about a topic, at most once a day; again to stop",
        extras={"right": Right.MEMBER},
    )
    @app_commands.describe(topic="The topic")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def follow(self, interaction: Interaction, topic: str) -> None:
        """Write to her once, which shows that we can, then put it on record; or take it off."""
        actor = await actor_of(interaction)
        t = speaking(interaction, actor)
        care = self.services.case_care
        meant, already = await care.follows(actor, topic)
        await interaction.response.defer(ephemeral=True, thinking=True)
        label = meant.label(t.language)
        if already:
            await care.unfollow(actor, meant.id)
            await reply(interaction, t("cases.unfollowed", topic=label))
            return
        try:
            sent = await interaction.user.send(t("cases.follow_hello", topic=label))
        except discord.HTTPException as error:
            if error.code in CLOSED or isinstance(error, discord.Forbidden):
                raise Refusal("questions.messages_closed") from error
            raise
        await care.follow(actor, meant.id, sent.channel.id)
        await reply(interaction, t("cases.followed", topic=label))

    @follow.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        topics = self.services.topics
        found = [(topics.get(match.topic_id), match.matched_label) for match in topics.suggest(current, actor.language)]
        return render_experts.choices(speaking(interaction, actor), found)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(AdaptCase, AdaptationNews, TakeBackAdaptation, GrowCase, BeginCase)
    await bot.add_cog(Follow(bot.services))
