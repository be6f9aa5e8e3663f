"""The files that come along with cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import CaseFile


class FileRow(NamedTuple):
    """A file without its bytes."""

    id: int
    case_id: int
    name: str
    media_type: str
    size: int
    description: str


async def files(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, tuple[FileRow, ...]]:
    """The files of these cases, without their bytes."""
    rows = await session.execute(
        select(CaseFile.id, CaseFile.case_id, CaseFile.name, CaseFile.media_type, CaseFile.size, CaseFile.description)
        .where(CaseFile.case_id.in_(case_ids))
        .order_by(CaseFile.id)
    )
    found: defaultdict[int, tuple[FileRow, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.case_id] += (FileRow(*row),)
    return found


async def bytes_of(session: AsyncSession, case_id: int) -> Sequence[tuple[str, str, bytes]]:
    """The files of a case: name, description, bytes."""
    rows = await session.execute(
        select(CaseFile.name, CaseFile.description, CaseFile.content)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.id)
    )
    return [(row.name, row.description, row.content) for row in rows]


async def add_file(session: AsyncSession, case_id: int, **columns: Any) -> None:
    """A file more."""
    await session.execute(insert(CaseFile).values(case_id=case_id, **columns))


async def remove_files(session: AsyncSession, case_id: int) -> None:
    """All its files go."""
    await session.execute(delete(CaseFile).where(CaseFile.case_id == case_id))
