"""Silent cities whatever happens: nobody is asked too early, too often or in vain, and nobody is left out.

People answer in any order, lists and consent change, the clock jumps, workers run twice at once, the alert ends. The
services, the outbox and the database are the real ones; who ends what is said here once more, in this test's own words.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import shutil
from collections.abc import Coroutine
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import delete, select

from bot.domain.access import Actor
from bot.domain.crisis import AlertDeed
from bot.domain.crisis_consent import Consent
from bot.domain.escalation import FIRST, LADDER
from bot.domain.oncall import Duty
from db.engine import Database
from db.tables import DeliveryRow, EscalationRow, EscalationStep, OnCall
from tests.clock import SettableClock
from tests.services.crisis_house import COLLEAGUE, ELSEWHERE, HOME, NETWORK, OTHER, THIRD
from tests.services.oncall_house import ALUMNA, DEPUTY, GHENT, LYON, ONE, TWO, OnCallHouse, oncall_house

City = tuple[int, int | None]
CITIES: tuple[City, ...] = ((HOME, LYON), (OTHER, GHENT), (THIRD, None))
ENDED_BY_COORDINATORS = {COLLEAGUE.user_id: (HOME, LYON), ELSEWHERE.user_id: (OTHER, GHENT)}
ENDED_BY_COORDINATORS |= {NETWORK.user_id: (OTHER, GHENT)}
Got = TypeVar("Got")


class Asking(RuleBasedStateMachine):
    """One alert or drill to three servers."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "machine.db"
        shutil.copyfile(self.template, file)
        self.database = Database(f"sqlite:///{file}", wait=20)
        self.clock = SettableClock()
        self.house: OnCallHouse = self.run(oncall_house(self.database, self.clock))
        self.lists: dict[int, set[int]] = {LYON: {ONE.user_id, TWO.user_id, DEPUTY.user_id}, GHENT: set()}
        self.reached: dict[City, int] = {}
        self.gone: set[City] = set()
        self.away = False
        self.over = False

    def run(self, work: Coroutine[Any, Any, Got]) -> Got:
        return self.runner.run(work)

    @initialize(drill=st.booleans())
    def begin(self, drill: bool) -> None:
        self.alert = self.run(self.house.sent(drill=drill))
        self.begun = self.clock()

    @rule(minutes=st.sampled_from((1, 11, 11, 25, 90)), workers=st.integers(1, 3))
    def pass_time(self, minutes: int, workers: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

        async def work() -> None:
            now = self.clock()
            await asyncio.gather(*(self.house.escalation.run_due(now) for _ in range(workers)))

        due = {city for city, at in self.run(self._due()).items() if at is not None and at <= self.clock()}
        self.run(work())
        if self.away:
            self.gone |= due & {(OTHER, GHENT)}

    @precondition(lambda self: not self.over)
    @rule(who=st.sampled_from((ONE, TWO, DEPUTY, ALUMNA, COLLEAGUE, ELSEWHERE, NETWORK)))
    def answer(self, who: Actor) -> None:
        self.run(self.house.crisis.desk.receive(who, self.alert.id))
        ends: set[City] = {(HOME, LYON)} if who.user_id in self.lists[LYON] else set()
        ends |= {(OTHER, GHENT)} if who.user_id in self.lists[GHENT] else set()
        if who.user_id in ENDED_BY_COORDINATORS:
            ends.add(ENDED_BY_COORDINATORS[who.user_id])
        taken = self.run(self._taken())
        for city in ends - self.gone:
            self.reached.setdefault(city, taken[city])

    @precondition(lambda self: not self.over)
    @rule(who=st.sampled_from((ONE, TWO, COLLEAGUE)))
    def answer_just_before_it_is_said(self, who: Actor) -> None:
        self.send(20)
        self.pass_time(11, 1)
        self.answer(who)
        self.send(20)

    @rule(who=st.sampled_from((ONE, DEPUTY, ALUMNA)), duty=st.sampled_from(Duty), city=st.sampled_from((LYON, GHENT)))
    def change_lists(self, who: Actor, duty: Duty, city: int) -> None:
        server = HOME if city == LYON else OTHER
        if who.user_id in self.lists[city]:
            gone = (OnCall.user_id == who.user_id) & (OnCall.city_id == city)
            self.run(self.house.write(delete(OnCall).where(gone)))
            self.lists[city].discard(who.user_id)
        else:
            self.run(self.house.put_on(who, duty, city, server))
            self.lists[city].add(who.user_id)

    @rule(takes_part=st.booleans())
    def change_consent(self, takes_part: bool) -> None:
        self.run(self.house.crisis.desk.set_consent(ELSEWHERE, Consent(takes_part=takes_part)))
        self.away = not takes_part

    @precondition(lambda self: not self.over)
    @rule()
    def end(self) -> None:
        self.run(self.house.crisis.crisis.decide(COLLEAGUE, self.alert.id, AlertDeed.END))
        self.over = True

    @rule(most=st.integers(1, 20))
    def send(self, most: int) -> None:
        before = self.run(self._said())
        self.run(self.house.speak(most))
        new = {number: each for number, each in self.run(self._said()).items() if number not in before}
        assert not (self.over and new), "nothing more of it goes out"
        away = {(OTHER, GHENT)} if self.away else set()
        for cities in new.values():
            assert cities - self.reached.keys() - self.gone - away, "nobody is asked in vain"

    @invariant()
    def nobody_is_asked_too_early_too_often_or_after_an_answer(self) -> None:
        if not hasattr(self, "alert"):
            return
        steps = self.run(self._steps())
        first = FIRST[self.alert.severity]
        taken = self.run(self._taken())
        for city in CITIES:
            mine = [(at, rung) for where, at, rung in steps if where == city]
            assert len(mine) <= len(LADDER)
            times = [self.begun, *(at for at, _ in mine)]
            assert all(after - before >= first for before, after in pairwise(times))
            rungs = [LADDER.index(rung) for _, rung in mine]
            assert rungs == sorted(rungs)
            if city in self.reached:
                assert taken[city] == self.reached[city]

    @invariant()
    def whoever_has_not_heard_still_waits(self) -> None:
        if not hasattr(self, "alert") or self.over:
            return
        waiting = set(self.run(self.house.waiting()))
        assert waiting == set(CITIES) - self.reached.keys() - self.gone
        due = self.run(self._due())
        taken = self.run(self._taken())
        for city in waiting:
            assert due[city] is not None or taken[city] == len(LADDER), "somebody else is asked, up to the last"

    def teardown(self) -> None:
        self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    async def _steps(self) -> list[tuple[City, Any, Any]]:
        query = (
            select(EscalationRow.server_id, EscalationRow.city_id, EscalationStep.at, EscalationStep.rung)
            .join(EscalationRow, EscalationRow.id == EscalationStep.escalation_id)
            .order_by(EscalationStep.number)
        )
        async with self.database.read() as session:
            return [((server, city), at, rung) for server, city, at, rung in await session.execute(query)]

    async def _taken(self) -> dict[City, int]:
        rows = await self.house.rows(EscalationRow.server_id, EscalationRow.city_id, EscalationRow.taken)
        return {(server, city): taken for server, city, taken in rows}

    async def _due(self) -> dict[City, Any]:
        rows = await self.house.rows(EscalationRow.server_id, EscalationRow.city_id, EscalationRow.due_at)
        return {(server, city): due for server, city, due in rows}

    async def _said(self) -> dict[int, set[City]]:
        """What was sent to ask about cities, by its number."""
        numbers = await self.house.rows(EscalationRow.id, EscalationRow.server_id, EscalationRow.city_id)
        cities: dict[int, City] = {number: (server, city) for number, server, city in numbers}
        asked = DeliveryRow.kind.in_(("alert_unanswered", "drill_unanswered")) & (DeliveryRow.state == "sent")
        async with self.database.read() as session:
            found = await session.execute(select(DeliveryRow.id, DeliveryRow.payload).where(asked))
            return {number: {cities[each] for each in payload["cities"]} for number, payload in found}


def test_whatever_happens(sqlite_template: Path) -> None:
    Asking.template = sqlite_template
    few = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    with concurrent.futures.ThreadPoolExecutor(1) as thread:  # this one has a running loop; the machine needs its own
        thread.submit(run_machine, Asking, settings=few).result()
