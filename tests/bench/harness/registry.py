"""Which benchmarks there are: every plain module of tests/bench that is not a test of the harness itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

import tests.bench
from tests.bench.harness.compare import Comparison


class Benchmark(Protocol):
    """What a benchmark's module has."""

    def comparisons(self) -> Iterator[Comparison]:
        """The comparisons, made one after the other: what one needs (a folder, a server) lives until the next."""
        ...


def names() -> list[str]:
    """The names of all benchmarks, in order, with a hyphen between words; nothing is imported."""
    return sorted(
        found.name.replace("_", "-")
        for found in pkgutil.iter_modules(tests.bench.__path__)
        if not found.ispkg and not found.name.startswith(("_", "test_", "conftest"))
    )


def load(name: str) -> Benchmark:
    """The benchmark of that name."""
    return cast(Benchmark, importlib.import_module(f"tests.bench.{name.replace('-', '_')}"))
