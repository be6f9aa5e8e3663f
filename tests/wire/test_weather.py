"""Every bad day of Discord's at once: each message is shown once all the same."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from db.engine import Database
from tests.wire.faults import Ending, Fault
from tests.wire.limits import too_many
from tests.wire.wires import SEND, Report, sender_process, wire_up

DELIVERIES = 60
TIMES = 3


def weather(chance: random.Random) -> list[Fault]:
    """Limits of each kind, errors that are true and errors that are not, connections that break before and after."""
    method, path = SEND[0], re.compile(SEND[1])
    limits = [too_many(0.05, scope) for scope in ("user", "shared", "global")]
    faults = [Fault(method, path, 429, said.body, said.headers) for said in limits]
    faults += [Fault(method, path, 503, accepted=accepted) for accepted in (True, False)]
    faults += [Fault(method, path, accepted=accepted, ending=Ending.CUT) for accepted in (True, False)]
    return [replace(fault, times=TIMES, chance=lambda: chance.random() < 0.2) for fault in faults]


async def test_each_message_is_shown_once(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    async with sender_process() as copied, wire_up(url, copied, latency=0.01) as wire:
        await wire.post(DELIVERIES, each=2)
        wire.orders = replace(wire.orders, leaps=True)
        wire.server.faults = weather(random.Random(11))
        await wire.finish()
        assert wire.audit(Report()).harm == 0
        assert not any(fault.times for fault in wire.server.faults), "each fault was met as often as it was to be"
        assert await wire.states() == {"sent": DELIVERIES}
        statuses = wire.server.requests.statuses()
        assert (statuses[429], statuses[503], statuses[None]) == (3 * TIMES, 2 * TIMES, 2 * TIMES)
