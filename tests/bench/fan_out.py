"""Telling many channels the same, 50 ms away, where Discord takes 50 requests in any rolling second.

The outbox stands beside discord.py one after the other, which is slow, and beside `asyncio.gather` over discord.py,
which loses messages: discord.py waits only once it was refused, and gives up at the fifth time. All three run in the
same run and take turns. What the server counted is reported: messages a second from the first to the last that it took,
the share of channels that show their message once, and refusals with 429. The outbox must draw none, lose none and
double none.

One after the other is measured on a sample: each message takes as long as the last.
"""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench import _fan_out_ways
from tests.bench._databases import migrated
from tests.bench.harness import child
from tests.bench.harness.compare import Comparison, Measured
from tests.bench.harness.remembered import Remembered
from tests.wire.discord_server import DiscordServer
from tests.wire.wires import sender_process, wire_up

LATENCY = 0.05
"""Seconds for there and back."""
SIZES = {100: 5, 1_000: 5, 5_000: 1}
"""How many channels, and how many runs; the largest takes the outbox two minutes."""
SAMPLE = 200
NOTHING = 0.0001
"""Stands for none, since ratios divide by it."""

Way = Callable[[int], Measured]


def comparisons() -> Iterator[Comparison]:
    """Two for each size. The outbox is measured once for both: the second shows the first's runs of it."""
    for size, runs in SIZES.items():
        ours = Remembered(partial(measure, outbox, size))
        slow = partial(measure, partial(plainly, _fan_out_ways.one_after_the_other), min(size, SAMPLE))
        lossy = Remembered(partial(measure, partial(plainly, _fan_out_ways.all_at_once), size))
        sampled = "" if size <= SAMPLE else f" (a sample of {SAMPLE})"
        yield Comparison(size, f"discord.py one after the other{sampled}", ours, _Then(slow, lossy), runs)
        yield Comparison(size, "asyncio.gather over discord.py", ours.again(), lossy.again(), runs)


class _Then:
    """The first way's result, after which the second has its turn too."""

    def __init__(self, first: Callable[[], Measured], second: Callable[[], Measured]) -> None:
        self.first, self.second = first, second

    def __call__(self) -> Measured:
        measured = self.first()
        self.second()
        return measured


def measure(way: Callable[[int], Awaitable[Measured]], size: int) -> Measured:
    """Let this way tell so many channels."""
    # Discord has no such pauses: its stand-in runs in this process, and would count late what was sent in time.
    gc.collect()
    gc.freeze()
    return asyncio.run(way(size))  # type: ignore[arg-type]


async def outbox(size: int) -> Measured:
    """The product's way: one delivery for each channel, sent by a process that has nothing else to do."""
    with tempfile.TemporaryDirectory() as folder:
        url = await migrated(f"sqlite:///{folder}/twincord.db")
        async with sender_process() as copied, wire_up(url, copied, latency=LATENCY) as wire:
            await wire.post(size, each=1)
            await wire.finish()
            counted = count(wire.server, size)
    if counted["shown once"] < 1 or counted["429"] > NOTHING:
        raise RuntimeError(f"the outbox lost, doubled or pushed: {counted}")
    return counted


async def plainly(way: Callable[..., Measured], size: int) -> Measured:
    """A way without an outbox."""
    async with DiscordServer(latency=LATENCY) as server:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "channels.json"
            file.write_text(json.dumps(server.add_channels(size)), encoding="utf-8")
            command = child.command(way, server.base, server.gateway_url, server.token, str(file))
            process = await asyncio.create_subprocess_exec(
                *command, cwd=child.ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
            )
            async with asyncio.timeout(child.TIME_LIMIT):
                status = await process.wait()
        if status:
            raise child.ChildError(f"{way.__qualname__} ended with {status}")
        return count(server, size)


def count(server: DiscordServer, size: int) -> Measured:
    """What the server saw of messages to so many channels."""
    took = [one.at for one in server.requests.sending() if one.status == 200]
    shown = server.channels.times_shown()
    return {
        "messages/s": (len(took) - 1) / (took[-1] - took[0]),
        "shown once": sum(times == 1 for times in shown.values()) / size,
        "429": server.requests.statuses()[429] or NOTHING,
    }
