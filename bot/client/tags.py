"""The tags of posts: found on the forum in any of our languages, made where they are missing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord
import structlog

from bot.domain.questions import STATE_TAGS, Question, Tag, tags_of
from bot.i18n import Translator

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

MOST_ON_A_FORUM = 20
MOST_ON_A_POST = 5

_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""Discord replaces all tags of a forum at once: of two who add one at the same time, one would lose hers."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags that a post shall carry; not `complete` where some are missing on the forum and we cannot make them."""

    tags: tuple[discord.ForumTag, ...]
    complete: bool


async def tags_for(
    bot: Twincord,
    forum: discord.ForumChannel | None,
    t: Translator,
    question: Question,
    present: Sequence[discord.ForumTag] = (),
) -> Tagged:
    """What this question's post shall carry: our tags, and of those `present` on it the ones that people chose."""
    topic = bot.services.questions.topic_of(question)
    wanted = tags_of(question.state, topic.division if topic else None)
    return await choose_tags(bot, forum, t, Choice(wanted, STATE_TAGS, tuple(Tag)), present)


@dataclass(frozen=True, slots=True)
class Choice:
    """The tags that a post is to have, those that the forum is to have with them, and all that may ever be ours."""

    wanted: Sequence[Enum]
    always: Sequence[Enum]
    ours: Sequence[Enum]


async def choose_tags(
    bot: Twincord,
    forum: discord.ForumChannel | None,
    t: Translator,
    choice: Choice,
    present: Sequence[discord.ForumTag] = (),
) -> Tagged:
    """The tags of a post: ours, and of those `present` on it the ones that people chose."""
    if forum is None:
        return Tagged(tuple(present), complete=False)
    known = _known(bot, forum.available_tags, choice)
    if any(tag not in known for tag in choice.wanted):
        known = await _make(bot, forum, t, choice)
    ours = {tag.id for each in choice.ours for tag in _named(bot, forum.available_tags, each)}
    own = [known[tag] for tag in choice.wanted if tag in known]
    others = [tag for tag in present if tag.id not in ours]
    return Tagged(tuple([*own, *others][:MOST_ON_A_POST]), complete=len(own) == len(choice.wanted))


async def _make(
    bot: Twincord, forum: discord.ForumChannel, t: Translator, choice: Choice
) -> dict[Enum, discord.ForumTag]:
    wanted = {*choice.wanted, *choice.always}
    async with _ONE_AT_A_TIME.setdefault(forum.id, asyncio.Lock()):
        try:
            fetched = await forum.guild.fetch_channel(forum.id)
            assert isinstance(fetched, discord.ForumChannel)
            present = list(fetched.available_tags)
            known = _known(bot, present, choice)
            new = [discord.ForumTag(name=t.of(tag)) for tag in choice.ours if tag in wanted - known.keys()]
            new = new[: MOST_ON_A_FORUM - len(present)]
            if not new:
                return known
            edited = await fetched.edit(available_tags=[*present, *new])
        except discord.HTTPException as error:
            log.info("tags not made", forum=forum.id, status=error.status, code=error.code)
            return _known(bot, forum.available_tags, choice)
        return _known(bot, edited.available_tags if edited else present, choice)


def _known(bot: Twincord, present: Sequence[discord.ForumTag], choice: Choice) -> dict[Enum, discord.ForumTag]:
    found = {each: _named(bot, present, each) for each in choice.ours}
    return {each: tags[0] for each, tags in found.items() if tags}


def _named(bot: Twincord, present: Sequence[discord.ForumTag], wanted: Enum) -> list[discord.ForumTag]:
    names = {bot.translator(language).of(wanted).casefold() for language in bot.catalogues.languages}
    return [tag for tag in present if tag.name.casefold() in names]
