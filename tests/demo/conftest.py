"""The small bot behind the page's server, on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo.sandbox import Sandbox
from bot.demo.server import PageServer
from bot.demo.tour import Tour
from bot.demo.world import World, build_world
from bot.i18n import Catalogues
from tests.demo.client import Browser
from tests.demo.small_bot import PLAN, SmallBot, steps

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
        server = PageServer(sandbox, Catalogues.load(LOCALES), Tour(world, steps))
        async with server.serving() as address:
            yield address, sandbox, world


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Speaks to the page's server as the page does."""
    async with serving_small_bot() as (address, _sandbox, world), Browser.opened(address, world) as opened:
        yield opened
