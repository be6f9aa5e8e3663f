"""Going to Discord and staying there: waiting where it cannot be reached, one sentence where it will not have us."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import discord
import structlog

from bot.client.twincord import Twincord
from bot.domain.errors import Refusal
from bot.i18n import Translator

log = structlog.get_logger("twincord.discord")

FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0
GRACE = 5.0
"""Seconds for what is being answered when we are told to stop; containers are killed after ten."""
ANSWERING = ("discord.py: ", "discord-ui-", "CommandTree-invoker")
AUTHENTICATION_FAILED = 4004
INTENTS_REFUSED = (4013, 4014)
"""What Discord's gateway says when it closes for good (Discord's reference, "Gateway Close Event Codes")."""

Sleep = Callable[[float], Awaitable[object]]


def unreachable(error: BaseException) -> bool:
    """Whether Discord could not be reached, or is unwell: worth trying again, nothing of ours is wrong."""
    if isinstance(error, discord.HTTPException):
        return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS
    return isinstance(error, aiohttp.ClientError | OSError | discord.GatewayNotFound)


async def stay_connected(bot: Twincord, token: str, t: Translator, sleep: Sleep = asyncio.sleep) -> None:
    """Log in and stay until the bot is closed; where Discord cannot be reached, say so and try again, ever slower.

    Raises `Refusal` where Discord refuses the token, an intent or the connection. The caller closes the bot.
    """
    patience = _Patience(t, sleep)
    await patience.until_done(lambda: _log_in(bot, token))
    log.info(t("run.logged_in", name=str(bot.user)))
    try:
        await patience.until_done(bot.connect)
    except discord.PrivilegedIntentsRequired as error:
        raise Refusal("run.intent_refused") from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise Refusal("run.token_refused") from error
        if error.code in INTENTS_REFUSED:
            raise Refusal("run.intent_refused") from error
        raise Refusal("run.gateway_closed", code=str(error.code)) from error


async def _log_in(bot: Twincord, token: str) -> None:
    # The connector of an earlier try was closed with its session.
    await bot.http.close()
    bot.http.connector = aiohttp.TCPConnector(limit=0)
    try:
        await bot.login(token)
    except discord.LoginFailure as error:
        raise Refusal("run.token_refused") from error


async def settle(grace: float = GRACE) -> None:
    """Let what is being answered come to its end, for so many seconds; then cancel what is left.

    discord.py runs each listener, command and form as a task of its own, known by its name.
    """
    busy = {task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)}
    late = (await asyncio.wait(busy, timeout=grace))[1] if busy else set()
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


class _Patience:
    """Tries again what failed because Discord was out of reach: 2, 4, 8 … 60 seconds apart."""

    def __init__(self, t: Translator, sleep: Sleep) -> None:
        self._t = t
        self._sleep = sleep
        self._wait = FIRST_WAIT

    async def until_done(self, attempt: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await attempt()
            except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
                if not unreachable(error):
                    raise
                log.warning(self._t("run.discord_unreachable", n=round(self._wait)), problem=repr(error))
                await self._sleep(self._wait)
                self._wait = min(self._wait * 2, LONGEST_WAIT)
            else:
                self._wait = FIRST_WAIT
                return
