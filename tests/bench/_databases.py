"""A migrated, empty database on either engine for a benchmark, by its address; gone at the end."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count

from db.engine import Database
from db.migrations import upgrade
from tests.postgres import Server, drop_database, make_database

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
ENGINES = (SQLITE, POSTGRESQL)
_NUMBERS = count()


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for as long as it is needed."""
    server = Server()
    try:
        yield server
    finally:
        server.stop()


@asynccontextmanager
async def fresh(engine: str, server: Server) -> AsyncIterator[str]:
    """The address of a database of its own."""
    if engine == SQLITE:
        with tempfile.TemporaryDirectory() as folder:
            yield await migrated(f"sqlite:///{folder}/twincord.db")
    else:
        name = f"bench_{next(_NUMBERS)}"
        yield await migrated(await make_database(server.address, name))
        await drop_database(server.address, name)


async def migrated(url: str) -> str:
    """Run all migrations there; returns the address."""
    database = Database(url)
    await upgrade(database)
    await database.close()
    return url
