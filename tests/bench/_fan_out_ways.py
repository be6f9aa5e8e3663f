"""The two ways without an outbox of telling many channels the same, each run in a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import discord

from tests.bench.harness.compare import Measured
from tests.wire.hooks import point_discord_py_at

Tell = Callable[[Sequence[discord.PartialMessageable]], Awaitable[object]]


def one_after_the_other(base: str, gateway: str, token: str, channels: str) -> Measured:
    """Wait for each answer before the next message; `channels` is a file with their ids."""
    return _tell(base, gateway, token, channels, _one_after_the_other)


def all_at_once(base: str, gateway: str, token: str, channels: str) -> Measured:
    """`asyncio.gather` over discord.py, as bots do it."""
    return _tell(base, gateway, token, channels, _all_at_once)


def _tell(base: str, gateway: str, token: str, channels: str, tell: Tell) -> Measured:
    point_discord_py_at(base, gateway)
    asyncio.run(_log_in_and(tell, token, json.loads(Path(channels).read_text(encoding="utf-8"))))
    return {}


async def _log_in_and(tell: Tell, token: str, ids: Sequence[int]) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        await tell([client.get_partial_messageable(channel_id) for channel_id in ids])


async def _one_after_the_other(channels: Sequence[discord.PartialMessageable]) -> None:
    for channel in channels:
        await channel.send(f"News for {channel.id}")


async def _all_at_once(channels: Sequence[discord.PartialMessageable]) -> None:
    sending = (channel.send(f"News for {channel.id}") for channel in channels)
    await asyncio.gather(*sending, return_exceptions=True)
