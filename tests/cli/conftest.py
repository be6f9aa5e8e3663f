"""Typing at the command line, inside the test's own process."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output, which must be one JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A working folder of its own, with a database to be made in it."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Said:
        """Run `python -m bot ARGUMENTS`."""
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = self.capture.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    def set(self, **variables: str) -> None:
        """Set TWINCORD_… variables."""
        for name, value in variables.items():
            self.monkeypatch.setenv(f"TWINCORD_{name.upper()}", value)

    def write(self, name: str, text: str) -> Path:
        """Write a file in the folder."""
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Logging as it was, after a test that configures it."""
    root = logging.getLogger()
    handlers, level, kept = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**kept)


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without settings, and a working folder without a file of them; returns the folder."""
    for name in list(os.environ):
        if name.upper().startswith("TWINCORD_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(
    no_settings: Path,
    logging_restored: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command line in an empty folder, without the colours that some machines ask for."""
    monkeypatch.setattr("typer.rich_utils.FORCE_TERMINAL", None)
    return CommandLine(no_settings, monkeypatch, capsys)
