"""Looking in a channel whether a delivery that is in doubt has arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import discord

from bot.domain.outbox import SEND_LIMIT, Delivery
from bot.messenger.recognising import is_it

SLACK = timedelta(minutes=5)
"""So far Discord's clock, which is in the messages' ids, and ours may be apart: a small host may not keep the time."""
READ = 1000
"""So many messages are looked at; in a channel where more were written meanwhile it stays in doubt."""

Known = Callable[[Collection[int]], Awaitable[frozenset[int]]]
"""Which of these messages are on record already as other deliveries."""


@dataclass(frozen=True, slots=True)
class Found:
    """It has arrived."""

    message_id: int


class Sight(Enum):
    """What else a look may come to."""

    ABSENT = "absent"
    """It has not arrived: what was written there since is not it, or nothing was."""
    UNREADABLE = "unreadable"
    """We may not look, or there was too much to look at."""


async def look(client: discord.Client, delivery: Delivery, place_id: int, known: Known) -> Found | Sight:
    """Look for our own message since the first try that may have arrived. Raises what discord.py raises."""
    assert delivery.in_doubt_since is not None
    since = delivery.in_doubt_since - SLACK
    channel = client.get_partial_messageable(place_id)
    read, likely = 0, []
    async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
        async for message in channel.history(after=since, limit=READ):
            read += 1
            if client.user is not None and message.author.id == client.user.id and is_it(message, delivery):
                likely.append(message.id)
    taken = await known(likely) if likely else frozenset()
    if ours := [each for each in likely if each not in taken]:
        return Found(ours[0])
    if read:
        return Sight.UNREADABLE if read == READ else Sight.ABSENT
    async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
        return Sight.ABSENT if await _is_quiet(client, place_id, since) else Sight.UNREADABLE


async def _is_quiet(client: discord.Client, place_id: int, since: datetime) -> bool:
    """Whether it is certain that nothing was written there.

    Where we may not read a channel's history Discord shows an empty one, and no error. But it says which message was
    the last, and an older one that we may read proves that we may.
    """
    channel = await client.fetch_channel(place_id)
    last: int | None = getattr(channel, "last_message_id", None)
    if last is None or discord.utils.snowflake_time(last) < since:
        return True
    return await _may_read(client, place_id)


async def _may_read(client: discord.Client, place_id: int) -> bool:
    older = client.get_partial_messageable(place_id).history(limit=1)
    return [message async for message in older] != []
