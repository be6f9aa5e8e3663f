"""Alerts and drills under whatever people, servers and a sender may do, step by step.

Nothing goes out without the approval that the rule asks for, nor to a server without consent; nothing overtakes what it
follows; after a false alarm nothing more of its alert goes out; a drill never looks like an alert, nor the reverse. The
services, the outbox, the composers and the sender's tries are the real ones; Discord is a model.

TWINCORD_MACHINE=300 makes it that many runs, and longer ones.
"""

from __future__ import annotations

import concurrent.futures
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.access import Actor
from bot.domain.cap.values import Severity
from bot.domain.crisis import AlertAudience, AlertDeed, AlertState
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.crisis_consent import ALL_SEVERITIES, Consent
from tests.services.crisis_world import (
    AUTHOR,
    CHANNELS,
    COLLEAGUE,
    ELSEWHERE,
    NETWORK,
    STRANGER,
    World,
)
from tests.services.discord_model import End

RUNS = int(os.environ.get("TWINCORD_MACHINE", "0"))
ACTORS = st.sampled_from((AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, STRANGER))
WHICH = st.integers(0, 9)
AUDIENCES = st.sampled_from((AlertAudience.NETWORK, AlertAudience.COUNTRY, AlertAudience.SERVER))
LAST_DEEDS = st.sampled_from((AlertDeed.CANCEL, AlertDeed.CANCEL, AlertDeed.END, AlertDeed.DISCARD))
WORDS = (
    Consent(),
    Consent(takes_part=False),
    Consent(severities=ALL_SEVERITIES - {Severity.SEVERE}),
    Consent(drills=False),
    False,
    True,
)
TEXTS = ("Crue du Rhône", "FALSE ALARM", "🟣 DRILL, nothing is real", "@everyone **run**")


class Telling(RuleBasedStateMachine):
    """One alert or drill is being told, while its end is decided, servers change their mind, and senders fail."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.template)

    @initialize(audience=AUDIENCES, kind=st.sampled_from(("alert", "alert", "drill")))
    def begin(self, audience: AlertAudience, kind: str) -> None:
        alert = self.world.draft(AUTHOR, "flood", audience, drill=kind == "drill")
        assert alert is not None
        self.world.confirm(AUTHOR, alert, honest=True)
        self.world.decide(COLLEAGUE, alert, AlertDeed.APPROVE, "")

    @rule(actor=st.sampled_from((NETWORK, NETWORK, AUTHOR, STRANGER)), which=WHICH, deed=LAST_DEEDS)
    def end(self, actor: Actor, which: int, deed: AlertDeed) -> None:
        self.world.decide(actor, self.world.pick(which), deed, "")

    @rule(
        author=st.sampled_from((AUTHOR, COLLEAGUE, NETWORK, STRANGER)),
        which=WHICH,
        kind=st.sampled_from((FollowUpKind.UPDATE, FollowUpKind.REPORT, FollowUpKind.STANDS)),
        approver=st.sampled_from((NETWORK, COLLEAGUE, AUTHOR, ELSEWHERE)),
    )
    def follow(self, author: Actor, which: int, kind: FollowUpKind, approver: Actor) -> None:
        if kind is FollowUpKind.STANDS:
            self.world.stand(author, self.world.pick(which))
        else:
            self.world.follow(author, self.world.pick(which), kind, approver)

    @rule(who=st.sampled_from((AUTHOR, ELSEWHERE)), word=st.sampled_from(WORDS))
    def change_of_mind(self, who: Actor, word: Consent | bool) -> None:
        """A server says anew what may be told in it; or leaves, or comes back."""
        assert who.server_id is not None
        if isinstance(word, Consent):
            self.world.consent(who, word)
        else:
            self.world.join(who.server_id, joined=word)

    @rule(channel=st.sampled_from(CHANNELS))
    def hide_history(self, channel: int) -> None:
        self.world.discord.unreadable.add(channel)

    @rule(seconds=st.sampled_from((1, 5, 11, 31, 130, 400, 600, 13 * 3600)))
    def pass_time(self, seconds: int) -> None:
        self.world.pass_time(timedelta(seconds=seconds))

    @rule(most=st.integers(1, 4), ends=st.lists(st.sampled_from(End), min_size=1, max_size=4), blind=st.booleans())
    def send(self, most: int, ends: list[End], blind: bool) -> None:
        self.world.take(most)
        for end in ends:
            if self.world.held:
                self.world.go_on(0, end, blind=blind)

    @rule()
    def send_all(self) -> None:
        self.world.take(4)
        while self.world.held:
            self.world.go_on(0, End.ANSWERED)

    @rule(which=WHICH)
    def stall(self, which: int) -> None:
        """A request is under way while other things happen."""
        self.world.take(2)
        if self.world.held:
            self.world.stall(which)

    @precondition(lambda self: self.world.stalled)
    @rule(end=st.sampled_from((End.ANSWERED, End.LOST, End.NEVER, End.REFUSED)))
    def arrive(self, end: End) -> None:
        self.world.arrive(end)

    @rule(dead=st.booleans())
    def take_over(self, dead: bool) -> None:
        """Another sender goes on; the old one is dead, or slow and keeps what it holds."""
        if dead:
            self.world.die()
        else:
            self.world.be_slow()

    @invariant()
    def all_is_well(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        """A last sender, to which nothing happens, says all that is left."""
        try:
            if not self.world.problems:
                self.world.finish()
                self.world.check()
                self.world.check_records()
        finally:
            self.world.close()


class Deciding(Telling):
    """The same, while several people draft, change, confirm, approve, return and reject more of them."""

    @rule(
        author=st.sampled_from((AUTHOR, ELSEWHERE, NETWORK)),
        audience=AUDIENCES,
        drill=st.booleans(),
        event=st.sampled_from(("storm", "Pont fermé", "🟣 DRILL")),
        text=st.sampled_from((None, *TEXTS)),
        honest=st.booleans(),
    )
    def draft(
        self, author: Actor, audience: AlertAudience, drill: bool, event: str, text: str | None, honest: bool
    ) -> None:
        alert = self.world.draft(author, event, audience, drill=drill)
        if alert is not None and text is not None:
            self.world.write(author, alert, text)
        if alert is not None:
            self.world.confirm(author, alert, honest=honest)

    @rule(
        actor=ACTORS, which=WHICH, change=st.sampled_from((*TEXTS, Severity.EXTREME, Severity.SEVERE, Severity.MINOR))
    )
    def edit_and_confirm(self, actor: Actor, which: int, change: str | Severity) -> None:
        alert = self.world.pick(which)
        if isinstance(change, Severity):
            self.world.change(actor, alert, change)
        else:
            self.world.write(actor, alert, change)
        self.world.confirm(actor, alert, honest=True)

    @precondition(lambda self: self.world.waiting)
    @rule(
        actor=ACTORS,
        which=WHICH,
        deed=st.sampled_from((AlertDeed.APPROVE, AlertDeed.OVERRIDE, AlertDeed.RETURN, AlertDeed.REJECT)),
        reason=st.sampled_from(("Because", "")),
    )
    def decide(self, actor: Actor, which: int, deed: AlertDeed, reason: str) -> None:
        waiting = self.world.waiting
        self.world.decide(actor, waiting[which % len(waiting)], deed, reason)


@pytest.mark.parametrize("machine", [Telling, Deciding])
def test_whatever_happens(machine: type[Telling], sqlite_template: Path) -> None:
    Telling.template = sqlite_template
    chosen = settings(
        max_examples=RUNS or 10,
        stateful_step_count=60 if RUNS else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=tuple(Phase) if RUNS else (Phase.explicit, Phase.reuse, Phase.generate),  # a shorter story takes minutes
    )
    with concurrent.futures.ThreadPoolExecutor(
        1
    ) as thread:  # this thread has a running loop; the machine needs its own
        thread.submit(run_state_machine_as_test, machine, settings=chosen).result()


def no_approval(world: World) -> None:
    world.pick(0).approved = False


def no_consent(world: World) -> None:
    world.consents = dict.fromkeys(world.consents, Consent(takes_part=False))


def called_off(world: World) -> None:
    world.pick(0).state = AlertState.CANCELLED


def taken_for_a_drill(world: World) -> None:
    world.pick(0).drill = True


@pytest.mark.parametrize("wrong", [no_approval, no_consent, called_off, taken_for_a_drill])
def test_the_world_sees_what_is_wrong(wrong: Callable[[World], None], sqlite_template: Path) -> None:
    """It is let believe something else than the services, which then do what would be wrong."""

    def tell() -> list[AssertionError]:
        world = World(sqlite_template)
        alert = world.draft(AUTHOR, "flood", AlertAudience.NETWORK, drill=False)
        assert alert is not None
        world.confirm(AUTHOR, alert, honest=True)
        world.decide(COLLEAGUE, alert, AlertDeed.APPROVE, "")
        wrong(world)
        world.take(1)
        world.go_on(0, End.ANSWERED)
        world.close()
        return world.problems

    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        assert thread.submit(tell).result()
