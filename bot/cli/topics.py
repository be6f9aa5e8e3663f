"""`topics`: the vocabulary in and out, and what is found in it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from bot.app import open_database, open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.files import write_new
from bot.domain.access import Host
from bot.domain.errors import Refusal
from bot.domain.topics import LANGUAGES, Finding
from bot.services.topics import TopicsService

_SHOWN = 10

app = typer.Typer(
    no_args_is_help=True, help="Take the topics in from a file, write them to one, or try how they are found."
)


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


@app.command("match")
def match_topics(
    text: Annotated[str | None, typer.Argument(help="What somebody might type, in any language.")] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file with one text a line, each to be looked up.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="The language of who asks, such as fr; without it none is preferred.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show the topics that a text finds, best first, and whether the bot would answer outright. Changes nothing."""
    if (text is None) == (batch is None):
        raise typer.BadParameter("Give either a text or --batch with a file.")
    if language and language not in LANGUAGES:
        raise typer.BadParameter(f"The languages are {', '.join(LANGUAGES)}.", param_hint="--language")

    async def work(desk: Desk) -> Answer:
        texts = [text] if text is not None else _lines(batch or Path())
        async with open_database(desk.settings) as whole:
            ready = (await whole.state()).current
        async with open_house(desk.settings, migrate=False, furnished=False) as house:
            topics = house.services.topics
            await topics.foresee(desk.settings.topics_file, stored=ready)
        found = {one: topics.look_up(one, language, _SHOWN) for one in texts}
        sentences = [line for one, finding in found.items() for line in _told(desk, topics, one, finding)]
        return Answer(sentences, {one: _document(finding) for one, finding in found.items()})

    perform(work, machine=as_json)


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("topics.file_unreadable", file=str(file), reason=str(error)) from error
    return [line.rstrip("\r") for line in lines if line.strip()]


def _document(finding: Finding) -> dict[str, object]:
    topics = [[match.topic_id, round(match.score, 4)] for match in finding.matches]
    return {"confident": finding.confident, "topics": topics}


def _told(desk: Desk, topics: TopicsService, text: str, finding: Finding) -> list[str]:
    if not finding.matches:
        return [desk.t("cli.topics_nothing", text=text)]
    first = desk.t("cli.topics_sure", text=text) if finding.confident else desk.t("cli.topics_unsure", text=text)
    names = {match.topic_id: topics.get(match.topic_id).label(desk.t.language) for match in finding.matches}
    return [first, *(f"  {match.score:.2f}  {names[match.topic_id]} ({match.topic_id})" for match in finding.matches)]
