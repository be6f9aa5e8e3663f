"""`topics`: the vocabulary in and out."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from bot.app import open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.files import write_new
from bot.domain.access import Host

app = typer.Typer(no_args_is_help=True, help="Take the topics in from a file, or write them to one.")


@app.command("import")
def import_topics(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A topics file, such as config/topics.csv.")],
    as_json: AsJson = False,
) -> None:
    """Add and change topics as FILE says. None is taken away; a wrong line changes nothing."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            done = await house.services.topics.synchronise(file, Host())
        sentence = desk.t("cli.topics_imported", new=done.new, changed=done.changed, total=done.total)
        return Answer((sentence,), {"new": done.new, "changed": done.changed, "total": done.total})

    perform(work, machine=as_json)


@app.command("export")
def export_topics(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A new file to write the topics to.")],
    as_json: AsJson = False,
) -> None:
    """Write all topics to FILE. Importing it again changes nothing."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            rows = await house.services.topics.export()
        with write_new(file) as lines:
            writer = csv.DictWriter(lines, fieldnames=list(rows[0]) if rows else ["id"])
            writer.writeheader()
            writer.writerows(rows)
        return Answer((desk.t("cli.topics_exported", n=len(rows), file=str(file)),), {"topics": len(rows)})

    perform(work, machine=as_json)
