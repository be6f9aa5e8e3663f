"""The two ways without an outbox: what was asked first goes first. Each runs in a process of its own.

Some channels are being told something; when so many of them are through, others are to be told something more urgent.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord

from tests.bench.harness.compare import Measured
from tests.wire.hooks import point_discord_py_at


@dataclass(frozen=True, slots=True)
class Plan:
    """`first` are told `words`; once `after` of them are, it is decided that `then` are told `urgent`."""

    first: Sequence[int]
    words: str
    after: int
    then: Sequence[int]
    urgent: str
    notes: str


def one_after_the_other(base: str, gateway: str, token: str, plan: str) -> Measured:
    """Wait for each answer before the next message; `plan` is a file."""
    return _run(base, gateway, token, plan, _one_after_the_other)


def all_at_once(base: str, gateway: str, token: str, plan: str) -> Measured:
    """`asyncio.gather` over discord.py, as bots do it."""
    return _run(base, gateway, token, plan, _all_at_once)


Way = Callable[[discord.Client, Plan], Coroutine[Any, Any, None]]


def _run(base: str, gateway: str, token: str, plan: str, way: Way) -> Measured:
    point_discord_py_at(base, gateway)
    asyncio.run(_log_in_and(way, token, Plan(**json.loads(Path(plan).read_text(encoding="utf-8")))))
    return {}


async def _log_in_and(way: Way, token: str, plan: Plan) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        await way(client, plan)


async def _one_after_the_other(client: discord.Client, plan: Plan) -> None:
    for number, channel in enumerate(plan.first):
        if number == plan.after:
            _decide(plan)
        await client.get_partial_messageable(channel).send(plan.words)
    if len(plan.first) <= plan.after:
        _decide(plan)
    for channel in plan.then:
        await client.get_partial_messageable(channel).send(plan.urgent)


async def _all_at_once(client: discord.Client, plan: Plan) -> None:
    through, enough = 0, asyncio.Event()

    async def tell(channel: int) -> None:
        nonlocal through
        await client.get_partial_messageable(channel).send(plan.words)
        through += 1
        if through >= plan.after:
            enough.set()

    telling = asyncio.gather(*(tell(channel) for channel in plan.first), return_exceptions=True)
    if plan.first:
        await enough.wait()
    _decide(plan)
    urgent = (client.get_partial_messageable(channel).send(plan.urgent) for channel in plan.then)
    await asyncio.gather(*urgent, return_exceptions=True)
    await telling


def _decide(plan: Plan) -> None:
    with Path(plan.notes).open("a", encoding="utf-8") as file:
        file.write(json.dumps(["deciding", time.monotonic()]) + "\n")
