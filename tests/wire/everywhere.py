"""A fault at one place of the sender's code, in the middle of all that may happen to it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from tests.wire.awaits import NOT_MET, Act, Moment, Place, places, sender_modules
from tests.wire.sending import Switch
from tests.wire.wires import SEND, Report, Wire
from tests.wire.zygote import Zygote, zygote

NOT_SENDING = ("post", "withdraw", "refusal", "sweep", "stop")
"""What decides, what composers ask, what tidies up, and what tells the sender to stop."""
SECOND_FAULT = ("Sender._land", "Sender._deliver", "OutboxService.put_back")
"""What it comes by only after another fault, or where it was stopped before it tried."""
LONG = 600.0
"""Seconds after which Discord has forgotten every nonce."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What came of one fault. `met`: the sender came by that place."""

    met: bool
    lost: int
    doubled: int
    misordered: int
    unsettled: int

    @property
    def harm(self) -> int:
        """How many were not said exactly once and on record, and channels out of order, by this fault and before."""
        return self.lost + self.doubled + self.misordered + self.unsettled


def faulty_process() -> AbstractAsyncContextManager[Zygote]:
    """What each life with a fault is a copy of."""
    return zygote("tests.wire.faulty:main")


def struck_places() -> list[Place]:
    """All places of the sender, but those that it never comes by: deciding, and being told to stop."""
    return [place for place in places(sender_modules()) if place.function.rpartition(".")[2] not in NOT_SENDING]


async def strike(wire: Wire, place: Place, moment: Moment, act: Act, *, switch: Switch | None = None) -> Struck:
    """Let a fault happen there while the sender has to do with all of this: deliveries that a dead one may have said
    long ago, one of them where it may not look; fresh ones; channels that refuse; answers that are errors, or lost; and
    something that is no longer to be said, and may have been."""
    await _leave_doubts(wire)
    await wire.post(4, each=2)
    await wire.post_directly(1)
    (withdrawn,) = await wire.post(1, each=1, withdrawn=True)
    (refusing,) = await wire.post(1, each=1, expected=False)
    wire.server.channels.refuses[refusing] = 50001
    wire.server.lose_answer(SEND[0], f"/channels/{withdrawn}/messages")
    wire.server.fail(*SEND, 503)
    wire.server.lose_answer(*SEND)
    wire.orders = replace(wire.orders, leaps=True, switch=switch)
    life = await wire.live(fault={"place": str(place), "moment": moment, "act": act})
    met = await life.ended != NOT_MET
    wire.server.faults.clear()
    await wire.finish()
    report = wire.audit(Report())
    return Struck(met, report.lost, report.doubled, report.misordered, len(await wire.unsettled()))


async def _leave_doubts(wire: Wire) -> None:
    """Let a sender die in the middle, long ago: one request was cut off before it arrived, one afterwards, in a channel
    whose history may not be read, and one answer is still on its way."""
    await wire.post(6, each=1)
    await wire.post_directly(1)
    wire.server.lose_answer(*SEND, accepted=False)
    wire.server.lose_answer(*SEND)
    before, hold = len(wire.server.requests), wire.server.hold_answer(*SEND, skip=1)
    life = await wire.live()
    reached = asyncio.create_task(hold.reached.wait())
    await asyncio.wait([reached, life.ended], return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    await life.kill()
    hold.released.set()
    wire.server.faults.clear()
    await wire.quiet()
    lost = [one for one in wire.server.requests[before:] if one.sends and one.status is None]
    if len(lost) > 1:
        wire.server.channels.unreadable.add(int(lost[1].path.split("/")[2]))
    wire.pass_time(LONG)
