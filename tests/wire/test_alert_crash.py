"""A sender that is killed while an alert, its "it stands" and its false alarm are on their way loses, doubles and
misplaces nothing. `make bench ONLY=crash` does the same at length."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from db.engine import Database
from tests.wire.alert_crashes import alert_wire, audit, kill_while_alerting
from tests.wire.crashes import LONGER, SHORTER
from tests.wire.wires import Report
from tests.wire.zygote import Zygote, zygote

CHANNELS, KILLS = 36, 6


@pytest.fixture(scope="session")
async def copied() -> AsyncIterator[Zygote]:
    """What every life here is a copy of."""
    async with zygote("tests.wire.alerting:main") as made:
        yield made


@pytest.mark.parametrize("restart", [LONGER, SHORTER], ids=["nonce remembered", "nonce forgotten"])
async def test_nothing_of_an_alert_is_lost_doubled_or_misplaced(
    database: Database, copied: Zygote, restart: tuple[float, float]
) -> None:
    async with alert_wire(database, copied, CHANNELS) as wire:
        report = await kill_while_alerting(wire, KILLS, restart, random.Random(2026))
        assert (report.lost, report.doubled, report.misordered) == (0, 0, 0)
        assert report.kills > 2
        assert report.between > 0
        kinds = {kind for kind, state, _ in (await wire.kinds()).values() if state == "sent"}
        assert kinds == {"alert", "alert_update", "alert_cancel"}
        # And it would have been seen.
        told = next(channel for channel in wire.channels if wire.server.channels.messages.get(channel))
        messages = wire.server.channels.messages[told]
        messages.insert(0, messages.pop())
        assert (await audit(wire, Report())).misordered == 1
        messages.append(messages[0])
        assert (await audit(wire, Report())).doubled == 1
        wire.server.channels.messages[told] = messages[1:-1]
        assert (await audit(wire, Report())).lost > 0
