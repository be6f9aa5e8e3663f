"""Questions in plain words: to the bot where it is mentioned, in a direct message, or by the menu of a message."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, reply
from bot.client.asking import author_of
from bot.client.case_reading import beside
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal, TwincordError
from bot.domain.pace import Pace, Verdict
from bot.i18n import Translator
from bot.render import chat as render
from bot.render import experts as render_experts
from bot.services.experts import LONGEST_QUESTION, DidYouMean

log = structlog.get_logger("twincord.chat")

MOST = 5
WITHIN = timedelta(minutes=1)
MENTION = re.compile(r"<(@[!&]?|#|a?:\w+:)\d+>|@everyone|@here")


def words_of(text: str) -> str:
    """What somebody wrote, without mentions, and no longer than is read of it."""
    return " ".join(MENTION.sub(" ", text).split())[:LONGEST_QUESTION]


class Chat(commands.Cog):
    """Answers where it is spoken to."""

    def __init__(self, bot: Twincord) -> None:
        self.bot = bot
        self.pace = Pace(MOST, WITHIN)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A mention or a direct message is a question; the text of everything else is not ours to read."""
        if message.author.bot or message.is_system() or message.mention_everyone:
            return
        if message.guild is None or self._spoken_to(message):
            await self._answer(message)

    def _spoken_to(self, message: discord.Message) -> bool:
        # A reply to one of our messages mentions us too, but its text does not: it is meant for people.
        return self.bot.user is not None and re.search(f"<@!?{self.bot.user.id}>", message.content) is not None

    async def _answer(self, message: discord.Message) -> None:
        actor = await author_of(self.bot, message)
        t = self.bot.translator(actor.language if message.guild is None else actor.server_language)
        verdict = self.pace.admit(actor.user_id, self.bot.services.experts.clock())
        if verdict is Verdict.SILENT:
            return
        if verdict is Verdict.WAIT:
            await answer(message, t("chat.slower"))
            return
        try:
            actor.require(Right.MEMBER)
            await answer(message, **await self._found(message, actor, t))
        except TwincordError as error:
            text, view = self.bot.errors.sentence(t, error), None
            if isinstance(error, Refusal) and error.message_id == "experts.no_topic":
                text, view = render.nothing(t, text)
            await answer(message, text, view=view)
        except discord.HTTPException as error:
            log.warning("not answered", channel=message.channel.id, status=error.status, code=error.code)
        except Exception as error:
            await answer(message, self.bot.errors.sentence(t, error))
            raise

    async def _found(self, message: discord.Message, actor: Actor, t: Translator) -> dict[str, Any]:
        words = words_of(message.content)
        if not words:
            return {"content": t("chat.hint")}
        if message.guild is None:
            return await private(self.bot, actor, words)
        found = await self.bot.services.experts.find(actor, words)
        if isinstance(found, DidYouMean):
            text, view = render.which(t, found.topics)
        else:
            text, view = render.found(t, found.topic, found.page.total)
        cases = await beside(self.bot, actor, words, t.language, here=True)
        return {"content": "\n\n".join(filter(None, (text, cases))), "view": view}


async def private(bot: Twincord, actor: Actor, words: str) -> dict[str, Any]:
    """What one person reads alone: people, or the question which topic she means; parts of a message."""
    t = bot.translator(actor.language)
    found = await bot.services.experts.find(actor, words)
    cases = await beside(bot, actor, words, actor.language)
    if isinstance(found, DidYouMean):
        text, view = render_experts.did_you_mean(t, found.text, found.topics)
        return {"content": "\n\n".join(filter(None, (text, cases))), "view": view}
    embed, view = render_experts.answer(t, found.topic, found.page, bot.services.experts.clock())
    return {"content": cases or None, "embed": embed, "view": view}


async def answer(message: discord.Message, content: str | None = None, **parts: Any) -> None:
    """Reply in place, notifying nobody; the message may be gone by now."""
    if parts.get("view") is None:
        parts.pop("view", None)
    reference = message.to_reference(fail_if_not_exists=False)
    await message.channel.send(content, reference=reference, mention_author=False, **parts)


async def find_people(interaction: discord.Interaction[Twincord], message: discord.Message) -> None:
    """People for what a message says; only she sees them who asked."""
    actor = await actor_of(interaction)
    # A question's post says in the title of its card what it is about.
    cards = [embed.title for embed in message.embeds if embed.title and message.author.bot]
    words = words_of(cards[0] if cards else message.content)
    if not words:
        raise Refusal("chat.no_text")
    parts = await private(interaction.client, actor, words)
    await reply(interaction, parts.pop("content", None), **parts)


class ShowPeople(Action, template=r"chat:show:(?P<topic>.+)"):
    """The button below a public answer."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show the people to her alone."""
        experts = interaction.client.services.experts
        found = await experts.page(actor, self.match["topic"], 0)
        t = interaction.client.translator(actor.language)
        embed, view = render_experts.answer(t, found.topic, found.page, experts.clock())
        await reply(interaction, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ShowPeople)
    await bot.add_cog(Chat(bot))
    bot.tree.add_command(
        app_commands.ContextMenu(
            name="Find people",
            callback=find_people,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            extras={"right": Right.MEMBER},
        )
    )
