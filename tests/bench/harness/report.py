"""The table that people read and build/bench.json that machines read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from rich.table import Table

from tests.bench.harness.compare import Row

KEYS = [field.name for field in fields(Row)]


def load(path: Path) -> list[Row]:
    """The rows of an earlier run; none where there is no file. Raises ValueError where the file is something else."""
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, list) or not all(isinstance(row, dict) and list(row) == KEYS for row in found):
        raise ValueError("its rows have other keys")
    return [Row(**row) for row in found]


def merged(earlier: Iterable[Row], name: str, rows: Iterable[Row]) -> list[Row]:
    """The earlier rows with those of the benchmark `name` replaced, in order of name."""
    return sorted([*(row for row in earlier if row.name != name), *rows], key=lambda row: row.name)


def save(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows; a reader sees the old file or the new one, never half of either."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def table(rows: Iterable[Row]) -> Table:
    """The rows as a table, each with what its ratio means in words."""
    made = Table(title="Benchmarks: medians, each beside its baseline in the same run")
    made.add_column("benchmark")
    for heading in ("size", "measured"):
        made.add_column(heading, justify="right")
    made.add_column("unit")
    made.add_column("baseline")
    for heading in ("baseline measured", "ratio"):
        made.add_column(heading, justify="right")
    made.add_column("in words")
    for row in rows:
        made.add_row(
            row.name,
            f"{row.size:,}",
            number(row.value),
            row.unit,
            row.baseline,
            number(row.baseline_value),
            f"{row.ratio:.2f}",
            in_words(row),
        )
    return made


def number(value: float) -> str:
    """A measured number with as many digits as help."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def in_words(row: Row) -> str:
    """What the ratio says about the product: "2.10 times the speed", "25 % less"."""
    if row.unit.endswith("/s"):
        return f"{row.ratio:,.{0 if row.ratio >= 10 else 2}f} times the speed"
    change = round((row.ratio - 1) * 100)
    if change == 0:
        return "the same"
    return f"{abs(change)} % {'less' if change < 0 else 'more'}"
