"""The small bot behind the page's server. `python -m tests.demo.serve` shows the page until it is ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.demo.sandbox import Sandbox
from bot.demo.server import PageServer
from bot.demo.tour import Tour
from bot.demo.world import World, build_world
from bot.i18n import Catalogues
from tests.demo.small_bot import PLAN, SmallBot, chapters

LOCALES = Path(__file__).parents[2] / "config" / "locales"


@asynccontextmanager
async def serving_small_bot() -> AsyncIterator[tuple[str, Sandbox, World]]:
    """The small bot in its world, and the address of the page."""
    sandbox = Sandbox(SmallBot())
    async with sandbox.running() as env:
        async with sandbox.act():
            world = build_world(env, PLAN)
            sandbox.locales |= {world.people[person.key].id: person.locale for person in PLAN.people}
            await env.settle()
        server = PageServer(sandbox, Catalogues.load(LOCALES), Tour(sandbox, world, chapters))
        async with server.serving() as address:
            yield address, sandbox, world


async def _show() -> None:
    async with serving_small_bot() as (address, _sandbox, _world):
        print(address, flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_show())
