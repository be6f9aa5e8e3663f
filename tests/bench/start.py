"""How long a process takes from its start until it has handled Discord's READY and all its servers.

The commands are loaded and synchronised before that. The alternative is a bot of discord.py with one command and
nothing else: what is above it is what Twincord adds (settings, catalogues, database, migrations, cogs). Beside the
time on the clock stands that of the processor, from start to end, which a busy machine changes less.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import discord

from tests.bench._bots import bare, twincord
from tests.bench.harness import child
from tests.bench.harness.compare import Comparison, Measured
from tests.wire.discord_server import DiscordServer

SIZES = (3, 300)
"""How many servers the bot is in."""
MEMBERS_INTENT = discord.ApplicationFlags(gateway_guild_members_limited=True).value


def comparisons() -> Iterator[Comparison]:
    """One comparison for each number of servers; both sides start from a database that is already there."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            yield Comparison(
                size,
                "a bare discord.py bot",
                partial(start, twincord, size, folder),
                partial(start, bare, size, folder),
            )


def start(way: Callable[[str, str, str], Measured], size: int, folder: str) -> Measured:
    """Start a process that runs `way` against a Discord with `size` servers, and end it once it is ready."""
    return asyncio.run(_start(way, size, folder))


async def _start(way: Callable[[str, str, str], Measured], size: int, folder: str) -> Measured:
    async with DiscordServer(application_flags=MEMBERS_INTENT) as server:
        for number in range(size):
            server.add_guild(f"City {number}")
        began = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *child.command(way, server.base, server.gateway_url, server.token),
            cwd=child.ROOT,
            env=os.environ | {"TWINCORD_DATABASE_URL": f"sqlite:///{Path(folder)}/twincord.db"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        saying = asyncio.create_task(process.communicate())
        try:
            await server.until(lambda: server.gateway.live or saying.done())
            await server.handled_by_client()
            seconds = perf_counter() - began
            process.send_signal(signal.SIGTERM)
            output, errors = await saying
        finally:
            if process.returncode is None:
                process.kill()
                await saying
    if process.returncode:
        raise child.ChildError(errors.decode()[-2000:])
    return {"s": seconds, **child.result(output.decode())}
