"""Queries that matched no topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Member, UnmatchedQuery


class UnmatchedRow(NamedTuple):
    """A query, with the names of the domain."""

    id: int
    text: str
    language: str
    times: int
    unsure: bool
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None


_COLUMNS = tuple(getattr(UnmatchedQuery, name) for name in UnmatchedRow._fields)
_OPEN = UnmatchedQuery.settled_at.is_(None)
_FIRST_THINGS_FIRST = (
    UnmatchedQuery.unsure,
    UnmatchedQuery.times.desc(),
    UnmatchedQuery.last_at.desc(),
    UnmatchedQuery.id,
)


async def waiting(session: AsyncSession, limit: int, offset: int = 0) -> Sequence[UnmatchedRow]:
    """Those that nobody has settled: first those that found nothing, most often asked first."""
    return await _some(session, _OPEN, order=_FIRST_THINGS_FIRST, limit=limit, offset=offset)


async def count(session: AsyncSession) -> int:
    """How many nobody has settled."""
    return await session.scalar(select(func.count()).select_from(UnmatchedQuery).where(_OPEN)) or 0


async def in_language(session: AsyncSession, language: str) -> Sequence[UnmatchedRow]:
    """Every query in a language, settled ones too."""
    return await _some(session, UnmatchedQuery.language == language, order=(UnmatchedQuery.id,))


async def by_id(session: AsyncSession, query_id: int) -> UnmatchedRow | None:
    """A query."""
    found = await _some(session, UnmatchedQuery.id == query_id, order=(UnmatchedQuery.id,))
    return found[0] if found else None


async def create(session: AsyncSession, **columns: Any) -> None:
    """A query that was asked for the first time."""
    await session.execute(insert(UnmatchedQuery).values(**columns))


async def change(session: AsyncSession, query_id: int, **columns: Any) -> None:
    """Write these columns of a query."""
    await session.execute(update(UnmatchedQuery).where(UnmatchedQuery.id == query_id).values(**columns))


async def prune(session: AsyncSession, before: datetime, most: int) -> None:
    """Forget what was last asked before a time, and of the others the least asked beyond so many."""
    await session.execute(delete(UnmatchedQuery).where(UnmatchedQuery.last_at < before))
    kept = select(UnmatchedQuery.id).order_by(UnmatchedQuery.times.desc(), UnmatchedQuery.last_at.desc()).limit(most)
    await session.execute(delete(UnmatchedQuery).where(UnmatchedQuery.id.not_in(select(kept.subquery().c.id))))


async def names_in(session: AsyncSession, text: str, most: int = 50) -> Sequence[str]:
    """The names of members that stand in a text, as they are written."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    position: Any = func.strpos if on_postgresql else func.instr
    lower: Any = func.lower
    found = await session.scalars(
        select(Member.display_name)
        .where(
            func.length(Member.display_name) >= 4,
            position(lower(literal(text)), lower(Member.display_name)) > 0,
        )
        .limit(most)
    )
    return list(found)


async def _some(
    session: AsyncSession,
    condition: ColumnElement[bool],
    *,
    order: Sequence[Any],
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[UnmatchedRow]:
    query = select(*_COLUMNS).where(condition).order_by(*order).limit(limit).offset(offset)
    return [UnmatchedRow(*row) for row in await session.execute(query)]
