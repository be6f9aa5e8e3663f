"""A false alarm while the alert is still being told: ahead of everything, and nowhere before the alert that it takes
back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.outbox import Priority
from db.engine import Database
from tests.wire.wires import Report, Wire, sender_process, wire_up

CHANNELS = 60
TOLD = 15
"""So many channels show the alert when it turns out to be false."""
IN_FLIGHT = 16
"""Sends that may be under way at that moment."""


@pytest.fixture
async def wire(database: Database) -> AsyncIterator[Wire]:
    """A wire whose sender is started by the test."""
    url = database.url.render_as_string(hide_password=False)
    async with sender_process() as copied, wire_up(url, copied, latency=0.02) as made:
        yield made


def order(wire: Wire) -> list[str]:
    """The first word of each message, in the order in which the server took them."""
    return [one.body["content"].split()[0] for one in wire.server.requests.sending() if one.status == 200]


async def test_a_false_alarm_overtakes_what_is_not_yet_told(wire: Wire) -> None:
    channels = wire.server.add_channels(CHANNELS)
    await wire.say(channels, "News", Priority.ORDINARY)
    await wire.say(channels, "Alert", Priority.ALERT, "alert:1")
    life = await wire.live()
    await wire.server.until(lambda: len(order(wire)) >= TOLD)
    await wire.say(channels, "Cancel", Priority.CANCEL, "alert:1")
    at = len(order(wire))
    assert await life.ended == 0
    await wire.quiet()
    said = order(wire)
    assert said.index("Cancel") <= at + 2 * IN_FLIGHT
    # What is ordinary fills only the places of sends that wait for the last answers about the alert.
    assert said[: 2 * CHANNELS].count("News") <= 2 * IN_FLIGHT
    for channel in channels:
        first, second, third = (text.split()[0] for text in wire.server.channels.shown(channel))
        assert (first, second, third) == ("Alert", "Cancel", "News")
    assert wire.audit(Report()).harm == 0
