"""The bot in its sandbox: simcord's in-memory Discord, real time, and one action at a time.

What is learnt about simcord 3.2.1 (pinned exactly) stands here: its clock stands still unless it is pumped, two
actions may not overlap, what listens to its events runs in the bot's own context unless started in a fresh one, and
every person speaks en-US unless the interaction's payload is told otherwise.
"""

from __future__ import annotations

import asyncio
import contextvars
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import discord
import simcord.interactions
import structlog
from simcord import ChannelHandle, Env, GuildHandle, InteractionResult, MemberActor, SetupError, UserHandle
from simcord.backend.access import channel_accessible

log = structlog.get_logger("twincord.demo")

PUMP_SECONDS = 0.5
KEPT_MODALS = 500
Actor = MemberActor | UserHandle
Listener = Callable[[str, Mapping[str, Any]], None]


class Sandbox:
    """An already built bot in an in-memory Discord. `act` is the only door through which anything happens."""

    def __init__(self, bot: discord.Client, *, bot_name: str = "Twincord", settle_seconds: float = 30.0) -> None:
        sharded = isinstance(bot, discord.AutoShardedClient)
        self.env = Env(
            bot,
            shard_count=1 if sharded and bot.shard_count is None else None,
            check_errors=False,
            settle_timeout=settle_seconds,
        )
        self.env.backend.edit_bot_profile(bot_name)
        self.locales: dict[int, str] = {}
        self.commands_used: dict[int, str] = {}
        self.modals: dict[int, InteractionResult] = {}
        self._numbers = itertools.count(1)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Env]:
        """Log the bot in, keep its clock at the real time, and log it out at the end."""
        # Before the bot is there, so that its timers do not live through the months since simcord's epoch.
        self.env.backend.advance_clock(max(0.0, self._behind()))
        with self._speaking_their_languages():
            await self.env.start()
            pump = self.outside(self._pump())
            try:
                yield self.env
            finally:
                pump.cancel()
                await asyncio.gather(pump, return_exceptions=True)
                async with self._lock:
                    await self.env.shutdown()

    def outside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something that is not the bot's: simcord neither waits for it nor stops its timers."""
        return asyncio.create_task(work, context=contextvars.Context())

    @asynccontextmanager
    async def act(self) -> AsyncIterator[Env]:
        """Wait for one's turn, then act: several people may click at once, simcord takes one at a time."""
        async with self._lock:
            await self._catch_up()
            with self.env.time_context():
                yield self.env

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear everything that happens in this Discord; returns how to stop hearing it."""
        self.env.backend.subscribers.append(listener)
        return lambda: self.env.backend.subscribers.remove(listener)

    def sees(self, user_id: int, channel_id: int) -> bool:
        """Whether a person sees a room and what was written there."""
        return channel_accessible(self.env.backend, channel_id, user_id, history=True)

    def room(self, user_id: int, channel_id: int) -> ChannelHandle:
        """A room as a person sees it. Raises `SetupError` where she does not see it."""
        channel = self.env.backend.channels.get(channel_id)
        if channel is None or not self.sees(user_id, channel_id):
            raise SetupError("That channel is not accessible to this user")
        guild = self._guild(channel.guild_id) if channel.guild_id is not None else None
        return ChannelHandle(self.env, guild, channel)

    def actor(self, user_id: int, room: ChannelHandle) -> Actor:
        """A person as she acts in a room: a member of its server, or herself in direct messages."""
        user = UserHandle(self.env, self.env.backend.get_user(user_id))
        return user if room.guild is None else MemberActor(self.env, room.guild, user)

    def remember_modal(self, result: InteractionResult) -> int:
        """Keep a form that was shown until its reader sends it, under a number; the oldest are forgotten."""
        number = next(self._numbers)
        self.modals[number] = result
        while len(self.modals) > KEPT_MODALS:
            self.modals.pop(next(iter(self.modals)))
        return number

    def _guild(self, guild_id: int) -> GuildHandle:
        return GuildHandle(self.env, self.env.backend.get_guild(guild_id))

    def _behind(self) -> float:
        return (datetime.now(UTC) - self.env.now()).total_seconds()

    async def _pump(self) -> None:
        while True:
            async with self._lock:
                await self._catch_up()
            await asyncio.sleep(PUMP_SECONDS)

    async def _catch_up(self) -> None:
        try:
            await self.env.advance_time(max(0.0, self._behind()))
        except (TimeoutError, SetupError) as error:
            log.warning("the clock waits for the bot", reason=str(error).splitlines()[0])

    @contextmanager
    def _speaking_their_languages(self) -> Iterator[None]:
        original = simcord.interactions.base_payload

        def with_locale(backend: Any, **arguments: Any) -> Any:
            record, payload = original(backend, **arguments)
            payload["locale"] = self.locales.get(arguments["user_id"], "en-US")
            if arguments["guild_id"] is not None:
                payload["guild_locale"] = backend.get_guild(arguments["guild_id"]).preferred_locale
            return record, payload

        simcord.interactions.base_payload = with_locale
        try:
            yield
        finally:
            simcord.interactions.base_payload = original
