"""What a killed sender loses and doubles: nothing.

2,000 deliveries run in each of four configurations (SQLite and PostgreSQL; Discord still knows the nonces of before a
restart, or has forgotten them), and the process is killed at least 100 times, at random moments and, for two kills in
five, while the server has accepted a message and holds its answer back. Each channel is looked at afterwards. At least
a third of the kills must lie between the server's acceptance and our commit; they are counted by comparing what the
server took in that life with what is on record after it.

So that "nothing" means something, the same is done to senders that are broken on purpose: without a nonce, without a
look at the history, and marking before sending.

An alert to 600 channels goes the same way through the services that decide it: while it is being told, somebody says
that it stands, and later that it was a false alarm, and the sender is killed 60 times all the while. Order counts too.

A last comparison has a fault at every await of the sender, from a list made out of the code: the process is killed, or
the database fails, before and after each.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from functools import partial

from db.engine import Database
from tests.bench._databases import ENGINES, SQLITE, fresh, postgresql
from tests.bench.harness.compare import Comparison, Measured
from tests.bench.harness.remembered import Remembered
from tests.postgres import Server
from tests.wire.alert_crashes import alert_wire, kill_while_alerting
from tests.wire.awaits import Act, Moment, Place
from tests.wire.crashes import LONGER, SHORTER, Plan, kill_often
from tests.wire.everywhere import faulty_process, strike, struck_places
from tests.wire.sending import Switch
from tests.wire.wires import Report, sender_process, wire_up
from tests.wire.zygote import zygote

DELIVERIES, KILLS, SPARE = 2_000, 100, 10
"""`SPARE`: so many more kills are planned, since a life may end before its turn comes."""
BROKEN_DELIVERIES, BROKEN_KILLS = 300, 20
ALERTED, ALERT_KILLS, BROKEN_ALERTED, BROKEN_ALERT_KILLS = 600, 60, 100, 12
NOTHING = 0.0001
"""Stands for none, since ratios divide by it."""
WINDOWS = {
    "nonces remembered": (LONGER, (Switch.NO_NONCE, Switch.MARK_FIRST)),
    "nonces forgotten": (SHORTER, (Switch.NO_LOOK, Switch.MARK_FIRST)),
}


def comparisons() -> Iterator[Comparison]:
    """The product beside each broken sender, in each configuration; the product is measured once in each."""
    with postgresql() as server:
        for engine in ENGINES:
            for window, (restart, switches) in WINDOWS.items():
                name = f"{engine}, {window}"
                ours = Remembered(partial(measure, server, engine, name, Plan(KILLS + SPARE, restart), DELIVERIES))
                for number, switch in enumerate(switches):
                    plan = Plan(BROKEN_KILLS, restart, switch)
                    broken = partial(measure, server, engine, f"{name}, {switch}", plan, BROKEN_DELIVERIES)
                    yield Comparison(DELIVERIES, f"{switch} ({name})", ours.again() if number else ours, broken, runs=1)
        for engine in ENGINES:
            yield Comparison(
                ALERTED,
                f"no nonce (an alert, its word and its end, {engine})",
                partial(alert, server, engine, None, ALERTED, ALERT_KILLS),
                partial(alert, server, engine, Switch.NO_NONCE, BROKEN_ALERTED, BROKEN_ALERT_KILLS),
                runs=1,
            )
        for engine in ENGINES:
            yield Comparison(
                len(faults_on(engine)),
                f"no nonce (a fault at each await, {engine})",
                partial(strike_everywhere, server, engine, None),
                partial(strike_everywhere, server, engine, Switch.NO_NONCE),
                runs=1,
            )


def faults_on(engine: str) -> list[tuple[Place, Moment, Act]]:
    """Each place, each side of it, each fault; on PostgreSQL a fifth of these, to save time."""
    every = [(place, moment, act) for place in struck_places() for moment in Moment for act in Act]
    return every if engine == SQLITE else every[::5]


def measure(server: Server, engine: str, name: str, plan: Plan, deliveries: int) -> Measured:
    """Kill a sender as planned. Raises RuntimeError where the product loses or doubles or was not killed enough, and
    where nothing is seen of what is broken."""
    report = asyncio.run(_kill(server, engine, name, plan, deliveries))
    say(f"{name}: {report}")
    enough = report.kills >= KILLS and report.between * 3 >= report.kills
    fine = (enough and not report.harm) if plan.switch is None else report.harm
    if not fine:
        raise RuntimeError(f"{name}: {report}")
    return {
        "wrong/100 kills": report.harm / report.kills * 100 or NOTHING,
        "kills": report.kills,
        "kills between": report.between or NOTHING,
    }


async def _kill(server: Server, engine: str, name: str, plan: Plan, deliveries: int) -> Report:
    def advance(report: Report) -> None:
        if report.kills % 20 == 0:
            say(f"{name}: {report.kills} of {plan.kills} kills, {report.between} between acceptance and commit")

    async with fresh(engine, server) as url, sender_process() as copied, wire_up(url, copied) as wire:
        await wire.post(deliveries)
        return await kill_often(wire, plan, random.Random(2026), advance)


def alert(server: Server, engine: str, switch: Switch | None, channels: int, kills: int) -> Measured:
    """Kill the sender while an alert, its word and its end are on their way. Raises RuntimeError where the product
    loses, doubles or misplaces, and where nothing is seen of what is broken."""
    report = asyncio.run(_alert(server, engine, switch, channels, kills))
    harm = report.harm + report.misordered
    say(f"{engine}, an alert: {report}")
    if bool(harm) == (switch is None):
        raise RuntimeError(f"{engine}, an alert: {report}")
    return {"wrong/100 kills": harm / report.kills * 100 or NOTHING, "kills": report.kills}


async def _alert(server: Server, engine: str, switch: Switch | None, channels: int, kills: int) -> Report:
    def advance(report: Report) -> None:
        if report.kills % 20 == 0:
            say(f"{engine}, an alert: {report.kills} of {kills} kills")

    async with fresh(engine, server) as url, zygote("tests.wire.alerting:main") as copied:
        database = Database(url)
        async with alert_wire(database, copied, channels) as wire:
            wire.switch = switch
            report = await kill_while_alerting(wire, kills, LONGER, random.Random(2026), advance)
        await database.close()
    return report


def strike_everywhere(server: Server, engine: str, switch: Switch | None) -> Measured:
    """A fault at each await. Raises RuntimeError where the product loses or doubles by any of them."""
    faults, harm = asyncio.run(_strike(server, engine, switch))
    if switch is None and harm:
        raise RuntimeError(f"{engine}: {harm} lost or doubled by {faults} faults")
    return {"wrong/100 faults": harm / faults * 100 or NOTHING, "faults": faults}


async def _strike(server: Server, engine: str, switch: Switch | None) -> tuple[int, int]:
    every = faults_on(engine)
    faults = harm = 0
    async with fresh(engine, server) as url, faulty_process() as copied, wire_up(url, copied, latency=0.01) as wire:
        for number, (place, moment, act) in enumerate(every[::7] if switch else every):
            struck = await strike(wire, place, moment, act, switch=switch)
            faults += struck.met
            if struck.harm > harm:
                say(f"{engine}: {act} {moment} {place}: {struck}")
            harm = struck.harm
            if number % 40 == 39:
                say(f"{engine}: {faults} faults, {harm} lost or doubled")
    return faults, harm


def say(line: str) -> None:
    """Show how far it is; the report itself comes at the end."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
