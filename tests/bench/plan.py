"""Planning a period of a campaign for people who are all due in the same minute: time and peak memory.

At ten thousand people beside a transaction for each of them, at a hundred thousand beside all of them in one. The
memory is to stay what it is, however many they are.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from functools import partial

from db.engine import Database
from tests.bench._databases import postgresql
from tests.bench._plan_ways import fill, in_chunks, in_one, one_by_one, reset
from tests.bench.harness.child import in_child
from tests.bench.harness.compare import Comparison, Measured
from tests.postgres import make_database

SMALL, LARGE = 10_000, 100_000
WAYS = {
    SMALL: ("a transaction for each member", one_by_one),
    LARGE: ("everybody in one transaction", in_one),
}
Way = Callable[[str, int], Measured]


def comparisons() -> Iterator[Comparison]:
    """One comparison for each number of people and each database."""
    with tempfile.TemporaryDirectory() as folder:
        for size in WAYS:
            yield _comparison(size, f"sqlite:///{folder}/{size}.db", "SQLite")
    with postgresql() as server:
        for size in WAYS:
            yield _comparison(size, asyncio.run(make_database(server.address, f"plan_{size}")), "PostgreSQL")


def _comparison(size: int, url: str, engine: str) -> Comparison:
    asyncio.run(fill(url, size))
    words, way = WAYS[size]
    return Comparison(
        size, f"{words}, {engine}", partial(_timed, in_chunks, url, size), partial(_timed, way, url, size), runs=3
    )


def _timed(way: Way, url: str, size: int) -> Measured:
    asyncio.run(_fresh(url))
    return in_child(way, url, size)


async def _fresh(url: str) -> None:
    database = Database(url, wait=30)
    await reset(database)
    await database.close()
