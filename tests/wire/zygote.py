"""Processes that start in no time: one Python has imported everything, and each life is a copy of it.

    python -m tests.wire.zygote module:function …

reads one JSON object a line, forks, calls the function with the object in the copy, says `{"pid": …}`, waits until the
copy has ended, and says `{"status": …}`. Nothing runs yet when it forks: no thread, no loop, no connection, so that a
copy is what a fresh process would be after its imports. The further arguments are modules to import beforehand.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST_LIFE = 600
"""Seconds: a copy that is forgotten ends by itself."""


@dataclass(frozen=True, slots=True)
class Life:
    """A running copy. `ended` gives its exit status, negative for the signal that ended it."""

    pid: int
    ended: asyncio.Task[int]

    async def kill(self) -> None:
        """SIGKILL: nothing is closed, nothing is said."""
        # Until the zygote has waited for it, its id belongs to nobody else.
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self.ended


@dataclass(slots=True)
class Zygote:
    """The process that copies itself; one life at a time."""

    process: asyncio.subprocess.Process
    life: Life | None = None

    async def start(self, orders: Mapping[str, Any]) -> Life:
        """Begin a life with these orders."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(orders).encode() + b"\n")
        pid = (await self._said())["pid"]
        self.life = Life(pid, asyncio.create_task(self._end()))
        return self.life

    async def stop(self) -> None:
        """End the life that is running, if there is one."""
        if self.life is not None:
            await self.life.kill()

    async def _end(self) -> int:
        return int((await self._said())["status"])

    async def _said(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process that copies itself has ended; see what it said on stderr")
        said: dict[str, int] = json.loads(line)
        return said


@asynccontextmanager
async def zygote(target: str, *modules: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Zygote]:
    """A process that has imported `module:function` and these modules, and waits for orders. Ended at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.wire.zygote",
        target,
        *modules,
        cwd=ROOT,
        # Libraries that calculate would start threads, which a copy does not get.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **(environment or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Zygote(process)
    try:
        yield made
    finally:
        await made.stop()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def serve(target: str, modules: Sequence[str]) -> None:
    """Copy this process for each line of orders, until there are no more."""
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    for further in modules:
        importlib.import_module(further)
    # As the bot does once it has begun: nobody looks for garbage in what was imported.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _live(function, json.loads(line))
        print(json.dumps({"pid": pid}), flush=True)  # noqa: T201 - the protocol
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)  # noqa: T201


def _live(function: Callable[[Any], int | None], orders: Any) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdin.fileno())
    os.dup2(nowhere, sys.stdout.fileno())
    signal.alarm(LONGEST_LIFE)
    try:
        status = function(orders)
    except BaseException:  # noqa: BLE001 - this is the end of a process
        traceback.print_exc()
        os._exit(1)
    os._exit(status or 0)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])
