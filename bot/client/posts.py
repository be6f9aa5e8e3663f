"""Questions on Discord: their posts in the forum, found again after a crash, and kept as the questions stand.

Discord's forum posts carry no nonce. So a question without a post, when it is not certain that there is none, is first
looked for: its buttons carry its number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.client.connecting import unreachable
from bot.client.guilds import look
from bot.client.tags import Tagged, tags_for
from bot.domain.errors import Forbidden, Refusal, Unavailable
from bot.domain.questions import Question, QuestionState, check_forum
from bot.i18n import Translator
from bot.render import questions as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

Result = TypeVar("Result")

ARCHIVED = 50083
GONE = {10003, 10008}
"""Discord's codes for a channel and a message that is gone."""
EDITED_TOO_OFTEN = 30046
"""A message older than an hour may be edited only so often."""
TAG_REQUIRED = 40067
PATIENCE = 5.0
TOO_MANY_THREADS = 160006
ARCHIVED_READ = 200
"""How many of the archived posts are looked at for our own, those archived last first."""

_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""One post at a time for each question: a click and the look at start-up shall not both make it."""


@dataclass(frozen=True, slots=True)
class Published:
    """A question whose post stands. `tagged` is False where Discord did not let us set all its tags."""

    question: Question
    tagged: bool = True


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
    tagged = await tags_for(bot, _parent(thread), t, question, thread.applied_tags)

    async def change() -> None:
        await _change(bot, thread, t, question, tagged)

    try:
        await _awake(thread, change, stay=awake)
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

    return await _awake(thread, send, stay=True)


async def _change(bot: Twincord, thread: discord.Thread, t: Translator, question: Question, tagged: Tagged) -> None:
    assert question.message_id is not None
    post = await _rendered(bot, t, question)
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
        await _rename(thread, question)


async def _rename(thread: discord.Thread, question: Question) -> None:
    # A channel may be renamed twice in ten minutes; discord.py would wait them out, and she with it.
    try:
        await asyncio.wait_for(thread.edit(name=question.title), PATIENCE)
    except TimeoutError:
        log.info("not renamed yet", question=question.id)


async def _awake(thread: discord.Thread, work: Callable[[], Awaitable[Result]], *, stay: bool) -> Result:
    asleep = thread.archived
    if asleep:
        await thread.edit(archived=False)
    try:
        result = await work()
    except discord.HTTPException as error:
        if error.code != ARCHIVED:
            raise
        # What the cache says of a thread may be older than its archiving.
        asleep = True
        await thread.edit(archived=False)
        result = await work()
    if asleep and not stay:
        await thread.edit(archived=True)
    return result


async def _make(
    bot: Twincord, forum: discord.ForumChannel, t: Translator, question: Question
) -> tuple[discord.Message, bool]:
    tagged = await tags_for(bot, forum, t, question)
    post = await _rendered(bot, t, question)
    made = await forum.create_thread(
        name=question.title,
        content=post.content,
        embed=post.embed,
        view=post.view,
        applied_tags=list(tagged.tags),
    )
    return made.message, tagged.complete


async def _rendered(bot: Twincord, t: Translator, question: Question) -> render.Post:
    questions = bot.services.questions
    return render.post(t, question, questions.topic_of(question), await questions.accepted(question.id))


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


def _parent(thread: discord.Thread) -> discord.ForumChannel | None:
    parent = thread.parent
    return parent if isinstance(parent, discord.ForumChannel) else None


async def _lost(bot: Twincord, question: Question) -> Refusal:
    if question.thread_id is not None and question.state is not QuestionState.REMOVED:
        await bot.services.questions.lost(question.thread_id)
    return Refusal("questions.post_gone")


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
