"""/topic: network coordinators keep the topics: add, name, merge and hide them, and see what was asked for in vain."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of
from bot.client.profiles import Interaction, put, speaking
from bot.domain.access import Actor, Right
from bot.domain.topics import Division
from bot.domain.unmatched import LONGEST_QUERY, UnmatchedQuery
from bot.domain.vocabulary import LONGEST_NAME, Entry
from bot.i18n import Translator
from bot.render import experts as lists
from bot.render import topics as render
from bot.services.filters import languages
from bot.services.topics import TopicsService
from bot.services.unmatched import UnmatchedService
from bot.services.vocabulary import VocabularyService

RIGHT = Right.NETWORK_COORDINATOR
DIVISIONS = [
    app_commands.Choice(name="General administration", value=Division.GENERAL.value),
    app_commands.Choice(name="Civil defence", value=Division.DEFENCE.value),
    app_commands.Choice(name="Public order and safety", value=Division.ORDER.value),
    app_commands.Choice(name="Economy and transport", value=Division.ECONOMY.value),
    app_commands.Choice(name="Environment", value=Division.ENVIRONMENT.value),
    app_commands.Choice(name="Housing and amenities", value=Division.HOUSING.value),
    app_commands.Choice(name="Health", value=Division.HEALTH.value),
    app_commands.Choice(name="Culture and leisure", value=Division.CULTURE.value),
    app_commands.Choice(name="Education", value=Division.EDUCATION.value),
    app_commands.Choice(name="Social affairs", value=Division.SOCIAL.value),
]


async def put_entry(interaction: Interaction, actor: Actor, entry: Entry, notice: str = "") -> None:
    """Show a topic's card, in place where a click asked for it."""
    embed, view = render.card(speaking(interaction, actor), entry, notice)
    if interaction.message is not None and interaction.response.is_done():
        await interaction.edit_original_response(content=None, embed=embed, view=view)
    else:
        await put(interaction, embed, view)


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class TopicCog(commands.GroupCog, group_name="topic", group_description="The topics of the network, for its keepers"):
    """The commands."""

    def __init__(self, vocabulary: VocabularyService, topics: TopicsService, unmatched: UnmatchedService) -> None:
        self.vocabulary = vocabulary
        self.topics = topics
        self.unmatched = unmatched

    @app_commands.command(name="add", description="Add a topic that is missing", extras={"right": RIGHT})
    @app_commands.describe(
        name="What it is called in your language",
        division="Under which part of city government people browse for it",
        english="What it is called in English, if that is not your language",
        others="Other names in your language, with semicolons between them",
    )
    @app_commands.choices(division=DIVISIONS)
    async def add(
        self, interaction: Interaction, name: str, division: str, english: str | None = None, others: str = ""
    ) -> None:
        """Add it, and show its card."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        named = [other for other in others.split(";") if other.strip()]
        entry = await self.vocabulary.add(actor, name, Division(division), english, named)
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.added"))

    @app_commands.command(name="alias", description="Give a topic one more name", extras={"right": RIGHT})
    @app_commands.describe(
        topic="Which topic", name="What people call it too", language="In which language; yours, if you do not say"
    )
    async def alias(self, interaction: Interaction, topic: str, name: str, language: str | None = None) -> None:
        """Name it, and show its card."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self.vocabulary.find(actor, topic)
        entry = await self.vocabulary.name(actor, found.id, name, language)
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.named"))

    @app_commands.command(name="merge", description="Say that two topics are one", extras={"right": RIGHT})
    @app_commands.describe(topic="The topic that goes", into="The topic that stays")
    async def merge(self, interaction: Interaction, topic: str, into: str) -> None:
        """Merge them, and show the card of the one that stays."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found, other = await self.vocabulary.find(actor, topic), await self.vocabulary.find(actor, into)
        entry = await self.vocabulary.merge(actor, found.id, other.id)
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.merged"))

    @app_commands.command(name="hide", description="Let a topic no longer be found", extras={"right": RIGHT})
    @app_commands.describe(topic="Which topic")
    async def hide(self, interaction: Interaction, topic: str) -> None:
        """Hide it, and show its card."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        entry = await self.vocabulary.hide(actor, (await self.vocabulary.find(actor, topic)).id)
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.hidden"))

    @app_commands.command(
        name="show", description="See a topic’s names and use, and undo what was done to it", extras={"right": RIGHT}
    )
    @app_commands.describe(topic="Which topic; hidden and merged ones are in the list too")
    async def show(self, interaction: Interaction, topic: str) -> None:
        """Show its card."""
        actor = await actor_of(interaction)
        found = await self.vocabulary.find(actor, topic)
        await put_entry(interaction, actor, await self.vocabulary.entry(actor, found.id))

    @app_commands.command(
        name="unmatched", description="See what people asked for and no topic is called", extras={"right": RIGHT}
    )
    async def see_unmatched(self, interaction: Interaction) -> None:
        """The first page."""
        await put_page(interaction, await actor_of(interaction), 0)

    @alias.autocomplete("topic")
    @merge.autocomplete("topic")
    @merge.autocomplete("into")
    @hide.autocomplete("topic")
    async def suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        return self._shown(interaction, await actor_of(interaction), current)

    @show.autocomplete("topic")
    async def suggest_all(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The same, after those that are hidden or merged."""
        actor = await actor_of(interaction)
        if not actor.may(RIGHT):
            return []
        away = render.away_choices(speaking(interaction, actor), await self.vocabulary.put_away(actor, current))
        return [*away[:10], *self._shown(interaction, actor, current)][:25]

    def _shown(self, interaction: Interaction, actor: Actor, current: str) -> list[app_commands.Choice[str]]:
        matches = self.topics.suggest(current, actor.language)
        named = [(self.topics.get(match.topic_id), match.matched_label) for match in matches]
        return lists.choices(speaking(interaction, actor), named)

    @alias.autocomplete("name")
    async def suggest_name(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """What was asked for in vain."""
        actor = await actor_of(interaction)
        if not actor.may(RIGHT):
            return []
        found = (await self.unmatched.page(actor)).queries
        return render.query_choices([query for query in found if current.casefold() in query.text.casefold()])

    @alias.autocomplete("language")
    async def suggest_language(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Languages whose name in hers holds what she has typed so far."""
        return lists.named_choices(languages(speaking(interaction, await actor_of(interaction)), current))


async def put_page(interaction: Interaction, actor: Actor, number: int) -> None:
    """Show a page of what was asked for in vain."""
    page = await interaction.client.services.unmatched.page(actor, number)
    t = speaking(interaction, actor)
    await put(interaction, *render.unmatched(t, page, actor.zone))


class WordsForm(Form):
    """What was asked for in other words, and the topic that it is to be a name of."""

    right = RIGHT

    def __init__(self, t: Translator, query: UnmatchedQuery) -> None:
        super().__init__(title=t("topics.words_title"))
        self.query_id = query.id
        self.words: discord.ui.TextInput[WordsForm] = discord.ui.TextInput(
            custom_id="words", default=query.text[:LONGEST_NAME], max_length=LONGEST_QUERY
        )
        self.topic: discord.ui.TextInput[WordsForm] = discord.ui.TextInput(custom_id="topic", max_length=LONGEST_NAME)
        self.add_item(discord.ui.Label(text=t("topics.words_name"), component=self.words))
        self.add_item(discord.ui.Label(text=t("topics.words_topic"), component=self.topic))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Find the topic, and name it."""
        await interaction.response.defer()
        vocabulary = interaction.client.services.vocabulary
        topic = await vocabulary.find(actor, self.topic.value)
        entry = await vocabulary.settle(actor, self.query_id, topic.id, self.words.value)
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.named"))


class HideTopic(Action, template=r"topic:(?P<deed>hide|unhide|part):(?P<topic>.+)"):
    """Hides a topic, shows it again, or takes it out of the one that it was merged into."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Do it, and show the card as it is then."""
        await interaction.response.defer()
        vocabulary = interaction.client.services.vocabulary
        t = speaking(interaction, actor)
        match self.match["deed"]:
            case "hide":
                entry, notice = await vocabulary.hide(actor, self.match["topic"]), t("topics.hidden")
            case "unhide":
                entry, notice = await vocabulary.show(actor, self.match["topic"]), t("topics.unhidden")
            case _:
                entry, notice = await vocabulary.part(actor, self.match["topic"]), t("topics.parted")
        await put_entry(interaction, actor, entry, notice)


class RemoveName(Action, template=r"topic:unname:(?P<topic>.+)"):
    """The select of the names that coordinators gave."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Take one away."""
        await interaction.response.defer()
        vocabulary = interaction.client.services.vocabulary
        entry = await vocabulary.unname(actor, self.match["topic"], int(self.values[0]))
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.unnamed"))


class UnmatchedPage(Action, template=r"topic:unmatched:(?P<number>\d{1,6}):[=+-]"):
    """Turns the page, or goes back to the list."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show it."""
        await put_page(interaction, actor, int(self.match["number"]))


class ChooseQuery(Action, template=r"topic:query"):
    """The select of what was asked for in vain."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show it with the topics that it may be a name of."""
        unmatched = interaction.client.services.unmatched
        asked = await unmatched.get(actor, int(self.values[0]))
        t = speaking(interaction, actor)
        await put(interaction, *render.query(t, asked, unmatched.likely(asked), actor.zone))


class MatchQuery(Action, template=r"topic:match:(?P<id>\d+):(?P<topic>.+)"):
    """Makes what was asked for a name of a topic."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Name the topic, and show its card, from which the name can be taken away again."""
        await interaction.response.defer()
        vocabulary = interaction.client.services.vocabulary
        entry = await vocabulary.settle(actor, int(self.match["id"]), self.match["topic"])
        await put_entry(interaction, actor, entry, speaking(interaction, actor)("topics.named"))


class OtherWords(Action, template=r"topic:words:(?P<id>\d+)"):
    """Opens the form for other words, or a topic that is not among those that are likely."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open it."""
        asked = await interaction.client.services.unmatched.get(actor, int(self.match["id"]))
        await interaction.response.send_modal(WordsForm(speaking(interaction, actor), asked))


class DismissQuery(Action, template=r"topic:(?P<deed>dismiss|bringback):(?P<id>\d+)"):
    """Takes it off the list, or puts it back."""

    right = RIGHT

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Do it; each has a button that undoes it."""
        unmatched = interaction.client.services.unmatched
        t = speaking(interaction, actor)
        if self.match["deed"] == "dismiss":
            asked = await unmatched.dismiss(actor, int(self.match["id"]))
            await put(interaction, *render.dismissed(t, asked))
            return
        asked = await unmatched.bring_back(actor, int(self.match["id"]))
        await put(interaction, *render.query(t, asked, unmatched.likely(asked), actor.zone))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    services = bot.services
    bot.add_dynamic_items(HideTopic, RemoveName, UnmatchedPage, ChooseQuery, MatchQuery, OtherWords, DismissQuery)
    await bot.add_cog(TopicCog(services.vocabulary, services.topics, services.unmatched))
