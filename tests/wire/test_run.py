"""`python -m bot run` as a process of its own, against a Discord on this machine."""

from __future__ import annotations

import signal
from pathlib import Path

import discord

from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.process import running

MEMBERS = discord.ApplicationFlags(gateway_guild_members_limited=True).value


def has_no_token(said: str) -> bool:
    """Whether neither the token nor the secret end of it was written."""
    return TOKEN not in said and TOKEN.rpartition(".")[2] not in said


async def test_sigterm_ends_the_bot_cleanly(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        server.add_guild("Lyon")
        async with running(server, tmp_path, "run", token=TOKEN, log_level="debug") as bot:
            await bot.ready(server)
            assert await bot.stop() == 0
            said = await bot.output()
        assert len(await server.until(lambda: server.gateway.closes)) == 1
    assert server.commands
    assert server.unknown == []
    assert "Traceback" not in said
    assert has_no_token(said)


async def test_a_command_is_answered_over_the_wire(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        guild = server.add_guild("Lyon", locale="fr")
        async with running(server, tmp_path, "run", token=TOKEN) as bot:
            await bot.ready(server)
            help_command = next(one for one in server.commands if one["name"] == "help")
            answer = await server.interact(guild, {"id": help_command["id"], "name": "help", "type": 1}, locale="fr")
            assert await bot.stop() == 0
            assert has_no_token(await bot.output())
    assert answer["data"]["flags"] & discord.MessageFlags(ephemeral=True).value


async def test_a_wrong_token_is_one_sentence(tmp_path: Path) -> None:
    async with DiscordServer(token="another") as server, running(server, tmp_path, "run", token=TOKEN) as bot:
        assert await bot.ended() == 1
        said = await bot.output()
    assert "TWINCORD_TOKEN" in said
    assert "Traceback" not in said
    assert has_no_token(said)


async def test_a_token_that_discord_says_back_is_masked(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        server.fail("GET", "/users/@me", 400, message=f"I do not like {TOKEN}", code=0)
        async with running(server, tmp_path, "run", token=TOKEN) as bot:
            assert await bot.ended() == 1
            said = await bot.output()
    assert "I do not like •••" in said
    assert has_no_token(said)


async def test_a_missing_intent_is_one_sentence(tmp_path: Path) -> None:
    async with DiscordServer() as server, running(server, tmp_path, "run", token=TOKEN) as bot:
        assert await bot.ended() == 1
        said = await bot.output()
    assert "TWINCORD_MEMBERS_INTENT" in said
    assert "Traceback" not in said
    assert has_no_token(said)


async def test_a_second_bot_on_the_same_database_is_refused(tmp_path: Path) -> None:
    server = DiscordServer(application_flags=MEMBERS)
    async with server, running(server, tmp_path, "run", token=TOKEN) as bot:
        await bot.ready(server)
        async with running(server, tmp_path, "run", token=TOKEN) as second:
            assert await second.ended() == 1
            said = await second.output()
        assert await bot.stop() == 0
    assert "Traceback" not in said
    assert len(server.gateway.identifies) == 1


async def test_a_bot_that_was_killed_leaves_its_place_to_the_next(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        async with running(server, tmp_path, "run", token=TOKEN) as bot:
            await bot.ready(server)
            assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
        async with running(server, tmp_path, "run", token=TOKEN) as bot:
            await server.until(lambda: len(server.gateway.identifies) == 2)
            assert await bot.stop() == 0


async def test_discord_out_of_reach_is_waited_for(tmp_path: Path) -> None:
    async with DiscordServer(application_flags=MEMBERS) as server:
        server.fail("GET", "/users/@me", 503)
        async with running(server, tmp_path, "run", token=TOKEN) as bot:
            await bot.ready(server)
            assert await bot.stop() == 0
            said = await bot.output()
    assert [one.status for one in server.requests if one.path == "/users/@me"] == [503, 200]
    assert "Traceback" not in said
