"""What an invitation's buttons do on Discord: letting somebody into a thread, and posting an answer there for her."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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


async def relay(bot: Twincord, answer: Relay, user_id: int) -> discord.Message:
    """Post her answer under her name, once, and tell those who follow the question. Raises `Refusal` without a post."""
    thread = await posts.thread_of(bot, answer.question)
    server = await bot.services.servers.find(answer.question.server_id)
    t = bot.translator(server.language if server else None)
    text, cards = render.relayed(t, answer.text, answer.name, answer.city, answer.country)
    # Whoever tries again after an answer of Discord's that never came uses the same number: it is posted once.
    sent = await forums.awake(
        thread, lambda: thread.send(text, embeds=cards, nonce=f"answer-{answer.answer_id}"), stay=True
    )
    await bot.services.relays.posted(answer.answer_id, sent.id)
    await bot.services.followers.tell(answer.question.id, sent.id, leave_out=user_id)
    return sent


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
