"""Taking in a roster: rows a second and peak memory, beside a loader that trusts the file.

The alternative is `csv` and one INSERT for each row, which checks nothing, looks nothing up and matches nobody; what
it is faster by is the price of every bad line named, cities and topics found, and a file that may be taken twice.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench._roster_file import write_roster
from tests.bench._roster_ways import empty_database, row_by_row, twincord
from tests.bench.harness.child import in_child
from tests.bench.harness.compare import Comparison, Measured

SIZES = (1_000, 10_000, 100_000)


def comparisons() -> Iterator[Comparison]:
    """One comparison for each number of rows, each run into a fresh copy of the same empty database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_child(empty_database, str(folder / "empty.db"))
        for size in SIZES:
            write_roster(folder / "roster.csv", size)
            yield Comparison(
                size,
                "csv, row by row, unchecked",
                partial(load, twincord, folder, size),
                partial(load, row_by_row, folder, size),
                runs=3,
            )


def load(way: Callable[[str, str, int], Measured], folder: Path, rows: int) -> Measured:
    """Load the folder's roster once, in a process of its own."""
    database = folder / "full.db"
    shutil.copyfile(folder / "empty.db", database)
    try:
        return in_child(way, str(folder / "roster.csv"), str(database), rows)
    finally:
        for file in folder.glob("full.db*"):
            file.unlink()
