"""Posting a question, once.

A question without a post, when it is not certain that there is none, is first looked for (`bot.client.forums`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.client import forums
from bot.client.connecting import unreachable
from bot.client.posts import Published, rendered
from bot.client.tags import tags_for
from bot.domain.errors import Refusal, Unavailable
from bot.domain.questions import Question, check_forum
from bot.i18n import Translator

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""One post at a time for each question: a click and the look at start-up shall not both make it."""


async def forum_of(bot: Twincord, server_id: int) -> tuple[discord.ForumChannel, Translator]:
    """The server's questions forum, and its language. Raises `Refusal`, which says who can mend what."""
    return await forums.open_forum(bot, server_id, check_forum, Refusal("questions.forum_unfit"))


async def publish(bot: Twincord, question: Question, *, look_first: bool) -> Published:
    """Make the post of a question, once. `look_first` where it may be there already.

    Raises `Unavailable` where it is not certain whether Discord made it: the question stays on record, and this is to
    be tried again with `look_first`. Raises `Refusal` where Discord would not have it; unless `look_first`, it is
    then forgotten.
    """
    async with _ONE_AT_A_TIME.setdefault(question.id, asyncio.Lock()):
        question = await bot.services.questions.get(question.id)
        if question.thread_id is not None:
            return Published(question)
        try:
            forum, t = await forum_of(bot, question.server_id)
            post = await _find(bot, forum, question) if look_first else None
            made, tagged = (post, True) if post else await _make(bot, forum, t, question)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            if unreachable(error):
                log.warning("question not posted yet", question=question.id, problem=repr(error))
                raise Unavailable("questions.kept") from error
            log.warning("question refused", question=question.id, problem=repr(error))
            if not look_first:
                await bot.services.questions.forget(question.id)
            raise _refusal(error) from error
        question = await bot.services.questions.posted(question.id, made.channel.id, made.id)
    await _let_in(made.channel, question)
    return Published(question, tagged)


async def reconcile(bot: Twincord, server_id: int | None = None) -> int:
    """Post, in one server or in all, what is on record without a post; how many. What fails is logged and stays."""
    done = 0
    for question in await bot.services.questions.unposted(server_id):
        try:
            await publish(bot, question, look_first=True)
            done += 1
        except (Refusal, discord.HTTPException) as error:
            log.warning("question still without a post", question=question.id, problem=repr(error))
    return done


async def _make(
    bot: Twincord, forum: discord.ForumChannel, t: Translator, question: Question
) -> tuple[discord.Message, bool]:
    tagged = await tags_for(bot, forum, t, question)
    post = await rendered(bot, t, question)
    made = await forum.create_thread(
        name=question.title,
        content=post.content,
        embed=post.embed,
        view=post.view,
        applied_tags=list(tagged.tags),
    )
    return made.message, tagged.complete


async def _find(bot: Twincord, forum: discord.ForumChannel, question: Question) -> discord.Message | None:
    """The post that we made of this question before we could write it down."""
    return await forums.find_post(forum, bot.services.questions.unknown_threads, "question", question.id)


async def _let_in(thread: Any, question: Question) -> None:
    # She asked under her name: her own thread may notify her. A nameless asker is never added.
    if question.nameless or question.asker_user_id is None:
        return
    try:
        await thread.add_user(discord.Object(question.asker_user_id))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("asker not added", question=question.id, problem=type(error).__name__)


def _refusal(error: BaseException) -> Refusal:
    return forums.refusal_of(
        error,
        tag_required="questions.tag_required",
        full="questions.forum_full",
        gone="questions.forum_gone",
        forbidden="questions.forum_forbidden",
        otherwise="questions.not_posted",
    )
