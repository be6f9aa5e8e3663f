"""`python -m tests.bench [name …]`: run benchmarks beside their baselines and write build/bench.json."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench.harness import registry, report
from tests.bench.harness.child import ROOT
from tests.bench.harness.compare import Row, compare

RESULTS = ROOT / "build" / "bench.json"


def run(
    wanted: Sequence[str],
    console: Console,
    results: Path = RESULTS,
    names: Callable[[], list[str]] = registry.names,
    load: Callable[[str], registry.Benchmark] = registry.load,
) -> int:
    """Run the wanted benchmarks, or all; print a table; merge the rows into `results`.

    Returns the exit status: 0, or 2 for a name that no benchmark has. What a benchmark raises is passed on, after
    the rows of those before it have been saved.
    """
    known = names()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        console.print(f"There is no benchmark called {', '.join(unknown)}; there is: {', '.join(known)}.")
        return 2
    measured: list[Row] = []
    for name in wanted or known:
        rows = _run_one(name, load(name), console)
        measured += rows
        report.save(results, report.merged(_earlier(results, console), name, rows))
    console.print(report.table(measured))
    console.print(f"Written to {results}.", soft_wrap=True)
    return 0


def _run_one(name: str, benchmark: registry.Benchmark, console: Console) -> list[Row]:
    rows: list[Row] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for comparison in benchmark.comparisons():
            words = f"{name} at {comparison.size:,}, beside {comparison.baseline}"
            task = progress.add_task(words, total=2 * comparison.runs)
            rows += compare(name, comparison, lambda task=task: progress.advance(task))  # type: ignore[misc]
    return rows


def _earlier(results: Path, console: Console) -> list[Row]:
    try:
        return report.load(results)
    except ValueError as error:
        console.print(f"{results} could not be read ({error}) and is written afresh.", soft_wrap=True)
        return []


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Console()))
