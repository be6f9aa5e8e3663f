"""A sender that is killed loses nothing and doubles nothing. `make bench ONLY=crash` does the same at length."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from db.engine import Database
from tests.wire.crashes import LONGER, SHORTER, Plan, kill_often
from tests.wire.sending import Switch
from tests.wire.wires import Report, sender_process, wire_up
from tests.wire.zygote import Zygote

KILLS = 5
DELIVERIES = 60


@pytest.fixture(scope="session")
async def copied() -> AsyncIterator[Zygote]:
    """What every life here is a copy of."""
    async with sender_process() as made:
        yield made


async def killed(database: Database, copied: Zygote, plan: Plan) -> Report:
    """Post, kill often, and report."""
    async with wire_up(database.url.render_as_string(hide_password=False), copied) as wire:
        await wire.post(DELIVERIES, each=2)
        return await kill_often(wire, plan, random.Random(2026))


@pytest.mark.parametrize("restart", [LONGER, SHORTER], ids=["nonce remembered", "nonce forgotten"])
async def test_nothing_is_lost_and_nothing_doubled(
    database: Database, copied: Zygote, restart: tuple[float, float]
) -> None:
    report = await killed(database, copied, Plan(KILLS, restart))
    assert (report.lost, report.doubled, report.misordered) == (0, 0, 0)
    assert report.states == {"sent": DELIVERIES}
    assert report.kills > 1
    assert report.between > 0


async def test_the_harness_sees_what_is_doubled(sqlite_database: Database, copied: Zygote) -> None:
    report = await killed(sqlite_database, copied, Plan(KILLS, LONGER, Switch.NO_NONCE))
    assert report.doubled > 0
    assert report.lost == 0


async def test_the_harness_sees_what_is_lost(sqlite_database: Database, copied: Zygote) -> None:
    report = await killed(sqlite_database, copied, Plan(KILLS, LONGER, Switch.MARK_FIRST))
    assert report.lost > 0
    assert report.doubled == 0
