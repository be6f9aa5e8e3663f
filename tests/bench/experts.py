"""`/expert find`: from a topic to ranked people with their reasons, beside a plain query without our indexes.

Topics are as unevenly known as they are in life, and asked about as often as they are known, so that the slowest
answers are those about topics that thousands named. The alternative reads everybody who named the topic, with all that
the ranking needs, and ranks with the same function; its database is the same without the indexes that finding uses.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import text

from db.engine import Database
from db.migrations import upgrade
from tests.bench._experts_network import fill
from tests.bench._experts_ways import ours, plain
from tests.bench.harness.child import in_child
from tests.bench.harness.compare import Comparison, Measured
from tests.postgres import Server, make_database

AS_INSTALLED = "shared_buffers = 128MB\n"
"""PostgreSQL's own default, which our tests do without."""
SIZES = (10_000, 100_000)
ANSWERS = 200
PLAIN_ANSWERS = 20
INDEXES = (
    "ix_expertise_topic_id_level_confirmed_at",
    "ix_endorsements_topic_id_member_id",
    "ix_invitations_member_id_sent_at",
    "ix_questions_topic_id_asked_at",
)


def comparisons() -> Iterator[Comparison]:
    """One comparison for each number of members and each database."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            indexed, bare = (f"sqlite:///{name}/{kind}.db" for kind in ("indexed", "bare"))
            asyncio.run(_make(indexed, size))
            shutil.copyfile(Path(name) / "indexed.db", Path(name) / "bare.db")
            asyncio.run(_without_indexes(bare))
            yield _comparison(size, "SQLite", indexed, bare)
    server = Server(AS_INSTALLED)
    try:
        for size in SIZES:
            addresses = [asyncio.run(make_database(server.address, f"{kind}_{size}")) for kind in ("indexed", "bare")]
            for address in addresses:
                asyncio.run(_make(address, size))
            asyncio.run(_without_indexes(addresses[1]))
            yield _comparison(size, "PostgreSQL", *addresses)
    finally:
        server.stop()


def _comparison(size: int, engine: str, indexed: str, bare: str) -> Comparison:
    return Comparison(
        size,
        f"plain query without the index, {engine}",
        partial(_timed, ours, indexed, size, ANSWERS),
        partial(_timed, plain, bare, size, PLAIN_ANSWERS),
        runs=3,
    )


def _timed(way: object, url: str, size: int, answers: int) -> Measured:
    measured = in_child(way, url, size, answers)  # type: ignore[arg-type]
    return {unit: value for unit, value in measured.items() if unit.startswith("ms")}


async def _make(url: str, members: int) -> None:
    database = Database(url, wait=30)
    await upgrade(database)
    await fill(database, members)
    await database.close()


async def _without_indexes(url: str) -> None:
    database = Database(url, wait=30)
    async with database.maintain() as connection:
        for index in INDEXES:
            await connection.execute(text(f"DROP INDEX {index}"))
    await database.close()
