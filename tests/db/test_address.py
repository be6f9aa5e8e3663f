"""What an administrator may write for the database's address."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import address
from db.engine import Database
from db.errors import DatabaseError


@pytest.mark.parametrize(
    ("written", "driver", "place"),
    [
        ("sqlite:///data/twincord.db", "sqlite+aiosqlite", str(Path("data/twincord.db").resolve())),
        ("sqlite+aiosqlite:////srv/t.db", "sqlite+aiosqlite", "/srv/t.db"),
        ("postgres://ana:word@host/network", "postgresql+asyncpg", "postgresql://host/network"),
        ("postgresql://ana:word@host:5433/network?sslmode=require", "postgresql+asyncpg", "postgresql://host/network"),
        ("postgresql+asyncpg:///network?host=/run/pg", "postgresql+asyncpg", "postgresql:///run/pg/network"),
    ],
)
def test_addresses_get_their_driver(written: str, driver: str, place: str) -> None:
    url = address.parse(written)
    assert url.drivername == driver
    assert address.place_of(url) == place


def test_the_way_to_ask_for_encryption_is_translated_for_the_driver() -> None:
    assert dict(address.parse("postgresql://h/n?sslmode=require").query) == {"ssl": "require"}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "data/twincord.db",
        "mysql://ana:hunter2@host/network",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://ana:hunter2@host",
        "postgresql://ana:hunter2@host:notaport/network",
        "postgresql://ana:hunter2@host/network?sslrootcert=x&password=hunter2",
        "sqlite:///data/twincord.db?mode=memory&key=hunter2",
    ],
)
def test_anything_else_is_refused_without_repeating_a_password(written: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        Database(written)
    error: BaseException | None = refused.value
    assert refused.value.message_id in {"database.address_unusable", "database.address_option"}
    while error is not None:
        assert "hunter2" not in repr(error)
        error = error.__cause__


async def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    file = tmp_path / "100 % of the city? #1.db"
    database = Database(address.of_file(file))
    async with database.begin():
        pass
    await database.ping()
    assert file.exists()
    await database.close()
