"""The health page: alive, ready or why not, and what is counted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
import pytest

from bot import app
from bot.domain.errors import Refusal
from bot.health import Health, serving
from bot.i18n import Catalogues, Translator
from config import FOLDER
from config.settings import Settings, load_settings
from db.engine import Database
from tests.wire.discord_server import TOKEN, DiscordServer

MEMBERS = discord.ApplicationFlags(gateway_guild_members_limited=True).value


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Page:
    """A health page that answers."""

    session: aiohttp.ClientSession
    address: str

    async def get(self, path: str) -> tuple[int, str]:
        """The status and text of a page."""
        async with self.session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def until(self, path: str, wanted: tuple[int, str]) -> None:
        """Ask again until it answers this. Raises TimeoutError."""
        async with asyncio.timeout(30):
            while await self.get(path) != wanted:
                pass


@asynccontextmanager
async def page_of(port: int) -> AsyncIterator[Page]:
    """The page on a port."""
    async with aiohttp.ClientSession() as session:
        yield Page(session, f"http://127.0.0.1:{port}")


@pytest.fixture
def settings(no_settings: Path) -> Settings:
    """A bot with a token and a health page."""
    return load_settings(token=TOKEN, health_port=free_port(), database_url=f"sqlite:///{no_settings}/twincord.db")


@pytest.fixture
def t() -> Translator:
    """English."""
    return Catalogues.load(FOLDER / "locales").translator("en")


async def test_a_running_bot_is_alive_then_ready_and_counts(settings: Settings) -> None:
    assert settings.health_port is not None
    stop = asyncio.Event()
    async with DiscordServer(application_flags=MEMBERS) as server:
        guild = server.add_guild("Lyon", ["Ana", "Boris"])
        with server.hooked():
            running = asyncio.create_task(app.run(settings, stop))
            await server.until(lambda: server.gateway.live)
            async with page_of(settings.health_port) as page:
                assert await page.get("/healthz") == (200, "I am alive.\n")
                await page.until("/readyz", (200, "I am ready.\n"))
                command = next(one for one in server.commands if one["name"] == "help")
                await server.interact(guild, {"id": command["id"], "name": "help", "type": 1})
                await server.handled_by_client()
                status, text = await page.get("/metrics")
            stop.set()
            await running
    metrics = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert status == 200
    assert metrics["twincord_ready"] == "1"
    assert metrics["twincord_servers"] == "1"
    assert metrics["twincord_people"] == "3"
    assert metrics['twincord_interactions_total{kind="application_command"}'] == "1"
    assert metrics["twincord_commands_completed_total"] == "1"
    assert float(metrics["twincord_uptime_seconds"]) > 0


async def test_not_ready_says_every_reason(settings: Settings, t: Translator) -> None:
    unreachable = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    async with app.build(settings) as application:
        health = Health(application.bot, t, app._ping(unreachable), {"refused": 2, "bug": 1})
        async with serving(health, "127.0.0.1", 0) as port, page_of(port) as page:
            assert await page.get("/healthz") == (200, "I am alive.\n")
            status, text = await page.get("/readyz")
            _, metrics = await page.get("/metrics")
    await unreachable.close()
    assert status == 503
    assert text == "I am not connected to Discord yet.\nThe database does not answer.\n"
    assert "twincord_ready 0\n" in metrics
    assert 'twincord_failures_total{kind="bug"} 1\n' in metrics
    assert 'twincord_failures_total{kind="refused"} 2\n' in metrics


async def test_every_metric_is_explained_and_every_number_can_be_read(settings: Settings, t: Translator) -> None:
    async with app.build(settings) as application:
        lines = Health(application.bot, t, app._ping(application.database), {}).metrics().splitlines()
    for line in lines:
        if not line.startswith("#"):
            name, _, value = line.partition(" ")
            assert any(one.startswith(f"# HELP {name} ") for one in lines)
            assert any(one.startswith(f"# TYPE {name} ") for one in lines)
            float(value)


async def test_a_port_that_is_taken_is_one_sentence(settings: Settings, t: Translator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with app.build(settings) as application:
            health = Health(application.bot, t, app._ping(application.database), {})
            with pytest.raises(Refusal) as refused:
                async with serving(health, "127.0.0.1", port):
                    pass
    assert refused.value.message_id == "health.address_taken"
    assert str(port) in t(refused.value.message_id, **refused.value.parameters)
