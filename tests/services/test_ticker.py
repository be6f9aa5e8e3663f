"""The ticker: wakes what has something to do, when it has, and whenever the bell rings."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.services.bell import Bell
from bot.ticker import Ticker
from tests.clock import SettableClock

PATIENCE = 60.0


class Worker:
    """Counts how often it is run. `more` says when it has something next."""

    def __init__(self, *more: datetime | None) -> None:
        self.more = list(more)
        self.runs = 0
        self.ran = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def run_due(self, now: datetime) -> datetime | None:
        """One run."""
        self.runs += 1
        self.ran.set()
        await self.go_on.wait()
        return self.more.pop(0) if self.more else None

    async def again(self) -> None:
        """Wait for the next run."""
        self.ran.clear()
        async with asyncio.timeout(PATIENCE):
            await self.ran.wait()


def ticker_of(clock: SettableClock, *workers: Worker) -> tuple[Ticker, Bell]:
    bell = Bell()
    ticker = Ticker(clock, bell)
    for number, worker in enumerate(workers):
        ticker.register(str(number), worker.run_due)
    return ticker, bell


async def test_a_tick_goes_round_until_nothing_is_due(clock: SettableClock) -> None:
    planner, sender = Worker(clock()), Worker(None, clock() + timedelta(hours=1))
    ticker, bell = ticker_of(clock, planner, sender)
    await ticker.tick()
    assert (planner.runs, sender.runs, ticker.due) == (2, 2, False)
    bell.ring()
    assert ticker.due
    clock.advance(timedelta(hours=2))
    await ticker.tick()
    assert (planner.runs, sender.runs) == (3, 3)


async def test_what_is_due_for_ever_is_said(clock: SettableClock) -> None:
    ticker, _ = ticker_of(clock, Worker(*[clock()] * 200))
    with pytest.raises(RuntimeError, match="due for ever: 0"):
        await ticker.tick()


async def test_a_ring_wakes_at_once_and_one_that_comes_meanwhile_is_not_lost(clock: SettableClock) -> None:
    worker = Worker()
    ticker, bell = ticker_of(clock, worker)
    ticker.start()
    ticker.start()
    await worker.again()
    worker.go_on.clear()
    bell.ring()
    await worker.again()
    bell.ring()
    next_run = asyncio.create_task(worker.again())
    await asyncio.sleep(0)
    worker.go_on.set()
    await next_run
    await ticker.stop()
    runs = worker.runs
    bell.ring()
    await asyncio.sleep(0)
    assert worker.runs == runs


async def test_a_worker_that_fails_holds_nobody_up(clock: SettableClock, capsys: pytest.CaptureFixture[str]) -> None:
    async def fail(now: datetime) -> datetime | None:
        raise ValueError("broken")

    worker = Worker()
    ticker, bell = ticker_of(clock)
    ticker.register("broken", fail)
    ticker.register("sound", worker.run_due)
    ticker.start()
    await worker.again()
    bell.ring()
    await worker.again()
    await ticker.stop()
