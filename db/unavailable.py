"""Which of a driver's errors mean "not now", as opposed to a mistake of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.errors import DatabaseUnavailable

_SQLITE_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_POSTGRESQL_CLASSES = ("08", "53", "57", "58", "28", "3D")
"""Connection lost; out of disk, memory or connections; shut down or out of time; system error; not let in; no such
database (PostgreSQL's manual, appendix A)."""
_POSTGRESQL_STATES = ("55P03", "40001", "40P01", "25P03", "25P04")
"""Lock not available; could not serialise; deadlock; idle for too long; transaction for too long."""


def _meaning(error: DBAPIError, *, writing: bool) -> DatabaseUnavailable | None:
    original = error.orig
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        primary = code & 0xFF
        if primary in _SQLITE_DAMAGED:
            return DatabaseUnavailable("database.damaged")
        # A file that may not be written is a bad day for a writer; in a reader it is a mistake in our own query.
        if primary in _SQLITE_PASSING or (writing and primary == sqlite3.SQLITE_READONLY):
            return DatabaseUnavailable("database.unavailable")
        return None
    state = getattr(original, "sqlstate", None) or ""
    if error.connection_invalidated or state.startswith(_POSTGRESQL_CLASSES) or state in _POSTGRESQL_STATES:
        return DatabaseUnavailable("database.unavailable")
    return None


@contextmanager
def answering(*, writing: bool) -> Iterator[None]:
    """Around statements: a database that is locked, full, gone or damaged becomes DatabaseUnavailable, with the
    original as its cause. All else passes through as it is."""
    try:
        yield
    except DBAPIError as error:
        meaning = _meaning(error, writing=writing)
        if meaning is None:
            raise
        raise meaning from error
    except (PoolTimeout, ConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
        raise DatabaseUnavailable("database.unavailable") from error


@contextmanager
def reaching(*, writing: bool) -> Iterator[None]:
    """Around connecting, and around the end of a transaction: `answering`, and what the network and the driver raise
    bare there. Not for the body of a transaction, where an OSError may be somebody else's."""
    try:
        with answering(writing=writing):
            yield
    except OSError as error:
        raise DatabaseUnavailable("database.unavailable") from error
    except asyncpg.PostgresError as error:
        if (error.sqlstate or "").startswith(_POSTGRESQL_CLASSES):
            raise DatabaseUnavailable("database.unavailable") from error
        raise
