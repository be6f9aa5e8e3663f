"""One way in several comparisons: measured once, and shown beside each alternative."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.harness.compare import Measured


class Remembered:
    """Measures, and later tells what it measured."""

    def __init__(self, way: Callable[[], Measured]) -> None:
        self.way = way
        self.results: list[Measured] = []

    def __call__(self) -> Measured:
        self.results.append(self.way())
        return self.results[-1]

    def again(self) -> Callable[[], Measured]:
        """The same results, in the same order."""
        remembered = iter(self.results)
        return lambda: next(remembered)
