"""The clocks of questions (`bot.domain.unanswered`) inside whatever transaction moves them."""

from __future__ import annotations

from datetime import datetime

from bot.domain.unanswered import Clock, Schedule, Step
from db.engine import AsyncSession
from db.queries import clocks as queries


async def start(session: AsyncSession, question_id: int, now: datetime, schedule: Schedule) -> None:
    """A question stands: its clock begins to go."""
    clock = Clock.started(now, schedule)
    if clock.step is not None and clock.due_at is not None:
        await queries.start(session, question_id, clock.step, clock.due_at)


async def clock_of(session: AsyncSession, question_id: int) -> Clock | None:
    """A question's clock; None where it never had one."""
    row = await queries.get(session, question_id)
    return Clock(None if row.step is None else Step(row.step), row.due_at) if row else None


async def put(session: AsyncSession, question_id: int, clock: Clock) -> None:
    """Let a question's clock stand so."""
    await queries.put(session, question_id, clock.step, clock.due_at)


async def stop(session: AsyncSession, question_id: int) -> None:
    """Somebody answered, or thinks about it."""
    clock = await clock_of(session, question_id)
    if clock is not None and clock.due_at is not None:
        await put(session, question_id, clock.stopped())


async def resume(session: AsyncSession, question_id: int, now: datetime, schedule: Schedule) -> None:
    """The question needs more after all."""
    clock = await clock_of(session, question_id)
    if clock is not None:
        await put(session, question_id, clock.resumed(now, schedule))
