"""The bot as a process of its own, speaking to the loopback Discord."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.wire.discord_server import DiscordServer

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class BotProcess:
    """A running `python -m bot …`."""

    process: asyncio.subprocess.Process
    said: asyncio.Task[tuple[bytes, bytes]]

    async def ready(self, server: DiscordServer) -> None:
        """Wait until it has handled READY and its guilds. Raises RuntimeError with its words where it ends first."""
        identified = asyncio.create_task(server.until(lambda: server.gateway.live))
        await asyncio.wait({identified, self.said}, return_when=asyncio.FIRST_COMPLETED)
        if self.said.done():
            identified.cancel()
            raise RuntimeError(f"the bot ended with {await self.ended()}: {await self.output()}")
        await identified
        await server.handled_by_client()

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End it with a signal, as a service manager does, and return its exit status."""
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Its exit status, once it has ended."""
        await self.said
        assert self.process.returncode is not None
        return self.process.returncode

    async def output(self) -> str:
        """All that it wrote, once it has ended."""
        return b"".join(await self.said).decode()


@asynccontextmanager
async def running(
    server: DiscordServer, folder: Path, *arguments: str, program: str = "tests.wire.run_bot", **settings: str
) -> AsyncIterator[BotProcess]:
    """Start `python -m bot …` in a folder of its own, with these settings and none of this process's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWINCORD_")}
    environment |= {f"TWINCORD_{name.upper()}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        program,
        server.base,
        server.gateway_url,
        *arguments,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said = asyncio.create_task(process.communicate())
    try:
        yield BotProcess(process, said)
    finally:
        if process.returncode is None:
            process.kill()
        await said
