"""How a connection to each engine is made, and what is said to it first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.address import POSTGRESQL, file_of

STATEMENT_LIMIT = 30_000
"""Milliseconds that one statement may take on PostgreSQL, outside migrations and backups."""
IDLE_LIMIT = 60_000
"""Milliseconds that a transaction on PostgreSQL may do nothing: whoever waits for the network there holds us all up."""
CONNECT_LIMIT = 10.0
"""Seconds to reach PostgreSQL."""
RECYCLE = 1800
"""Seconds after which a pooled connection is made afresh, before a firewall forgets it."""


def make_engine(url: URL, *, writing: bool, wait: float, patient: bool, **pool: Any) -> AsyncEngine:
    """An engine for one purpose: `writing` or truly read-only. A `patient` one has no limit on a statement's time and,
    on SQLite, does not mind foreign keys. `wait` is the seconds to wait for a lock. Connects to nothing yet."""
    make = _postgresql if url.get_backend_name() == POSTGRESQL else _sqlite
    return make(url, writing=writing, wait=wait, patient=patient, pool=pool)


def _sqlite(url: URL, *, writing: bool, wait: float, patient: bool, pool: dict[str, Any]) -> AsyncEngine:
    file = file_of(url)
    # Without the rwc of a plain name: a reader does not make an empty file where there was none.
    name = URL.create(
        url.drivername, database=f"file:{quote(str(file))}", query={"mode": "rwc" if writing else "rw", "uri": "true"}
    )
    # The driver is to begin nothing by itself: it would wait until the first write, and read before it.
    engine = create_async_engine(
        name, hide_parameters=True, connect_args={"isolation_level": None, "timeout": wait}, **pool
    )
    # What a member had deleted is overwritten, not just forgotten.
    for_writing = ["journal_mode = WAL", f"foreign_keys = {'OFF' if patient else 'ON'}", "secure_delete = ON"]
    pragmas = for_writing if writing else ["query_only = ON"]

    @event.listens_for(engine.sync_engine, "do_connect")
    def make_private_file(*_: object) -> None:
        if writing and file is not None and not file.exists():
            _make_private(file)

    @event.listens_for(engine.sync_engine, "connect")
    def say_first(connection: Any, _: object) -> None:
        try:
            cursor = connection.cursor()
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            # Nobody else knows of it yet, and it keeps a thread.
            connection.close()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _make_private(file: Path) -> None:
    # Members' data: for the bot's own user alone. SQLite gives its side files the same rights.
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _postgresql(url: URL, *, writing: bool, wait: float, patient: bool, pool: dict[str, Any]) -> AsyncEngine:
    settings = {
        "application_name": "twincord",
        "TimeZone": "UTC",
        "jit": "off",
        "lock_timeout": str(round(wait * 1000)),
        "statement_timeout": "0" if patient else str(STATEMENT_LIMIT),
        "idle_in_transaction_session_timeout": "0" if patient else str(IDLE_LIMIT),
        # A host that vanishes gives its locks back within a minute.
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
        "default_transaction_read_only": "off" if writing else "on",
    }
    return create_async_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED" if writing else "REPEATABLE READ",
        connect_args={"timeout": CONNECT_LIMIT, "server_settings": settings},
        pool_pre_ping=True,
        pool_recycle=RECYCLE,
        **pool,
    )
