"""`/case search` over 50,000 cases, beside the engine's LIKE and its full-text search alone, and at ten times as many.

Asked are four neighbouring words of a case's title, one or two of which have a letter wrong, made by rule
(`_search_cases.mistaken`). A hit is a case of that very title among the first ten. The last comparison of each engine
is our own way over ten times the cases, beside itself over these.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from functools import partial

from db.engine import Database
from db.migrations import upgrade
from tests.bench._search_cases import fill
from tests.bench._search_ways import full_text, like, ours, prepare_full_text
from tests.bench.harness.child import in_child
from tests.bench.harness.compare import Comparison, Measured
from tests.postgres import Server, make_database

AS_INSTALLED = "shared_buffers = 128MB\n"
"""PostgreSQL's own default, which our tests do without."""
CASES = 50_000
TIMES = 10
ASKED = 400
ASKED_SLOWLY = 40


def comparisons() -> Iterator[Comparison]:
    """Three comparisons for each engine."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_engine("SQLite", f"sqlite:///{folder}/some.db", f"sqlite:///{folder}/many.db")
    server = Server(AS_INSTALLED)
    try:
        some, many = (asyncio.run(make_database(server.address, name)) for name in ("search_some", "search_many"))
        yield from _of_engine("PostgreSQL", some, many)
    finally:
        server.stop()


def _of_engine(engine: str, some: str, many: str) -> Iterator[Comparison]:
    asyncio.run(_make(some, CASES))
    asyncio.run(prepare_full_text(some))
    way = partial(_timed, ours, some, CASES, ASKED)
    yield Comparison(CASES, f"LIKE, {engine}", way, partial(_timed, like, some, CASES, ASKED_SLOWLY), runs=1)
    yield Comparison(CASES, f"full-text search, {engine}", way, partial(_timed, full_text, some, CASES, ASKED), runs=1)
    asyncio.run(_make(many, TIMES * CASES))
    large = partial(_timed, ours, many, TIMES * CASES, ASKED)
    yield Comparison(TIMES * CASES, f"{CASES:,} cases, {engine}", large, way, runs=1)


def _timed(way: object, url: str, count: int, asked: int) -> Measured:
    measured = in_child(way, url, count, asked)  # type: ignore[arg-type]
    return {unit: value for unit, value in measured.items() if not unit.startswith("MiB")}


async def _make(url: str, count: int) -> None:
    database = Database(url, wait=30)
    await upgrade(database)
    await fill(database, count)
    await database.close()
