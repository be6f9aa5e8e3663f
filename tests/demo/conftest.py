"""A browser's view of the small bot, on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.demo.client import Browser
from tests.demo.serve import serving_small_bot


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Speaks to the page's server as the page does."""
    async with serving_small_bot() as (address, _sandbox, world), Browser.opened(address, world) as opened:
        yield opened
