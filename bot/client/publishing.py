"""Posting a question, once.

Discord's forum posts carry no nonce. So a question without a post, when it is not certain that there is none, is first
looked for: its buttons carry its number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.client.connecting import unreachable
from bot.client.guilds import look
from bot.client.posts import Published, rendered
from bot.client.tags import tags_for
from bot.domain.errors import Forbidden, Refusal, Unavailable
from bot.domain.questions import Question, check_forum
from bot.i18n import Translator

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

TAG_REQUIRED = 40067
TOO_MANY_THREADS = 160006
ARCHIVED_READ = 200
"""How many of the archived posts are looked at for our own, those archived last first."""

_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""One post at a time for each question: a click and the look at start-up shall not both make it."""


async def forum_of(bot: Twincord, server_id: int) -> tuple[discord.ForumChannel, Translator]:
    """The server's questions forum, and its language. Raises `Refusal`, which says who can mend what."""
    server = await bot.services.servers.find(server_id)
    if server is None:
        raise Forbidden("access.server_not_joined")
    guild = bot.get_guild(server_id)
    if guild is None:
        raise Unavailable("errors.discord_unwell")
    forum_id = check_forum(server, await look(guild, server))
    forum = guild.get_channel(forum_id) or await guild.fetch_channel(forum_id)
    if not isinstance(forum, discord.ForumChannel):
        raise Refusal("questions.forum_unfit")
    return forum, bot.translator(server.language)


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
    threads = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
    threads += [thread async for thread in forum.archived_threads(limit=ARCHIVED_READ)]
    ours = {thread.id: thread for thread in threads if thread.owner_id == forum.guild.me.id}
    for thread_id in sorted(await bot.services.questions.unknown_threads(ours), reverse=True):
        async for message in ours[thread_id].history(limit=1, oldest_first=True):
            if question.id in numbers_in(message):
                return message
    return None


def numbers_in(message: discord.Message) -> Sequence[int]:
    """The numbers of the questions that the buttons under a message speak of."""
    items = [item for row in message.components if isinstance(row, discord.ActionRow) for item in row.children]
    names = [str(getattr(item, "custom_id", "")).split(":") for item in items]
    return [int(parts[2]) for parts in names if len(parts) > 2 and parts[0] == "question" and parts[2].isdecimal()]


async def _let_in(thread: Any, question: Question) -> None:
    # She asked under her name: her own thread may notify her. A nameless asker is never added.
    if question.nameless or question.asker_user_id is None:
        return
    try:
        await thread.add_user(discord.Object(question.asker_user_id))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("asker not added", question=question.id, problem=type(error).__name__)


def _refusal(error: BaseException) -> Refusal:
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code == TAG_REQUIRED:
        return Refusal("questions.tag_required")
    if code == TOO_MANY_THREADS:
        return Refusal("questions.forum_full")
    if isinstance(error, discord.NotFound):
        return Refusal("questions.forum_gone")
    if isinstance(error, discord.Forbidden):
        return Refusal("questions.forum_forbidden")
    return Refusal("questions.not_posted")
