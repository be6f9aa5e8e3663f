"""The harness of the benchmarks: turns, medians, merging, unknown names, memory of a child."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench.__main__ import run
from tests.bench.harness import child, registry, report
from tests.bench.harness.compare import Comparison, Measured, Row, compare

MIB = 1024**2


@dataclass
class Fixed:
    """A benchmark that measures numbers which the test chose."""

    ours: float = 6.0
    theirs: float = 3.0

    def comparisons(self) -> Iterator[Comparison]:
        yield Comparison(10, "a plain loop", lambda: {"ms": self.ours}, lambda: {"ms": self.theirs}, runs=1)


class Broken:
    """A benchmark whose product fails."""

    def comparisons(self) -> Iterator[Comparison]:
        yield Comparison(1, "a plain loop", self.fail, self.fail, runs=1)

    def fail(self) -> Measured:
        raise RuntimeError("the disk is full")


@dataclass
class Bench:
    """The command line over a registry of the test's own."""

    results: Path
    known: dict[str, registry.Benchmark]
    said: str = ""

    def __call__(self, *wanted: str) -> int:
        console = Console(file=io.StringIO(), width=200)
        try:
            return run(wanted, console, self.results, lambda: sorted(self.known), self.known.__getitem__)
        finally:
            self.said = console.file.getvalue()  # type: ignore[attr-defined]

    def rows(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(self.results.read_text())
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "build" / "bench.json", {"one": Fixed(), "two": Fixed(5.0, 10.0)})


def row(name: str, unit: str = "s", ratio: float = 1.0) -> Row:
    return Row(name, 1, ratio, unit, "a plain loop", 1.0, ratio)


def test_both_ways_take_turns_and_the_medians_are_compared() -> None:
    order: list[str] = []
    ours, theirs = iter([9.0, 2.0, 3.0]), iter([1.0, 2.0, 60.0])

    def subject() -> Measured:
        order.append("A")
        return {"s": next(ours), "rows/s": 10.0}

    def alternative() -> Measured:
        order.append("B")
        return {"s": next(theirs), "rows/s": 5.0}

    steps: list[None] = []
    rows = compare("x", Comparison(7, "a plain loop", subject, alternative, runs=3), lambda: steps.append(None))

    assert order == ["A", "B"] * 3
    assert len(steps) == 6
    assert rows == [
        Row("x", 7, 3.0, "s", "a plain loop", 2.0, 1.5),
        Row("x", 7, 10.0, "rows/s", "a plain loop", 5.0, 2.0),
    ]


@pytest.mark.parametrize("theirs", [{"MiB": 1.0}, {"s": 1.0, "MiB": 1.0}, {"s": 0.0}])
def test_what_cannot_be_compared_is_refused(theirs: Measured) -> None:
    with pytest.raises(ValueError, match="measured"):
        compare("x", Comparison(1, "a plain loop", lambda: {"s": 1.0}, lambda: theirs, runs=1), lambda: None)


def test_the_file_has_exactly_the_agreed_keys(bench: Bench) -> None:
    assert bench() == 0
    keys = ["name", "size", "value", "unit", "baseline", "baseline_value", "ratio"]
    assert [list(row) for row in bench.rows()] == [keys, keys]
    assert bench.rows()[0] == {
        "name": "one",
        "size": 10,
        "value": 6.0,
        "unit": "ms",
        "baseline": "a plain loop",
        "baseline_value": 3.0,
        "ratio": 2.0,
    }
    assert "one at 10, beside a plain loop" in bench.said
    assert "2.0 times as much" in bench.said
    assert "50 % less" in bench.said


def test_running_one_replaces_its_rows_and_keeps_the_others(bench: Bench) -> None:
    bench()
    bench.known["one"] = Fixed(12.0)

    assert bench("one") == 0

    assert [(row["name"], row["value"]) for row in bench.rows()] == [("one", 12.0), ("two", 5.0)]


def test_an_unknown_name_gives_one_sentence_and_leaves_the_file(bench: Bench) -> None:
    assert bench("three", "one") == 2
    assert bench.said == "There is no benchmark called three; there is: one, two.\n"
    assert not bench.results.exists()


def test_a_failure_keeps_what_was_measured_before_it(bench: Bench) -> None:
    bench.known["two"] = Broken()
    with pytest.raises(RuntimeError, match="the disk is full"):
        bench()
    assert [row["name"] for row in bench.rows()] == ["one"]


@pytest.mark.parametrize("text", ["{", "{}", '[{"name": "old"}]'])
def test_an_unreadable_file_is_written_afresh(bench: Bench, text: str) -> None:
    bench.results.parent.mkdir()
    bench.results.write_text(text)
    assert bench("one") == 0
    assert "could not be read" in bench.said
    assert len(bench.rows()) == 1


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (row("x", "rows/s", 2.5), "2.5 times the speed"),
        (row("x", "rows/s", 1500.0), "1,500 times the speed"),
        (row("x", "s", 0.75), "25 % less"),
        (row("x", "MiB", 1.5), "50 % more"),
        (row("x", "MiB", 6.84), "6.8 times as much"),
        (row("x", "rows/s", 0.63), "0.63 times the speed"),
        (row("x", "MiB", 1.001), "the same"),
    ],
)
def test_a_ratio_reads_in_words(measured: Row, words: str) -> None:
    assert report.in_words(measured) == words


def test_every_module_beside_the_harness_is_a_benchmark() -> None:
    assert {"harness", "test_harness", "__main__", "conftest"}.isdisjoint(registry.names())
    assert "lookup-quality" in registry.names()
    for name in registry.names():
        assert callable(registry.load(name).comparisons)


def hold(megabytes: int) -> Measured:
    """Hold that much memory for a moment; runs in a child."""
    return {"held": float(len(b"x" * megabytes * MIB) // MIB)}


def fail() -> Measured:
    """Fail, in a child."""
    raise RuntimeError("the disk is full")


def test_a_child_reports_its_own_peak_and_not_its_parents() -> None:
    fat_parent = b"x" * 300 * MIB
    small = child.in_child(hold, 1)
    large = child.in_child(hold, 100)
    assert small["held"] == 1
    assert small["MiB"] < len(fat_parent) / MIB
    assert 90 < large["MiB"] - small["MiB"] < 110


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(child.ChildError, match="the disk is full"):
        child.in_child(fail)
