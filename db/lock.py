"""One bot speaks for a database: two would say everything twice.

The lock belongs to a process and ends with it, even where that is killed. On SQLite it is the operating system's lock
on a file beside the database; on PostgreSQL an advisory lock of one session, which may be lost while the process lives
on. The command line's own work beside a running bot does not take it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.connections import CONNECT_LIMIT, make_engine
from db.engine import Database
from db.errors import DatabaseInUse, DatabaseUnavailable
from db.unavailable import reaching

SPEAKER_KEY = 0x7477_0002
"""PostgreSQL's advisory lock of the speaker. Such locks belong to one database, not to the whole server."""
WATCH = 5.0
"""Seconds between two looks at whether PostgreSQL still answers."""


class SpeakerLock:
    """Held by the one bot that speaks. `async with SpeakerLock(database): …`, or acquire and release.

    It can be acquired again after it was lost or released.
    """

    def __init__(self, database: Database, *, watch: float = WATCH, patience: float = CONNECT_LIMIT) -> None:
        """In seconds: how often to `watch` whether a server still answers, and with how much `patience`."""
        self._lost = asyncio.Event()
        self._place = database.place
        file = database.file
        self._kind: _Kind = _SessionLock(database, self._lost.set, watch, patience) if file is None else _FileLock(file)
        self._acquired = False

    @property
    def held(self) -> bool:
        """Whether this process may speak."""
        return self._acquired and not self._lost.is_set()

    async def acquire(self) -> None:
        """Raises DatabaseInUse where another bot holds it, DatabaseUnavailable where it cannot be known."""
        if self.held:
            return
        await self.release()
        self._lost.clear()
        if not await self._kind.acquire():
            raise DatabaseInUse("database.in_use", place=self._place)
        self._acquired = True

    async def release(self) -> None:
        """Let another bot speak. Does nothing where the lock is not held."""
        if self._acquired:
            self._acquired = False
            await self._kind.release()

    async def lost(self) -> None:
        """Return when the lock was lost: stop speaking at once, and stand by."""
        await self._lost.wait()

    async def __aenter__(self) -> Self:
        await self.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.release()


class _Kind(Protocol):
    async def acquire(self) -> bool: ...

    async def release(self) -> None: ...


class _FileLock:
    """Cannot be lost: the file stays open until the process ends."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}.lock")
        # A "soft" lock, a mere file that exists, would outlive a killed bot.
        self._lock = FileLock(self._file, timeout=0, thread_local=False, fallback_to_soft=False, mode=0o600)

    async def acquire(self) -> bool:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            raise DatabaseUnavailable("database.lock_impossible", file=self._file) from error
        return True

    async def release(self) -> None:
        self._lock.release()


class _SessionLock:
    """Lost with its connection, which is therefore watched."""

    def __init__(self, database: Database, lost: Callable[[], None], watch: float, patience: float) -> None:
        self._database = database
        self._tell_lost = lost
        self._interval = watch
        self._patience = patience
        self._connection: AsyncConnection | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def acquire(self) -> bool:
        engine = make_engine(self._database.url, writing=True, wait=CONNECT_LIMIT, patient=True, poolclass=NullPool)
        with reaching(writing=True):
            connection = await engine.connect()
            try:
                # No transaction, which would hold back PostgreSQL's vacuum for as long as the bot runs.
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                mine = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": SPEAKER_KEY})
            except BaseException:
                await connection.close()
                raise
        if not mine:
            await connection.close()
            return False
        self._connection = connection
        self._watcher = asyncio.create_task(self._watch(connection), name="speaker lock")
        return True

    async def release(self) -> None:
        connection, watcher = self._connection, self._watcher
        self._connection = self._watcher = None
        if watcher is not None:
            watcher.cancel()
            await asyncio.wait([watcher])
        if connection is not None:
            await self._close(connection)

    async def _watch(self, connection: AsyncConnection) -> None:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        ended = asyncio.Event()
        driver.add_termination_listener(lambda _: ended.set())
        try:
            while not driver.is_closed():
                await driver.fetchval("SELECT 1", timeout=self._patience)
                await self._pause(ended)
        except Exception:  # noqa: BLE001 - whatever keeps it from answering, the lock can no longer be relied on
            driver.terminate()
        self._tell_lost()

    async def _pause(self, ended: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(ended.wait(), self._interval)
        except TimeoutError:
            return

    async def _close(self, connection: AsyncConnection) -> None:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if not driver.is_closed():
            # Said aloud: after a mere goodbye the server may hold it for a moment longer.
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": SPEAKER_KEY})
        await connection.close()
