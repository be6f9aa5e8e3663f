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
    """The rows as a table that fits into 80 columns, each with what its ratio means in words."""
    made = Table(title="Benchmarks: medians, each beside its baseline in the same run")
    made.add_column("benchmark, beside", overflow="fold")
    for heading in ("size", "measured", "baseline"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("ratio in words")
    for row in rows:
        made.add_row(
            f"{row.name}, {row.baseline}",
            f"{row.size:,}",
            f"{number(row.value)} {row.unit}",
            f"{number(row.baseline_value)} {row.unit}",
            in_words(row),
        )
    return made


def number(value: float) -> str:
    """A measured number with as many digits as help."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def in_words(row: Row) -> str:
    """What the ratio says about the product: "2.1 times the speed", "6.8 times as much", "25 % less"."""
    if row.unit.endswith("/s"):
        return f"{_short(row.ratio)} times the speed"
    change = round((row.ratio - 1) * 100)
    if change >= 100:
        return f"{_short(row.ratio)} times as much"
    if change == 0:
        return "the same"
    return f"{abs(change)} % {'less' if change < 0 else 'more'}"


def _short(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"
