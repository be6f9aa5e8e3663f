"""The gateway of the loopback Discord: sessions, heartbeats, resuming, and bad days on demand.

Frames go out as text. discord.py asks for a compressed stream, but takes a text frame as it is, and what is tested
here is behaviour, not compression.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from aiohttp import WSMsgType, web

from tests.wire.payloads import Payload

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
AUTHENTICATION_FAILED: Final = 4004
DISALLOWED_INTENTS: Final = 4014
PRIVILEGED = {
    discord.Intents(members=True).value: ("gateway_guild_members", "gateway_guild_members_limited"),
    discord.Intents(presences=True).value: ("gateway_presence", "gateway_presence_limited"),
    discord.Intents(message_content=True).value: (
        "gateway_message_content",
        "gateway_message_content_limited",
    ),
}
"""Each privileged intent, and the two flags of an application that grant it (one for many, one for few servers)."""


@dataclass(eq=False)
class Session:
    """A client's session. It outlives its connection, so that the client may resume and miss nothing."""

    id: str
    shard: int
    shard_count: int
    intents: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    frames: list[Payload] = field(default_factory=list)

    def covers(self, guild_id: int) -> bool:
        """Whether this session's shard serves the guild (Discord's formula)."""
        return (guild_id >> 22) % self.shard_count == self.shard

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, or keep it for the resume where the connection is gone."""
        frame = {"op": DISPATCH, "s": len(self.frames) + 1, "t": event, "d": data}
        self.frames.append(frame)
        if not self.socket.closed:
            await self.socket.send_str(json.dumps(frame))

    async def send(self, op: int, data: Any = None) -> None:
        """Send a frame that is not an event."""
        await self.socket.send_str(json.dumps({"op": op, "s": None, "t": None, "d": data}))


@dataclass
class Gateway:
    """Accepts clients. `noticed` is called whenever something has happened."""

    token: str
    bot_user: Payload
    application: Payload
    guilds: dict[int, Payload]
    resume_url: Callable[[], str]
    noticed: Callable[[], None]
    heartbeat_interval: float = 41.25
    """Seconds; Discord's own is about this."""
    acknowledges: bool = True
    """Whether heartbeats are answered."""
    sessions: list[Session] = field(default_factory=list)
    identifies: list[Payload] = field(default_factory=list)
    resumes: list[Payload] = field(default_factory=list)
    heartbeats: list[int | None] = field(default_factory=list)
    closes: list[int | None] = field(default_factory=list)
    """With which code each connection ended."""

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(
            json.dumps({"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": self.heartbeat_interval * 1000}})
        )
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                told = json.loads(frame.data)
                await self._take(socket, request.transport, told["op"], told.get("d"))
                self.noticed()
        self.closes.append(socket.close_code)
        self.noticed()
        return socket

    @property
    def live(self) -> list[Session]:
        """The sessions that have a connection."""
        return [session for session in self.sessions if not session.socket.closed]

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event to every session, or to the one that serves its guild."""
        guild_id = data.get("guild_id")
        for session in self.sessions:
            if guild_id is None or session.covers(int(guild_id)):
                await session.dispatch(event, data)

    async def close(self, code: int = 1001) -> None:
        """End every connection with a close code; the sessions may be resumed."""
        for session in self.live:
            await session.socket.close(code=code)

    def drop(self) -> None:
        """Break every connection without a word, as a router that fails does; the sessions may be resumed."""
        for session in self.live:
            if session.transport is not None:
                session.transport.abort()

    async def reconnect(self) -> None:
        """Ask every client to connect anew and resume."""
        for session in self.live:
            await session.send(RECONNECT)

    async def invalidate(self) -> None:
        """Tell every client that its session is over; it must identify anew."""
        gone, self.sessions[:] = list(self.live), []
        for session in gone:
            await session.send(INVALID_SESSION, data=False)

    async def _take(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, op: int, data: Any
    ) -> None:
        if op == HEARTBEAT:
            self.heartbeats.append(data)
            if self.acknowledges:
                await socket.send_str(json.dumps({"op": HEARTBEAT_ACK, "s": None, "t": None, "d": None}))
        elif op == IDENTIFY:
            self.identifies.append(data)
            await self._identify(socket, transport, data)
        elif op == RESUME:
            self.resumes.append(data)
            await self._resume(socket, transport, data)
        elif op == REQUEST_MEMBERS:
            await self._chunk(data)

    async def _identify(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, data: Payload
    ) -> None:
        if data["token"] != self.token:
            await socket.close(code=AUTHENTICATION_FAILED)
            return
        if any(self._refused(data["intents"])):
            await socket.close(code=DISALLOWED_INTENTS)
            return
        shard, shard_count = data.get("shard", (0, 1))
        session = Session(f"session-{len(self.identifies)}", shard, shard_count, data["intents"], socket, transport)
        self.sessions.append(session)
        mine = [guild for guild_id, guild in self.guilds.items() if session.covers(guild_id)]
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self.bot_user,
                "guilds": [{"id": guild["id"], "unavailable": True} for guild in mine],
                "session_id": session.id,
                "resume_gateway_url": self.resume_url(),
                "shard": [shard, shard_count],
                "application": {"id": self.application["id"], "flags": self.application["flags"]},
            },
        )
        for guild in mine:
            await session.dispatch("GUILD_CREATE", guild)

    def _refused(self, intents: int) -> Iterator[int]:
        flags = discord.ApplicationFlags._from_value(self.application["flags"])
        for intent, granting in PRIVILEGED.items():
            if intents & intent and not any(getattr(flags, flag) for flag in granting):
                yield intent

    async def _resume(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, data: Payload) -> None:
        known = [session for session in self.sessions if session.id == data["session_id"]]
        if data["token"] != self.token or not known:
            await socket.send_str(json.dumps({"op": INVALID_SESSION, "s": None, "t": None, "d": False}))
            return
        session = known[0]
        session.socket, session.transport = socket, transport
        for frame in session.frames[data["seq"] :]:
            await socket.send_str(json.dumps(frame))
        await session.dispatch("RESUMED", {})

    async def _chunk(self, data: Payload) -> None:
        guild = self.guilds[int(data["guild_id"])]
        wanted = {str(user_id) for user_id in data.get("user_ids", ())}
        found = [one for one in guild["members"] if not wanted or one["user"]["id"] in wanted]
        await self.dispatch(
            "GUILD_MEMBERS_CHUNK",
            {
                "guild_id": guild["id"],
                "members": found,
                "chunk_index": 0,
                "chunk_count": 1,
                "nonce": data.get("nonce"),
            },
        )
