"""The life of an alert and of a drill: who may do what when, and whom it reaches.

    draft → pending → broadcasting → completed | cancelled
      |      ↕ returned          completed → cancelled (a false alarm is told, however late)
      |      ↓ rejected
      └→ broadcasting (within the author's own server)

A drill is made as one and stays one: nothing here turns either into the other. What was broadcast never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.errors import Forbidden, Refusal

OVERRIDE_AFTER: Final = timedelta(minutes=2)
"""For so long a pending alert waits for a second person before one network coordinator may go on alone."""
HEADLINE_LIMIT, DESCRIPTION_LIMIT, INSTRUCTION_LIMIT, REASON_LIMIT = 160, 1500, 1000, 300
HOURS: Final = (1, 3, 6, 12, 24, 48, 72)
"""How long an alert may last."""


class AlertState(StrEnum):
    """How far an alert is."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    REJECTED = "rejected"
    BROADCASTING = "broadcasting"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class AlertDeed(StrEnum):
    """What somebody does to an alert."""

    EDIT = "edit"
    CONFIRM = "confirm"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    OVERRIDE = "override"
    DISCARD = "discard"
    END = "end"
    CANCEL = "cancel"


class AlertAudience(StrEnum):
    """Whom an alert is for."""

    CITY = "city"
    SERVER = "server"
    REGION = "region"
    COUNTRY = "country"
    NETWORK = "network"

    @property
    def beyond(self) -> bool:
        """Whether it reaches beyond the author's own server, so that a second person must approve."""
        return self in {AlertAudience.REGION, AlertAudience.COUNTRY, AlertAudience.NETWORK}


@dataclass(frozen=True, slots=True)
class AlertText:
    """What an alert says in one language."""

    event: str
    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """A crisis channel that is told, in the language of its server, for these cities. `edited`: its message says how
    the alert ended."""

    server_id: int
    server_name: str
    channel_id: int
    language: str
    cities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert or a drill. `texts` is what its author wrote; `frozen` every language, from the confirmation on.

    `server_id` and `author_id` are None for one that was imported and that nobody has taken on yet. `templated`:
    `texts` are still those of a template, with its placeholders. `standing` are the languages in which something stands
    ready. `returned_as` is the fingerprint of what was returned.
    """

    id: int
    drill: bool
    state: AlertState
    server_id: int | None
    author_id: int | None
    hazard: str
    event: str | None
    place: str
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    audience: AlertAudience
    audience_value: str | None
    language: str
    hours: int
    created_at: datetime
    texts: Mapping[str, AlertText] = field(default_factory=dict)
    frozen: Mapping[str, AlertText] = field(default_factory=dict)
    submitted_at: datetime | None = None
    approved_by: int | None = None
    reason: str | None = None
    published_at: datetime | None = None
    expires_at: datetime | None = None
    card_channel_id: int | None = None
    card_message_id: int | None = None
    imported: bool = False
    category: Hazard = Hazard.OTHER
    templated: bool = False
    standing: frozenset[str] = frozenset()
    returned_as: str | None = None

    def text(self, language: str) -> tuple[AlertText, bool]:
        """What it says in a language, and whether that is the author's text for want of a translation."""
        found = self.written_in(language)
        return (self.frozen or self.texts)[found], found != language

    def written_in(self, language: str) -> str:
        """The language in which readers of `language` are told: theirs, or for want of it the author's."""
        said = self.frozen or self.texts
        return next((each for each in (language, self.language) if each in said), next(iter(said)))


_FROM: Final = {
    AlertDeed.EDIT: {AlertState.DRAFT, AlertState.RETURNED},
    AlertDeed.CONFIRM: {AlertState.DRAFT, AlertState.RETURNED},
    AlertDeed.APPROVE: {AlertState.PENDING},
    AlertDeed.RETURN: {AlertState.PENDING},
    AlertDeed.REJECT: {AlertState.PENDING},
    AlertDeed.OVERRIDE: {AlertState.PENDING},
    AlertDeed.DISCARD: {AlertState.DRAFT, AlertState.RETURNED, AlertState.PENDING},
    AlertDeed.END: {AlertState.BROADCASTING},
    AlertDeed.CANCEL: {AlertState.BROADCASTING, AlertState.COMPLETED},
}
_TO: Final = {
    AlertDeed.CONFIRM: AlertState.BROADCASTING,
    AlertDeed.APPROVE: AlertState.BROADCASTING,
    AlertDeed.OVERRIDE: AlertState.BROADCASTING,
    AlertDeed.RETURN: AlertState.RETURNED,
    AlertDeed.REJECT: AlertState.REJECTED,
    AlertDeed.DISCARD: AlertState.REJECTED,
    AlertDeed.END: AlertState.COMPLETED,
    AlertDeed.CANCEL: AlertState.CANCELLED,
}
_AUTHORS: Final = {AlertDeed.EDIT, AlertDeed.CONFIRM, AlertDeed.DISCARD}
OTHERS: Final = frozenset({AlertDeed.APPROVE, AlertDeed.RETURN, AlertDeed.REJECT})
"""What the author leaves to another coordinator."""
REASONED: Final = frozenset({AlertDeed.RETURN, AlertDeed.REJECT, AlertDeed.OVERRIDE})
"""What is done with a reason, typed."""


def after(alert: Alert, deed: AlertDeed, actor: Actor, now: datetime) -> AlertState:
    """The state that a deed leads to.

    Raises `Forbidden` where she may not do it, `Refusal` where it is not its time.
    """
    if not coordinates(alert, actor):
        raise Forbidden("crisis.not_your_server")
    if alert.drill and deed is AlertDeed.CANCEL:
        raise Refusal("crisis.drill_is_ended")
    if alert.state not in _FROM[deed]:
        raise Refusal("crisis.not_now", state=alert.state)
    if deed in _AUTHORS and actor.user_id != alert.author_id:
        raise Forbidden("crisis.author_only")
    if deed in OTHERS and actor.user_id == alert.author_id:
        raise Forbidden("crisis.another_person")
    if deed is AlertDeed.OVERRIDE:
        check_override(override_from(alert), actor, now)
    if deed is AlertDeed.EDIT:
        return alert.state
    if deed is AlertDeed.CONFIRM and alert.audience.beyond:
        return AlertState.PENDING
    return _TO[deed]


def coordinates(alert: Alert, actor: Actor) -> bool:
    """Whether she coordinates the server that an alert comes from, or the network."""
    own = actor.server_joined and actor.is_server_coordinator and actor.server_id == alert.server_id
    return actor.is_network_coordinator or own


def override_from(alert: Alert) -> datetime | None:
    """When one network coordinator may go on alone; None where nobody is waited for."""
    if alert.state is not AlertState.PENDING or alert.submitted_at is None:
        return None
    return alert.submitted_at + OVERRIDE_AFTER


def check_override(begin: datetime | None, actor: Actor, now: datetime) -> None:
    """One network coordinator may go on alone from `begin`. Raises `Forbidden` for others, `Refusal` before."""
    if not actor.is_network_coordinator:
        raise Forbidden("access.network_coordinator_only")
    if begin is None or now < begin:
        raise Refusal("crisis.override_later", minutes=round(OVERRIDE_AFTER / timedelta(minutes=1)))


def check_count(typed: str, channels: int) -> None:
    """The author types how many channels will be told, in digits. Raises `Refusal` for another number, and for none."""
    if not channels:
        raise Refusal("crisis.nobody_to_tell")
    if typed.strip() != str(channels):
        raise Refusal("crisis.other_count", typed=typed.strip()[:20] or "–", channels=str(channels))
