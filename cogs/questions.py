"""/ask, and the buttons of a question's post."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, following, posts, reply
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal, Unavailable
from bot.domain.questions import BODY_LIMIT, TITLE_LIMIT, TOPIC_LIMIT, Deed, Question
from bot.domain.servers import ChannelUse
from bot.domain.text import clean
from bot.i18n import Translator
from bot.render import experts as render_experts
from bot.render import questions as render
from bot.services.questions import Asked, Draft, QuestionsService
from bot.services.topics import TopicsService

log = structlog.get_logger("twincord.questions")


class Questions(commands.Cog):
    """Asking, and what Discord tells of posts."""

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
        await posts.reconcile(self.bot)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A post was deleted: its question is removed."""
        await self.questions.lost(payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """The same where only the card at the top of the post was deleted: nothing can be done with it any more."""
        if payload.guild_id is not None:
            await self.questions.lost(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Something new in a thread: who follows the question is told."""
        place = message.channel
        if message.author.bot or not isinstance(place, discord.Thread) or isinstance(place.parent, discord.TextChannel):
            return
        question = await self.questions.in_thread(place.id)
        if question is not None:
            await following.tell(self.bot, question, message.id, leave_out=message.author.id)


async def open_form(interaction: discord.Interaction[Twincord], actor: Actor, topic: str) -> None:
    """The form for a question, here or in the one server that she is in; of several she chooses first."""
    t = interaction.client.translator(actor.language)
    if actor.server_id is not None:
        await send_form(interaction, actor, actor.server_id, topic)
        return
    places = await interaction.client.services.questions.places(actor)
    if not places:
        raise Refusal("questions.no_place")
    if len(places) == 1:
        await send_form(interaction, actor, places[0].server_id, topic)
        return
    text, view = render.which_server(t, [(place.server_id, place.name) for place in places], topic)
    await reply(interaction, text, view=view)


async def send_form(interaction: discord.Interaction[Twincord], actor: Actor, server_id: int, topic: str) -> None:
    """Open the form, unless the server has no place for questions: better to know before one types."""
    server = await interaction.client.services.servers.find(server_id)
    if server is None or ChannelUse.QUESTIONS not in server.channels:
        raise Refusal("questions.no_forum")
    t = interaction.client.translator(actor.language)
    named = interaction.client.services.questions.topic_named(topic, actor.language) if topic else ""
    await interaction.response.send_modal(AskForm(t, server_id, named))


def number(custom: Action) -> int:
    """The number of the question that a button speaks of."""
    return int(custom.match["id"])


class QuestionForm(Form):
    """What the forms for a new question and for a changed one share."""

    discreet = True

    def __init__(self, t: Translator, heading: str, title: str = "", body: str = "", topic: str = "") -> None:
        super().__init__(title=heading)
        self.headline: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="title", max_length=TITLE_LIMIT, default=title or None, placeholder=t("questions.title_hint")
        )
        self.body: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="body",
            style=discord.TextStyle.paragraph,
            max_length=BODY_LIMIT,
            default=body or None,
            placeholder=t("questions.body_hint"),
        )
        self.topic: discord.ui.TextInput[QuestionForm] = discord.ui.TextInput(
            custom_id="topic", max_length=TOPIC_LIMIT, required=False, default=topic or None
        )
        for label, field in (
            (t("questions.title_label"), self.headline),
            (t("questions.body_label"), self.body),
            (t("questions.topic_label"), self.topic),
        ):
            self.add_item(discord.ui.Label(text=label, component=field))

    def draft(self) -> Draft:
        """What she wrote."""
        return Draft(self.headline.value, self.body.value, self.topic.value)


class AskForm(QuestionForm):
    """A new question."""

    def __init__(self, t: Translator, server_id: int, topic: str = "") -> None:
        super().__init__(t, t("questions.form_title"), topic=topic)
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
        await posts.forum_of(bot, self.server_id)
        nameless = render.NAMELESS in self.sign.values
        asked = await bot.services.questions.ask(actor, self.server_id, self.draft(), nameless=nameless)
        await put_up(interaction, actor, asked, look_first=False)
        await posts.reconcile(bot, self.server_id)


async def put_up(interaction: discord.Interaction[Twincord], actor: Actor, asked: Asked, *, look_first: bool) -> None:
    """Post a question, and tell its asker where; where Discord fails us, that it is kept."""
    t = interaction.client.translator(actor.language)
    try:
        published = await posts.publish(interaction.client, asked.question, look_first=look_first)
    except Unavailable as error:
        text, view = render.kept(t, interaction.client.errors.sentence(t, error), asked.question.id)
    else:
        text, view = render.done(t, published.question, asked.offered, tagged=published.tagged)
    await reply(interaction, text, view=view)


class EditForm(QuestionForm):
    """A question said otherwise."""

    def __init__(self, t: Translator, question: Question, topic: str) -> None:
        super().__init__(t, t("questions.edit_title"), question.title, question.body, topic)
        self.question_id = question.id

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, then on the post."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        asked = await bot.services.questions.edit(actor, self.question_id, self.draft())
        published = await posts.refresh(bot, asked.question)
        t = bot.translator(actor.language)
        text, view = render.saved(t, published.question, asked.offered, tagged=published.tagged)
        await reply(interaction, text, view=view)


class ReplyForm(Form):
    """What a nameless asker writes in her thread."""

    discreet = True

    def __init__(self, t: Translator, question_id: int) -> None:
        super().__init__(title=t("questions.reply_title"))
        self.question_id = question_id
        self.text: discord.ui.TextInput[ReplyForm] = discord.ui.TextInput(
            custom_id="text", style=discord.TextStyle.paragraph, max_length=1800
        )
        self.add_item(discord.ui.Label(text=t("questions.reply_label"), component=self.text))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Relay it, marked as the asker's."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        question = await bot.services.questions.check(actor, self.question_id, Deed.REPLY)
        text = clean(self.text.value, limit=1800, lines=True)
        sent = await posts.say(bot, question, lambda t: render.relayed(t, text), interaction.id)
        await following.tell(bot, question, sent.id, leave_out=actor.user_id)
        await reply(interaction, bot.translator(actor.language)("questions.replied", where=sent.jump_url))


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


class PublishQuestion(Action, template=r"question:publish:(?P<id>\d+)"):
    """Try again to post what Discord failed us with."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Post it, unless its post stands by now."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        question = await interaction.client.services.questions.check(actor, number(self), Deed.EDIT)
        await put_up(interaction, actor, Asked(question), look_first=True)


class EditQuestion(Action, template=r"question:edit:(?P<id>\d+)"):
    """The asker wants to say it otherwise."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form with what stands there now."""
        questions = interaction.client.services.questions
        question = await questions.check(actor, number(self), Deed.EDIT)
        topic = questions.topic_of(question)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(EditForm(t, question, topic.label(actor.language) if topic else ""))


class ChooseQuestionTopic(Action, template=r"question:topic:(?P<id>\d+)"):
    """The asker says what her question is about."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, then on the post."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        question = await bot.services.questions.set_topic(actor, number(self), self.values[0])
        published = await posts.refresh(bot, question)
        t = bot.translator(actor.language)
        text, view = render.saved(t, published.question, (), tagged=published.tagged)
        await reply(interaction, text, view=view)


class CloseQuestion(Action, template=r"question:close:(?P<id>\d+)"):
    """It is answered."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, then on the post."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        await posts.refresh(bot, await bot.services.questions.close(actor, number(self)))
        await reply(interaction, bot.translator(actor.language)("questions.closed"))


class ReopenQuestion(Action, template=r"question:reopen:(?P<id>\d+)"):
    """It needs more."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, then on the post, whose thread stays awake."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        await posts.refresh(bot, await bot.services.questions.reopen(actor, number(self)), awake=True)
        await reply(interaction, bot.translator(actor.language)("questions.reopened"))


class ReplyNameless(Action, template=r"question:reply:(?P<id>\d+)"):
    """A nameless asker wants to write in her thread."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form."""
        await interaction.client.services.questions.check(actor, number(self), Deed.REPLY)
        await interaction.response.send_modal(ReplyForm(interaction.client.translator(actor.language), number(self)))


class FollowQuestion(Action, template=r"question:follow:(?P<id>\d+)"):
    """Somebody wants to be told of what is new; it may be the nameless asker, or anybody."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Write to her once, which shows that we can, then put it on record."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await following.follow(interaction.client, actor, interaction.user, number(self))
        await reply(interaction, interaction.client.translator(actor.language)("questions.following"))


class UnfollowQuestion(Action, template=r"question:unfollow:(?P<id>\d+)"):
    """She has heard enough."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """No more messages."""
        await interaction.client.services.questions.unfollow(actor.user_id, number(self))
        await reply(interaction, interaction.client.translator(actor.language)("questions.unfollowed"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(
        AskAbout,
        AskWhere,
        PublishQuestion,
        EditQuestion,
        ChooseQuestionTopic,
        CloseQuestion,
        ReopenQuestion,
        ReplyNameless,
        FollowQuestion,
        UnfollowQuestion,
    )
    await bot.add_cog(Questions(bot, bot.services.questions, bot.services.topics))
