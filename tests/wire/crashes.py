"""Killing what sends, again and again, and looking afterwards at what each channel shows.

async with sender_process() as copied, wire_up(url, copied) as wire:
    await wire.post(2_000)
    report = await kill_often(wire, Plan(kills=100, restart=LONGER), random.Random(7))
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from tests.wire.ledger import Request
from tests.wire.sending import Switch
from tests.wire.wires import SEND, Report, Wire
from tests.wire.zygote import Life

LONGER = (0.0, 60.0)
"""Seconds of a restart after which Discord still knows a nonce."""
SHORTER = (400.0, 900.0)
"""Seconds of a restart after which it has forgotten it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How lives end. Discord's clock and ours jump by `restart` seconds (least, most) from one life to the next."""

    kills: int
    restart: tuple[float, float]
    switch: Switch | None = None
    held: float = 0.4
    """The share of kills for which the server holds an answer back, so that they come between its acceptance and our
    commit; the others come at random moments."""
    early: float = 0.15
    """The share of kills that come before the first message, at a random moment."""
    longest: float = 600.0
    """Seconds that it all may take."""


async def kill_often(
    wire: Wire, plan: Plan, chance: random.Random, advance: Callable[[Report], None] = lambda _: None
) -> Report:
    """Kill the sender as planned while it sends what was posted; then let it finish, and report.

    `advance` is told after each kill. Raises TimeoutError, and RuntimeError where a life ends by itself and badly.
    """
    report, began = Report(), time.monotonic()
    wire.orders = replace(wire.orders, switch=plan.switch)
    start_up = 0.15
    async with asyncio.timeout(plan.longest):
        while report.kills < plan.kills and (left := await wire.unsettled()):
            share = len(left) / (plan.kills - report.kills + 1)
            killing = _Killing(wire, chance, share, start_up)
            if not await killing.done(plan):
                break
            start_up = 0.8 * start_up + 0.2 * killing.start_up
            report.kills += 1
            report.between += await killing.between()
            wire.pass_time(chance.uniform(*plan.restart))
            advance(report)
        await wire.finish()
    report.states = await wire.states()
    report.seconds = time.monotonic() - began
    return wire.audit(report)


@dataclass
class _Killing:
    """One life and its end, after `share` deliveries on average; `start_up` seconds pass before it sends the first."""

    wire: Wire
    chance: random.Random
    share: float
    start_up: float
    before: int = 0

    async def done(self, plan: Plan) -> bool:
        """Whether it was killed; False where it had nothing more to do."""
        self.before, began = len(self.wire.server.requests), time.monotonic()
        life = await self.wire.live()
        number, which = round(self.chance.uniform(0, 2 * self.share)), self.chance.random()
        if which < plan.held:
            await self._until_held(life, skip=number)
        elif which < plan.held + plan.early:
            await asyncio.wait([life.ended], timeout=self.chance.uniform(0, self.start_up))
        else:
            await self._until(life, self.wire.server.until(lambda: len(self._accepted()) >= number))
        by_itself = life.ended.done()
        await life.kill()
        self.wire.server.faults.clear()
        sent = self._accepted()
        self.start_up = (sent[0].at if sent else time.monotonic()) - began
        if by_itself and life.ended.result():
            raise RuntimeError(f"the sender ended with {life.ended.result()}")
        return not by_itself

    async def _until_held(self, life: Life, skip: int) -> None:
        hold = self.wire.server.hold_answer(*SEND, skip=skip)
        await self._until(life, hold.reached.wait())
        hold.released.set()

    async def _until(self, life: Life, moment: Coroutine[Any, Any, Any]) -> None:
        """Until this moment and a little after it, or the life's end."""
        reached = asyncio.create_task(moment)
        await asyncio.wait([reached, life.ended], return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        await asyncio.wait([life.ended], timeout=self.chance.uniform(0, 0.03))

    def _accepted(self) -> list[Request]:
        return [one for one in self.wire.server.requests[self.before :] if one.sends and one.status == 200]

    async def between(self) -> bool:
        """Whether the server had accepted something in this life that is not on record."""
        unsettled = await self.wire.unsettled()
        return any(one.body["content"] in unsettled for one in self._accepted())
