"""Who answered an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import (
    AlertAnswerRow,
    City,
    Member,
)


class AnswerRow(NamedTuple):
    """An answer to an alert."""

    kind: str
    user_id: int
    name: str | None
    city: str
    what: str | None
    quantity: str | None
    place: str | None
    at: datetime


_ANSWER = tuple(getattr(AlertAnswerRow, name) for name in AnswerRow._fields)


async def add_answer(session: AsyncSession, columns: Mapping[str, Any]) -> None:
    """Put an answer on record."""
    await session.execute(insert(AlertAnswerRow).values(**columns))


async def has_received(session: AsyncSession, alert_id: int, user_id: int) -> bool:
    """Whether she said already that she has it."""
    found = await session.scalar(
        select(AlertAnswerRow.id)
        .where(AlertAnswerRow.alert_id == alert_id, AlertAnswerRow.user_id == user_id)
        .where(AlertAnswerRow.kind == "received")
        .limit(1)
    )
    return found is not None


async def answers(session: AsyncSession, alert_id: int) -> Sequence[AnswerRow]:
    """The answers to an alert, the oldest first."""
    rows = await session.execute(
        select(*_ANSWER).where(AlertAnswerRow.alert_id == alert_id).order_by(AlertAnswerRow.id)
    )
    return [AnswerRow(*row) for row in rows]


async def city_of(session: AsyncSession, user_id: int) -> tuple[int, str] | None:
    """The city of a member."""
    row = (
        await session.execute(
            select(City.id, City.name).join(Member, Member.city_id == City.id).where(Member.user_id == user_id)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
