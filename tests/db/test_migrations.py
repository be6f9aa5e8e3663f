"""Migrations make the tables of `db/tables`, again and again, on both engines."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Integer, insert, inspect, select, text

from db import migrations
from db.engine import Database
from db.errors import DatabaseError, DatabaseNewer
from db.migrations.__main__ import write
from db.tables import Base, Member, MemberLanguage
from tests.clock import BEGINNING


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})
    return list(compare_metadata(context, Base.metadata))


def checks(connection: Connection) -> set[tuple[str, str]]:
    found = inspect(connection)
    return {(name, str(check["name"])) for name in Base.metadata.tables for check in found.get_check_constraints(name)}


async def test_migrations_make_what_the_tables_say(database: Database) -> None:
    """Where this fails: `db/migrations/__init__.py` says how to write the missing migration."""
    async with database.read() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []
        found = await connection.run_sync(checks)
    assert found == {
        (table.name, f"ck_{table.name}_{check.name}" if not str(check.name).startswith("ck_") else str(check.name))
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


async def test_sqlite_counts_like_the_tables_say(sqlite_database: Database) -> None:
    """Alembic does not compare this: a migration that rebuilds a table must say `table_kwargs=COUNTED`."""
    async with sqlite_database.read() as session:
        found = await session.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        assert set(found) == {
            table.name for table in Base.metadata.sorted_tables if table.autoincrement_column is not None
        }


async def test_the_comparison_notices_what_is_missing(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await session.execute(text("ALTER TABLE members DROP COLUMN post"))
        assert len(await (await session.connection()).run_sync(differences)) == 1


async def test_upgrade_from_nothing_and_once_more(empty: Database) -> None:
    assert await migrations.upgrade(empty) is None
    assert await migrations.current_revision(empty) == migrations.head_revision()
    assert await migrations.is_current(empty)
    assert await migrations.upgrade(empty) == migrations.head_revision()


async def test_two_that_upgrade_at_once_do_it_once(empty: Database) -> None:
    other = Database(empty.url, wait=20)
    await asyncio.gather(migrations.upgrade(empty), migrations.upgrade(other))
    assert await migrations.is_current(other)
    await other.close()


async def test_two_databases_upgraded_at_once_keep_to_themselves(tmp_path: Path, postgresql_empty: Database) -> None:
    """Alembic knows one database at a time in a process."""
    several = [postgresql_empty, *(Database(f"sqlite:///{tmp_path}/{number}.db") for number in range(3))]
    assert await asyncio.gather(*(migrations.upgrade(database) for database in several)) == [None] * 4
    for database in several:
        async with database.read() as session:
            assert await (await session.connection()).run_sync(differences) == []
        await database.close()


async def test_a_newer_database_is_refused_untouched(empty: Database) -> None:
    await migrations.upgrade(empty)
    async with empty.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (migrations.upgrade(empty), migrations.is_current(empty)):
        with pytest.raises(DatabaseNewer) as raised:
            await attempt
        assert raised.value.parameters == {"revision": "9999", "known": migrations.head_revision()}


async def test_rebuilding_a_parent_keeps_its_children(database: Database) -> None:
    """With foreign keys on, SQLite's batch mode would delete the rows that refer to a table that it rebuilds."""
    async with database.begin() as session:
        member = {"display_name": "Ana", "zone": "Europe/Lisbon", "created_at": BEGINNING, "updated_at": BEGINNING}
        member_id = (await session.execute(insert(Member).values(member).returning(Member.id))).scalar_one()
        await session.execute(insert(MemberLanguage).values(member_id=member_id, language="pt"))

    def rebuild(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(
            "members",
            recreate="always" if database.dialect == "sqlite" else "auto",
            table_kwargs=migrations.COUNTED,
        ):
            pass
        migrations.check_foreign_keys(connection)

    async with database.maintain() as maintained:
        await maintained.run_sync(rebuild)
    async with database.read() as reader:
        assert (await reader.scalars(select(MemberLanguage.language))).all() == ["pt"]


async def test_a_migration_that_leaves_a_row_without_its_parent_is_undone(sqlite_database: Database) -> None:
    def orphan(connection: Connection) -> None:
        connection.execute(insert(MemberLanguage).values(member_id=404, language="pt"))
        migrations.check_foreign_keys(connection)

    async def maintain() -> None:
        async with sqlite_database.maintain() as connection:
            await connection.run_sync(orphan)

    with pytest.raises(DatabaseError) as raised:
        await maintain()
    assert raised.value.parameters == {"table": "member_languages"}
    async with sqlite_database.read() as reader:
        assert (await reader.scalars(select(MemberLanguage.language))).all() == []


def test_revisions_are_the_ones_that_alembic_sees() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    config.set_main_option("path_separator", "os")
    seen = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert seen[::-1] == migrations.revisions()
    assert migrations.head_revision() == seen[0]


async def test_the_next_migration_says_what_the_tables_have_gained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    column: Any = Member.__table__.c.post
    monkeypatch.setattr(column, "nullable", False)
    monkeypatch.setattr(column, "type", Integer())
    written = await write("Count posts.", folder=tmp_path)
    assert written.name == f"{int(migrations.head_revision()) + 1:04}_count_posts.py"
    text = written.read_text(encoding="utf-8")
    assert text.startswith('"""Count posts."""')
    assert "batch_alter_table('members'" in text
    assert "# ###" not in text
