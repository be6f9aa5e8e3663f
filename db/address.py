"""Where the database is: from what an administrator writes to what the drivers need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import DatabaseError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_DRIVERS = {
    "sqlite": f"{SQLITE}+aiosqlite",
    "sqlite+aiosqlite": f"{SQLITE}+aiosqlite",
    "postgres": f"{POSTGRESQL}+asyncpg",
    "postgresql": f"{POSTGRESQL}+asyncpg",
    "postgresql+asyncpg": f"{POSTGRESQL}+asyncpg",
}
_POSTGRESQL_OPTIONS = {"host": "host", "port": "port", "ssl": "ssl", "sslmode": "ssl"}
"""What may stand behind the `?` of a PostgreSQL address, and what asyncpg calls it."""


def parse(address: str | URL) -> URL:
    """The address with the driver that we use: `sqlite:///data/twincord.db`, `postgresql://user:word@host/name`.

    Raises DatabaseError where it is neither, lacks a name, or has an option that we do not know. No error carries
    the address itself: there may be a password in it.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise DatabaseError("database.address_unusable") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None or not url.database or url.database == ":memory:":
        raise DatabaseError("database.address_unusable")
    known: Mapping[str, str] = _POSTGRESQL_OPTIONS if driver.startswith(POSTGRESQL) else {}
    unknown = sorted(set(url.query) - set(known))
    if unknown:
        raise DatabaseError("database.address_option", option=unknown[0])
    return url.set(drivername=driver, query={known[option]: value for option, value in url.query.items()})


def of_file(file: Path) -> URL:
    """The address of an SQLite file, whatever characters its name has."""
    return URL.create(f"{SQLITE}+aiosqlite", database=str(file))


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database, absolute; None for PostgreSQL."""
    if url.get_backend_name() != SQLITE or url.database is None:
        return None
    return Path(url.database).resolve()


def place_of(url: URL) -> str:
    """The database as a person may see it, without user and password: a file, or `postgresql://host/name`."""
    file = file_of(url)
    if file is not None:
        return str(file)
    host = url.host or url.query.get("host") or "localhost"
    return f"{POSTGRESQL}://{host}/{url.database}"
