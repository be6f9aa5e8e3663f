"""The loopback Discord serves a real discord.py client, on good days and bad ones."""

from __future__ import annotations

import math
from contextlib import suppress

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.conftest import PlainClient, connected
from tests.wire.discord_server import APPLICATION_ID, DiscordServer

MESSAGES = r"/channels/\d+/messages"
HELLO = {"id": "1", "name": "hello", "type": 1, "options": [{"name": "name", "type": 3, "value": "Ana"}]}


def the_guild(server: DiscordServer) -> dict[str, object]:
    """The one guild of the fixture."""
    return next(iter(server.guilds.values()))


def the_channel(server: DiscordServer, client: discord.Client) -> discord.PartialMessageable:
    """Its channel."""
    return client.get_partial_messageable(next(iter(server.guilds)) + 1)


async def test_a_client_logs_in_and_is_ready(server: DiscordServer) -> None:
    async with connected(server, PlainClient()) as client:
        assert client.user is not None
        assert client.user.id == client.application_id == APPLICATION_ID
        (guild,) = client.guilds
        assert (guild.name, guild.preferred_locale) == ("Lyon", discord.Locale.french)
        assert [channel.name for channel in guild.text_channels] == ["general"]
        assert server.gateway.identifies[0]["token"] == server.token
        assert [command["name"] for command in server.commands] == ["hello"]
    assert server.unknown == []
    assert len(await server.until(lambda: server.gateway.closes)) == 1


async def test_an_interaction_is_answered_and_followed_up(server: DiscordServer) -> None:
    async with connected(server, PlainClient()):
        answer = await server.interact(the_guild(server), HELLO, locale="es-ES")
        later = await server.until(
            lambda: next((one for one in server.requests if one.path.startswith("/webhooks/")), None)
        )
    assert answer["type"] == discord.InteractionResponseType.channel_message.value
    assert answer["data"]["content"] == "Hello Ana, in es-ES"
    assert answer["data"]["flags"] == discord.MessageFlags(ephemeral=True).value
    assert later.body["content"] == "And again."
    assert server.unknown == []


async def test_a_wrong_token_is_refused_at_login(server: DiscordServer) -> None:
    async with PlainClient() as client:
        with pytest.raises(discord.LoginFailure) as caught:
            await client.login(server.token[::-1])
    assert server.token[::-1] not in str(caught.value)
    assert [request.status for request in server.requests] == [401]


async def test_a_token_that_the_gateway_refuses_ends_the_client(server: DiscordServer) -> None:
    server.gateway.token = "renewed meanwhile"
    async with PlainClient() as client:
        with pytest.raises(discord.ConnectionClosed) as caught:
            await client.start(server.token)
    assert caught.value.code == 4004


async def test_an_intent_that_was_not_granted_is_refused(server: DiscordServer) -> None:
    async with PlainClient(intents=discord.Intents(guilds=True, members=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(server.token)


async def test_members_arrive_where_the_intent_is_granted() -> None:
    granted = discord.ApplicationFlags(gateway_guild_members_limited=True).value
    async with DiscordServer(application_flags=granted) as server:
        server.add_guild("Porto", ["Ana", "Boris"])
        with server.hooked():
            intents = discord.Intents(guilds=True, members=True)
            async with connected(server, PlainClient(intents=intents)) as client:
                found = await client.guilds[0].chunk()
    assert found is not None
    assert [member.name for member in found] == ["Ana", "Boris", "Twincord"]


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_rate_limit_is_waited_for(server: DiscordServer, everywhere: bool) -> None:
    server.limit("POST", MESSAGES, scope="global" if everywhere else "user", times=2)
    async with connected(server, PlainClient()) as client:
        message = await the_channel(server, client).send("still there")
    assert message.content == "still there"
    assert [one.status for one in server.requests if one.path.endswith("/messages")] == [429, 429, 200]


async def test_a_server_error_is_tried_again(server: DiscordServer) -> None:
    server.fail("POST", MESSAGES, 502)
    async with connected(server, PlainClient()) as client:
        await the_channel(server, client).send("still there")
    assert [one.status for one in server.requests if one.path.endswith("/messages")] == [502, 200]


async def test_a_refusal_carries_discords_code(server: DiscordServer) -> None:
    server.fail("POST", MESSAGES, 403, code=50013, message="Missing Permissions")
    async with connected(server, PlainClient()) as client:
        with pytest.raises(discord.Forbidden) as caught:
            await the_channel(server, client).send("may I?")
    assert caught.value.code == 50013


async def test_a_lost_answer_leaves_one_message_where_the_nonce_is_sent_again(server: DiscordServer) -> None:
    server.lose_answer("POST", MESSAGES)
    async with connected(server, PlainClient()) as client:
        channel = the_channel(server, client)
        with pytest.raises(aiohttp.ClientError):
            await channel.send("once", nonce="delivery-1")
        again = await channel.send("once", nonce="delivery-1")
    (kept,) = server.channels.messages[channel.id]
    assert kept["id"] == str(again.id)
    assert [one.status for one in server.requests if one.path.endswith("/messages")] == [None, 200]


async def test_a_heartbeat_is_acknowledged(server: DiscordServer) -> None:
    server.gateway.heartbeat_interval = 0.05
    async with connected(server, PlainClient()) as client:
        await server.until(lambda: len(server.gateway.heartbeats) > 3)
        assert math.isfinite(client.latency)
        assert server.gateway.resumes == []


async def test_a_missing_acknowledgement_makes_the_client_resume(server: DiscordServer) -> None:
    server.gateway.heartbeat_interval = 0.05
    async with connected(server, PlainClient(heartbeat_timeout=0.3)) as client:
        server.gateway.acknowledges = False
        await server.until(lambda: server.gateway.resumes)
        server.gateway.acknowledges = True
        await server.handled_by_client()
        assert client.resumed >= 1
    assert len(server.gateway.identifies) == 1


@pytest.mark.parametrize("cause", ["closed", "asked"])
async def test_a_client_that_resumes_misses_nothing(server: DiscordServer, cause: str) -> None:
    async with connected(server, PlainClient()) as client:
        if cause == "closed":
            await server.gateway.close(4000)
        else:
            await server.gateway.reconnect()
            await server.until(lambda: server.gateway.closes)
        guild = the_guild(server)
        await server.gateway.dispatch(
            "CHANNEL_UPDATE",
            {**guild["channels"][0], "name": "renamed"},  # type: ignore[index]
        )
        await server.until(lambda: server.gateway.resumes)
        await server.handled_by_client()
        assert [channel.name for channel in client.guilds[0].text_channels] == ["renamed"]
        assert client.resumed == 1
    assert len(server.gateway.identifies) == 1


async def test_an_invalid_session_makes_the_client_identify_anew(server: DiscordServer) -> None:
    async with connected(server, PlainClient()) as client:
        await server.gateway.invalidate()
        await server.until(lambda: len(server.gateway.identifies) == 2 and server.gateway.live)
        await server.handled_by_client()
        assert len(client.guilds) == 1
    assert server.gateway.resumes == []


async def test_what_nothing_here_answers_is_listed(server: DiscordServer) -> None:
    async with connected(server, PlainClient()) as client:
        with pytest.raises(discord.NotFound):
            await client.fetch_user(7)
    assert [(one.method, one.path) for one in server.unknown] == [("GET", "/users/7")]


async def test_discord_py_is_pointed_back_at_discord() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordServer() as server:
        with suppress(RuntimeError), server.hooked():
            assert server.base == Route.BASE
            raise RuntimeError("a test fails")
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    assert "discord" in Route.BASE
