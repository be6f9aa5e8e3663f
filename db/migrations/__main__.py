"""Write the next migration: see `db.migrations`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from db.engine import Database
from db.migrations import VERSIONS, alembic_config, revisions, upgrade_to

FIRST = "The first tables."


async def write(message: str) -> Path:
    """Write what `db/tables.py` has beyond the migrations as one more; returns its file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/migrated.db")
        async with database.maintain() as connection:
            return await connection.run_sync(_compare, message)


def _compare(connection: Connection, message: str) -> Path:
    known = revisions()
    if known:
        upgrade_to(connection, known[-1])
    number = f"{int(known[-1]) + 1 if known else 1:04}"
    # Tables that are all new need no rebuilding.
    config = alembic_config(connection, render_as_batch=bool(known))
    script = command.revision(config, message, autogenerate=True, rev_id=number)
    if script is None or isinstance(script, list):
        raise RuntimeError("Alembic made no migration, or several")
    file = Path(script.path)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.strip().startswith("# ###")), encoding="utf-8")
    return file


def main(arguments: list[str]) -> None:
    """`--first` makes the first migration afresh, anything else is the message of the next one."""
    if arguments == ["--first"]:
        for file in VERSIONS.glob("[0-9]*_*.py"):
            file.unlink()
        arguments = [FIRST]
    sys.stdout.write(f"{asyncio.run(write(' '.join(arguments)))}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
