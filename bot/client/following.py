"""Following a question: who presses Follow is written to at once.

That is how she says yes, and how we learn whether Discord lets us. What follows goes through the outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.outbox import RefusalReason, reason_of
from bot.render import questions as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

CLOSED = {50007, 50278}
"""Discord's codes for direct messages that are closed, and for a person who shares no server with us any more."""


async def follow(bot: Twincord, actor: Actor, user: discord.User | discord.Member, question_id: int) -> None:
    """She follows a question. Raises `Refusal` where she may not, or Discord does not let us write to her."""
    followers = bot.services.followers
    question = await followers.check(actor, question_id)
    hello = await greet(user, render.hello(bot.translator(actor.language), question))
    await followers.follow(actor, question_id, hello.channel.id)


async def greet(user: discord.User | discord.Member, text: str, view: discord.ui.View | None = None) -> discord.Message:
    """The first direct message to somebody who just asked for it. Raises `Refusal` where Discord does not let us."""
    try:
        return await (user.send(text) if view is None else user.send(text, view=view))
    except discord.HTTPException as error:
        shut = reason_of(error.code) in {RefusalReason.CLOSED, RefusalReason.LEFT}
        if shut or isinstance(error, discord.Forbidden):
            raise Refusal("questions.messages_closed") from error
        raise
