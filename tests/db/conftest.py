"""Databases without a single table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Database
from tests.conftest import PATIENT
from tests.postgres import drop_database, make_database


@pytest.fixture
async def sqlite_empty(tmp_path: Path) -> AsyncIterator[Database]:
    """An SQLite file that does not exist yet."""
    database = Database(f"sqlite:///{tmp_path}/empty.db", wait=PATIENT)
    yield database
    await database.close()


@pytest.fixture
async def postgresql_empty(postgresql_server: str, worker: str) -> AsyncIterator[Database]:
    """A PostgreSQL database without a table."""
    name = f"empty_{worker}"
    database = Database(await make_database(postgresql_server, name), wait=PATIENT)
    yield database
    await database.close()
    await drop_database(postgresql_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Database:
    """A database without a table, on either engine. Beside `database` that makes all four pairs."""
    opened: Database = request.getfixturevalue(f"{request.param}_empty")
    return opened
