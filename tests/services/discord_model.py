"""A Discord in a few lines, as a client of discord.py shows it to the sender: nonces for five minutes, what it
accepted, and answers that get lost. Nothing in it waits: the test says what becomes of each request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord

from bot.domain.outbox import Delivery
from bot.messenger import Outgoing

NONCES = timedelta(minutes=5)
OURS = SimpleNamespace(id=1)


class End(StrEnum):
    """What becomes of a request to send."""

    ANSWERED = "answered"
    LOST = "accepted, and the answer lost"
    NEVER = "never arrived"
    REFUSED = "refused"
    DIES_BEFORE = "the sender dies before"
    DIES_AFTER = "the sender dies after"

    @property
    def arrives(self) -> bool:
        """Whether Discord has it."""
        return self in {End.ANSWERED, End.LOST, End.DIES_AFTER, End.REFUSED}


class Died(BaseException):
    """The process ends here: nothing of ours catches that."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in a channel, and what it was sent for."""

    id: int
    channel_id: int
    delivery: Delivery
    content: str
    embeds: tuple[discord.Embed, ...]
    custom_ids: tuple[str, ...]


@dataclass
class Gate:
    """Holds a request up: it is under way from `reached` until the test says how it ends."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    end: asyncio.Future[End] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass
class DiscordModel:
    """Takes what the sender sends; `asked` is called with each request to send as it is made, with its delivery."""

    clock: Callable[[], datetime]
    asked: Callable[[Delivery, Outgoing], None]
    shown: list[Shown] = field(default_factory=list)
    unreadable: set[int] = field(default_factory=set)
    refusing: set[int] = field(default_factory=set)
    end: End | Gate = End.ANSWERED
    """What becomes of the next request to send."""
    blind: bool = False
    """Whether the next look at a history fails."""
    trying: Delivery | None = None
    user: SimpleNamespace = field(default_factory=lambda: OURS)
    _nonces: dict[int, tuple[datetime, Shown]] = field(default_factory=dict)

    def in_channel(self, channel_id: int) -> list[Shown]:
        """What a channel shows, oldest first."""
        return [one for one in self.shown if one.channel_id == channel_id]

    def get_channel(self, channel_id: int) -> None:
        """Nothing is cached."""

    async def fetch_channel(self, channel_id: int) -> SimpleNamespace:
        """The channel, which says which message was its last."""
        last = self.in_channel(channel_id)
        return SimpleNamespace(last_message_id=last[-1].id if last else None)

    def get_partial_messageable(self, channel_id: int) -> Channel:
        """A channel to speak in."""
        return Channel(self, channel_id)

    async def take(self, channel_id: int, nonce: int, message: Outgoing) -> Shown:
        """A request to send: what becomes of it was arranged before."""
        assert self.trying is not None
        delivery, end = self.trying, self.end
        self.asked(delivery, message)
        if isinstance(end, Gate):
            end.reached.set()
            end = await end.end
        known = self._nonces.get(nonce)
        if known is None and (end is End.REFUSED or channel_id in self.refusing):
            self.refusing.add(channel_id)
            raise discord.Forbidden(_response(403), {"code": 50013, "message": "Missing Permissions"})
        if known is not None and self.clock() - known[0] < NONCES:
            shown = known[1]
        elif end.arrives:
            shown = self._show(channel_id, delivery, message)
            self._nonces[nonce] = self.clock(), shown
        if end in {End.DIES_BEFORE, End.DIES_AFTER}:
            raise Died
        if end in {End.LOST, End.NEVER}:
            raise aiohttp.ServerDisconnectedError
        return shown

    def _show(self, channel_id: int, delivery: Delivery, message: Outgoing) -> Shown:
        number = discord.utils.time_snowflake(self.clock()) + len(self.shown)
        names = custom_ids(message)
        shown = Shown(number, channel_id, delivery, message.content or "", tuple(message.embeds), names)
        self.shown.append(shown)
        return shown


@dataclass(frozen=True, slots=True)
class Channel:
    """What `get_partial_messageable` gives."""

    discord: DiscordModel
    id: int

    async def send(self, content: str | None = None, *, nonce: int, **parts: Any) -> SimpleNamespace:
        """Send."""
        known = {name: parts[name] for name in ("embeds", "view") if name in parts}
        shown = await self.discord.take(self.id, nonce, Outgoing(content, **known))
        return SimpleNamespace(id=shown.id)

    async def history(self, *, after: datetime | None = None, limit: int = 50) -> AsyncIterator[SimpleNamespace]:
        """What it shows, oldest first; nothing where we may not read it."""
        if self.discord.blind:
            raise discord.DiscordServerError(_response(503), "unwell")
        found = [] if self.id in self.discord.unreadable else self.discord.in_channel(self.id)
        least = 0 if after is None else discord.utils.time_snowflake(after)
        for one in [one for one in found if one.id > least][:limit]:
            yield SimpleNamespace(
                id=one.id,
                author=OURS,
                content=one.content,
                embeds=one.embeds,
                components=[SimpleNamespace(custom_id=name, to_dict=dict) for name in one.custom_ids],
            )


def custom_ids(message: Outgoing) -> tuple[str, ...]:
    """What its buttons say."""
    items = message.view.walk_children() if message.view is not None else ()
    return tuple(str(name) for item in items if (name := getattr(item, "custom_id", None)))


def _response(status: int) -> Any:
    return SimpleNamespace(status=status, reason="", headers={})
