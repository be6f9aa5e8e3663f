"""Silent cities: who is asked when, and whose word ends it, whatever order things come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.cap.values import Severity
from bot.domain.escalation import FIRST, LADDER, Answering, Rung, Step, next_step, silences, wait

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HOME, OTHER = 1, 2
LYON, GHENT, BREST = 10, 11, 12
CITIES = ((HOME, LYON), (HOME, GHENT), (OTHER, LYON), (OTHER, BREST), (OTHER, None))
EVERYBODY = tuple(Rung)


@given(st.sampled_from(Severity), st.sets(st.sampled_from(Rung)))
def test_rungs_are_climbed_in_order_and_the_waits_never_shorten(severity: Severity, present: set[Rung]) -> None:
    steps: list[Step] = []
    times = [NOW]
    due: datetime | None = NOW + wait(severity, 0)
    while due is not None:
        times.append(due)
        step = next_step(severity, steps[-1].taken if steps else 0, present, due)
        assert step is not None
        steps.append(step)
        due = step.due_at
    rungs = [step.rung for step in steps]
    assert rungs == sorted(rungs, key=LADDER.index)
    assert set(rungs) == {*present, Rung.NETWORK}
    waits = [after - before for before, after in pairwise(times)]
    assert waits == sorted(waits)
    assert waits[0] == FIRST[severity]
    assert waits[-1] > waits[0]
    assert len(steps) <= len(LADDER)
    assert next_step(severity, steps[-1].taken, present, NOW) is None, "capped"


def test_a_graver_alert_waits_less() -> None:
    order = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
    waits = [FIRST[each] for each in order]
    assert waits == sorted(set(waits))
    assert set(FIRST) == set(Severity)


def test_where_nobody_is_on_call_the_deputies_are_asked_at_once() -> None:
    step = next_step(Severity.EXTREME, 0, {Rung.DEPUTIES}, NOW)
    assert step == Step(Rung.DEPUTIES, 2, NOW + timedelta(minutes=10))
    step = next_step(Severity.EXTREME, 0, (), NOW)
    assert step == Step(Rung.NETWORK, 3, NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("answering", "silenced"),
    [
        (Answering(frozenset({LYON}), OTHER, coordinates=False), {(HOME, LYON), (OTHER, LYON)}),
        (Answering(frozenset(), HOME, coordinates=False), set()),
        (Answering(frozenset({99}), HOME, coordinates=False), set()),
        (Answering(frozenset(), HOME, coordinates=True), {(HOME, LYON), (HOME, GHENT)}),
        (Answering(frozenset(), OTHER, coordinates=True), {(OTHER, LYON), (OTHER, BREST), (OTHER, None)}),
        (Answering(frozenset(), OTHER, coordinates=True, city_id=BREST), {(OTHER, BREST)}),
        (Answering(frozenset({GHENT}), OTHER, coordinates=False, city_id=BREST), {(HOME, GHENT)}),
    ],
)
def test_whose_word_ends_what(answering: Answering, silenced: set[tuple[int, int | None]]) -> None:
    assert {each for each in CITIES if silences(answering, *each)} == silenced


class Asking(RuleBasedStateMachine):
    """One city, people who answer in any order, lists that change, a clock that may jump far."""

    @initialize(severity=st.sampled_from(Severity))
    def begin(self, severity: Severity) -> None:
        self.severity, self.now = severity, NOW
        self.taken, self.due = 0, NOW + wait(severity, 0)
        self.present: set[Rung] = set()
        self.steps: list[tuple[datetime, Rung]] = []
        self.silent = True

    @rule(present=st.sets(st.sampled_from(Rung)))
    def change_lists(self, present: set[Rung]) -> None:
        self.present = present

    @rule(minutes=st.sampled_from((1, 5, 11, 60, 6000)))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if not self.silent or self.due is None or self.due > self.now:
            return
        step = next_step(self.severity, self.taken, self.present, self.now)
        assert step is not None, "what is due has a step"
        assert step.rung in {*self.present, Rung.NETWORK}
        self.steps.append((self.now, step.rung))
        self.taken, self.due = step.taken, step.due_at  # type: ignore[assignment]

    @rule(
        duties=st.frozensets(st.sampled_from((LYON, GHENT))),
        server=st.sampled_from((HOME, OTHER)),
        coordinates=st.booleans(),
        city=st.sampled_from((None, LYON, GHENT)),
    )
    def answer(self, duties: frozenset[int], server: int, coordinates: bool, city: int | None) -> None:
        right = LYON in duties or (coordinates and server == HOME and city in {None, LYON})
        ends = silences(Answering(duties, server, coordinates, city), HOME, LYON)
        assert ends is right
        self.silent = self.silent and not ends

    @invariant()
    def nobody_is_asked_too_early_too_often_or_all_at_once(self) -> None:
        assert len(self.steps) <= len(LADDER)
        times = [NOW, *(at for at, _ in self.steps)]
        waits = [after - before for before, after in pairwise(times)]
        assert all(each >= FIRST[self.severity] for each in waits)
        rungs = [LADDER.index(rung) for _, rung in self.steps]
        assert rungs == sorted(rungs)


TestAsking = Asking.TestCase
TestAsking.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
