"""The timeline of one alert: who did what when, what became of each delivery, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.outbox import DeliveryKind

NOBODY: Final = 0
"""Whose deed it is that was done by somebody who had her data deleted since (`bot.domain.privacy`)."""
LOGGED: Final = frozenset(kind for kind in DeliveryKind if kind.value.startswith(("alert", "drill")))
"""The deliveries that are about an alert: their subject is its number."""


class Source(StrEnum):
    """Where an entry comes from. Its `kind` begins so."""

    DEED = "alert"
    DELIVERY = "delivery"
    ANSWER = "answer"
    MESSAGE = "message"
    """What an update, an escalation or a situation report said."""
    THREAD = "thread"
    STEP = "step"
    """A city that had not acknowledged, and who was asked then."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened.

    `kind` is the same in every language and for ever: an action of the audit (`alert.confirm`), `delivery.` with
    its kind and state (`delivery.alert.sent`), `message.` or `answer.` with its kind, `thread.opened`,
    `thread.refused`, or `step.` with who was asked about a silent city. `who` is a Discord id: `NOBODY` where her
    data was deleted, None for the host and for what happens by itself. `where` is the server that she did it from,
    that the channel or the silent city is in, or the city that answers. `details` are what else is on record, as
    text.
    """

    at: datetime
    kind: str
    who: int | None = None
    name: str | None = None
    where: str = ""
    channel_id: int | None = None
    cities: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """Where it comes from."""
        return Source(self.kind.partition(".")[0])

    @property
    def word(self) -> str:
        """The last word of its kind: what was done, how far the delivery is, what was answered."""
        return self.kind.rpartition(".")[2]

    @property
    def delivery(self) -> DeliveryKind | None:
        """What was to be said, where it is a delivery."""
        return DeliveryKind(self.kind.split(".")[1]) if self.source is Source.DELIVERY else None
