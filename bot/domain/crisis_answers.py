"""What people answer to an alert, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.crisis_chain import FollowUpKind
from bot.domain.crisis_threads import Opened
from bot.domain.escalation import Silent
from bot.domain.outbox import DeliveryState


class AlertAnswer(StrEnum):
    """The three buttons under an alert."""

    RECEIVED = "received"
    NEED = "need"
    OFFER = "offer"


class HelpKind(StrEnum):
    """What is needed, or can be given."""

    PEOPLE = "people"
    PUMPS = "pumps"
    BOATS = "boats"
    SHELTER = "shelter"
    MEDICAL = "medical"
    EXPERTISE = "expertise"
    EQUIPMENT = "equipment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Help:
    """One need or offer. `city` is that of who answered, her server's name where she has none."""

    kind: AlertAnswer
    what: HelpKind
    quantity: str
    place: str
    name: str
    city: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """How one channel stands: the last word of the outbox about it, and why it was not told."""

    server_name: str
    cities: tuple[str, ...]
    state: DeliveryState
    why: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """How the newest message that follows an alert goes: of so many channels, in which state each is."""

    kind: FollowUpKind
    at: datetime
    states: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How an alert goes: channel by channel, who received it by city, needs and offers, the newest first; the newest
    message that followed it; the cities that are silent; and threads."""

    told: tuple[Told, ...]
    received: Mapping[str, int]
    helps: tuple[Help, ...]
    latest: FollowedUp | None = None
    silent: tuple[Silent, ...] = ()
    threads: tuple[Opened, ...] = ()

    def count(self, *states: DeliveryState) -> int:
        """How many channels are in one of these states."""
        return sum(each.state in states for each in self.told)
