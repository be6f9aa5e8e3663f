"""Opening the thread under each of an alert's messages, one at a time: every request waits for its turn (`pacing`)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord
import structlog

from bot.domain.crisis_threads import ToOpen
from bot.domain.outbox import SEND_LIMIT
from bot.i18n import Catalogues
from bot.render import threads as render
from bot.services.crisis_threads import CrisisThreads

log = structlog.get_logger("twincord.crisis")

AGAIN = timedelta(seconds=30)
"""After Discord failed us."""
AT_ONCE = 50
"""So many in one run: then others are looked at again."""
ARCHIVED_AFTER: Final = 4320
"""Minutes without a word after which Discord puts a thread away: three days."""
THERE_ALREADY = 160004
"""Discord's code where a message has its thread."""
UNWELL = frozenset({401, 429})


class Threads:
    """A worker of the ticker. It works before we are connected too, and therefore without Discord's cache."""

    def __init__(self, threads: CrisisThreads, catalogues: Catalogues, client: discord.Client) -> None:
        self.threads = threads
        self.catalogues = catalogues
        self.client = client
        self._later: dict[tuple[int, int], datetime] = {}

    async def run_due(self, now: datetime) -> datetime | None:
        """Open what is to be opened; when there is more."""
        self._later = {key: at for key, at in self._later.items() if at > now}
        for _ in range(AT_ONCE):
            one = await self.threads.next(tuple(self._later))
            if one is None:
                return min(self._later.values(), default=None)
            if not await self._open(one):
                self._later[one.key] = now + AGAIN
        return now

    async def _open(self, one: ToOpen) -> bool:
        """False where nobody knows whether it is there: it is tried again, and then Discord says so."""
        try:
            async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
                thread_id = await self._make(one)
        except discord.HTTPException as error:
            if error.status >= 500 or error.status in UNWELL:
                return False
            log.info("no thread", alert=one.alert.id, channel=one.channel_id, status=error.status, code=error.code)
            await self.threads.refused(one, error.code or error.status)
        except (aiohttp.ClientError, OSError):
            return False
        else:
            await self.threads.opened(one, thread_id)
        return True

    async def _make(self, one: ToOpen) -> int:
        name = render.name(self.catalogues.translator(one.language), one.alert)
        try:
            made = await self.client.http.start_thread_with_message(
                one.channel_id, one.message_id, name=name, auto_archive_duration=ARCHIVED_AFTER
            )
        except discord.HTTPException as error:
            if error.code != THERE_ALREADY:
                raise
            # We were stopped before we could write it down, or somebody was quicker. A thread under a message has the
            # message's own id (Discord's reference, "Start Thread from Message").
            return (await self.client.fetch_channel(one.message_id)).id
        return int(made["id"])
