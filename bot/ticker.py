"""The ticker wakes what does whatever is due. It holds no truth: the database says what is due, and when.

APScheduler runs one job from memory: the next wake-up. Each worker says when it has something next; a commit that
makes something due rings the bell (`bot.services.bell`), which wakes all. What a missed ring told of, the next look
finds.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.services.bell import Bell
from bot.services.ports import Clock

log = structlog.get_logger("twincord.ticker")

POLL = timedelta(seconds=5)
"""The longest time between two looks, where nobody rang: another process may have written something."""
AFTER_FAILURE = timedelta(seconds=5)
SHORTEST = timedelta(milliseconds=50)
"""Between two looks that nobody rang for."""
ROUNDS = 100
"""So often one tick goes round before it says that something is due for ever."""

RunDue = Callable[[datetime], Awaitable[datetime | None]]
"""Does whatever is due at this moment; returns when there is something next, None where nothing is known of."""


@dataclass(slots=True)
class _Lane:
    """A worker, which never runs twice at a time. `again`: somebody rang while it ran."""

    name: str
    run_due: RunDue
    task: asyncio.Task[None] | None = None
    next_at: datetime | None = None
    again: bool = False


class Ticker:
    """Runs each worker when it has something to do, and whenever the bell rings."""

    def __init__(self, clock: Clock, bell: Bell) -> None:
        self.clock = clock
        self._lanes: list[_Lane] = []
        self._scheduler: AsyncIOScheduler | None = None
        self._rung = False
        bell.listen(self.wake)

    def register(self, name: str, run_due: RunDue) -> None:
        """Let this be run when it has something to do. Those registered first go first where a test ticks."""
        self._lanes.append(_Lane(name, run_due))

    @property
    def due(self) -> bool:
        """Whether a tick would find something, as far as is known without a look."""
        now = self.clock()
        return self._rung or any(lane.next_at is not None and lane.next_at <= now for lane in self._lanes)

    async def tick(self) -> None:
        """Do whatever is due now, until nothing more is. For tests and the demo: a running bot is woken instead."""
        for _ in range(ROUNDS):
            self._rung = False
            for lane in self._lanes:
                lane.next_at = await lane.run_due(self.clock())
            if not self.due:
                return
        raise RuntimeError("something is due for ever: " + ", ".join(lane.name for lane in self._lanes))

    def start(self) -> None:
        """Wake the workers from now on. Call it in a running loop; a second call does nothing."""
        if self._scheduler is not None:
            return
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self._begin,
            id="tick",
            trigger="interval",
            seconds=POLL / timedelta(seconds=1),
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler = scheduler
        # A context of its own: what watches over the timers of the bot's would wait for these.
        contextvars.Context().run(scheduler.start)

    async def stop(self) -> None:
        """Begin nothing any more, and wait for the workers that run; each ends soon by its own means."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)
        running = [lane.task for lane in self._lanes if lane.task is not None]
        await asyncio.gather(*running, return_exceptions=True)

    def wake(self) -> None:
        """Something is due, or may be. Never waits."""
        self._rung = True
        if self._scheduler is not None:
            self._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))

    async def _begin(self) -> None:
        self._rung = False
        for lane in self._lanes:
            if lane.task is None:
                lane.task = asyncio.create_task(self._run(lane), name=f"ticker-{lane.name}")
            else:
                lane.again = True

    async def _run(self, lane: _Lane) -> None:
        lane.again = False
        try:
            lane.next_at = await lane.run_due(self.clock())
        except Exception:
            log.exception("worker failed", worker=lane.name)
            lane.next_at = self.clock() + AFTER_FAILURE
        finally:
            lane.task = None
        self._plan(lane)

    def _plan(self, lane: _Lane) -> None:
        if self._scheduler is None:
            return
        if lane.again:
            self.wake()
        elif lane.next_at is not None and lane.next_at - self.clock() < POLL:
            wait = max(lane.next_at - self.clock(), SHORTEST)
            job = self._scheduler.get_job("tick")
            moment = datetime.now(UTC) + wait
            if job is not None and moment < job.next_run_time:
                job.modify(next_run_time=moment)
