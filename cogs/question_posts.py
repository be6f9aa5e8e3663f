"""The buttons of a question's post, and what Discord tells of posts."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.client import Action, Form, Twincord, following, posts, reply
from bot.client.question_form import QuestionForm
from bot.domain.access import Actor, Right
from bot.domain.questions import Deed, Question
from bot.domain.text import clean
from bot.i18n import Translator
from bot.render import questions as render
from bot.services.questions import QuestionsService

REPLY_LIMIT = 1800


class QuestionPosts(commands.Cog):
    """What happens to posts and in their threads."""

    def __init__(self, bot: Twincord, questions: QuestionsService) -> None:
        self.bot = bot
        self.questions = questions

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
        """Something new in a thread: the question does not move by itself any more, and who follows it is told."""
        place = message.channel
        if message.author.bot or not isinstance(place, discord.Thread) or isinstance(place.parent, discord.TextChannel):
            return
        question = await self.questions.in_thread(place.id)
        if question is not None:
            await self.bot.services.unanswered.answered(question.id, message.author.id)
            await self.bot.services.followers.tell(question.id, message.id, leave_out=message.author.id)


def number(custom: Action) -> int:
    """The number of the question that a button speaks of."""
    return int(custom.match["id"])


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
            custom_id="text", style=discord.TextStyle.paragraph, max_length=REPLY_LIMIT
        )
        self.add_item(discord.ui.Label(text=t("questions.reply_label"), component=self.text))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Relay it, marked as the asker's."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        question = await bot.services.questions.check(actor, self.question_id, Deed.REPLY)
        text = clean(self.text.value, limit=REPLY_LIMIT, lines=True)
        sent = await posts.say(bot, question, lambda t: render.relayed(t, text), interaction.id)
        await bot.services.followers.tell(question.id, sent.id, leave_out=actor.user_id)
        await reply(interaction, bot.translator(actor.language)("questions.replied", where=sent.jump_url))


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
        await interaction.client.services.followers.unfollow(actor.user_id, number(self))
        await reply(interaction, interaction.client.translator(actor.language)("questions.unfollowed"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(
        EditQuestion,
        ChooseQuestionTopic,
        CloseQuestion,
        ReopenQuestion,
        ReplyNameless,
        FollowQuestion,
        UnfollowQuestion,
    )
    await bot.add_cog(QuestionPosts(bot, bot.services.questions))
