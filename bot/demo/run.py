"""The demo as it runs: a database for the day, the real bot over it, a seeded network, and the page."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from pydantic import SecretStr

from bot import app
from bot.demo.leaving import leave_for_good
from bot.demo.sandbox import Sandbox
from bot.demo.seed import Seed
from bot.demo.server import PageServer
from bot.demo.steps import chapters
from bot.demo.tour import Tour
from bot.demo.world import World
from bot.ticker import Ticker
from config.settings import Settings

log = structlog.get_logger("twincord.demo")

LOOK_SECONDS = 0.5


async def run(settings: Settings, port: int, stop: asyncio.Event) -> None:
    """Run the demo until `stop` is set, and say at which address. Nothing of it is left afterwards.

    Raises what `bot.app.build` raises, and `Refusal` where the port is taken.
    """
    async with serving(settings, port) as (address, _world, application):
        t = application.catalogues.translator(settings.language)
        sys.stdout.write(t("demo.ready", address=address) + "\n")
        sys.stdout.flush()
        await stop.wait()


@asynccontextmanager
async def serving(settings: Settings, port: int = 0) -> AsyncIterator[tuple[str, World, app.Application]]:
    """The demo, ready: its page's address, who and what there is, and the program behind it.

    Whatever the settings say of a token and a database is left alone: the demo has its own.
    """
    with TemporaryDirectory(prefix="twincord-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        own = {
            "token": None,
            "database_url": SecretStr(f"sqlite:///{folder / 'demo.db'}"),
            "members_intent": True,
            "shard_count": None,
            "health_port": None,
        }
        async with app.build(settings.model_copy(update=own), alone=True) as application:
            sandbox = Sandbox(application.bot)
            async with sandbox.running(), AsyncExitStack() as stack:
                world = await Seed(sandbox, application.bot, application.services, folder).sow()
                ticking = sandbox.outside(tick_along(sandbox, application.ticker))
                stack.push_async_callback(_ended, ticking)
                tour = Tour(sandbox, world, chapters)
                leave = leave_for_good(application.services)
                server = PageServer(sandbox, application.catalogues, tour, leave)
                async with server.serving(port) as address:
                    yield address, world, application


async def tick_along(sandbox: Sandbox, ticker: Ticker) -> None:
    """What the bot does on its own, in turn with what people do: here a click and a message cannot overlap."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if ticker.due:
            try:
                async with sandbox.act():
                    await ticker.tick()
            except Exception:
                log.exception("the bot's own work failed")


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
