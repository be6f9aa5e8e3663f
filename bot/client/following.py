"""Telling those who follow a question that there is something new, by direct message.

Who presses Follow is written to at once: that is how she says yes, and how we learn whether Discord lets us. Her name
is shown to nobody: a nameless asker follows like everybody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import discord
import structlog

from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.questions import Deed, Question, check
from bot.render import questions as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.questions")

QUIET = timedelta(minutes=15)
"""After a message about a question, a follower is left alone for this long: she has the link."""
CLOSED = {50007, 50278}
"""Discord's codes for direct messages that are closed, and for a person who shares no server with us any more."""

_TOLD: WeakKeyDictionary[Any, dict[tuple[int, int], datetime]] = WeakKeyDictionary()


async def follow(bot: Twincord, actor: Actor, user: discord.User | discord.Member, question_id: int) -> None:
    """She follows a question. Raises `Refusal` where she may not, or Discord does not let us write to her."""
    question = await bot.services.questions.get(question_id)
    check(question, Deed.FOLLOW, actor)
    t = bot.translator(actor.language)
    try:
        await user.send(render.hello(t, question))
    except discord.HTTPException as error:
        if error.code in CLOSED or isinstance(error, discord.Forbidden):
            raise Refusal("questions.messages_closed") from error
        raise
    await bot.services.questions.follow(actor, question_id)


async def tell(bot: Twincord, question: Question, message_id: int, *, leave_out: int | None) -> None:
    """Tell every follower but one of a new message, unless she was told of this question a moment ago."""
    now = bot.services.questions.clock()
    told = _TOLD.setdefault(bot, {})
    for key in [key for key, at in told.items() if now - at >= QUIET]:
        del told[key]
    for follower in await bot.services.questions.followers(question.id):
        key = (question.id, follower.user_id)
        if follower.user_id == leave_out or key in told:
            continue
        told[key] = now
        await _write(bot, question, follower.user_id, follower.language, message_id)


async def _write(bot: Twincord, question: Question, user_id: int, language: str | None, message_id: int) -> None:
    t = bot.translator(language, question.language)
    try:
        user = bot.get_user(user_id) or await bot.fetch_user(user_id)
        await user.send(render.news(t, question, message_id))
    except discord.HTTPException as error:
        if error.code in CLOSED or isinstance(error, discord.Forbidden | discord.NotFound):
            await bot.services.questions.unfollow(user_id, question.id)
        # Who it was is not written down: she may be the one who asked without a name.
        log.info("follower not told", question=question.id, status=error.status, code=error.code)
