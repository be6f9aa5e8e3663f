"""One bot speaks for a database, and the next one may as soon as it is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from db.engine import Database
from db.errors import DatabaseInUse, DatabaseUnavailable
from db.lock import SPEAKER_KEY, SpeakerLock
from db.tables import NetworkCoordinator
from tests.clock import BEGINNING

ANOTHER_BOT = """
import asyncio, sys
from db.engine import Database
from db.lock import SpeakerLock

async def speak():
    async with SpeakerLock(Database(sys.argv[1])):
        print("speaking", flush=True)
        await asyncio.Event().wait()

asyncio.run(speak())
"""
HOLDER = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
).bindparams(key=SPEAKER_KEY)


async def start_another_bot(database: Database) -> Process:
    """A second process, which holds the lock when this returns."""
    address = database.url.render_as_string(hide_password=False)
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", ANOTHER_BOT, address, stdout=PIPE)
    assert bot.stdout is not None
    assert await bot.stdout.readline() == b"speaking\n"
    return bot


async def end(bot: Process) -> None:
    bot.kill()
    await bot.communicate()


async def acquire_in_the_end(lock: SpeakerLock) -> None:
    """PostgreSQL notices a killed client a moment later."""
    async with asyncio.timeout(20):
        while not lock.held:
            try:
                await lock.acquire()
            except DatabaseInUse:
                await asyncio.sleep(0.02)


async def test_a_second_bot_is_refused_until_the_first_is_killed(database: Database) -> None:
    bot = await start_another_bot(database)
    lock = SpeakerLock(database)
    with pytest.raises(DatabaseInUse) as refused:
        await lock.acquire()
    assert refused.value.message_id == "database.in_use"
    assert refused.value.parameters == {"place": database.place}
    assert not lock.held
    await end(bot)
    assert bot.returncode == -signal.SIGKILL
    await acquire_in_the_end(lock)
    await lock.release()


async def test_the_command_line_works_beside_a_running_bot(database: Database) -> None:
    bot = await start_another_bot(database)
    async with database.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=7, appointed_at=BEGINNING))
    await end(bot)


async def test_it_is_free_again_after_release(database: Database) -> None:
    first, second = SpeakerLock(database), SpeakerLock(database)
    async with first:
        await first.acquire()
        assert first.held
        with pytest.raises(DatabaseInUse):
            await second.acquire()
    assert not first.held
    async with second:
        assert second.held
    await second.release()


async def test_two_databases_are_two_locks(sqlite_database: Database, postgresql_database: Database) -> None:
    async with SpeakerLock(sqlite_database), SpeakerLock(postgresql_database):
        pass


@pytest.mark.parametrize("watch", [0.01, 3600.0])
async def test_losing_the_session_is_noticed(postgresql_database: Database, watch: float) -> None:
    lock = SpeakerLock(postgresql_database, watch=watch)
    await lock.acquire()
    async with postgresql_database.begin() as session:
        holder = await session.scalar(HOLDER)
        await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": holder})
    async with asyncio.timeout(20):
        await lock.lost()
    assert not lock.held
    await acquire_in_the_end(lock)
    assert lock.held
    await lock.release()


async def test_a_server_that_falls_silent_is_noticed(postgresql_database: Database) -> None:
    """Without a word that the connection ended, as when a cable is cut."""
    lock = SpeakerLock(postgresql_database, watch=0.01, patience=0.2)
    await lock.acquire()
    async with postgresql_database.read() as session:
        session_of_lock = await session.scalar(HOLDER)
    assert isinstance(session_of_lock, int)
    os.kill(session_of_lock, signal.SIGSTOP)
    async with asyncio.timeout(20):
        await lock.lost()
    os.kill(session_of_lock, signal.SIGCONT)
    assert not lock.held
    await acquire_in_the_end(lock)
    await lock.release()


async def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable) as raised:
        await SpeakerLock(Database(f"sqlite:///{tmp_path}/file/twincord.db")).acquire()
    assert raised.value.message_id == "database.lock_impossible"
