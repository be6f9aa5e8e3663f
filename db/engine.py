"""Opening the database, and the one way to write to it.

SQLite and PostgreSQL behave alike here, so that what passes on one passes on the other:

- `Database.begin()` is a write transaction, and **one writes at a time**. What is read inside it cannot be changed by
  anybody else before it ends, so "look, decide, write" needs no further care: no update is lost, no code is used
  twice. On SQLite that is `BEGIN IMMEDIATE` (the driver's own default lost 198 of 200 updates without an error), on
  PostgreSQL an advisory lock that ends with the transaction. Keep it short, never begin another one inside it, and
  never wait for the network inside it.
- `Database.read()` is one consistent picture of the database that cannot be written to, beside any writer.

What queries should know (`db/queries`): nothing lazy leaves a session, so select columns, not entities; and an
insert that may meet its own row is written once for both engines with `insert_for`:

    insert = insert_for(session, Expertise)
    await session.execute(
        insert.values(member_id=…, topic_id=…, level=…).on_conflict_do_update(
            index_elements=["member_id", "topic_id"], set_={"level": insert.excluded.level}
        )
    )
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

from db import address
from db.connections import make_engine
from db.unavailable import answering, reaching

__all__ = ["AsyncSession", "Database", "insert_for"]

__all__ = ["AsyncSession", "Database", "insert_for"]

WAIT = 2.0
"""Seconds to wait for another writer. Discord waits 3 seconds for the first answer to a command, so that a person is
told of a busy database before her command is declared dead."""
PATIENCE = 30.0
"""The same for a migration or a restore, which nobody's command waits for."""
READERS = 5
"""Connections for readers. One short query each; more would only queue for the same disk."""
WRITER_KEY = 0x7477_0001
"""PostgreSQL's advisory lock of whoever writes. Such locks belong to one database, not to the whole server."""


class Database:
    """An open database: hands out transactions until `close()`. Nothing is connected before the first one.

    The folder and the file of an SQLite database are made when it is first written to.
    """

    def __init__(self, url: str | URL, *, wait: float = WAIT) -> None:
        """`url` as in `db.address`; `wait` in seconds. Raises DatabaseError for an address of another kind."""
        self.url = address.parse(url)
        self.dialect = self.url.get_backend_name()
        self._writers = self._engine(writing=True, wait=wait, pool_size=1, max_overflow=0, pool_timeout=wait)
        self._readers = self._engine(writing=False, wait=wait, pool_size=READERS, max_overflow=0, pool_timeout=wait)
        self._write = async_sessionmaker(self._writers, expire_on_commit=False)
        self._read = async_sessionmaker(self._readers, expire_on_commit=False)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database, absolute; None for PostgreSQL."""
        return address.file_of(self.url)

    @property
    def place(self) -> str:
        """Where it is, in words for a person and without the password."""
        return address.place_of(self.url)

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A write transaction: committed at the end, rolled back where anything is raised.

        Raises DatabaseUnavailable where the database is locked, gone or full; nothing was changed then. Mistakes of
        ours, such as SQLAlchemy's IntegrityError, pass through.
        """
        return self._transaction(self._write, writing=True)

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A read-only transaction that sees one moment of the database. Raises DatabaseUnavailable like `begin`."""
        return self._transaction(self._read, writing=False)

    async def ping(self) -> None:
        """Raises DatabaseUnavailable where the database does not answer."""
        async with self.read() as session:
            # SQLite answers SELECT 1 without a look at the file.
            await session.execute(text("SELECT 1" if self.file is None else "PRAGMA schema_version"))

    async def close(self) -> None:
        """Give back every connection."""
        await self._writers.dispose()
        await self._readers.dispose()

    @asynccontextmanager
    async def maintain(self) -> AsyncIterator[AsyncConnection]:
        """One write transaction on a connection of its own, for migrations and restores: no limit on time, and on
        SQLite no foreign keys, because a table that is rebuilt would take the rows with it that refer to it.

        Raises DatabaseUnavailable like `begin`.
        """
        async with self._alone(writing=True) as connection:
            await self._queue(connection)
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A read-only transaction without a limit on time, for a backup. Raises DatabaseUnavailable like `begin`."""
        async with self._alone(writing=False) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self, sessions: async_sessionmaker[AsyncSession], *, writing: bool
    ) -> AsyncIterator[AsyncSession]:
        async with sessions() as session:
            with reaching(writing=writing):
                connection = await session.connection()
                if writing:
                    await self._queue(connection)
            with answering(writing=writing):
                yield session
            with reaching(writing=writing):
                await session.commit()

    @asynccontextmanager
    async def _alone(self, *, writing: bool) -> AsyncIterator[AsyncConnection]:
        engine = self._engine(writing=writing, patient=True, wait=PATIENCE, poolclass=NullPool)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(engine.dispose)
            with reaching(writing=writing):
                connection = await stack.enter_async_context(engine.connect())
                await connection.begin()
            with answering(writing=writing):
                yield connection
            with reaching(writing=writing):
                await connection.commit()

    async def _queue(self, connection: AsyncConnection) -> None:
        if self.dialect == address.POSTGRESQL:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_KEY})

    def _engine(self, *, writing: bool, wait: float, patient: bool = False, **pool: Any) -> AsyncEngine:
        return make_engine(self.url, writing=writing, wait=wait, patient=patient, **pool)


def insert_for(session: AsyncSession, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT into `table` that knows `on_conflict_do_update`, `on_conflict_do_nothing` and `excluded`, which both
    engines spell alike and SQLAlchemy keeps per engine."""
    if session.get_bind().dialect.name == address.POSTGRESQL:
        return postgresql.insert(table)
    return sqlite.insert(table)
