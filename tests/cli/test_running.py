"""The bot's life from start to end: what keeps it waiting, and what ends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord
import pytest
from sqlalchemy import text

from bot import app
from bot.client.connecting import stay_connected
from bot.domain.errors import Refusal
from config.settings import Settings, load_settings
from db.engine import Database
from db.lock import SPEAKER_KEY
from tests.postgres import make_database
from tests.wire.discord_server import TOKEN, DiscordServer

MEMBERS = discord.ApplicationFlags(gateway_guild_members_limited=True).value


@pytest.fixture
def settings(no_settings: Path) -> Settings:
    """A bot with a token."""
    return load_settings(token=TOKEN, shard_count=1, database_url=f"sqlite:///{no_settings}/twincord.db")


def is_made(folder: Path) -> bool:
    """Whether a database was made where the defaults put it."""
    return (folder / "data").exists()


async def refused(settings: Settings, server: DiscordServer) -> str:
    """Why a run ended by itself."""
    with server.hooked(), pytest.raises(Refusal) as caught:
        await app.run(settings, asyncio.Event())
    return caught.value.message_id


async def test_a_token_that_the_gateway_refuses(settings: Settings) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        server.gateway.token = "renewed meanwhile"
        assert await refused(settings, server) == "run.token_refused"


async def test_an_intent_that_was_not_granted(settings: Settings) -> None:
    async with DiscordServer() as server:
        assert await refused(settings, server) == "run.intent_refused"


async def test_without_a_token_nothing_is_opened(no_settings: Path) -> None:
    with pytest.raises(Refusal) as caught:
        await app.run(load_settings(), asyncio.Event())
    assert caught.value.message_id == "run.token_missing"
    assert not is_made(no_settings)


async def test_discord_out_of_reach_is_tried_again_ever_slower(settings: Settings) -> None:
    waits: list[float] = []

    async def pass_time(seconds: float) -> None:
        waits.append(seconds)

    async with DiscordServer(application_flags=MEMBERS) as server, app.build(settings) as application:
        server.fail("GET", "/users/@me", 503, times=3)
        server.fail("GET", "/oauth2/applications/@me", 503, times=4)
        server.gateway.token = "renewed meanwhile"  # so that it ends
        t = application.catalogues.translator("en")
        with server.hooked():
            async with application.bot as bot:
                with pytest.raises(Refusal):
                    await stay_connected(bot, TOKEN, t, pass_time)
    assert waits == [2, 4, 8, 16, 32, 60, 60]


async def test_a_speaker_who_lost_the_lock_falls_silent(
    settings: Settings, postgresql_server: str, worker: str
) -> None:
    address = await make_database(postgresql_server, f"running_{worker}")
    settings = load_settings(token=TOKEN, shard_count=1, database_url=address)
    other = Database(address)
    async with DiscordServer(application_flags=MEMBERS) as server:
        server.add_guild("Lyon")
        with server.hooked():
            running = asyncio.create_task(app.run(settings, asyncio.Event()))
            await server.until(lambda: server.gateway.live)
            async with other.begin() as session:
                await session.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"),
                    {"key": SPEAKER_KEY},
                )
            with pytest.raises(Refusal) as caught:
                await running
        await server.until(lambda: not server.gateway.live)
    await other.close()
    assert caught.value.message_id == "run.lock_lost"


async def test_being_told_to_stop_while_discord_is_out_of_reach(settings: Settings) -> None:
    stop = asyncio.Event()
    async with DiscordServer() as server:
        server.fail("GET", "/users/@me", 500, times=1000)
        with server.hooked():
            running = asyncio.create_task(app.run(settings, stop))
            await server.until(lambda: server.requests)
            stop.set()
            await running
