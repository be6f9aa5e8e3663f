"""`cap`: files of the Common Alerting Protocol: checked, written from our alerts, taken in as drafts."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.app import cap_checker, open_house
from bot.cli.desk import Answer, AsJson, Desk, perform
from bot.cli.files import write_new
from bot.domain.cap.checking import Checker, Report
from bot.domain.cap.findings import Gravity
from bot.domain.cap.reading import MOST_BYTES
from bot.domain.errors import Refusal
from bot.i18n import Translator

INVALID, UNREADABLE = 1, 2

app = typer.Typer(no_args_is_help=True, help="Files of the Common Alerting Protocol, version 1.2.")


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file: its findings as sentences and for a machine, and the exit status that it asks for."""

    file: Path
    status: int
    lines: list[str]
    document: Mapping[str, object] = field(default_factory=dict)


@app.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CAP 1.2 files, in XML.")],
    as_json: AsJson = False,
) -> None:
    """Check files against the schema of CAP 1.2 and the rules that it lacks: one line for each finding.

    Ends with 0 where every file is valid, 1 where one is invalid, 2 where one could not be read as XML or was refused.
    """

    async def work(desk: Desk) -> Answer:
        checker = cap_checker()
        checked = [_check(checker, file, desk.t) for file in files]
        lines = [line for each in checked for line in each.lines]
        return Answer(lines, {"files": [each.document for each in checked]}, max(each.status for each in checked))

    perform(work, machine=as_json)


@app.command("export")
def export(
    number: Annotated[int, typer.Argument(min=1, metavar="ID", help="The number of an alert or a drill.")],
    message: Annotated[
        int | None, typer.Option(min=1, help="Which message of its chain; the newest where it is left out.")
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file to write it to.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print an alert as CAP 1.2, as it was published or imported; a draft as it would read now."""

    async def work(desk: Desk) -> Answer:
        async with open_house(desk.settings, furnished=False) as house:
            document = (await house.services.cap.export(number, message)).decode()
        if output is None:
            return Answer((document,), {"id": number, "document": document})
        with write_new(output) as lines:
            lines.write(document)
        return Answer((desk.t("crisis.exported", file=str(output)),), {"id": number, "file": str(output)})

    perform(work, machine=as_json)


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CAP 1.2 file of somebody else's.")],
    as_json: AsJson = False,
) -> None:
    """Make a draft of a CAP file, for a coordinator to take on. Nothing is sent.

    Updates and Cancels are attached to the alert that they refer to.
    """

    async def work(desk: Desk) -> Answer:
        data = read_bounded(file)
        report = cap_checker().check(data)
        if report.message is None:
            first = next(finding for finding in report.findings if finding.gravity is Gravity.ERROR)
            problem = f"{first.where}: {desk.t(first.message_id, **first.parameters)}"
            raise Refusal("crisis.import_invalid", problem=problem)
        async with open_house(desk.settings, furnished=False) as house:
            done = await house.services.cap.take_in(report.message, data)
        number = str(done.alert_id)
        if done.attached:
            said = desk.t("crisis.imported_attached", number=number)
        else:
            said = desk.t("crisis.imported_draft", number=number)
        return Answer((said,), {"id": done.alert_id, "attached": done.attached, "signatures": report.signatures})

    perform(work, machine=as_json)


def read_bounded(file: Path) -> bytes:
    """A file's bytes. Raises `Refusal` where it cannot be read, is none, or is larger than a CAP file may be."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Refusal("cap.not_a_file")
        if found.st_size > MOST_BYTES:
            raise Refusal("cap.too_large", limit=MOST_BYTES // 1024 // 1024)
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Refusal("cap.unreadable", reason=reason or str(error)) from error


def _check(checker: Checker, file: Path, t: Translator) -> _Checked:
    try:
        report = checker.check(read_bounded(file))
    except Refusal as refusal:
        sentence = t(refusal.message_id, **refusal.parameters)
        finding = {"level": Gravity.ERROR.value, "id": refusal.message_id, "message": sentence}
        document = {"file": str(file), "readable": False, "valid": False, "signatures": 0, "findings": [finding]}
        return _Checked(file, UNREADABLE, [f"{file}: {t.of(Gravity.ERROR)}: {sentence}"], document)
    return _reported(file, report, t)


def _reported(file: Path, report: Report, t: Translator) -> _Checked:
    lines, findings = [], []
    for finding in report.findings:
        sentence = t(finding.message_id, **finding.parameters)
        lines.append(f"{file}:{finding.line}: {t.of(finding.gravity)}: {finding.where}: {sentence}")
        findings.append(
            {
                "level": finding.gravity.value,
                "id": finding.message_id,
                "line": finding.line,
                "where": finding.where,
                "message": sentence,
            }
        )
    if report.valid:
        lines.append(t("cap.valid", file=str(file)))
    document = {
        "file": str(file),
        "readable": True,
        "valid": report.valid,
        "signatures": report.signatures,
        "findings": findings,
    }
    return _Checked(file, 0 if report.valid else INVALID, lines, document)
