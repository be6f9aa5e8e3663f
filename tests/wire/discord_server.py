"""A Discord on this machine: REST and gateway over real sockets, good enough for a real discord.py client.

    async with DiscordServer() as discord_server:
        with discord_server.hooked():
            await client.start(discord_server.token)

Every request is recorded in `requests`, also those that nothing here answers (they get a 404, and `unknown` lists
them). `until` waits for something to have happened, without sleeping.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import discord
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire import payloads, rest
from tests.wire.faults import Fault, rate_limit
from tests.wire.gateway import HEARTBEAT, Gateway
from tests.wire.hooks import point_discord_py_at
from tests.wire.payloads import Payload

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GloopB.kq3J8vTzR5wXyN2bLmC7dHsAeFgUiPoQ1W4xYz"
"""Has the shape of a bot's token, and opens nothing."""
APPLICATION_ID = 123456789012345678
TIME_LIMIT = 60.0
"""Seconds that `until` waits at most."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was received, and the status it was answered with (None: the answer was lost)."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int | None


class DiscordServer:
    """Listens on a free port of 127.0.0.1 while entered."""

    def __init__(self, token: str = TOKEN, *, application_flags: int = 0) -> None:
        self.token = token
        self.user = payloads.user(APPLICATION_ID, "Twincord", bot=True)
        self.application = rest.application(APPLICATION_ID, application_flags)
        self.guilds: dict[int, Payload] = {}
        self.messages: dict[int, list[Payload]] = {}
        self.commands: list[Payload] = []
        self.requests: list[Request] = []
        self.unknown: list[Request] = []
        self.faults: list[Fault] = []
        self.port = 0
        self.gateway = Gateway(
            token, self.user, self.application, self.guilds, lambda: f"ws://127.0.0.1:{self.port}/gateway", self.notice
        )
        self._ids = itertools.count(discord.utils.time_snowflake(discord.utils.utcnow()))
        self._changed = asyncio.Event()
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

    def new_id(self) -> int:
        """A fresh snowflake."""
        return next(self._ids)

    def add_guild(self, name: str, people: Sequence[str] = ("Ana",), *, locale: str = "en-US") -> Payload:
        """A guild with these people and the bot in it; known to clients that identify from now on."""
        members = [payloads.member(payloads.user(self.new_id(), person)) for person in people]
        guild_id = self.new_id()
        self._ids = itertools.count(guild_id + 10)  # its channels have the ids right after its own
        made = payloads.guild(guild_id, name, [*members, payloads.member(self.user)], locale=locale)
        self.guilds[guild_id] = made
        return made

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

    def fail(self, method: str, path: str, status: int, *, times: int = 1, **body: Any) -> None:
        """Answer the next requests whose path matches with an error."""
        self.faults.append(Fault(method, re.compile(path), status, body, times=times))

    def limit(
        self, method: str, path: str, *, retry_after: float = 0.01, everywhere: bool = False, times: int = 1
    ) -> None:
        """Answer the next requests whose path matches with 429."""
        self.faults.append(rate_limit(method, path, retry_after, everywhere=everywhere, times=times))

    def lose_answer(self, method: str, path: str, *, times: int = 1) -> None:
        """Carry out the next requests whose path matches, then cut the connection."""
        self.faults.append(Fault(method, re.compile(path), None, times=times))

    async def _receive(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(rest.PREFIX)
        body = await rest.body_of(request)
        fault = next((fault for fault in self.faults if fault.meets(request.method, path)), None)
        found = rest.find(request.method, path)
        if fault and fault.status is not None:
            answer = rest.answer(fault.body, fault.status, fault.headers)
        elif request.headers.get("Authorization") != f"Bot {self.token}" and not rest.open_to_all(path):
            answer = rest.answer({"message": "401: Unauthorized", "code": 0}, 401)
        elif found is None:
            answer = rest.answer({"message": "404: Not Found", "code": 0}, 404)
        else:
            route, parts = found
            answer = rest.answer(route(self, rest.Call(parts, body)))
        lost = fault is not None and fault.status is None
        record = Request(request.method, path, dict(request.query), body, None if lost else answer.status)
        self.requests.append(record)
        if found is None:
            self.unknown.append(record)
        self.notice()
        if lost and request.transport is not None:
            request.transport.abort()
        return answer
