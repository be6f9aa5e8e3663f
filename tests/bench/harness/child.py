"""Measuring in a fresh process, so that one run's memory and imports do not colour the next."""

from __future__ import annotations

import importlib
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
STATUS = Path("/proc/self/status")
TIME_LIMIT = 600
"""Seconds that one measured process may take before it is ended."""


class ChildError(Exception):
    """A measured process failed; the text is the end of what it said."""


def command(function: Callable[..., Mapping[str, float]], *arguments: str | int | float) -> list[str]:
    """The command line that calls `function`, a function of a module, in a Python of its own."""
    return [
        sys.executable,
        "-m",
        "tests.bench.harness.child",
        f"{function.__module__}:{function.__qualname__}",
        json.dumps(arguments),
    ]


def in_child(function: Callable[..., Mapping[str, float]], *arguments: str | int | float) -> dict[str, float]:
    """Call a function in a fresh Python and return what it measured, with the process's peak memory as "MiB".

    The function and its arguments travel as a name and JSON. Raises `ChildError` where the process fails.
    """
    done = subprocess.run(
        command(function, *arguments),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    if done.returncode:
        raise ChildError(f"{function.__qualname__} ended with {done.returncode}: {done.stderr[-2000:]}")
    return result(done.stdout)


def result(output: str) -> dict[str, float]:
    """What a measured process reported: its last line of output."""
    measured: dict[str, float] = json.loads(output.splitlines()[-1])
    return measured


def peak_memory() -> float:
    """The most memory that this process has held, in MiB.

    `ru_maxrss` is what getrusage(2) offers, but on Linux a new process starts with the high-water mark of the process
    that spawned it, which would give a small program its parent's size. The kernel's VmHWM (proc(5)) counts from
    exec. macOS gives bytes where Linux gives KiB.
    """
    if STATUS.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
        if found:
            return int(found[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def main(target: str, arguments: str) -> None:
    """Call `module:function` with a JSON list of arguments and write what it measured as one line of JSON."""
    module, _, name = target.partition(":")
    function: Any = getattr(importlib.import_module(module), name)
    measured = dict(function(*json.loads(arguments)))
    sys.stdout.write(json.dumps({**measured, "MiB": peak_memory()}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
