"""Bad days of the loopback Discord, as a real discord.py client meets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.wire.conftest import PlainClient, connected
from tests.wire.discord_server import DiscordServer

MESSAGES = r"/channels/\d+/messages"


@pytest.fixture
async def client(server: DiscordServer) -> AsyncIterator[discord.Client]:
    """A client that is logged in and has no gateway: enough to send."""
    async with discord.Client(intents=discord.Intents.none()) as made:
        await made.login(server.token)
        yield made


def a_channel(server: DiscordServer, client: discord.Client) -> discord.PartialMessageable:
    """A fresh channel."""
    return client.get_partial_messageable(server.add_channels(1)[0])


async def test_a_channel_can_be_told_by_id_alone(server: DiscordServer, client: discord.Client) -> None:
    channel = a_channel(server, client)
    sent = await channel.send("hello")
    assert [message.content async for message in channel.history()] == ["hello"]
    await sent.edit(content="goodbye")
    assert server.channels.shown(channel.id) == ["goodbye"]
    assert (await channel.fetch_message(sent.id)).content == "goodbye"
    await sent.delete()
    assert server.channels.shown(channel.id) == []
    assert server.unknown == []


async def test_the_limit_of_all_requests_is_kept_by_the_server(server: DiscordServer, client: discord.Client) -> None:
    server.limits.everywhere = 5
    channels = [a_channel(server, client) for _ in range(8)]
    await asyncio.gather(*(channel.send("hello") for channel in channels))
    statuses = [one.status for one in server.requests.sending()]
    assert statuses.count(200) == 8
    assert statuses.count(429) >= 3
    assert server.requests.busiest_second() > 5


async def test_a_channels_bucket_is_waited_for(server: DiscordServer, client: discord.Client) -> None:
    (rule,) = server.limits.rules
    server.limits.rules = [type(rule)(rule.method, rule.path, 2, 0.2)]
    channel = a_channel(server, client)
    for number in range(4):
        await channel.send(str(number))
    assert server.channels.shown(channel.id) == ["0", "1", "2", "3"]
    assert server.requests.statuses()[429] == 0


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_limit_on_demand(server: DiscordServer, client: discord.Client, scope: str) -> None:
    server.limit("POST", MESSAGES, scope=scope)
    await a_channel(server, client).send("still there")
    assert [one.status for one in server.requests.sending()] == [429, 200]


@pytest.mark.parametrize("code", [50001, 50007, 50013, 50278])
async def test_a_refusal_on_demand(server: DiscordServer, client: discord.Client, code: int) -> None:
    channel = a_channel(server, client)
    server.channels.refuses[channel.id] = code
    with pytest.raises(discord.Forbidden) as caught:
        await channel.send("may I?")
    assert caught.value.code == code


async def test_a_channel_that_is_gone(server: DiscordServer, client: discord.Client) -> None:
    with pytest.raises(discord.NotFound) as caught:
        await client.get_partial_messageable(5).send("anyone?")
    assert caught.value.code == 10003


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_request_that_times_out(server: DiscordServer, client: discord.Client, accepted: bool) -> None:
    server.keep_silent("POST", MESSAGES, accepted=accepted)
    channel = a_channel(server, client)
    sending = asyncio.create_task(channel.send("hello", nonce="7"))
    await server.until(server.requests.sending)
    sending.cancel()
    await asyncio.wait([sending])
    assert server.channels.shown(channel.id) == (["hello"] if accepted else [])
    await channel.send("hello", nonce="7")
    assert server.channels.shown(channel.id) == ["hello"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_connection_that_breaks(server: DiscordServer, client: discord.Client, accepted: bool) -> None:
    server.lose_answer("POST", MESSAGES, accepted=accepted)
    channel = a_channel(server, client)
    with pytest.raises(aiohttp.ClientError):
        await channel.send("hello")
    assert server.channels.shown(channel.id) == (["hello"] if accepted else [])


async def test_an_error_that_is_a_lie(server: DiscordServer, client: discord.Client) -> None:
    server.fail("POST", MESSAGES, 503, accepted=True)
    channel = a_channel(server, client)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("hello")
    assert server.channels.shown(channel.id) == ["hello"]


async def test_an_answer_that_is_held_back(server: DiscordServer, client: discord.Client) -> None:
    hold = server.hold_answer("POST", MESSAGES)
    channel = a_channel(server, client)
    sending = asyncio.create_task(channel.send("hello"))
    await hold.reached.wait()
    assert server.channels.shown(channel.id) == ["hello"]
    assert not sending.done()
    hold.released.set()
    assert (await sending).content == "hello"


async def test_a_request_goes_on_without_its_client(server: DiscordServer, client: discord.Client) -> None:
    server.latency = 0.2
    channel, before = a_channel(server, client), server.arrived
    sending = asyncio.create_task(channel.send("hello"))
    await server.until(lambda: server.arrived > before)
    await client.http.close()
    sending.cancel()
    await server.until(lambda: server.channels.shown(channel.id))
    assert sending.cancelled() or sending.done()


async def test_time_passes_on_discords_side(server: DiscordServer, client: discord.Client) -> None:
    channel = a_channel(server, client)
    first = await channel.send("once", nonce="7")
    server.pass_time(600)
    second = await channel.send("once", nonce="7")
    assert (second.created_at - first.created_at).total_seconds() >= 600
    assert server.channels.shown(channel.id) == ["once", "once"]


async def test_a_gateway_that_breaks_is_resumed(server: DiscordServer) -> None:
    async with connected(server, PlainClient()) as client:
        server.gateway.drop()
        await server.until(lambda: server.gateway.resumes)
        await server.handled_by_client()
        assert client.resumed == 1
    assert len(server.gateway.identifies) == 1
