"""/ask: a question for the network, with a name or without."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, publishing, reply
from bot.client.case_reading import beside
from bot.client.question_form import QuestionForm
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal, Unavailable
from bot.domain.questions import Deed
from bot.domain.servers import ChannelUse
from bot.i18n import Translator
from bot.render import experts as render_experts
from bot.render import questions as render
from bot.services.questions import Asked, QuestionsService
from bot.services.topics import TopicsService


class Questions(commands.Cog):
    """Asking."""

    def __init__(self, bot: Twincord, questions: QuestionsService, topics: TopicsService) -> None:
        self.bot = bot
        self.questions = questions
        self.topics = topics

    @app_commands.command(
        name="ask",
        description="Ask a question, with or without your name",
        extras={"right": Right.MEMBER, "discreet": True},
    )
    @app_commands.describe(topic="What it is about; leave it out, and I work it out from your question")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def ask(self, interaction: discord.Interaction[Twincord], topic: str | None = None) -> None:
        """The form; in a direct message first the question in which of her servers."""
        await open_form(interaction, await actor_of(interaction), topic or "")

    @ask.autocomplete("topic")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Topics that begin like what she has typed so far."""
        actor = await actor_of(interaction)
        matches = self.topics.suggest(current, actor.language)
        t = interaction.client.translator(actor.language)
        return render_experts.choices(t, [(self.topics.get(match.topic_id), match.matched_label) for match in matches])

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """What was asked and never posted, because we stopped or Discord did, is posted now."""
        await publishing.reconcile(self.bot)


async def open_form(
    interaction: discord.Interaction[Twincord], actor: Actor, topic: str, *, stuck: tuple[int, str] | None = None
) -> None:
    """The form for a question, here or in the one server that she is in; of several she chooses first.

    `stuck` is a response to a check-in, and what it says that got stuck: the question begins with that.
    """
    t = interaction.client.translator(actor.language)
    body = stuck[1] if stuck else ""
    if actor.server_id is not None:
        await send_form(interaction, actor, actor.server_id, topic, body)
        return
    places = await interaction.client.services.questions.places(actor)
    if not places:
        raise Refusal("questions.no_place")
    if len(places) == 1:
        await send_form(interaction, actor, places[0].server_id, topic, body)
        return
    custom_id = f"question:stuckwhere:{stuck[0]}" if stuck else f"question:where:{topic}"
    text, view = render.which_server(t, [(place.server_id, place.name) for place in places], custom_id)
    await reply(interaction, text, view=view)


async def send_form(
    interaction: discord.Interaction[Twincord], actor: Actor, server_id: int, topic: str, body: str = ""
) -> None:
    """Open the form, unless the server has no place for questions: better to know before one types."""
    server = await interaction.client.services.servers.find(server_id)
    if server is None or ChannelUse.QUESTIONS not in server.channels:
        raise Refusal("questions.no_forum")
    t = interaction.client.translator(actor.language)
    named = interaction.client.services.questions.topic_named(topic, actor.language) if topic else ""
    await interaction.response.send_modal(AskForm(t, server_id, named, body))


class AskForm(QuestionForm):
    """A new question."""

    def __init__(self, t: Translator, server_id: int, topic: str = "", body: str = "") -> None:
        super().__init__(t, t("questions.form_title"), body=body, topic=topic)
        self.server_id = server_id
        self.sign: discord.ui.Select[AskForm] = discord.ui.Select(
            custom_id="sign",
            options=[
                discord.SelectOption(label=t("questions.sign_name"), value=render.WITH_NAME, default=True),
                discord.SelectOption(
                    label=t("questions.sign_nameless"),
                    value=render.NAMELESS,
                    description=t("questions.sign_nameless_hint"),
                ),
            ],
        )
        self.add_item(discord.ui.Label(text=t("questions.sign_label"), component=self.sign))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, then into the forum."""
        bot = interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        await publishing.forum_of(bot, self.server_id)
        nameless = render.NAMELESS in self.sign.values
        asked = await bot.services.questions.ask(actor, self.server_id, self.draft(), nameless=nameless)
        await put_up(interaction, actor, asked, look_first=False)
        await publishing.reconcile(bot, self.server_id)


async def put_up(interaction: discord.Interaction[Twincord], actor: Actor, asked: Asked, *, look_first: bool) -> None:
    """Post a question, and tell its asker where, and which cases fit it; where Discord fails us, that it is kept."""
    t = interaction.client.translator(actor.language)
    try:
        published = await publishing.publish(interaction.client, asked.question, look_first=look_first)
    except Unavailable as error:
        text, view = render.kept(t, interaction.client.errors.sentence(t, error), asked.question.id)
    else:
        text, view = render.done(t, published.question, asked.offered, tagged=published.tagged)
        cases = await beside(interaction.client, actor, asked.question.title, actor.language)
        text = "\n\n".join(filter(None, (text, cases)))
    await reply(interaction, text, view=view)


class AskAbout(Action, template=r"question:ask:(?P<topic>.*)"):
    """The button below a list of people: ask about that topic."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form."""
        await open_form(interaction, actor, self.match["topic"])


class AskWhere(Action, template=r"question:where:(?P<topic>.*)"):
    """In a direct message: the server that she chose."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form. Whether she may ask there is checked when she has."""
        await send_form(interaction, actor, int(self.values[0]), self.match["topic"])


class AskAboutStuck(Action, template=r"question:stuck:(?P<response>\d+)"):
    """The button under an answered check-in: ask the network about what got stuck."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form with it."""
        response = int(self.match["response"])
        text = await interaction.client.services.checkin_sharing.stuck(actor, response)
        await open_form(interaction, actor, "", stuck=(response, text))


class AskStuckWhere(Action, template=r"question:stuckwhere:(?P<response>\d+)"):
    """The same in a direct message: the server that she chose."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form with it."""
        text = await interaction.client.services.checkin_sharing.stuck(actor, int(self.match["response"]))
        await send_form(interaction, actor, int(self.values[0]), "", text)


class PublishQuestion(Action, template=r"question:publish:(?P<id>\d+)"):
    """Try again to post what Discord failed us with."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Post it, unless its post stands by now."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        question = await interaction.client.services.questions.check(actor, int(self.match["id"]), Deed.EDIT)
        await put_up(interaction, actor, Asked(question), look_first=True)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(AskAbout, AskWhere, AskAboutStuck, AskStuckWhere, PublishQuestion)
    await bot.add_cog(Questions(bot, bot.services.questions, bot.services.topics))
