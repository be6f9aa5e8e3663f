"""A roster as a file: read line by line, never all at once."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import Refusal
from bot.domain.roster import delimiter_of, header_of

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file that is UTF-8 and has a header we understand. `lines` counts those below the header, empty ones too."""

    path: Path
    delimiter: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    lines: int

    @classmethod
    def open(cls, path: Path) -> RosterFile:
        """Look at a file. Raises `Refusal` where it cannot be read, is not UTF-8, is empty, or its header is wrong."""
        try:
            lines = _lines(path)
            with path.open(encoding="utf-8-sig", newline="") as text:
                delimiter = delimiter_of(text.readline())
                text.seek(0)
                header = next(csv.reader(text, delimiter=delimiter, strict=True), None)
        except OSError as error:
            raise Refusal("roster.unreadable", file=str(path), reason=error.strerror or str(error)) from error
        except csv.Error as error:
            raise Refusal("roster.quotes", line=1) from error
        if not header or not any(header):
            raise Refusal("roster.empty", file=str(path))
        columns, unknown = header_of(header)
        return cls(path, delimiter, columns, unknown, max(lines - 1, 0))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The number of the line where each row begins, and its cells; empty rows are left out.

        Raises `Refusal` where a quotation mark is never closed: nothing after it can be told apart.
        """
        with self.path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            next(reader)
            line = reader.line_num + 1
            try:
                for cells in reader:
                    if any(cells):
                        yield line, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                raise Refusal("roster.quotes", line=line) from error


def _lines(path: Path) -> int:
    """How many lines a file has. Raises `Refusal` with the number of the first one that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    count, last = 0, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].count(b"\n")
                raise Refusal("roster.not_utf8", line=count + before + 1) from None
            count += block.count(b"\n")
            last = block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refusal("roster.not_utf8", line=count + 1) from None
    return count + bool(last and not last.endswith(b"\n"))
