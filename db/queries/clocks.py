"""The clocks of questions that nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Question, QuestionClock, Server


class ClockRow(NamedTuple):
    """A question's clock: the step that comes next, and when."""

    step: int | None
    due_at: datetime | None


async def start(session: AsyncSession, question_id: int, step: int, due_at: datetime) -> None:
    """A question's clock begins to go; one that it has already stays as it is."""
    await session.execute(
        insert_for(session, QuestionClock)
        .values(question_id=question_id, step=step, due_at=due_at)
        .on_conflict_do_nothing()
    )


async def get(session: AsyncSession, question_id: int) -> ClockRow | None:
    """A question's clock; None where it never had one."""
    found = await session.execute(
        select(QuestionClock.step, QuestionClock.due_at).where(QuestionClock.question_id == question_id)
    )
    row = found.one_or_none()
    return ClockRow(*row) if row else None


async def put(session: AsyncSession, question_id: int, step: int | None, due_at: datetime | None) -> None:
    """Set a question's clock."""
    await session.execute(
        update(QuestionClock).where(QuestionClock.question_id == question_id).values(step=step, due_at=due_at)
    )


def _going() -> Select[Any]:
    """The clocks that go, of questions that are open, in servers of the network."""
    query: Any = (
        select(QuestionClock.question_id, QuestionClock.due_at)
        .join(Question, Question.id == QuestionClock.question_id)
        .join(Server, Server.id == Question.server_id)
        .where(QuestionClock.due_at.is_not(None), Question.state == "open", Server.left_at.is_(None))
        .order_by(QuestionClock.due_at, QuestionClock.question_id)
    )
    return query  # type: ignore[no-any-return]


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[int]:
    """The questions whose clock has struck, the longest overdue first, at most `limit`."""
    found = await session.execute(_going().where(QuestionClock.due_at <= now).limit(limit))
    return [question_id for question_id, _ in found]


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next clock strikes."""
    found = await session.execute(_going().limit(1))
    return next((due_at for _, due_at in found), None)
