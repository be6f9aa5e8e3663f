"""What an invitation's buttons do on Discord: letting somebody into a thread, and posting an answer there for her."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord
import structlog

from bot.client import forums, posts
from bot.domain.errors import Refusal
from bot.render import invitations as render
from bot.services.invitations import Guest
from bot.services.relays import Relay

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.invitations")

LOOKED_AT = 100
"""So many of a thread's newest messages are looked at for an answer that may stand there already."""

_ONE_AT_A_TIME: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""A form that is sent again and the look at start-up shall not both post an answer."""


async def enter(bot: Twincord, guest: Guest, nonce: int) -> bool:
    """Let her into the thread, with one line for those who are in it. False where she is not in that server.

    Done again, she is in it still, and nothing is said. Raises `Refusal` where the post is gone.
    """
    user_id = guest.invitation.user_id
    if user_id is None or not await _is_there(bot, guest.question.server_id, user_id):
        return False
    thread = await posts.thread_of(bot, guest.question)
    await forums.awake(thread, lambda: thread.add_user(discord.Object(user_id)), stay=True)
    if guest.changed:
        await posts.say(bot, guest.question, lambda t: render.joined(t, guest.invitation), nonce)
    return True


async def relay(bot: Twincord, answer: Relay) -> None:
    """Post her answer under her name, once, and tell those who follow the question. Raises `Refusal` without a post.

    Where it may stand there already, it is looked for first: the nonce keeps Discord from posting it twice only for
    the next few minutes.
    """
    async with _ONE_AT_A_TIME.setdefault(answer.answer_id, asyncio.Lock()):
        if await bot.services.relays.stands(answer.answer_id):
            return
        thread = await posts.thread_of(bot, answer.question)
        server = await bot.services.servers.find(answer.question.server_id)
        t = bot.translator(server.language if server else None)
        text, cards = render.relayed(t, answer.text, answer.name, answer.city, answer.country)
        sent = await _find(bot, thread, text, cards) if answer.again else None
        if sent is None:
            nonce = f"answer-{answer.answer_id}"
            sent = await forums.awake(thread, lambda: thread.send(text, embeds=cards, nonce=nonce), stay=True)
        await bot.services.relays.posted(answer.answer_id, sent.id)
    await bot.services.followers.tell(answer.question.id, sent.id, leave_out=answer.user_id)


async def reconcile(bot: Twincord) -> None:
    """Post what was answered and never posted, because we stopped or Discord did. What fails is logged and stays."""
    for answer in await bot.services.relays.unposted():
        try:
            await relay(bot, answer)
        except (Refusal, discord.HTTPException) as error:
            log.warning("answer still not posted", answer=answer.answer_id, problem=repr(error))


async def _find(
    bot: Twincord, thread: discord.Thread, text: str, cards: Sequence[discord.Embed]
) -> discord.Message | None:
    wanted = (text, [card.description for card in cards])
    async for message in thread.history(limit=LOOKED_AT):
        said = (message.content, [embed.description for embed in message.embeds])
        if bot.user is not None and message.author.id == bot.user.id and said == wanted:
            return message
    return None


async def unname(bot: Twincord, answers: Sequence[Relay]) -> None:
    """Take the name off these answers, whose author had her data deleted. What fails is logged."""
    for answer in answers:
        try:
            await _unname(bot, answer)
        except (Refusal, discord.HTTPException) as error:
            log.warning("name not taken off", answer=answer.answer_id, problem=repr(error))


async def _unname(bot: Twincord, answer: Relay) -> None:
    assert answer.message_id is not None
    thread = await posts.thread_of(bot, answer.question)
    server = await bot.services.servers.find(answer.question.server_id)
    t = bot.translator(server.language if server else None)
    text, cards = render.relayed(t, answer.text, None, None, None)
    message = thread.get_partial_message(answer.message_id)
    await forums.awake(thread, lambda: message.edit(content=text, embeds=cards), stay=False)


async def _is_there(bot: Twincord, server_id: int, user_id: int) -> bool:
    guild = bot.get_guild(server_id)
    if guild is None:
        return False
    if guild.get_member(user_id) is not None:
        return True
    try:
        await guild.fetch_member(user_id)
    except discord.NotFound:
        return False
    return True
