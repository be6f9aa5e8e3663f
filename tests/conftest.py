"""What all tests share: a clock, and a migrated, empty database on each engine."""

from __future__ import annotations

import gc
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.migrations import upgrade
from db.tables import Base
from tests.clock import SettableClock
from tests.postgres import Server, make_database

PATIENT = 20.0
"""Seconds that a test waits for another writer: a busy machine is not a failure."""
SERVER = pytest.StashKey[Server]()
SWEEP = "; ".join(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))


def start_server(config: pytest.Config) -> str:
    """The address of this run's PostgreSQL, which is started when first asked for."""
    if SERVER not in config.stash:
        config.stash[SERVER] = Server()
    return config.stash[SERVER].address


def pytest_configure() -> None:
    """In every process: look for garbage seldom. Looking after 700 new objects took a tenth of the suite's time."""
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In pytest-xdist's controller, before a worker starts: hand it the server's address."""
    node.workerinput["postgresql"] = start_server(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """At the end of whichever process started the server."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()
        del config.stash[SERVER]


@pytest.fixture
def clock() -> SettableClock:
    """A Tuesday morning in March; `clock.advance(timedelta(days=1))` makes it Wednesday."""
    return SettableClock()


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> str:
    """The address of a PostgreSQL server where databases can be made: `tests.postgres.make_database`."""
    workerinput = getattr(request.config, "workerinput", None)
    return start_server(request.config) if workerinput is None else str(workerinput["postgresql"])


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{file}")
    await upgrade(database)
    await database.close()
    return file


@pytest.fixture(scope="session")
async def postgresql_shared(postgresql_server: str, worker: str) -> AsyncIterator[Database]:
    """This worker's migrated PostgreSQL database. Tests take `postgresql_database`, which is empty."""
    database = Database(await make_database(postgresql_server, f"twincord_{worker}"), wait=PATIENT)
    await upgrade(database)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this process among pytest-xdist's workers."""
    workerinput = getattr(request.config, "workerinput", None)
    return "alone" if workerinput is None else str(workerinput["workerid"])


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An open, migrated, empty SQLite database in a file of its own."""
    file = tmp_path / "twincord.db"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}", wait=PATIENT)
    yield database
    await database.close()


@pytest.fixture
async def postgresql_database(postgresql_shared: Database) -> AsyncIterator[Database]:
    """An open, migrated, empty PostgreSQL database."""
    yield postgresql_shared
    async with postgresql_shared.begin() as session:
        connection = await (await session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
        await driver.execute(SWEEP)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An open, migrated, empty database: each test that asks for it runs once on either engine."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    return opened
