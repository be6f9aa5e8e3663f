"""`db`: looking after the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import bring_up_to_date, open_database
from bot.cli.desk import Answer, AsJson, Desk, perform, stopped
from bot.domain.errors import Refusal
from bot.services.database import DatabaseState

app = typer.Typer(no_args_is_help=True, help="Look after the database: status, upgrade, backup, restore.")

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup's file.")]


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say where the database is and whether it is up to date. Changes nothing."""

    async def work(desk: Desk) -> Answer:
        async with open_database(desk.settings) as whole:
            state = await whole.state()
        if state.revision is None:
            sentence = desk.t("cli.database_new", place=state.place)
        elif state.current:
            sentence = desk.t("cli.database_current", place=state.place, revision=state.revision)
        else:
            sentence = desk.t("cli.database_old", place=state.place, revision=state.revision, newest=state.head)
        return Answer((sentence,), _document(state), status=0 if state.current else 1)

    perform(work, machine=as_json)


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Bring the database to the version that this program knows. Stop the bot and make a backup first."""

    async def work(desk: Desk) -> Answer:
        async with open_database(desk.settings) as whole:
            before = await bring_up_to_date(whole)
        if before.current:
            sentence = desk.t("cli.database_current", place=before.place, revision=before.head)
        elif before.revision is None:
            sentence = desk.t("cli.database_made", place=before.place, revision=before.head)
        else:
            sentence = desk.t("cli.database_upgraded", place=before.place, before=before.revision, revision=before.head)
        return Answer((sentence,), _document(before) | {"revision": before.head, "before": before.revision})

    perform(work, machine=as_json)


@app.command()
def backup(file: BackupFile, as_json: AsJson = False) -> None:
    """Write a consistent copy of the database to FILE, a new file. The bot may run on."""

    async def work(desk: Desk) -> Answer:
        async with open_database(desk.settings) as whole:
            await whole.backup(file)
        size = file.stat().st_size
        return Answer((desk.t("cli.backed_up", file=str(file), size=size),), {"file": str(file), "bytes": size})

    perform(work, machine=as_json)


@app.command()
def restore(
    file: BackupFile,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to replace what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Replace everything in the database by a backup, of this version or an older one. Stop the bot first."""

    async def work(desk: Desk) -> Answer:
        async with open_database(desk.settings) as whole:
            place = whole.database.place
            if not yes and not desk.watched:
                raise Refusal("cli.restore_needs_yes", place=place)
            if not yes and not typer.confirm(desk.t("cli.confirm_restore", place=place), err=True):
                return stopped(desk.t, "cli.not_restored", place=place)
            await whole.restore(file)
        return Answer((desk.t("cli.restored", file=str(file), place=place),), {"file": str(file), "database": place})

    perform(work, machine=as_json)


def _document(state: DatabaseState) -> dict[str, Any]:
    return {
        "database": state.place,
        "engine": state.dialect,
        "revision": state.revision,
        "newest": state.head,
        "current": state.current,
    }
