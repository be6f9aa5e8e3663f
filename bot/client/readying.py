"""Looking at servers before a crisis: what Discord's cache shows, and where that lacks something, Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.client.guilds import look
from bot.domain.servers import Server
from bot.domain.setup import Seen
from bot.services.ports import Eyes

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

log = structlog.get_logger("twincord.readiness")


def eyes(bot: Twincord) -> Eyes:
    """What this bot sees."""

    async def see(server: Server, role_id: int | None) -> Seen | None:
        guild = bot.get_guild(server.id)
        if guild is None or guild.unavailable:
            return None
        try:
            return await look(guild, server, role=role_id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("server not seen", server=server.id, problem=repr(error))
            return None

    return see
