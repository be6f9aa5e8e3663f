"""A Discord on this machine: REST and gateway over real sockets, good enough for a real discord.py client.

    async with DiscordServer() as discord_server:
        with discord_server.hooked():
            await client.start(discord_server.token)

It has Discord's limits (`limits`), channels (`channels`) and, on demand, bad days (`fail`, `limit`, `lose_answer` …).
Every request is recorded in `requests`, also those that nothing here answers (they get a 404, and `unknown` lists
them). `until` waits for something to have happened, without sleeping.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

import discord
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire import payloads, rest
from tests.wire.channels import Channels, Refused
from tests.wire.faults import BadDays, Ending, Fault
from tests.wire.gateway import HEARTBEAT, Gateway
from tests.wire.hooks import point_discord_py_at
from tests.wire.ledger import Request, Requests
from tests.wire.limits import Limits, TooMany, exempt
from tests.wire.payloads import Payload

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GloopB.kq3J8vTzR5wXyN2bLmC7dHsAeFgUiPoQ1W4xYz"
"""Has the shape of a bot's token, and opens nothing."""
APPLICATION_ID = 123456789012345678
TIME_LIMIT = 60.0
"""Seconds that `until` waits at most."""

Found = TypeVar("Found")


class DiscordServer(BadDays):
    """Listens on a free port of 127.0.0.1 while entered."""

    def __init__(self, token: str = TOKEN, *, application_flags: int = 0, latency: float = 0.0) -> None:
        """`latency` in seconds: half of it passes before a request arrives, half before its answer does."""
        super().__init__()
        self.token = token
        self.latency = latency
        self.user = payloads.user(APPLICATION_ID, "Twincord", bot=True)
        self.application = rest.application(APPLICATION_ID, application_flags)
        self.guilds: dict[int, Payload] = {}
        self.limits = Limits(time.monotonic)
        self.channels = Channels(self.now, self.new_id, self.user)
        self.commands: list[Payload] = []
        self.requests = Requests()
        self.arrived = 0
        """Requests that are under way or done: a moment earlier than `requests` knows."""
        self.unknown: list[Request] = []
        self.port = 0
        self.gateway = Gateway(
            token, self.user, self.application, self.guilds, lambda: f"ws://127.0.0.1:{self.port}/gateway", self.notice
        )
        self._later = 0.0
        self._last_id = 0
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_get("/gateway", self.gateway.accept)
        app.router.add_route("*", rest.PREFIX + "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self.gateway.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def base(self) -> str:
        """Where the REST side listens: what `discord.http.Route.BASE` is to be."""
        return f"http://127.0.0.1:{self.port}{rest.PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens: what `DiscordWebSocket.DEFAULT_GATEWAY` is to be."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @contextmanager
    def hooked(self) -> Iterator[None]:
        """Point the discord.py of this process here, and back at Discord afterwards."""
        kept = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        point_discord_py_at(self.base, self.gateway_url)
        try:
            yield
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = kept

    def now(self) -> float:
        """What time it is on Discord's side, in seconds since 1970."""
        return time.time() + self._later

    def pass_time(self, seconds: float) -> None:
        """Let time pass on Discord's side: nonces are forgotten, fresh snowflakes are later. Limits do not change."""
        self._later += seconds

    def new_id(self) -> int:
        """A fresh snowflake, which carries the time."""
        of_now = discord.utils.time_snowflake(datetime.fromtimestamp(self.now(), UTC))
        self._last_id = max(self._last_id + 1, of_now)
        return self._last_id

    def add_guild(self, name: str, people: Sequence[str] = ("Ana",), *, locale: str = "en-US") -> Payload:
        """A guild with these people and the bot in it; known to clients that identify from now on."""
        members = [payloads.member(payloads.user(self.new_id(), person)) for person in people]
        guild_id = self.new_id()
        self._last_id = guild_id + 10  # its channels have the ids right after its own
        made = payloads.guild(guild_id, name, [*members, payloads.member(self.user)], locale=locale)
        self.guilds[guild_id] = made
        for channel in made["channels"]:
            self.channels.add(channel)
        return made

    def add_channels(self, number: int) -> list[int]:
        """So many channels that belong to no guild here; returns their ids."""
        return [self.channels.add(payloads.text_channel(self.new_id(), 0, "check-ins")) for _ in range(number)]

    async def interact(
        self,
        guild: Payload,
        data: Payload,
        *,
        kind: discord.InteractionType = discord.InteractionType.application_command,
        locale: str = "en-US",
    ) -> Payload:
        """Let the guild's first member use a command, button or form; returns what the client answers with."""
        asked = payloads.interaction(
            self.new_id(), APPLICATION_ID, guild, guild["members"][0], data, kind=kind, locale=locale
        )
        await self.gateway.dispatch("INTERACTION_CREATE", asked)
        path = f"/interactions/{asked['id']}/{asked['token']}/callback"
        answer = await self.until(lambda: next((one for one in self.requests if one.path == path), None))
        body: Payload = answer.body
        return body

    async def handled_by_client(self) -> None:
        """Wait until every live client has handled all events sent so far.

        Discord may ask for a heartbeat at any time, and the client answers with the last sequence it handled; so
        this is known without a hook inside the client.
        """
        for session in self.gateway.live:
            before, sent = len(self.gateway.heartbeats), len(session.frames)
            await session.send(HEARTBEAT)
            await self.until(
                lambda before=before, sent=sent: any(  # type: ignore[misc]
                    (beat or 0) >= sent for beat in self.gateway.heartbeats[before:]
                )
            )

    async def until(self, condition: Callable[[], Found | None]) -> Found:
        """Wait until the condition returns something true, and return that. Raises TimeoutError after TIME_LIMIT."""
        async with asyncio.timeout(TIME_LIMIT):
            while not (found := condition()):
                self._changed.clear()
                await self._changed.wait()
        return found

    def notice(self) -> None:
        """Something has happened: whoever waits looks again."""
        self._changed.set()

    async def _receive(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(rest.PREFIX)
        body = await rest.body_of(request)
        self.arrived += 1
        self.notice()
        await asyncio.sleep(self.latency / 2)
        at = time.monotonic()
        authorised = request.headers.get("Authorization") == f"Bot {self.token}" or exempt(path)
        found = rest.find(request.method, path)
        if authorised:
            reply, fault = self._decide(request, path, found, body)
        else:
            reply, fault = rest.answer({"message": "401: Unauthorized", "code": 0}, 401), None
        ending = Ending.ANSWERED if fault is None else fault.ending
        status = reply.status if ending is Ending.ANSWERED else None
        record = Request(request.method, path, dict(request.query), body, status, at)
        self.requests.append(record)
        if found is None:
            self.unknown.append(record)
        self.notice()
        if fault is not None:
            await fault.end(request, self._over)
        await asyncio.sleep(self.latency / 2)
        return reply

    def _decide(
        self, request: web.Request, path: str, found: rest.Found | None, body: Any
    ) -> tuple[web.Response, Fault | None]:
        judged = self.limits.judge(request.method, path)
        if isinstance(judged, TooMany):
            return rest.answer(judged.body, 429, judged.headers), None
        fault = next((fault for fault in self.faults if fault.meets(request.method, path)), None)
        if fault is not None and not fault.accepted:
            return fault.instead(judged), fault
        if found is None:
            return rest.answer({"message": "404: Not Found", "code": 0}, 404, judged), fault
        route, parts = found
        try:
            reply = rest.answer(route(self, rest.Call(parts, request.query, body)), headers=judged)
        except Refused as refused:
            reply = rest.answer(refused.body, refused.status, judged)
        return (reply if fault is None or fault.status is None else fault.instead(judged)), fault
