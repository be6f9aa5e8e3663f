"""The index by which cases are found: words, and for each and each block of ids its postings as packed bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Case, CasePosting, CaseWord

AT_ONCE = 500
"""Words looked up or written by one statement: SQLite takes no more than so many parameters."""


_NEWEST: Any = select(select(func.max(CaseWord.id)).scalar_subquery(), select(func.max(Case.id)).scalar_subquery())


async def newest(session: AsyncSession) -> tuple[int, int]:
    """The ids of the newest word and the newest case. Who knows the word of that id knows all words."""
    word_id, case_id = (await session.execute(_NEWEST)).one()
    return word_id or 0, case_id or 0


async def words_after(session: AsyncSession, word_id: int) -> Sequence[tuple[int, str]]:
    """The words that came after one, with their ids."""
    rows = await session.execute(select(CaseWord.id, CaseWord.word).where(CaseWord.id > word_id).order_by(CaseWord.id))
    return [(row.id, row.word) for row in rows]


async def ids_of(session: AsyncSession, words: Collection[str]) -> Mapping[str, int]:
    """The ids of these words, as far as they are known."""
    found: dict[str, int] = {}
    for some in _portions(sorted(words)):
        rows = await session.execute(select(CaseWord.word, CaseWord.id).where(CaseWord.word.in_(some)))
        found |= {row.word: row.id for row in rows}
    return found


async def ensure_words(session: AsyncSession, words: Collection[str]) -> Mapping[str, int]:
    """The ids of these words, which are put on record where they are new."""
    known = dict(await ids_of(session, words))
    missing = sorted(set(words) - known.keys())
    for some in _portions(missing):
        statement: Any = insert_for(session, CaseWord)
        await session.execute(statement.on_conflict_do_nothing(), [{"word": word} for word in some])
    return known | dict(await ids_of(session, missing))


_POSTINGS: Any = select(CasePosting.word_id, CasePosting.block, CasePosting.entries).where(
    CasePosting.word_id.in_(bindparam("words", expanding=True))
)


async def postings(session: AsyncSession, word_ids: Iterable[int]) -> Mapping[int, Sequence[tuple[int, bytes]]]:
    """For each of these words its blocks with their entries."""
    found: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for some in _portions(sorted(word_ids)):
        for word_id, block, entries in await session.execute(_POSTINGS, {"words": some}):
            found[word_id].append((block, entries))
    return found


async def blocks(session: AsyncSession, word_ids: Collection[int], block: int) -> Mapping[int, bytes]:
    """For each of these words its entries in one block, as they stand now, where it has any."""
    found: dict[int, bytes] = {}
    for some in _portions(sorted(word_ids)):
        rows = await session.execute(
            select(CasePosting.word_id, CasePosting.entries)
            .where(CasePosting.word_id.in_(some), CasePosting.block == block)
            .with_for_update()
        )
        found |= {row.word_id: row.entries for row in rows}
    return found


async def write(session: AsyncSession, block: int, entries: Mapping[int, bytes]) -> None:
    """Write the entries of words in one block; those that have none any more go."""
    gone = [word_id for word_id, each in entries.items() if not each]
    for some in _portions(gone):
        await session.execute(delete(CasePosting).where(CasePosting.block == block, CasePosting.word_id.in_(some)))
    rows = [{"word_id": word_id, "block": block, "entries": each} for word_id, each in entries.items() if each]
    for part in range(0, len(rows), AT_ONCE):
        statement: Any = insert_for(session, CasePosting)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["word_id", "block"], set_={"entries": statement.excluded.entries}
            ),
            rows[part : part + AT_ONCE],
        )


def _portions(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
