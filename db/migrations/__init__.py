"""Bringing a database to the shape that this program knows.

The shapes ("revisions") are numbered files in `versions/`, one after the other; a database keeps the number of its own
in the table `alembic_version`. There is no way back but a backup: what is deleted cannot be made again.

For whoever changes `db/tables`: a test fails until the migrations make the same tables. Write the next one with

    python -m db.migrations "What it does."

then read it, correct it, and `ruff format` it. It runs on both engines, on SQLite in Alembic's batch mode (a table is
rebuilt), so use `with op.batch_alter_table("members", table_kwargs=COUNTED)`; `COUNTED` keeps ids from being given
twice, and is for tables that count their own. Until the first release there is one migration only, which is made
afresh with `python -m db.migrations --first`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from db.errors import DatabaseError, DatabaseNewer
from db.tables import Base
from db.types import UtcDateTime

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import AsyncConnection

    from db.engine import Database

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions"
COUNTED = {"sqlite_autoincrement": True}
_ONE_AT_A_TIME = asyncio.Lock()
"""Alembic's `op` is one for the whole process: two databases migrated at once would get each other's tables."""


async def upgrade(database: Database) -> str | None:
    """Bring the database to `head_revision()`, all or nothing; returns the revision that it had, None for a new one.

    Raises DatabaseNewer where the database is newer than this program, DatabaseUnavailable where it does not answer.
    """
    if database.file is None or database.file.exists():
        before = await current_revision(database)
        if before == head_revision():
            return before
    async with database.maintain() as connection:
        return await upgrade_to(connection, head_revision())


async def current_revision(database: Database) -> str | None:
    """The revision of the database, None where it has no tables of ours. Raises DatabaseNewer, DatabaseUnavailable."""
    async with database.read() as session:
        return await (await session.connection()).run_sync(revision_in)


async def is_current(database: Database) -> bool:
    """Whether the database needs no upgrade. Raises DatabaseNewer, DatabaseUnavailable."""
    return await current_revision(database) == head_revision()


def revisions() -> list[str]:
    """All revisions that this program knows, oldest first."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def head_revision() -> str:
    """The revision that this program works with."""
    return revisions()[-1]


def revision_in(connection: Connection) -> str | None:
    """The revision of what is connected; raises DatabaseNewer for one that this program does not know."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is not None and revision not in revisions():
        raise DatabaseNewer("database.newer", revision=revision, known=head_revision())
    return revision


async def upgrade_to(connection: AsyncConnection, revision: str) -> str | None:
    """Bring what is connected to `revision` in its open transaction, without foreign keys (see `Database.maintain`).

    Returns the revision that it had. Raises DatabaseNewer, and DatabaseError where a row refers to nothing afterwards.
    """
    async with _ONE_AT_A_TIME:
        return await connection.run_sync(_upgrade_to, revision)


def _upgrade_to(connection: Connection, revision: str) -> str | None:
    from alembic import command  # noqa: PLC0415 - takes longer to import than a start without an upgrade takes

    before = revision_in(connection)
    command.upgrade(alembic_config(connection), revision)
    check_foreign_keys(connection)
    return before


def check_foreign_keys(connection: Connection) -> None:
    """Raises DatabaseError where a row refers to nothing. PostgreSQL does not let it come so far."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseError("database.damaged_references", table=broken[0])


def alembic_config(connection: Connection, **options: Any) -> Config:
    """Alembic's configuration for an open connection; there is no alembic.ini. `options` as for its `configure`."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["options"] = {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "render_item": _render_type,
        "transactional_ddl": True,
    } | options
    return config


def _render_type(kind: str, item: object, _: AutogenContext) -> str | bool:
    # A migration stays what it was when our own types change.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False
