"""Write the next migration: see `db.migrations`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script
from sqlalchemy import Connection

from db import address
from db.engine import Database
from db.migrations import VERSIONS, alembic_config, revisions, upgrade_to

FIRST = "The first tables."


async def write(message: str, folder: Path = VERSIONS) -> Path:
    """Write what `db/tables` has beyond the migrations as one more, in `folder`; returns its file."""
    with tempfile.TemporaryDirectory() as scratch:
        async with Database(address.of_file(Path(scratch) / "migrated.db")).maintain() as connection:
            known = revisions()
            if known:
                await upgrade_to(connection, known[-1])
            return await connection.run_sync(_compare, message, folder)


def _compare(connection: Connection, message: str, folder: Path) -> Path:
    known = revisions()
    # Tables that are all new need no rebuilding.
    config = alembic_config(connection, render_as_batch=bool(known))
    config.set_main_option("version_locations", os.pathsep.join({str(VERSIONS), str(folder)}))
    script = command.revision(
        config, message, autogenerate=True, rev_id=f"{int(known[-1]) + 1 if known else 1:04}", version_path=str(folder)
    )
    assert isinstance(script, Script)
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
