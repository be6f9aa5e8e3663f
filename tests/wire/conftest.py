"""A loopback Discord for each test, and a small client of the real library to speak to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
import pytest
from discord import app_commands

from tests.wire.discord_server import DiscordServer


async def hello(interaction: discord.Interaction[discord.Client], name: str) -> None:
    """Answer, then say more."""
    await interaction.response.send_message(f"Hello {name}, in {interaction.locale.value}", ephemeral=True)
    await interaction.followup.send("And again.")


class PlainClient(discord.Client):
    """A client of discord.py as it comes, with one command."""

    def __init__(self, heartbeat_timeout: float = 60.0, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            guild_ready_timeout=0.05,
            heartbeat_timeout=heartbeat_timeout,
            chunk_guilds_at_startup=False,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="hello", description="Say hello")(hello)
        self.resumed = 0

    async def setup_hook(self) -> None:
        """Tell Discord about the commands."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify again at once: Discord's limit of one in five seconds does not hold here."""

    async def on_resumed(self) -> None:
        """Count."""
        self.resumed += 1


@asynccontextmanager
async def connected(server: DiscordServer, client: PlainClient) -> AsyncIterator[PlainClient]:
    """The client, logged in and ready; closed at the end."""
    running = asyncio.create_task(client.start(server.token))
    try:
        await server.until(lambda: server.gateway.live)
        await server.handled_by_client()
        await client.wait_until_ready()
        yield client
    finally:
        await client.close()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A loopback Discord with one guild, which the discord.py of this process speaks to."""
    async with DiscordServer() as started:
        started.add_guild("Lyon", ["Ana", "Boris"], locale="fr")
        with started.hooked():
            yield started
