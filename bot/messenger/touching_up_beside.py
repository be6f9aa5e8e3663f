"""Messages beside the crisis channels say how their alert ended, so that nobody reads them unwarned."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import aiohttp
import discord
import structlog

from bot.domain.outbox import SEND_LIMIT
from bot.messenger.outgoing import Desk
from bot.render import crisis as render
from bot.services.oncall_desk import AlertOver, BesideToEdit

log = structlog.get_logger("twincord.crisis")

AGAIN = timedelta(seconds=30)
"""After Discord failed us, or would not have an old message changed so soon again (30046)."""


class TouchingUpBeside:
    """A worker of the ticker."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._later: dict[int, datetime] = {}
        """Messages with which it failed, by their delivery, and when to try again. A restart tries at once."""
        self._done: set[AlertOver] = set()
        """Alerts about which nothing is left to do: looking again at each tick would take the longer, the more there
        were. A restart looks once more."""

    async def run_due(self, now: datetime) -> datetime | None:
        """Edit the next messages; when there is more."""
        self._later = {number: at for number, at in self._later.items() if at > now}
        found, ready = await self.desk.services.oncall_desk.to_edit(self._later, self._done)
        self._done |= ready
        for message in found:
            if not await self._say_over(message):
                self._later[message.delivery_id] = now + AGAIN
        return now if found else min(self._later.values(), default=None)

    async def _say_over(self, message: BesideToEdit) -> bool:
        """A message says how its alert ended, and loses its buttons. False where it is to be tried again."""
        content, embed = render.ended(self.desk.translator(message.language), message.alert)
        place = self.desk.client.get_partial_messageable(message.place_id)
        try:
            async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
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
        await self.desk.services.oncall_desk.edited(message)
        return True
