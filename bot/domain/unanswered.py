"""Unanswered questions move by themselves.

    asked ─1 day─▶ ONE ─▶ MORE ─▶ EVERYONE ─▶ COORDINATORS ─▶ (nothing more)

ONE fitting person is invited, then three MORE, then the topic's other experts (EVERYONE, within bounds) with a hint to
the asker how to sharpen her question, then the COORDINATORS are told. An answer, or "still thinking", stops the clock;
reopening the question lets it go on with the step that comes next.

However long the bot was away, one step is taken at a time, each once: the next one comes as long after the last as it
would have come anyway, so that what was missed is not made up for all at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final


class Step(IntEnum):
    """What is done next for a question that nobody answers."""

    ONE = 0
    MORE = 1
    EVERYONE = 2
    COORDINATORS = 3


INVITED: Final = {Step.ONE: 1, Step.MORE: 3, Step.EVERYONE: 10, Step.COORDINATORS: 0}
"""How many people a step invites at most."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long after it was asked each step comes; ever longer."""

    one: timedelta = timedelta(days=1)
    more: timedelta = timedelta(days=2)
    everyone: timedelta = timedelta(days=3)
    coordinators: timedelta = timedelta(days=4)

    def wait(self, step: Step) -> timedelta:
        """How long after the step before it, or after the question, a step comes."""
        times = (timedelta(0), self.one, self.more, self.everyone, self.coordinators)
        return times[step + 1] - times[step]


@dataclass(frozen=True, slots=True)
class Clock:
    """A question's clock: the step that comes next, and when. `step` is None when all are done, `due_at` is None while
    the clock stands."""

    step: Step | None
    due_at: datetime | None

    @classmethod
    def started(cls, now: datetime, schedule: Schedule) -> Clock:
        """The clock of a new question."""
        return cls(Step.ONE, now + schedule.wait(Step.ONE))

    def due(self, now: datetime) -> Step | None:
        """The step whose time has come."""
        return self.step if self.due_at is not None and self.due_at <= now else None

    def taken(self, now: datetime, schedule: Schedule) -> Clock:
        """The clock after its step was taken: never two steps at one moment, however late it is."""
        if self.step is None or self.step is Step.COORDINATORS:
            return Clock(None, None)
        following = Step(self.step + 1)
        return Clock(following, now + schedule.wait(following))

    def stopped(self) -> Clock:
        """Somebody answered, or thinks about it."""
        return replace(self, due_at=None)

    def resumed(self, now: datetime, schedule: Schedule) -> Clock:
        """The question needs more after all. A clock that goes is left alone; one that struck meanwhile waits anew."""
        if self.step is None or (self.due_at is not None and self.due_at > now):
            return self
        return replace(self, due_at=now + schedule.wait(self.step))
