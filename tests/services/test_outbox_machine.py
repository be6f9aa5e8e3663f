"""The outbox under whatever may happen to a sender, step by step: nothing is lost, nothing doubled, order is kept.

Discord is a model here: it knows nonces for five minutes, shows what it accepted, and may lose an answer. Senders may
die between any two steps, and a slow one may come back when another has taken over. The outbox is the real one.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert, select

from bot.domain.outbox import (
    Again,
    Delivery,
    DeliveryKind,
    NewDelivery,
    Outcome,
    Priority,
    Refused,
    Sent,
    Step,
    Target,
    in_time,
    next_step,
)
from bot.services.outbox import OutboxService, post
from bot.services.work import Work
from db.engine import Database
from db.tables import DeliveryRow, Server
from tests.clock import SettableClock

NONCES = timedelta(minutes=5)
SERVER, CHANNELS = 1, (11, 12)
Got = TypeVar("Got")


class Machine(RuleBasedStateMachine):
    """A post office, a Discord, and senders that come and go."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "machine.db"
        shutil.copyfile(self.template, file)
        self.clock = SettableClock()
        self.database = Database(f"sqlite:///{file}", wait=20)
        self.outbox = OutboxService(Work(self.database), self.clock)
        self.posted: list[tuple[int, int, bool]] = []
        self.shown: list[tuple[int, int]] = []
        self.accepted_at: dict[int, datetime] = {}
        self.refused: set[int] = set()
        self.held: list[Delivery] = []
        self.lives = 0
        self.run(self._found_server())

    def run(self, work: Coroutine[Any, Any, Got]) -> Got:
        return self.runner.run(work)

    async def _found_server(self) -> None:
        async with self.database.begin() as session:
            values = {"id": SERVER, "name": "Lyon", "language": "en", "joined_at": self.clock()}
            await session.execute(insert(Server).values(**values))

    @rule(
        channel=st.sampled_from(CHANNELS),
        ordered=st.booleans(),
        priority=st.sampled_from((Priority.CANCEL, Priority.ALERT, Priority.ORDINARY)),
    )
    def decide(self, channel: int, ordered: bool, priority: Priority) -> None:
        number = len(self.posted) + 1
        new = NewDelivery(
            DeliveryKind.UNDELIVERED,
            number,
            Target.channel(channel, SERVER),
            f"key {number}",
            priority=priority,
            sequence="alert:1" if ordered else None,
        )

        async def write() -> None:
            async with self.outbox.work.begin() as session:
                await post(session, [new, new], self.clock())

        self.run(write())
        self.posted.append((number, channel, ordered))

    @rule(most=st.integers(1, 3))
    def take(self, most: int) -> None:
        taken = self.run(self.outbox.take(f"life {self.lives}", most))
        urgency = [each.priority for each in taken]
        assert urgency == sorted(urgency)
        self.held += taken

    @rule(seconds=st.sampled_from((1, 30, 89, 91, 130, 400)))
    def pass_time(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule()
    def die(self) -> None:
        """What it held is known to the database alone; the next speaker takes over."""
        self.held = []
        self.lives += 1
        self.run(self.outbox.take_over(f"life {self.lives}"))

    @rule()
    def be_slow(self) -> None:
        """It keeps what it holds, while another becomes the speaker."""
        self.lives += 1
        self.run(self.outbox.take_over(f"life {self.lives}"))

    @precondition(lambda self: self.held)
    @rule(
        index=st.integers(0, 9),
        arrives=st.booleans(),
        end=st.sampled_from(("answered", "answered", "lost", "dies", "refused")),
    )
    def go_on(self, index: int, arrives: bool, end: str) -> None:
        """One try, up to its end or to whatever comes between."""
        delivery = self.held.pop(index % len(self.held))
        step = next_step(delivery, self.clock())
        if step is Step.LOOK:
            if any(one == delivery.subject for one, _ in self.shown):
                self._settle(delivery, Sent(delivery.subject, delivery.target.id))
                return
            delivery = replace(delivery, in_doubt_since=None)
        if not in_time(delivery, self.clock()):
            return
        if delivery.subject in self.refused or (end == "refused" and delivery.subject not in self.accepted_at):
            self.refused.add(delivery.subject)
            self._settle(delivery, Refused(50035, delivery.target.id))
            return
        if arrives or end == "answered":
            self._accept(delivery)
        if end == "answered":
            self._settle(delivery, Sent(delivery.subject, delivery.target.id))
        elif end == "lost":
            doubt = delivery.in_doubt_since or delivery.taken_at
            self._settle(delivery, Again(self.clock() + timedelta(seconds=2), doubt, "lost"))

    def _accept(self, delivery: Delivery) -> None:
        known = self.accepted_at.get(delivery.subject)
        if known is None or self.clock() - known > NONCES:
            self.accepted_at[delivery.subject] = self.clock()
            self.shown.append((delivery.subject, delivery.target.id))

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        self.run(self.outbox.settle(delivery, outcome))

    @invariant()
    def nothing_is_doubled(self) -> None:
        numbers = [number for number, _ in self.shown]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def order_is_kept(self) -> None:
        ordered = {number for number, _, in_order in self.posted if in_order}
        for channel in CHANNELS:
            shown = [number for number, place in self.shown if place == channel and number in ordered]
            assert shown == sorted(shown)

    def teardown(self) -> None:
        """A last sender, to which nothing happens, says all that is left."""
        self.die()
        for _ in range(4 * len(self.posted) + 4):
            self.clock.advance(timedelta(seconds=3))
            self.take(3)
            while self.held:
                self.go_on(0, arrives=True, end="answered")
        self.nothing_is_doubled()
        self.order_is_kept()
        states = dict(self.run(self._states()))
        shown = {number for number, _ in self.shown}
        assert states == {number: "sent" if number in shown else "refused" for number, _, _ in self.posted}
        assert {number for number, state in states.items() if state == "refused"} <= self.refused
        self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    async def _states(self) -> list[tuple[int, str]]:
        async with self.database.read() as session:
            found = await session.execute(select(DeliveryRow.subject, DeliveryRow.state))
            return [(number, state) for number, state in found]


@pytest.fixture(scope="module")
def machine(sqlite_template: Path) -> type[Machine]:
    Machine.template = sqlite_template
    return Machine


def test_whatever_happens(machine: type[Machine]) -> None:
    import concurrent.futures  # noqa: PLC0415 - this thread has a running loop; the machine needs its own

    few = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        thread.submit(run_state_machine_as_test, machine, settings=few).result()
