"""Tables as CSV files that a spreadsheet opens, and that do nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.render.parts import Attachment

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets take for a formula (OWASP, CSV injection)."""


def csv_file(name: str, description: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Attachment:
    """A UTF-8 file with a byte order mark, by which spreadsheets know that it is UTF-8. Times are in ISO 8601."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return Attachment(text.getvalue().encode("utf-8-sig"), name, description)


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(timespec="minutes")
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value
