"""What posts in forums share, whatever stands in them: found again by reading, woken, renamed, their errors said.

Discord's forum posts carry no nonce. So a post of which it is not certain that it is not there is first looked for: the
buttons under it carry the number of what it is about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TYPE_CHECKING, TypeVar

import discord
import structlog

from bot.client.guilds import look
from bot.domain.errors import Forbidden, Refusal, Unavailable
from bot.i18n import Translator

if TYPE_CHECKING:
    from bot.client.twincord import Twincord
    from bot.domain.servers import Server
    from bot.domain.setup import Seen

log = structlog.get_logger("twincord.forums")

Result = TypeVar("Result")

TAG_REQUIRED = 40067
TOO_MANY_THREADS = 160006
ARCHIVED = 50083
GONE = {10003, 10008}
"""Discord's codes for a channel and a message that is gone."""
EDITED_TOO_OFTEN = 30046
"""A message older than an hour may be edited only so often."""
ARCHIVED_READ = 200
"""How many of the archived posts are looked at for our own, those archived last first."""
FIRST_READ = 50
"""How many of a post's first messages: its card is the first, unless somebody deleted that."""
PATIENCE = 5.0
"""Seconds to wait for Discord to take a new name."""


async def open_forum(
    bot: Twincord, server_id: int, check: Callable[[Server, Seen], int], unfit: Refusal
) -> tuple[discord.ForumChannel, Translator]:
    """A forum of a server, and its language. `check` says which, or raises `Refusal`; `unfit` where it is no forum."""
    server = await bot.services.servers.find(server_id)
    if server is None:
        raise Forbidden("access.server_not_joined")
    guild = bot.get_guild(server_id)
    if guild is None:
        raise Unavailable("errors.discord_unwell")
    forum_id = check(server, await look(guild, server))
    forum = guild.get_channel(forum_id) or await guild.fetch_channel(forum_id)
    if not isinstance(forum, discord.ForumChannel):
        raise unfit
    return forum, bot.translator(server.language)


async def find_post(
    forum: discord.ForumChannel,
    unknown: Callable[[Collection[int]], Awaitable[frozenset[int]]],
    noun: str,
    number: int,
) -> discord.Message | None:
    """The post that we made of something before we could write it down; `unknown` are threads that are on record as
    no post."""
    threads = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
    threads += [thread async for thread in forum.archived_threads(limit=ARCHIVED_READ)]
    ours = {thread.id: thread for thread in threads if thread.owner_id == forum.guild.me.id}
    for thread_id in sorted(await unknown(ours), reverse=True):
        async for message in ours[thread_id].history(limit=FIRST_READ, oldest_first=True):
            if number in numbers_in(message, noun):
                return message
    return None


def numbers_in(message: discord.Message, noun: str) -> Sequence[int]:
    """The numbers of the things of one noun that the buttons under a message speak of (`question:edit:12`)."""
    items = [item for row in message.components if isinstance(row, discord.ActionRow) for item in row.children]
    names = [str(getattr(item, "custom_id", "")).split(":") for item in items]
    return [int(parts[2]) for parts in names if len(parts) > 2 and parts[0] == noun and parts[2].isdecimal()]


async def awake(thread: discord.Thread, work: Callable[[], Awaitable[Result]], *, stay: bool) -> Result:
    """Do something in a thread; an archived one is opened for it, and archived again unless it is to stay."""
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


async def rename(thread: discord.Thread, name: str) -> None:
    """Give a thread a name. A channel may be renamed twice in ten minutes; discord.py would wait them out, and whoever
    asked with it."""
    try:
        await asyncio.wait_for(thread.edit(name=name), PATIENCE)
    except TimeoutError:
        log.info("not renamed yet", thread=thread.id)


def parent_of(thread: discord.Thread) -> discord.ForumChannel | None:
    """The forum that a post stands in, where we know it."""
    parent = thread.parent
    return parent if isinstance(parent, discord.ForumChannel) else None


def refusal_of(
    error: BaseException, *, tag_required: str, full: str, gone: str, forbidden: str, otherwise: str
) -> Refusal:
    """What Discord's answer to a new post means, in the words (messages' ids) of what was to be posted."""
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code == TAG_REQUIRED:
        return Refusal(tag_required)
    if code == TOO_MANY_THREADS:
        return Refusal(full)
    if isinstance(error, discord.NotFound):
        return Refusal(gone)
    if isinstance(error, discord.Forbidden):
        return Refusal(forbidden)
    return Refusal(otherwise)
