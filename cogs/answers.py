"""The menus on a message in a question's thread: mark it as the answer, or thank its author."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Action, Twincord, actor_of, posts, reply
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.render import questions as render
from bot.render.parts import safe
from bot.services.answers import Marked, Said


def said_in(interaction: discord.Interaction[Twincord], message: discord.Message) -> Said:
    """The message as the service knows it. Raises `Refusal` where this is no thread."""
    if message.guild is None or not isinstance(message.channel, discord.Thread | discord.PartialMessageable):
        raise Refusal("questions.not_in_a_question")
    own = interaction.client.user is not None and message.author.id == interaction.client.user.id
    return Said(
        message_id=message.id,
        thread_id=message.channel.id,
        user_id=None if own else message.author.id,
        other_bot=message.author.bot and not own,
    )


async def mark_as_answer(interaction: discord.Interaction[Twincord], message: discord.Message) -> None:
    """This message answered the question: on record, on the post, and told to the thread."""
    actor = await actor_of(interaction)
    said = said_in(interaction, message)
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    done = await bot.services.answers.mark(actor, said)
    t = bot.translator(actor.language)
    if not done.changed:
        await posts.refresh(bot, done.question)
        text, view = render.already_marked(t, done.message_id)
        await reply(interaction, text, view=view)
        return
    await posts.refresh(bot, done.question, awake=True)
    await posts.say(bot, done.question, lambda t: render.marked(t, done.question, done.message_id), interaction.id)
    await reply(interaction, credit(interaction, actor, done), view=render.take_back(t, done.message_id))


def credit(interaction: discord.Interaction[Twincord], actor: Actor, done: Marked) -> str:
    """What she reads who marked it: whether somebody has the credit."""
    t = interaction.client.translator(actor.language)
    return t("questions.marked", name=safe(done.helper)) if done.helper else t("questions.marked_uncredited")


async def thank(interaction: discord.Interaction[Twincord], message: discord.Message) -> None:
    """Thanks to its author; the thread hears of the first ones, and not from whom they are."""
    actor = await actor_of(interaction)
    said = said_in(interaction, message)
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    done = await bot.services.answers.thank(actor, said)
    t = bot.translator(actor.language)
    if done.first and not done.again:
        await posts.say(bot, done.question, lambda t: render.thanked(t, done.question, said.message_id), interaction.id)
    again = t("questions.thanked_already", name=safe(done.helper))
    await reply(interaction, again if done.again else t("questions.thanked", name=safe(done.helper)))


class UnmarkAnswer(Action, template=r"question:unmark:(?P<message>\d+)"):
    """It was not the answer after all."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Off the record, off the post, and told to the thread."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        done = await bot.services.answers.unmark(actor, int(self.match["message"]))
        await posts.refresh(bot, done.question, awake=True)
        if done.changed:
            await posts.say(
                bot, done.question, lambda t: render.unmarked(t, done.question, done.message_id), interaction.id
            )
        await reply(interaction, bot.translator(actor.language)("questions.unmarked"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(UnmarkAnswer)
    for name, callback in (("Mark as answer", mark_as_answer), ("Thank", thank)):
        bot.tree.add_command(
            app_commands.ContextMenu(
                name=name,
                callback=callback,
                allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
                extras={"right": Right.MEMBER, "discreet": True},
            )
        )
