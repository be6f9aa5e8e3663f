"""Backups: one file for either engine, made while the bot runs.

A backup is an SQLite database of the same tables, with the revision of the migrations inside. A backup of SQLite
restores into PostgreSQL and the other way round; one of an older revision is upgraded on the way in.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Integer, MetaData, Table, event, insert, select, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import address
from db.engine import Database
from db.errors import BackupFailed, DatabaseError, DatabaseNewer, DatabaseUnavailable
from db.lock import SpeakerLock
from db.migrations import head_revision, revision_in, upgrade_to
from db.types import UtcDateTime
from db.unavailable import answering

ROWS_AT_ONCE = 1000
"""Rows that are in memory at one moment."""
MAGIC = b"SQLite format 3\x00"
SIDE_FILES = ("", "-journal", "-wal", "-shm")


async def backup(database: Database, file: Path) -> None:
    """Write one moment of the database to `file`, for its owner's eyes only, while everybody else goes on writing.

    Raises BackupFailed where the file exists, cannot be written, or there is nothing to keep; DatabaseNewer;
    DatabaseUnavailable.
    """
    with _new_file(file) as unfinished:
        if database.file is not None:
            await _copy_file(database, unfinished)
        else:
            await _copy_rows_out(database, unfinished)
        await asyncio.to_thread(_make_single_file, unfinished)


async def restore(database: Database, file: Path) -> None:
    """Replace everything in the database by the backup, all or nothing, and bring it to `head_revision()`.

    Raises DatabaseInUse while a bot runs on it, BackupFailed where `file` is no sound backup, DatabaseNewer where
    backup or database are newer than this program, DatabaseUnavailable.
    """
    await asyncio.to_thread(_check_file, file, database.file)
    async with SpeakerLock(database), Database(address.of_file(file)).snapshot() as source:
        revision = await _revision_of_backup(source, file)
        async with database.maintain() as target:
            with _telling_why(file):
                await _replace(source, target, revision)


@contextmanager
def _telling_why(file: Path) -> Iterator[None]:
    try:
        with answering(writing=True):
            yield
    except (DatabaseUnavailable, DatabaseNewer):
        raise
    except InvalidRequestError as error:
        raise BackupFailed("database.restore_foreign", file=file) from error
    except (DatabaseError, DBAPIError, ValueError) as error:
        raise BackupFailed("database.restore_refused", file=file) from error


async def _copy_file(database: Database, unfinished: Path) -> None:
    async with database.snapshot() as source:
        _need_tables(await source.run_sync(revision_in))
    await asyncio.to_thread(_vacuum_into, str(database.file), str(unfinished))


def _vacuum_into(source: str, target: str) -> None:
    with closing(sqlite3.connect(f"file:{quote(source)}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (target,))


async def _copy_rows_out(database: Database, unfinished: Path) -> None:
    async with database.snapshot() as source:
        revision = _need_tables(await source.run_sync(revision_in))
        async with Database(address.of_file(unfinished)).maintain() as target:
            await upgrade_to(target, revision)
            tables = await target.run_sync(_tables_in)
            await _copy_rows(source, target, tables)


def _need_tables(revision: str | None) -> str:
    if revision is None:
        raise BackupFailed("database.backup_nothing")
    return revision


async def _revision_of_backup(source: AsyncConnection, file: Path) -> str:
    try:
        revision = await source.run_sync(revision_in)
    except DatabaseNewer as error:
        raise DatabaseNewer("database.restore_newer", file=file, **error.parameters) from error
    if revision is None:
        raise BackupFailed("database.restore_foreign", file=file)
    return revision


async def _replace(source: AsyncConnection, target: AsyncConnection, revision: str) -> None:
    present = await target.run_sync(revision_in)
    if present is not None:
        await _drop(target, await _names_at(present))
    await upgrade_to(target, revision)
    tables = await source.run_sync(_tables_in, await _names_at(revision))
    await _copy_rows(source, target, tables)
    await upgrade_to(target, head_revision())
    await target.run_sync(_count_on, await _names_at(head_revision()))


async def _names_at(revision: str) -> list[str]:
    """The names of our tables at a revision. Others may live in the same database: they are none of our business."""
    with tempfile.TemporaryDirectory() as folder:
        async with Database(address.of_file(Path(folder) / "shape.db")).maintain() as connection:
            await upgrade_to(connection, revision)
            tables = await connection.run_sync(_tables_in)
    return [table.name for table in tables]


async def _drop(target: AsyncConnection, names: list[str]) -> None:
    everything = ["alembic_version", *names]
    # PostgreSQL minds references between tables unless they go in one statement; SQLite knows only one at a time.
    groups = [everything] if target.dialect.name == address.POSTGRESQL else [[name] for name in everything]
    for group in groups:
        await target.execute(text(f"DROP TABLE {', '.join(group)}"))


def _tables_in(connection: Connection, names: list[str] | None = None) -> list[Table]:
    """The tables as an SQLite file has them, with types that both engines understand; parents before children.

    Raises InvalidRequestError where one of `names` is not there.
    """
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def make_portable(*arguments: object) -> None:
        column = arguments[2]
        assert isinstance(column, dict)
        kind = column["type"].as_generic()
        if isinstance(kind, DateTime):
            kind = UtcDateTime()
        elif isinstance(kind, JSON):
            kind = JSON(none_as_null=column["nullable"])
        elif isinstance(kind, Integer):
            kind = BigInteger()
        column["type"] = kind

    metadata.reflect(connection, only=names)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


async def _copy_rows(source: AsyncConnection, target: AsyncConnection, tables: list[Table]) -> None:
    for table in tables:
        rows = await source.stream(select(table).order_by(*table.primary_key.columns))
        async for part in rows.mappings().partitions(ROWS_AT_ONCE):
            await target.execute(insert(table), [dict(row) for row in part])


def _count_on(connection: Connection, names: list[str]) -> None:
    """PostgreSQL counts ids apart from the rows: let it go on after the highest one."""
    if connection.dialect.name != address.POSTGRESQL:
        return
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        sequence = key is not None and connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": table.name, "key": key.name}
        )
        if key is not None and sequence:
            highest = connection.scalar(select(key).order_by(key.desc()).limit(1))
            connection.execute(
                text("SELECT setval(:sequence, :highest, :used)"),
                {"sequence": sequence, "highest": highest or 1, "used": highest is not None},
            )


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """A file beside `file` to be filled, which takes its name only when whole, and never an existing file's."""
    if file.exists():
        raise BackupFailed("database.backup_exists", file=file)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        _claim(unfinished)
        yield unfinished
        _claim(file)  # or else a renaming would replace what another has put there meanwhile
        unfinished.replace(file)
    except FileExistsError as error:
        raise BackupFailed("database.backup_exists", file=file) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed("database.backup_unwritable", file=file) from error
    finally:
        for suffix in SIDE_FILES:
            Path(f"{unfinished}{suffix}").unlink(missing_ok=True)


def _claim(file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _make_single_file(file: Path) -> None:
    """No write-ahead log beside it, and on the disk for certain."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _check_file(file: Path, database: Path | None) -> None:
    if not file.is_file():
        raise BackupFailed("database.restore_missing", file=file)
    if database is not None and database.exists() and file.samefile(database):
        raise BackupFailed("database.restore_itself", file=file)
    try:
        with file.open("rb") as opened:
            if opened.read(len(MAGIC)) != MAGIC:
                raise BackupFailed("database.restore_foreign", file=file)
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed("database.restore_damaged", file=file) from error
    if not sound:
        raise BackupFailed("database.restore_damaged", file=file)
