"""The two bots whose start is measured, each run in a process of its own; imports no more than they need."""

from __future__ import annotations

import asyncio
import os
import signal
from time import process_time

import discord
from discord import app_commands
from discord.ext import commands

from tests.bench.harness.compare import Measured
from tests.wire.hooks import point_discord_py_at


def twincord(base: str, gateway_url: str, token: str) -> Measured:
    """`python -m bot run`, in a child."""
    from bot.cli import app  # noqa: PLC0415 - the import is a part of what is measured

    point_discord_py_at(base, gateway_url)
    os.environ["TWINCORD_TOKEN"] = token
    app(["run"], standalone_mode=False)
    return {"s of CPU": process_time()}


def bare(base: str, gateway_url: str, token: str) -> Measured:
    """A bot of discord.py with one command, in a child, ended by SIGTERM as a good bot is."""
    point_discord_py_at(base, gateway_url)
    asyncio.run(_run_bare(token))
    return {"s of CPU": process_time()}


class Bare(commands.AutoShardedBot):
    """Loads one command and tells Discord about it."""

    async def setup_hook(self) -> None:
        """Load and synchronise."""
        self.tree.add_command(app_commands.Command(name="hello", description="Say hello", callback=hello))
        await self.tree.sync()


async def hello(interaction: discord.Interaction[Bare]) -> None:
    """Answer."""
    await interaction.response.send_message("Hello")


async def _run_bare(token: str) -> None:
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, members=True)
    bot = Bare(commands.when_mentioned, intents=intents, chunk_guilds_at_startup=False)
    running = asyncio.create_task(bot.start(token))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.create_task(bot.close()))
    await running
