"""A database that is locked, gone, full or damaged says so in one way; our own mistakes pass through."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, text
from sqlalchemy.exc import DBAPIError

from db.engine import Database
from db.errors import DatabaseUnavailable
from db.tables import City

LVIV = {"name": "Lviv", "country": "UA", "zone": "Europe/Kyiv"}


def closed_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


async def write(database: Database) -> None:
    """Any write at all."""
    async with database.begin() as session:
        await session.execute(insert(City).values(LVIV))


async def test_sqlite_locked_by_another_process(sqlite_database: Database) -> None:
    hasty = Database(sqlite_database.url, wait=0.05)
    with closing(sqlite3.connect(str(sqlite_database.file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable) as raised:
            await write(hasty)
        await hasty.ping()
    assert raised.value.message_id == "database.unavailable"
    assert isinstance(raised.value.__cause__, DBAPIError)
    await write(hasty)
    await hasty.close()


async def test_a_writer_that_never_ends_is_not_waited_for(database: Database) -> None:
    hasty = Database(database.url, wait=0.05)
    async with database.begin():
        with pytest.raises(DatabaseUnavailable):
            await write(hasty)
    await write(hasty)
    async with hasty.begin():
        with pytest.raises(DatabaseUnavailable):
            await write(hasty)
    await hasty.close()


async def test_postgresql_that_is_not_there() -> None:
    database = Database(f"postgresql://ana:hunter2@127.0.0.1:{closed_port()}/network")
    for attempt in (write(database), database.ping()):
        with pytest.raises(DatabaseUnavailable) as raised:
            await attempt
        assert "hunter2" not in f"{raised.value!r} {raised.value.__cause__!r}"
    await database.close()


async def test_postgresql_without_that_database(postgresql_server: str) -> None:
    nowhere = make_url(postgresql_server).set(database="nowhere").render_as_string(hide_password=False)
    database = Database(nowhere)
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    await database.close()


async def test_postgresql_that_ends_the_connection_in_the_middle(postgresql_database: Database) -> None:
    victim = Database(postgresql_database.url)

    async def be_cut_off() -> None:
        async with victim.begin() as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            async with postgresql_database.read() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await session.execute(insert(City).values(LVIV))

    with pytest.raises(DatabaseUnavailable):
        await be_cut_off()
    await write(victim)
    await victim.close()


async def test_a_full_disk(sqlite_database: Database) -> None:
    async def write_until_full() -> None:
        async with sqlite_database.begin() as session:
            await session.execute(text("PRAGMA max_page_count = 1"))
            for _ in range(1000):
                await session.execute(insert(City).values(LVIV | {"region": "x" * 200}))

    with pytest.raises(DatabaseUnavailable):
        await write_until_full()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = Database(f"sqlite:///{tmp_path}/file/twincord.db")
    with pytest.raises(DatabaseUnavailable):
        await write(database)
    await database.close()


async def test_reading_makes_no_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/twincord.db")
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    await database.close()
    assert database.file is not None
    assert not database.file.exists()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "twincord.db"
    file.write_text("minutes of the council\n" * 1000, encoding="utf-8")
    database = Database(f"sqlite:///{file}")
    for attempt in (write(database), database.ping()):
        with pytest.raises(DatabaseUnavailable) as raised:
            await attempt
        assert raised.value.message_id == "database.damaged"
    await database.close()


async def test_our_own_mistakes_pass_through(database: Database) -> None:
    for mistake in ("SELECT * FROM no_such_table", "SELEKT 1"):
        with pytest.raises(DBAPIError):
            async with database.read() as session:
                await session.execute(text(mistake))


async def test_what_the_caller_raises_passes_through(database: Database) -> None:
    async def raise_inside(error: Exception) -> None:
        async with database.begin():
            raise error

    for error in (FileNotFoundError("the caller's"), TimeoutError()):
        with pytest.raises(type(error)):
            await raise_inside(error)
