"""What Discord's answer to a try means."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import discord

from bot.domain.outbox import (
    FORBIDDEN_CODE,
    GONE_CODE,
    Again,
    Delivery,
    Outcome,
    RefusalReason,
    Refused,
    Sent,
    reason_of,
    wait_after,
)

UNKNOWN_MESSAGE = 10008
"""A nonce was used before, and its message is deleted by now: it was said."""

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What discord.py raises where a request fails. A time-out is an OSError."""


def outcome_of(error: Exception, delivery: Delivery, place_id: int, *, now: datetime, chance: float) -> Outcome:
    """What a failed try comes to.

    Whether a 5xx, a time-out or a lost connection had arrived nobody knows; neither whether a 429 followed, inside
    discord.py, on one of those.
    """
    doubt = delivery.in_doubt_since or delivery.taken_at

    def again(why: str, least: float = 0) -> Again:
        return Again(now + max(wait_after(delivery, why, chance), timedelta(seconds=least)), doubt, why)

    match error:
        case discord.RateLimited(retry_after=seconds):
            return again("429", seconds)
        case discord.HTTPException(status=HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.UNAUTHORIZED):
            return again(str(error.status))
        case discord.NotFound(code=code) if code == UNKNOWN_MESSAGE:
            return Sent(None, place_id)
        case discord.HTTPException(status=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(_code(error), place_id)
        case discord.HTTPException(status=status):
            return again(str(status))
        case _:
            return again(type(error).__name__)


def _code(error: discord.HTTPException) -> int:
    """Discord's code, or that which its status means where it gave none that we know."""
    if error.code and reason_of(error.code) is not RefusalReason.UNFIT:
        return error.code
    if error.status == HTTPStatus.NOT_FOUND:
        return GONE_CODE
    if error.status == HTTPStatus.FORBIDDEN and not error.code:
        return FORBIDDEN_CODE
    return error.code or error.status
