"""A backup is one moment of the database in one file, and comes back whole or not at all."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from db.backup import ROWS_AT_ONCE, backup, restore
from db.engine import Database
from db.errors import BackupFailed, DatabaseInUse, DatabaseNewer
from db.lock import SpeakerLock
from db.migrations import head_revision, is_current
from db.tables import AuditEntry, Base, City, Expertise, Member, MemberLanguage, NetworkCoordinator, Server, Topic
from tests.clock import BEGINNING

Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
async def filled(database: Database) -> Database:
    """Rows of every kind of column, with letters of several scripts."""
    async with database.begin() as session:
        await session.execute(insert(City).values(id=3, name="Львів", country="UA", zone="Europe/Kyiv"))
        await session.execute(insert(Topic).values(id="stormwater", cofog="06.3", hidden=True))
        await session.execute(insert(Server).values(id=2**62, name="🏛️ مدن", language="fr", joined_at=BEGINNING))
        person = {"id": 5, "display_name": "Ana", "zone": "UTC", "created_at": BEGINNING, "updated_at": BEGINNING}
        await session.execute(insert(Member).values(person))
        await session.execute(insert(MemberLanguage).values(member_id=5, language="uk"))
        await session.execute(insert(Expertise).values(member_id=5, topic_id="stormwater", level="expert"))
        details = {"a": [1, None, "ü"], "b": {"c": True}}
        await session.execute(insert(AuditEntry).values(at=BEGINNING, action="test", details=details))
    return database


async def fill(database: Database, people: int) -> None:
    times = {"created_at": BEGINNING, "updated_at": BEGINNING}
    rows = [
        {"user_id": 2**61 + number, "display_name": f"Ana {number}", "zone": "Europe/Kyiv", **times}
        for number in range(people)
    ]
    async with database.begin() as session:
        await session.execute(insert(Member), rows)


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def contents(database: Database) -> Contents:
    """Every row of every table."""
    async with database.read() as session:
        return {
            table.name: [
                tuple(row) for row in await session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


async def test_what_was_kept_comes_back_in_either_engine(filled: Database, empty: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    if filled.dialect == "postgresql":  # its sequence does not see the row that came with a number
        async with filled.begin() as session:
            await session.execute(text("SELECT setval('members_id_seq', 5)"))
    await fill(filled, ROWS_AT_ONCE + 1)
    await backup(filled, file)
    await restore(empty, file)
    assert await contents(empty) == await contents(filled)
    assert await is_current(empty)
    async with empty.begin() as session:  # ids are counted on after the highest one
        person = {"display_name": "Eva", "zone": "UTC", "created_at": BEGINNING, "updated_at": BEGINNING}
        assert (
            await session.execute(insert(Member).values(person).returning(Member.id))
        ).scalar_one() == 5 + ROWS_AT_ONCE + 2
        city = {"name": "Porto", "country": "PT", "zone": "Europe/Lisbon"}
        assert (await session.execute(insert(City).values(city).returning(City.id))).scalar_one() == 4


async def test_restoring_replaces_what_came_after(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    kept = await contents(filled)
    await backup(filled, file)
    async with filled.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=7, appointed_at=BEGINNING))
    await restore(filled, file)
    assert await contents(filled) == kept


async def test_a_backup_is_one_moment_while_the_bot_writes(database: Database, tmp_path: Path) -> None:
    """A writer adds a city and a coordinator at a time: no backup has one without the empty."""
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            async with database.begin() as session:
                await session.execute(insert(City).values(name=f"{number}", country="PT", zone="UTC"))
                await session.execute(insert(NetworkCoordinator).values(user_id=number, appointed_at=BEGINNING))
        return number

    writer = asyncio.create_task(write())
    counts = []
    for number in range(3):
        file = tmp_path / f"backup-{number}"
        await backup(database, file)
        with closing(sqlite3.connect(file)) as opened:
            query = "SELECT (SELECT count(*) FROM cities), (SELECT count(*) FROM network_coordinators)"
            counts.append(opened.execute(query).fetchone())
    stop.set()
    assert await writer >= counts[-1][0] > 0
    assert all(cities == coordinators for cities, coordinators in counts)


async def test_a_backup_is_one_file_for_its_owner_alone(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    await backup(filled, folder / "backup")
    assert names(folder) == ["backup"]
    assert stat.S_IMODE((folder / "backup").stat().st_mode) == 0o600


async def test_a_file_that_exists_is_kept(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("precious", encoding="utf-8")
    with pytest.raises(BackupFailed) as refused:
        await backup(database, file)
    assert refused.value.message_id == "database.backup_exists"
    assert file.read_text(encoding="utf-8") == "precious"


async def test_a_file_that_appears_meanwhile_is_kept(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    results = await asyncio.gather(*(backup(filled, folder / "backup") for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results if result] == [BackupFailed] * 2
    assert names(folder) == ["backup"]


async def test_a_folder_that_is_not_there(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as refused:
        await backup(database, tmp_path / "missing" / "backup")
    assert refused.value.message_id == "database.backup_unwritable"


async def test_nothing_to_keep(empty: Database, tmp_path: Path) -> None:
    async with empty.begin():
        pass  # SQLite has no file before
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(BackupFailed) as refused:
        await backup(empty, folder / "backup")
    assert refused.value.message_id == "database.backup_nothing"
    assert names(folder) == []


async def test_a_newer_database_is_not_kept_in_part(database: Database, tmp_path: Path) -> None:
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer):
        await backup(database, tmp_path / "backup")
    async with database.begin() as session:
        await session.execute(text(f"UPDATE alembic_version SET version_num = '{head_revision()}'"))


async def test_no_restoring_under_a_running_bot(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    await backup(filled, file)
    async with SpeakerLock(filled):
        with pytest.raises(DatabaseInUse):
            await restore(filled, file)
    await restore(filled, file)


SPOILT = {
    "DROP TABLE members": "database.restore_foreign",
    "DROP TABLE alembic_version": "database.restore_foreign",
    "DELETE FROM alembic_version": "database.restore_foreign",
    "UPDATE alembic_version SET version_num = '9999'": "database.restore_newer",
    "ALTER TABLE members RENAME COLUMN post TO job": "database.restore_refused",
    "UPDATE members SET created_at = 'yesterday'": "database.restore_refused",
    "UPDATE audit SET details = '{'": "database.restore_refused",
    "DELETE FROM topics": "database.restore_refused",
}


@pytest.mark.parametrize(("statement", "message"), SPOILT.items())
async def test_a_spoilt_backup_changes_nothing(filled: Database, tmp_path: Path, statement: str, message: str) -> None:
    file = tmp_path / "backup"
    await backup(filled, file)
    with closing(sqlite3.connect(file)) as opened:
        opened.execute(statement)
        opened.commit()
    before = await contents(filled)
    with pytest.raises((BackupFailed, DatabaseNewer)) as refused:
        await restore(filled, file)
    assert refused.value.message_id == message
    assert refused.value.parameters["file"] == file
    assert await contents(filled) == before


async def test_what_is_no_backup_at_all(filled: Database, tmp_path: Path) -> None:
    file, letter, torn = tmp_path / "backup", tmp_path / "letter", tmp_path / "torn"
    await backup(filled, file)
    letter.write_text("Dear colleagues,", encoding="utf-8")
    torn.write_bytes(file.read_bytes()[:20_000])
    expected = {
        tmp_path / "missing": "database.restore_missing",
        tmp_path: "database.restore_missing",
        letter: "database.restore_foreign",
        torn: "database.restore_damaged",
    }
    for wrong, message in expected.items():
        with pytest.raises(BackupFailed) as refused:
            await restore(filled, wrong)
        assert refused.value.message_id == message


async def test_the_database_is_no_backup_of_itself(sqlite_database: Database) -> None:
    assert sqlite_database.file is not None
    await sqlite_database.ping()
    with pytest.raises(BackupFailed) as refused:
        await restore(sqlite_database, sqlite_database.file)
    assert refused.value.message_id == "database.restore_itself"


async def test_a_plain_copy_of_the_file_will_do(sqlite_database: Database, empty: Database, tmp_path: Path) -> None:
    async with sqlite_database.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=7, appointed_at=BEGINNING))
    await sqlite_database.close()
    copy = tmp_path / "copy.db"
    shutil.copyfile(str(sqlite_database.file), copy)
    await restore(empty, copy)
    async with empty.read() as session:
        assert await session.scalar(select(func.count(NetworkCoordinator.user_id))) == 1


async def test_restoring_over_a_newer_database_is_refused(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    await backup(database, file)
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer) as refused:
        await restore(database, file)
    assert refused.value.message_id == "database.newer"
    async with database.begin() as session:
        await session.execute(text(f"UPDATE alembic_version SET version_num = '{head_revision()}'"))
