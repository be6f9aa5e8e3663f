"""`cases`: the collection of case studies out, and another one in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.files import write_new
from bot.domain.access import Host
from bot.i18n import Translator
from bot.services.case_exchange import ExportFormat
from bot.services.case_import import CaseProblem, TakenIn

SHOWN = 20

app = typer.Typer(no_args_is_help=True, help="Take the case studies away, or a collection of them in.")


@app.command("export")
def export_cases(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A new file; without one the collection is printed.")
    ] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="md to read; json or csv to take in again.")
    ] = ExportFormat.JSON,
) -> None:
    """Write all published case studies, each with its lasting id and its licence."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            text, count = await house.services.case_exchange.export(Host(), form, desk.t)
        if file is None:
            return Answer((text.rstrip("\n"),), None)
        with write_new(file) as lines:
            lines.write(text)
        return Answer((desk.t("cli.cases_exported", n=count, file=str(file)),), {"cases": count})

    perform(work, machine=False)


@app.command("import")
def import_cases(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A collection as JSON, or as CSV (.csv).")],
    server: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=2**63 - 1,
            metavar="ID",
            help="The server in whose forum they are to stand; without one they are only found.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in case studies: all of them, or nothing where one is wrong. Safe to run twice."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            done = await house.services.case_import.import_file(file, server_id=server, dry_run=dry_run)
        document = {
            "new": done.new,
            "changed": done.changed,
            "same": done.same,
            "posted": done.posted,
            "dry_run": dry_run,
        }
        if done.problems:
            return _refused(desk.t, file, done, document)
        counts = {"new": done.new, "changed": done.changed, "same": done.same}
        sentence = desk.t("cli.cases_would", **counts) if dry_run else desk.t("cli.cases_imported", **counts)
        posts = [desk.t("cli.cases_posted", n=done.posted, server=done.forum_of)] if done.posted else []
        return Answer((sentence, *posts), document)

    perform(work, machine=as_json)


def _refused(t: Translator, file: Path, done: TakenIn, document: dict[str, Any]) -> Answer:
    sentence = t("cli.not_imported", file=str(file), n=len(done.problems))
    lines = [_problem(t, one) for one in done.problems[:SHOWN]]
    more = len(done.problems) - len(lines)
    problems = [{"line": one.line, "message": _reason(t, one), "id": one.refusal.message_id} for one in done.problems]
    return Answer(
        [sentence, *lines, *([t("cli.more_problems", n=more)] if more else ())],
        {"error": {"message": sentence, "id": "cli.not_imported"}, "problems": problems, **document},
        status=1,
        problem=True,
    )


def _problem(t: Translator, problem: CaseProblem) -> str:
    return t("cli.cases_problem", line=str(problem.line), reason=_reason(t, problem))


def _reason(t: Translator, problem: CaseProblem) -> str:
    return t(problem.refusal.message_id, **problem.refusal.parameters)
