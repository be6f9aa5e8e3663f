"""A fault at one place of the sender's code, in the middle of all that may happen to it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from tests.wire.awaits import NOT_MET, Act, Moment, Place, places, sender_modules
from tests.wire.crashes import SEND, Report, Wire
from tests.wire.sending import Switch
from tests.wire.zygote import Zygote, zygote

NOT_SENDING = ("post", "withdraw", "stop")
"""What decides, and what tells it to stop."""
SECOND_FAULT = ("Sender._land", "OutboxService.put_back")
"""What it comes by only after another fault, or where nothing was tried."""
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
    long ago, fresh ones, a channel that refuses, an error of Discord's, an answer that is lost."""
    await wire.post(6, each=2)
    await wire.post_directly(1)
    await _die_in_the_middle(wire)
    wire.pass_time(LONG)
    await wire.post(4, each=2)
    await wire.post_directly(1)
    wire.orders = replace(wire.orders, leaps=True, switch=switch)
    wire.server.fail(*SEND, 503)
    wire.server.lose_answer(*SEND)
    life = await wire.live(fault={"place": str(place), "moment": moment, "act": act})
    met = await life.ended != NOT_MET
    wire.server.faults.clear()
    await wire.finish()
    report = wire.audit(Report())
    return Struck(met, report.lost, report.doubled, report.misordered, len(await wire.unsettled()))


async def _die_in_the_middle(wire: Wire) -> None:
    hold = wire.server.hold_answer(*SEND, skip=3)
    life = await wire.live()
    reached = asyncio.create_task(hold.reached.wait())
    await asyncio.wait([reached, life.ended], return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    await life.kill()
    hold.released.set()
    wire.server.faults.clear()
    await wire.quiet()
