"""Cases in forums: each post made once, kept as its case stands, and taken away with it.

What is to be done stands on record (`bot.services.case_posts`), so that whoever comes next goes on where we stopped:
after a click, after a restart, after Discord was unwell. A post is found again by its buttons, a message in its thread
by its text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.client import forums
from bot.client.case_thread import Change
from bot.client.connecting import unreachable
from bot.client.tags import Choice, Tagged, choose_tags
from bot.domain.case_posts import STATUS_TAGS, CasePost, PostState, PostWork, check_forum, tags_of, work_on
from bot.domain.errors import Refusal, Unavailable
from bot.domain.questions import Tag
from bot.i18n import Translator
from bot.render import case_posts as render
from bot.services.case_posts import Shown

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.cases")

AGAIN = timedelta(minutes=10)
"""After a post could not be put right, it is left alone for so long."""
OURS = (*tuple(Tag)[2:], *STATUS_TAGS)
"""The tags that may be ours: divisions of COFOG, and how far the thing has come."""

MADE_AT_ONCE = 10
BETWEEN = timedelta(minutes=1)
"""So many new posts are made by themselves in this time, where many wait: a collection was taken in."""
_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
_LATER: WeakKeyDictionary[Any, dict[int, datetime]] = WeakKeyDictionary()
_MADE: WeakKeyDictionary[Any, list[datetime]] = WeakKeyDictionary()
"""When new posts were begun, those of the last minute."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A post after it was looked at. `refusal` says why it is not as it should be; it is tried again by itself."""

    post: CasePost
    refusal: Refusal | None = None


async def put_case_right(bot: Twincord, case_id: int) -> tuple[Stands, ...]:
    """Let every post of a case say how it stands; that of its own server first."""
    return tuple([await _try(bot, post) for post in await bot.services.case_posts.of_case(case_id)])


async def run_due(bot: Twincord, now: datetime) -> datetime | None:
    """Go on with whatever is not as it should be; when to look again, None where nothing is left."""
    later = _LATER.setdefault(bot, {})
    made = [moment for moment in _MADE.get(bot, []) if now - BETWEEN < moment <= now]
    resting = [post_id for post_id, moment in later.items() if moment > now]
    left = await bot.services.case_posts.unfinished(resting, making=MADE_AT_ONCE - len(made))
    for post in left:
        if post.state is PostState.WANTED:
            made.append(now)
        await _try(bot, post)
    _MADE[bot] = made
    waiting = [moment for moment in later.values() if moment > now]
    if len(made) >= MADE_AT_ONCE:
        waiting.append(made[0] + BETWEEN)
    return min(waiting, default=None)


async def _try(bot: Twincord, post: CasePost) -> Stands:
    later = _LATER.setdefault(bot, {})
    try:
        async with _ONE_AT_A_TIME.setdefault(post.id, asyncio.Lock()):
            stands = await _put_right(bot, post.id)
    except Refusal as refusal:
        later[post.id] = bot.services.case_posts.clock() + AGAIN
        log.warning("case not posted", post=post.id, case=post.case_id, reason=refusal.message_id)
        return Stands(await bot.services.case_posts.get(post.id) or post, refusal)
    later.pop(post.id, None)
    return Stands(stands or post)


async def _put_right(bot: Twincord, post_id: int) -> CasePost | None:
    posts = bot.services.case_posts
    post = await posts.get(post_id)
    if post is None:
        return None
    shown = await posts.shown(post.case_id)
    try:
        match work_on(shown.case, post):
            case PostWork.MAKE:
                await _make(bot, post, shown)
            case PostWork.REFRESH:
                await _refresh(bot, post, shown)
            case PostWork.REMOVE:
                await _remove(bot, post)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise _refusal(error) from error
    return await posts.get(post_id)


async def _make(bot: Twincord, post: CasePost, shown: Shown) -> None:
    """The card, and its number on record; the rest as with a post that is there."""
    posts = bot.services.case_posts
    forum, t = await forums.open_forum(bot, post.server_id, check_forum, Refusal("cases.forum_unfit"))
    message = await forums.find_post(forum, posts.unknown_threads, "case", shown.case.id)
    if message is None:
        parts = _rendered(t, shown)
        tagged = await _tags(bot, forum, t, shown)
        made = await forum.create_thread(
            name=render.title(t, shown.case),
            content=parts.content,
            embeds=list(parts.embeds),
            view=parts.view,
            applied_tags=list(tagged.tags),
        )
        message = made.message
    await posts.posted(post.id, message.channel.id, message.id)
    again = await posts.get(post.id)
    assert again is not None
    await _refresh(bot, again, shown)


async def _refresh(bot: Twincord, post: CasePost, shown: Shown) -> None:
    """Card, tags, name and the messages below as the case stands now."""
    assert post.thread_id is not None
    thread = await _thread(bot, post)
    server = await bot.services.servers.find(post.server_id)
    if thread is None or server is None:
        return
    t = bot.translator(server.language)
    parts = _rendered(t, shown)
    tagged = await _tags(bot, forums.parent_of(thread), t, shown, thread.applied_tags)
    try:
        await forums.awake(thread, Change(bot, thread, post, shown, parts, tagged, t).make, stay=False)
    except discord.NotFound as error:
        if error.code not in forums.GONE:
            raise
        await bot.services.case_posts.lost(post.thread_id)
        return
    await bot.services.case_posts.up_to_date(post.id, shown.case.revision)


async def _remove(bot: Twincord, post: CasePost) -> None:
    """The whole thread goes. One that was never written down is looked for first."""
    if post.state is PostState.WANTED:
        forum, _ = await forums.open_forum(bot, post.server_id, check_forum, Refusal("cases.forum_unfit"))
        message = await forums.find_post(forum, bot.services.case_posts.unknown_threads, "case", post.case_id)
        thread = message.channel if message else None
    else:
        thread = await _thread(bot, post)
    if isinstance(thread, discord.Thread):
        try:
            await thread.delete()
        except discord.NotFound:
            log.info("post gone already", post=post.id)
    await bot.services.case_posts.removed(post.id)


async def _thread(bot: Twincord, post: CasePost) -> discord.Thread | None:
    """The thread of a post; None where it is gone, which is then on record."""
    assert post.thread_id is not None
    guild = bot.get_guild(post.server_id)
    if guild is None:
        raise Unavailable("errors.discord_unwell")
    thread = guild.get_thread(post.thread_id)
    if thread is not None:
        return thread
    try:
        found = await guild.fetch_channel(post.thread_id)
    except discord.NotFound:
        await bot.services.case_posts.lost(post.thread_id)
        return None
    assert isinstance(found, discord.Thread)
    return found


async def _tags(
    bot: Twincord,
    forum: discord.ForumChannel | None,
    t: Translator,
    shown: Shown,
    present: Sequence[discord.ForumTag] = (),
) -> Tagged:
    division = shown.topics[0].division if shown.topics else None
    return await choose_tags(bot, forum, t, Choice(tags_of(shown.case.content.status, division), (), OURS), present)


def _rendered(t: Translator, shown: Shown) -> render.CasePostParts:
    return render.post(t, shown.case, shown.topics, shown.adaptations, shown.votes)


def _refusal(error: BaseException) -> Refusal:
    if unreachable(error):
        return Unavailable("cases.later")
    return forums.refusal_of(
        error,
        tag_required="cases.tag_required",
        full="cases.forum_full",
        gone="cases.forum_gone",
        forbidden="cases.forum_forbidden",
        otherwise="cases.not_posted",
    )
