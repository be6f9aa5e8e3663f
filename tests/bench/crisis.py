"""An alert to 1,000 channels, 50 ms away, where Discord takes 50 requests in any rolling second.

It goes the whole way: somebody drafts it, types how many channels there are, another one approves; the outbox, the
ticker, the sender and the messages are those of the bot (`tests.wire.alerting`). Three scenes:

- an alert to everybody: how soon the first channel is told after the second person's click, and how fast the rest;
- an alert while 10,000 check-ins are being sent: how soon it overtakes them;
- a false alarm while its alert is being told: how soon it reaches those who were told, and how many hear of the alert
  after it was decided.

Beside them stand the two ways without an outbox, discord.py one after the other (on a sample: each message takes as
long as the last) and `asyncio.gather`, which do what they are asked first.

Each figure is printed with its bound as it is measured. Where a median misses its bound, or something was lost, doubled
or said in the wrong order, the run ends with an error.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import _crisis_ways
from tests.bench._crisis_network import Network, found_network
from tests.bench._crisis_ways import Plan
from tests.bench.harness import child
from tests.bench.harness.compare import Comparison, Measured
from tests.bench.harness.remembered import Remembered
from tests.wire.alerting import moments
from tests.wire.discord_server import DiscordServer
from tests.wire.ledger import Request
from tests.wire.zygote import Zygote, zygote

LATENCY = 0.05
"""Seconds for there and back."""
SMALLER = int(os.environ.get("TWINCORD_BENCH_SMALLER", "1"))
"""For whoever works on it: everything is so many times smaller, and bounds are only shown."""
CHANNELS, CHECKINS = 1_000 // SMALLER, 10_000 // SMALLER
URGENT, AFTER, SAMPLE, FEW, RUNS = 100 // SMALLER, 100 // SMALLER, 150 // SMALLER, 400 // SMALLER, 3
"""Channels of the alert that overtakes; what is through when the urgent comes; the samples of the slow way, and of the
other one where it is stopped in the middle; runs of each."""
NOTHING = 0.0001
"""Stands for none, since ratios divide by it."""
IN_FLIGHT = 16
"""Sends that may be under way when a false alarm is decided."""
FALSE = "FALSE ALARM"
MOST, LEAST = "at most", "at least"
BOUNDS = {
    "s to the first": (MOST, 1.0),
    "messages/s": (LEAST, 0.95 * 50),
    "told once": (LEAST, 1.0),
    "429": (MOST, NOTHING),
    "alerts after it": (MOST, float(IN_FLIGHT)),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """`name` as in `tests.wire.alerting.SCENES`. The product does `full`, `asyncio.gather` does `gathered`."""

    name: str
    words: str
    full: int
    gathered: int

    def plan(self, network: Network, size: int, notes: Path) -> Plan:
        """What a way without an outbox is asked."""
        channels = network.channels
        match self.name:
            case "tell":
                return Plan([], "", 0, channels[:size], "Alert", str(notes))
            case "overtake":
                return Plan(network.direct[:size], "Check-in", AFTER, channels[:URGENT], "Alert", str(notes))
            case _:
                return Plan(channels[:size], "Alert", AFTER, channels[:size], FALSE, str(notes))


SCENES = (
    Scene("tell", "an alert", CHANNELS, CHANNELS),
    Scene("overtake", "overtaking check-ins", CHECKINS, FEW),
    Scene("take_back", "a false alarm", CHANNELS, FEW),
)


def comparisons() -> Iterator[Comparison]:
    """Two for each scene. The product is measured once for both: the second shows the first's runs of it."""
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        alone = asyncio.run(found_network(Path(folder) / "alone.db", CHANNELS, 0))
        asked = asyncio.run(found_network(Path(folder) / "asked.db", URGENT, CHECKINS))
        for scene in SCENES:
            network = asked if scene.name == "overtake" else alone
            ours = Remembered(partial(measure, scene, "twincord", partial(product, scene, network)))
            slow = partial(without, scene, network, SAMPLE, _crisis_ways.one_after_the_other)
            lossy = partial(without, scene, network, scene.gathered, _crisis_ways.all_at_once)
            for words, way, mine in (
                (f"discord.py one after the other (a sample of {SAMPLE})", slow, ours),
                (f"asyncio.gather over discord.py ({scene.gathered})", lossy, None),
            ):
                other = partial(measure, scene, words, way)
                yield Comparison(scene.full, f"{scene.words}: {words}", mine or ours.again(), other, RUNS)
            missed += judge(scene, ours.results)
    if missed and SMALLER == 1:
        raise RuntimeError("; ".join(missed))


def judge(scene: Scene, results: Sequence[Measured]) -> list[str]:
    """Show the median of each figure with its bound; returns those that miss it."""
    missed = []
    for unit, (which, bound) in BOUNDS.items():
        if unit in results[0]:
            middle = median(one[unit] for one in results)
            kept = middle <= bound if which == MOST else middle >= bound
            line = f"{scene.words}: {middle:.3f} {unit}, {which} {bound:g}: {'kept' if kept else 'MISSED'}"
            say(line)
            missed += [] if kept else [line]
    return missed


def measure(scene: Scene, way: str, act: Callable[[], Measured]) -> Measured:
    """Do it, and say what was measured."""
    # Discord has no such pauses: its stand-in runs in this process, and would count late what was sent in time.
    gc.collect()
    gc.freeze()
    measured = act()
    say(f"{scene.words}, {way}: " + ", ".join(f"{value:.3f} {unit}" for unit, value in measured.items()))
    return measured


def product(scene: Scene, network: Network) -> Measured:
    """The product's way. Raises RuntimeError where something is lost, doubled or said in the wrong order."""
    measured = asyncio.run(_product(scene, network))
    if measured["told once"] < 1:
        raise RuntimeError(f"{scene.words}: {measured}")
    return measured


async def _product(scene: Scene, network: Network) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        file, notes = Path(folder) / "twincord.db", Path(folder) / "notes"
        shutil.copyfile(network.file, file)
        async with zygote("tests.wire.alerting:main") as copied, DiscordServer(latency=LATENCY) as server:
            network.known_to(server)
            orders = {"base": server.base, "gateway": server.gateway_url, "token": server.token}
            told = {"database": f"sqlite:///{file}", "scene": scene.name, "after": AFTER, "notes": str(notes)}
            await _end(copied, orders | told)
            return count(scene, network, server, moments(notes)["deciding"], ours=True)


async def _end(copied: Zygote, orders: dict[str, object]) -> None:
    async with asyncio.timeout(child.TIME_LIMIT):
        status = await (await copied.start(orders)).ended
    if status:
        raise RuntimeError(f"the process ended with {status}")


def without(scene: Scene, network: Network, size: int, way: Callable[..., Measured]) -> Measured:
    """A way without an outbox."""
    return asyncio.run(_without(scene, network, size, way))


async def _without(scene: Scene, network: Network, size: int, way: Callable[..., Measured]) -> Measured:
    async with DiscordServer(latency=LATENCY) as server:
        network.known_to(server)
        with tempfile.TemporaryDirectory() as folder:
            file, notes = Path(folder) / "plan.json", Path(folder) / "notes"
            file.write_text(json.dumps(asdict(scene.plan(network, size, notes))), encoding="utf-8")
            command = child.command(way, server.base, server.gateway_url, server.token, str(file))
            process = await asyncio.create_subprocess_exec(
                *command, cwd=child.ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
            )
            async with asyncio.timeout(child.TIME_LIMIT):
                status = await process.wait()
            if status:
                raise child.ChildError(f"{way.__qualname__} ended with {status}")
            few = Network(network.file, scene.plan(network, size, notes).then, network.direct)
            return count(scene, few, server, moments(notes)["deciding"], ours=False)


def count(scene: Scene, network: Network, server: DiscordServer, decided: float, *, ours: bool) -> Measured:
    """What the server saw in the crisis channels since it was decided to tell them."""
    places = {f"/channels/{channel}/messages" for channel in network.channels}
    took = [one for one in server.requests.sending() if one.status == 200 and one.path in places]
    false = [one for one in took if _first_line(one).startswith(FALSE)]
    alerts = [one for one in took if not _first_line(one).startswith(FALSE)]
    urgent = false if scene.name == "take_back" else alerts
    seconds = [one.at - decided for one in urgent] or [child.TIME_LIMIT]
    measured = {"s to the first": seconds[0]}
    if scene.name == "tell":
        measured["messages/s"] = (len(urgent) - 1) / (seconds[-1] - seconds[0])
    else:
        measured["s to the last"] = seconds[-1]
    if scene.name == "take_back":
        measured["alerts after it"] = sum(one.at > decided for one in alerts) or NOTHING
    told = [_told(server, channel, took, scene, ours=ours) for channel in network.channels]
    return measured | {"told once": sum(told) / len(told), "429": server.requests.statuses()[429] or NOTHING}


def _told(server: DiscordServer, channel: int, took: Sequence[Request], scene: Scene, *, ours: bool) -> bool:
    """Whether a channel heard what it was to hear: the alert once; or that and then its end, after which ours stands
    over the alert itself too; or, where the end came in time, nothing."""
    shown = [str(message["content"]) for message in server.channels.messages.get(channel, [])]
    said = [_first_line(one).startswith(FALSE) for one in took if one.path == f"/channels/{channel}/messages"]
    if scene.name != "take_back":
        return len(shown) == len(said) == 1
    edited = not ours or all(text.startswith(FALSE) for text in shown)
    return len(shown) == len(said) and said in ([], [False, True]) and edited


def _first_line(request: Request) -> str:
    return str(request.body["content"])


def say(line: str) -> None:
    """Show how far it is; the report itself comes at the end."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
