"""Messages beside the crisis channels say how their alert ended, so that nobody reads them unwarned."""

from __future__ import annotations

import aiohttp
import discord
import structlog

from bot.messenger.outgoing import Desk
from bot.render import crisis as render
from bot.services.oncall_desk import BesideToEdit

log = structlog.get_logger("twincord.crisis")


async def say_over(desk: Desk, message: BesideToEdit) -> bool:
    """A message says how its alert ended, and loses its buttons. False where it is to be tried again."""
    content, embed = render.ended(desk.translator(message.language), message.alert)
    place = desk.client.get_partial_messageable(message.place_id)
    try:
        await place.get_partial_message(message.message_id).edit(
            content=content,
            embed=embed if message.whole else None,
            view=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
    except (discord.DiscordServerError, aiohttp.ClientError, OSError):
        return False
    except discord.HTTPException as error:
        if error.status == 429:  # an old message: Discord limits how often it may be changed
            return False
        log.info("not edited", alert=message.alert.id, channel=message.place_id, code=error.code)
    await desk.services.oncall_desk.edited(message)
    return True
