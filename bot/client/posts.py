"""Questions on Discord: their posts in the forum, kept as the questions stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
import structlog

from bot.client import forums
from bot.client.forums import EDITED_TOO_OFTEN, GONE, parent_of, rename
from bot.client.tags import Tagged, tags_for
from bot.domain.errors import Forbidden, Refusal, Unavailable
from bot.domain.questions import Question, QuestionState
from bot.i18n import Translator
from bot.render import questions as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")


@dataclass(frozen=True, slots=True)
class Published:
    """A question whose post stands. `tagged` is False where Discord did not let us set all its tags."""

    question: Question
    tagged: bool = True


async def thread_of(bot: Twincord, question: Question) -> discord.Thread:
    """The thread of a question. Raises `Refusal` where it is gone, which is then on record."""
    guild = bot.get_guild(question.server_id)
    if guild is None:
        raise Unavailable("errors.discord_unwell")
    if question.thread_id is None:
        raise Refusal("questions.not_posted_yet")
    thread = guild.get_thread(question.thread_id)
    if thread is not None:
        return thread
    try:
        found = await guild.fetch_channel(question.thread_id)
    except discord.NotFound as error:
        raise await _lost(bot, question) from error
    assert isinstance(found, discord.Thread)
    return found


async def refresh(bot: Twincord, question: Question, *, awake: bool = False) -> Published:
    """Let the post say how the question stands: its name, card, buttons and tags.

    An archived thread is opened for it, and archived again unless it is to stay `awake`.
    """
    thread = await thread_of(bot, question)
    server = await bot.services.servers.find(question.server_id)
    if server is None:
        raise Forbidden("access.server_not_joined")
    t = bot.translator(server.language)
    tagged = await tags_for(bot, parent_of(thread), t, question, thread.applied_tags)

    async def change() -> None:
        await _change(bot, thread, t, question, tagged)

    try:
        await forums.awake(thread, change, stay=awake)
    except discord.NotFound as error:
        if error.code not in GONE:
            raise
        raise await _lost(bot, question) from error
    return Published(question, tagged.complete)


async def unname(bot: Twincord, questions: Sequence[Question]) -> None:
    """Take the name off these posts, whose asker had her data deleted. What fails is logged; the record has no name."""
    for question in questions:
        try:
            await refresh(bot, await bot.services.questions.get(question.id))
        except (Refusal, discord.HTTPException) as error:
            log.warning("name not taken off", question=question.id, problem=repr(error))


async def say(bot: Twincord, question: Question, text: Callable[[Translator], str], nonce: int) -> discord.Message:
    """Say something in the thread, in its server's language; once for each `nonce`. Wakes an archived thread."""
    thread = await thread_of(bot, question)
    server = await bot.services.servers.find(question.server_id)
    t = bot.translator(server.language if server else None)

    async def send() -> discord.Message:
        return await thread.send(text(t), nonce=nonce)

    return await forums.awake(thread, send, stay=True)


async def _change(bot: Twincord, thread: discord.Thread, t: Translator, question: Question, tagged: Tagged) -> None:
    assert question.message_id is not None
    post = await rendered(bot, t, question)
    try:
        await thread.get_partial_message(question.message_id).edit(
            content=post.content, embed=post.embed, view=post.view
        )
    except discord.HTTPException as error:
        if error.code != EDITED_TOO_OFTEN:
            raise
        await thread.send(post.content, embed=post.embed, view=post.view)
    if {tag.id for tag in thread.applied_tags} != {tag.id for tag in tagged.tags}:
        await thread.edit(applied_tags=list(tagged.tags))
    if thread.name != question.title:
        await rename(thread, question.title)


async def rendered(bot: Twincord, t: Translator, question: Question) -> render.Post:
    """The post as it is to stand now."""
    questions = bot.services.questions
    return render.post(t, question, questions.topic_of(question), await questions.accepted(question.id))


async def _lost(bot: Twincord, question: Question) -> Refusal:
    if question.thread_id is not None and question.state is not QuestionState.REMOVED:
        await bot.services.questions.lost(question.thread_id)
    return Refusal("questions.post_gone")
