"""Ways to find a case by what somebody typed; each runs in a process of its own over cases that are already there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from time import perf_counter

import numpy as np
from sqlalchemy import text

from bot.domain.access import Actor
from bot.domain.case_filters import CaseFilters
from bot.domain.fillers import FILLERS
from bot.domain.matching import normalise
from bot.services.case_search import CaseSearchService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from tests.bench._search_cases import FILES, NOW, mistaken, places_of, titles, topics_of
from tests.bench.harness.compare import Measured

SHOWN = 10
FIRST = 5
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
    """Every word somewhere in title or summary: the engine's LIKE."""
    database = Database(url, wait=30)

    async def find(query: str) -> Sequence[int]:
        words = {f"w{place}": f"%{word}%" for place, word in enumerate(_words(query))}
        where = " AND ".join(f"lower(title || ' ' || summary) LIKE :{name}" for name in words)
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
                text("INSERT INTO bench_fts (rowid, said) SELECT id, title || ' ' || summary FROM cases")
            )
        else:
            await connection.execute(
                text(
                    "ALTER TABLE cases ADD COLUMN bench_words tsvector GENERATED ALWAYS AS"
                    " (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(summary, ''))) STORED"
                )
            )
            await connection.execute(text("CREATE INDEX bench_words ON cases USING gin (bench_words)"))
            await connection.execute(text("ANALYZE cases"))
    await database.close()


def _words(query: str) -> list[str]:
    return [word for word in normalise(query).split() if word not in FILLERS]


async def _measure(database: Database, find: Way, count: int, asked: int) -> Measured:
    named = titles(await topics_of(database), places_of(), count)
    random = Random(count)
    seconds: list[float] = []
    hits = {1: 0, 2: 0}
    for number in range(FIRST + asked):
        edits = number % 2 + 1
        wanted = random.randrange(count)
        query = mistaken(random, named[wanted], edits)
        began = perf_counter()
        found = await find(query)
        took = perf_counter() - began
        if number >= FIRST:
            seconds.append(took)
            hits[edits] += any(named[one - 1] == named[wanted] for one in found)
    await database.close()
    return {
        "ms": float(np.percentile(seconds, 50)) * 1000,
        "ms, p99": float(np.percentile(seconds, 99)) * 1000,
        "recall@10, one edit": max(hits[1] / (asked / 2), 0.0001),
        "recall@10, two edits": max(hits[2] / (asked / 2), 0.0001),
    }
