"""What coordinators keep for alerts about a hazard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import AlertTemplateRow


class TemplateRow(NamedTuple):
    """A template, with the names of the table."""

    server_id: int | None
    hazard: str
    category: str
    severity: str
    urgency: str
    certainty: str
    hours: int
    texts: dict[str, Any]
    version: int


_TEMPLATE = tuple(getattr(AlertTemplateRow, name) for name in TemplateRow._fields)


async def templates(session: AsyncSession, server_id: int | None, hazard: str | None = None) -> Sequence[TemplateRow]:
    """Those of a server and of the network, of all hazards or of one."""
    query = select(*_TEMPLATE).where(or_(AlertTemplateRow.server_id.is_(None), AlertTemplateRow.server_id == server_id))
    if hazard is not None:
        query = query.where(AlertTemplateRow.hazard == hazard)
    return [TemplateRow(*row) for row in await session.execute(query)]


async def create(session: AsyncSession, columns: Mapping[str, Any]) -> bool:
    """Keep a first one. False where somebody kept one meanwhile."""
    statement = insert_for(session, AlertTemplateRow).values(**columns, version=1)
    found = await session.scalar(statement.on_conflict_do_nothing().returning(AlertTemplateRow.id))
    return found is not None


async def change(
    session: AsyncSession, server_id: int | None, hazard: str, seen: int, columns: Mapping[str, Any]
) -> bool:
    """Change one, if its version is still the one that was seen. False where it is not."""
    statement = (
        update(AlertTemplateRow)
        .where(AlertTemplateRow.server_id == server_id, AlertTemplateRow.hazard == hazard)
        .where(AlertTemplateRow.version == seen)
        .values(**columns, version=seen + 1)
    )
    return await session.scalar(statement.returning(AlertTemplateRow.id)) is not None


async def remove(session: AsyncSession, server_id: int | None, hazard: str) -> bool:
    """It is kept no more. False where none was."""
    statement = delete(AlertTemplateRow).where(
        AlertTemplateRow.server_id == server_id, AlertTemplateRow.hazard == hazard
    )
    return await session.scalar(statement.returning(AlertTemplateRow.id)) is not None
