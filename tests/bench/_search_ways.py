"""Ways to find a case by what somebody typed; each runs in a process of its own over cases that are already there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

import numpy as np
from sqlalchemy import select, text

from bot.domain.access import Actor
from bot.domain.case_content import CaseSection
from bot.domain.case_filters import CaseFilters
from bot.domain.fillers import FILLERS
from bot.domain.matching import normalise
from bot.services.case_search import CaseSearchService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from db.tables import Case
from tests.bench._search_cases import FILES, NOW, mistaken, mistaken_of
from tests.bench.harness.compare import Measured

SHOWN = 10
FIRST = 5
SAID = "title || ' ' || summary || ' ' || CAST(texts AS TEXT)"
READER = Actor(user_id=1, name="Reader", language="en", is_member=True)

Way = Callable[[str], Awaitable[Sequence[int]]]


def ours(url: str, count: int, asked: int) -> Measured:
    """`CaseSearchService.search`: the words, the topics, the ranking, and the ten cases read from the database."""
    database = Database(url, wait=30)
    work = Work(database)
    topics = TopicsService(work, lambda: NOW)
    service = CaseSearchService(work, topics)

    async def find(query: str) -> Sequence[int]:
        return [case.id for case in (await service.search(READER, query, CaseFilters(), page=SHOWN)).cases]

    async def run() -> Measured:
        await topics.synchronise(FILES)
        return await _measure(database, find, count, asked)

    return asyncio.run(run())


def like(url: str, count: int, asked: int) -> Measured:
    """Every word somewhere in title, summary or long texts: the engine's LIKE."""
    database = Database(url, wait=30)

    async def find(query: str) -> Sequence[int]:
        words = {f"w{place}": f"%{word}%" for place, word in enumerate(_words(query))}
        where = " AND ".join(
            f"lower(title || ' ' || summary || ' ' || CAST(texts AS TEXT)) LIKE :{name}" for name in words
        )
        async with database.read() as session:
            rows = await session.execute(text(f"SELECT id FROM cases WHERE {where} ORDER BY id LIMIT {SHOWN}"), words)
            return [row[0] for row in rows]

    return asyncio.run(_measure(database, find, count, asked))


def full_text(url: str, count: int, asked: int) -> Measured:
    """Any of the words, the best first: SQLite's FTS5 with bm25, PostgreSQL's tsvector with ts_rank."""
    database = Database(url, wait=30)
    if url.startswith("sqlite"):
        statement = f"SELECT rowid FROM bench_fts WHERE bench_fts MATCH :query ORDER BY rank LIMIT {SHOWN}"
        joined = " OR "
    else:
        statement = (
            "SELECT id FROM cases, to_tsquery('simple', :query) AS query WHERE bench_words @@ query"
            f" ORDER BY ts_rank(bench_words, query) DESC LIMIT {SHOWN}"
        )
        joined = " | "

    async def find(query: str) -> Sequence[int]:
        async with database.read() as session:
            rows = await session.execute(text(statement), {"query": joined.join(_words(query))})
            return [row[0] for row in rows]

    return asyncio.run(_measure(database, find, count, asked))


async def prepare_full_text(url: str) -> None:
    """What the engine's own full-text search needs."""
    database = Database(url, wait=30)
    async with database.maintain() as connection:
        if url.startswith("sqlite"):
            await connection.execute(text("CREATE VIRTUAL TABLE bench_fts USING fts5(said, tokenize='unicode61')"))
            await connection.execute(
                text(
                    "INSERT INTO bench_fts (rowid, said) SELECT id, title || ' ' || summary || ' ' || texts FROM cases"
                )
            )
        else:
            await connection.execute(
                text(
                    "ALTER TABLE cases ADD COLUMN bench_words tsvector GENERATED ALWAYS AS"
                    " (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(summary, ''))"
                    " || to_tsvector('simple', texts)) STORED"
                )
            )
            await connection.execute(text("CREATE INDEX bench_words ON cases USING gin (bench_words)"))
            await connection.execute(text("ANALYZE cases"))
    await database.close()


def _words(query: str) -> list[str]:
    return [word for word in normalise(query).split() if word not in FILLERS]


async def _measure(database: Database, find: Way, count: int, asked: int) -> Measured:
    random = Random(count)
    short, long = _Asked(), _Asked()
    for number in range(2 * (FIRST + asked)):
        edits = number // 2 % 2 + 1
        wanted = random.randrange(count) + 1
        ((title, failed),) = (await _told(database, [wanted])).values()
        query = mistaken_of(random, failed, edits - 1) if number % 2 else mistaken(random, title, edits)
        began = perf_counter()
        found = await find(query)
        took = perf_counter() - began
        if number >= 2 * FIRST and number % 2:
            long.note(took, edits, wanted in found)
        elif number >= 2 * FIRST:
            named = {one for one, _ in (await _told(database, found)).values()}
            short.note(took, edits, title in named)
    await database.close()
    return {
        "ms": short.milliseconds(50),
        "ms, p99": short.milliseconds(99),
        "recall@10, one edit": short.recall(1),
        "recall@10, two edits": short.recall(2),
        "ms, long texts": long.milliseconds(50),
        "ms, p99, long texts": long.milliseconds(99),
        "recall@10, long texts": long.recall(1),
        "recall@10, long texts, one edit": long.recall(2),
    }


@dataclass(slots=True)
class _Asked:
    """What came of queries of one sort."""

    seconds: list[float] = field(default_factory=list)
    hits: dict[int, list[bool]] = field(default_factory=lambda: {1: [], 2: []})

    def note(self, took: float, sort: int, hit: bool) -> None:
        self.seconds.append(took)
        self.hits[sort].append(hit)

    def milliseconds(self, percent: float) -> float:
        return float(np.percentile(self.seconds, percent)) * 1000

    def recall(self, sort: int) -> float:
        return max(float(np.mean(self.hits[sort])), 0.0001)


async def _told(database: Database, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The titles of cases, and what failed in each."""
    async with database.read() as session:
        rows = await session.execute(select(Case.id, Case.title, Case.texts).where(Case.id.in_(numbers)))
        return {row.id: (row.title, row.texts[CaseSection.FAILED]) for row in rows}
