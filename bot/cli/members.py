"""`members`: the roster in and out, and the codes by which people claim their rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.progress import progress_bar
from bot.domain.access import Host
from bot.domain.roster import Problem
from bot.domain.roster_merge import Imported, Issued
from bot.i18n import Translator

app = typer.Typer(no_args_is_help=True, help="Take the members in from a roster, write them to one, issue codes.")

NewFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file to write.")]


@app.command("import")
def import_members(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A roster: CSV whose first line names the columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    codes: Annotated[
        Path | None,
        typer.Option(
            "--codes",
            metavar="FILE.csv",
            help="Write a one-time code for everybody without a Discord account to this file; "
            "codes issued earlier no longer work.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a roster: all of it, or nothing where a line is wrong. Safe to run twice.

    Rows are matched by discord_user_id, else by reference. Nobody imported is suggested or messaged before confirming.
    docs/administrators.md describes the columns.
    """

    async def work(desk: Desk) -> Answer:
        issued = None
        async with open_house(desk.settings) as house:
            with progress_bar(desk, file.name) as progress:
                done = await house.services.roster.import_file(Host(), file, dry_run=dry_run, progress=progress)
            if not done.done:
                return _not_imported(desk.t, file, done)
            if codes is not None and not dry_run:
                issued = await house.services.roster.issue_codes(Host(), codes)
        sentences = [*_imported(desk.t, done), *(_issued(desk.t, codes, issued) if codes and issued else ())]
        return Answer(sentences, _document(desk.t, done) | (_codes_document(codes, issued) if issued else {}))

    perform(work, machine=as_json)


@app.command("export")
def export_members(file: NewFile, as_json: AsJson = False) -> None:
    """Write all members to a roster that can be imported again. It holds people's data: keep it safe."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            count = await house.services.roster.export_file(Host(), file)
        sentence = desk.t("cli.members_exported", n=count, file=str(file))
        return Answer((sentence,), {"members": count, "file": str(file)})

    perform(work, machine=as_json)


@app.command()
def codes(file: NewFile, as_json: AsJson = False) -> None:
    """Write a new one-time code for everybody without a Discord account. Codes issued earlier no longer work."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings) as house:
            issued = await house.services.roster.issue_codes(Host(), file)
        return Answer(_issued(desk.t, file, issued), _codes_document(file, issued))

    perform(work, machine=as_json)


def _imported(t: Translator, done: Imported) -> Sequence[str]:
    said = [
        t("cli.would_import" if done.dry_run else "cli.imported", n=done.rows),
        t("cli.imported_counts", new=done.new, updated=done.updated, unchanged=done.unchanged),
    ]
    if done.confirmed:
        said.append(t("cli.imported_confirmed", n=done.confirmed))
    if done.unclaimed:
        said.append(t("cli.imported_unclaimed", n=done.unclaimed))
    if done.ignored_columns:
        said.append(t("cli.columns_ignored", n=len(done.ignored_columns), columns=t.list(done.ignored_columns)))
    return said


def _not_imported(t: Translator, file: Path, done: Imported) -> Answer:
    sentence = t("cli.not_imported", file=str(file), n=done.problem_count)
    lines = [_problem(t, problem) for problem in done.problems]
    more = done.problem_count - len(lines)
    error = {"message": sentence, "id": "cli.not_imported"}
    return Answer(
        [sentence, *lines, *([t("cli.more_problems", n=more)] if more else ())],
        {"error": error, **_document(t, done)},
        status=1,
        problem=True,
    )


def _problem(t: Translator, problem: Problem) -> str:
    reason = t(problem.message_id, **problem.parameters)
    if problem.column is None:
        return t("cli.line", line=str(problem.line), reason=reason)
    return t("cli.line_column", line=str(problem.line), column=problem.column, reason=reason)


def _issued(t: Translator, file: Path, issued: Issued) -> Sequence[str]:
    said = [t("cli.codes_issued", n=issued.codes, file=str(file), expires=t.date(issued.expires_at))]
    if issued.voided:
        said.append(t("cli.codes_voided", n=issued.voided))
    return said


def _document(t: Translator, done: Imported) -> dict[str, Any]:
    return {
        "rows": done.rows,
        "new": done.new,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "confirmed": done.confirmed,
        "unclaimed": done.unclaimed,
        "ignored_columns": list(done.ignored_columns),
        "dry_run": done.dry_run,
        "problem_count": done.problem_count,
        "problems": [
            {
                "line": problem.line,
                "column": problem.column,
                "id": problem.message_id,
                "message": t(problem.message_id, **problem.parameters),
            }
            for problem in done.problems
        ],
    }


def _codes_document(file: Path | None, issued: Issued) -> dict[str, Any]:
    return {
        "codes": {
            "file": str(file),
            "issued": issued.codes,
            "voided": issued.voided,
            "expires_at": issued.expires_at.isoformat(),
        }
    }
