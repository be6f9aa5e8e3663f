"""`cap`: files of the Common Alerting Protocol, checked without a database."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.app import cap_checker
from bot.cli.desk import Answer, AsJson, Desk, perform
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


@app.callback()
def _root() -> None:
    """A group of commands, even while there is one."""


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
