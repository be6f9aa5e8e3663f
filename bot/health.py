"""How the bot is, for whoever watches over it: /healthz, /readyz and /metrics on a small server of its own."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import discord
from aiohttp import web
from discord.ext import commands

from bot.domain.deliveries import DeliveriesStatus
from bot.domain.errors import Refusal, Unavailable
from bot.i18n import Translator

PATIENCE = 5.0
"""Seconds for the database to answer, less than the ten that a watcher usually waits for us."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text exposition format (its documentation, "Exposition formats")."""

Sample = tuple[str, float]


@dataclass(slots=True)
class Health:
    """Knows how the bot is. `ping` raises `Unavailable` where the database does not answer; `failures` counts errors
    by kind; `seconds` is a clock that only goes forward; `deliveries` says how the outbox is."""

    bot: commands.AutoShardedBot
    t: Translator
    ping: Callable[[], Awaitable[None]]
    failures: Mapping[str, int]
    seconds: Callable[[], float] = time.monotonic
    deliveries: Callable[[], Awaitable[DeliveriesStatus]] | None = None
    interactions: Counter[str] = field(default_factory=Counter)
    completed: int = 0
    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = self.seconds()
        self.bot.add_listener(self._count_interaction, "on_interaction")
        self.bot.add_listener(self._count_completion, "on_app_command_completion")

    async def _count_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.interactions[interaction.type.name] += 1

    async def _count_completion(self, _interaction: discord.Interaction[Any], _command: object) -> None:
        self.completed += 1

    async def problems(self) -> list[str]:
        """Why the bot cannot serve people now, as sentences; empty where it can."""
        found = []
        asleep = [number for number, shard in self.bot.shards.items() if shard.is_closed()]
        if not self.bot.is_ready():
            found.append(self.t("health.not_connected"))
        elif asleep:
            found.append(self.t("health.shards_asleep", shards=self.t.list(map(str, asleep))))
        try:
            async with asyncio.timeout(PATIENCE):
                await self.ping()
        except (Unavailable, TimeoutError):
            found.append(self.t("health.database_silent"))
        return found

    async def outbox(self) -> str:
        """How the outbox is, as Prometheus reads it; nothing where the database does not answer."""
        if self.deliveries is None:
            return ""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.deliveries()
        except (Unavailable, TimeoutError):
            return ""
        return "".join(_outbox(found))

    def metrics(self) -> str:
        """Everything that is counted here, as Prometheus reads it."""
        return "".join(self._lines())

    def _lines(self) -> Iterator[str]:
        up = self.seconds() - self.started
        people = sum(guild.member_count or 0 for guild in self.bot.guilds)
        latencies = [(f'{{shard="{number}"}}', seconds) for number, seconds in self._latencies()]
        kinds = [(f'{{kind="{kind}"}}', count) for kind, count in sorted(self.interactions.items())]
        failures = [(f'{{kind="{kind}"}}', count) for kind, count in sorted(self.failures.items())]
        yield from _metric("uptime_seconds", "gauge", "Seconds since the bot was started.", [("", up)])
        yield from _metric("ready", "gauge", "1 while connected to Discord.", [("", float(self.bot.is_ready()))])
        yield from _metric("shard_latency_seconds", "gauge", "From heartbeat to answer, by shard.", latencies)
        yield from _metric("servers", "gauge", "Discord servers that the bot is in.", [("", len(self.bot.guilds))])
        yield from _metric("people", "gauge", "People in those servers, by Discord's count.", [("", people)])
        yield from _metric("interactions_total", "counter", "What people asked of the bot, by kind.", kinds)
        yield from _metric("commands_completed_total", "counter", "Commands that were done.", [("", self.completed)])
        yield from _metric("failures_total", "counter", "What was answered by a refusal or error, by kind.", failures)

    def _latencies(self) -> list[tuple[int, float]]:
        # Before the first heartbeat was answered there is nothing to tell.
        return [(number, seconds) for number, seconds in self.bot.latencies if math.isfinite(seconds)]


def _outbox(found: DeliveriesStatus) -> Iterator[str]:
    states = [(f'{{state="{state}"}}', n) for state, n in sorted(found.states.items())]
    refused = [(f'{{reason="{reason}"}}', n) for reason, n in sorted(found.refused.items())]
    waited = (datetime.now(UTC) - found.oldest).total_seconds() if found.oldest is not None else 0.0
    yield from _metric("deliveries", "gauge", "What the bot says on its own, by state, of 30 days.", states)
    yield from _metric("deliveries_refused", "gauge", "What Discord refused of it, by reason.", refused)
    yield from _metric("deliveries_waiting", "gauge", "What is due and waits for its turn.", [("", found.waiting)])
    yield from _metric("deliveries_waiting_seconds", "gauge", "How long the first of it has waited.", [("", waited)])


def _metric(name: str, kind: str, meaning: str, samples: Sequence[Sample]) -> Iterator[str]:
    yield f"# HELP twincord_{name} {meaning}\n# TYPE twincord_{name} {kind}\n"
    for labels, value in samples:
        yield f"twincord_{name}{labels} {value:g}\n" if value < 1e6 else f"twincord_{name}{labels} {value:.0f}\n"


def pages(health: Health) -> web.Application:
    """The three pages."""

    async def alive(_request: web.Request) -> web.Response:
        return web.Response(text=health.t("health.alive") + "\n")

    async def ready(_request: web.Request) -> web.Response:
        problems = await health.problems()
        return web.Response(
            status=503 if problems else 200,
            text="".join(f"{line}\n" for line in problems or [health.t("health.ready")]),
        )

    async def metrics(_request: web.Request) -> web.Response:
        text = health.metrics() + await health.outbox()
        return web.Response(body=text.encode(), headers={"Content-Type": METRICS_TYPE})

    application = web.Application()
    application.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)])
    return application


@asynccontextmanager
async def serving(health: Health, host: str, port: int) -> AsyncIterator[int]:
    """Answer on this address (port 0: any free one) and say on which port. Raises `Refusal` where it is taken."""
    runner = web.AppRunner(pages(health), access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise Refusal("health.address_taken", host=host, port=str(port), reason=error.strerror) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
