"""What Discord's answer to a try means."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

import aiohttp
import discord

from bot.domain.outbox import Again, Delivery, InDoubt, Outcome, Refused, Sent, backoff

UNKNOWN_MESSAGE = 10008
"""A nonce was used before, and its message is deleted by now: it was said."""


def outcome_of(
    error: discord.DiscordException | aiohttp.ClientError | OSError,
    delivery: Delivery,
    place_id: int,
    *,
    now: datetime,
    chance: float,
) -> Outcome:
    """What a failed try comes to. Whether a 5xx, a time-out or a lost connection had arrived nobody knows."""
    again = now + backoff(delivery.attempts, chance)
    doubt = delivery.in_doubt_since or delivery.taken_at
    match error:
        case discord.RateLimited():
            return Again(again, delivery.in_doubt_since, "429")
        case discord.HTTPException(status=HTTPStatus.TOO_MANY_REQUESTS):
            return Again(again, delivery.in_doubt_since, "429")
        case discord.NotFound(code=code) if code == UNKNOWN_MESSAGE and delivery.in_doubt_since is not None:
            return Sent(None, place_id)
        case discord.HTTPException(status=status, code=code) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(code, place_id)
        case discord.HTTPException(status=status):
            return Again(again, doubt, str(status))
        case _:
            return Again(again, doubt, type(error).__name__)


__all__ = ["InDoubt", "outcome_of"]
