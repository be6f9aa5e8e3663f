"""What follows an alert while it is on: updates, escalations, situation reports, and the word that it stands.

    draft → pending → sent
      |      ↕ returned
      |      ↓ rejected
      ├→ sent (within the alert's own server)      draft | returned | pending → discarded
      └ "the alert stands" is sent at once: its text stands ready, and it changes nothing

What was sent never changes; the next message supersedes it. One message at a time is written about an alert, so that
none is approved against a state of things that another has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import (
    OTHERS,
    OVERRIDE_AFTER,
    Alert,
    AlertAudience,
    AlertDeed,
    AlertState,
    AlertTarget,
    AlertText,
    check_override,
    coordinates,
)
from bot.domain.errors import Forbidden, Refusal

WIDTH: Final = tuple(AlertAudience)
"""Audiences, the narrowest first."""
RANK: Final = (Severity.UNKNOWN, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
"""Severities, the mildest first."""


class FollowUpKind(StrEnum):
    """What follows."""

    UPDATE = "update"
    """Other words, a lower severity, another end. To whom the alert went."""
    ESCALATE = "escalate"
    """A higher severity or a wider audience. To those as well who are reached by that."""
    REPORT = "report"
    """How things are. Changes nothing about the alert."""
    STANDS = "stands"
    """The alert is real and still holds, against a rumour. Its text stands ready."""

    @property
    def changes(self) -> bool:
        """Whether the alert says something else afterwards."""
        return self in {FollowUpKind.UPDATE, FollowUpKind.ESCALATE}


class FollowUpState(StrEnum):
    """How far it is."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    SENT = "sent"


OPEN: Final = frozenset({FollowUpState.DRAFT, FollowUpState.PENDING, FollowUpState.RETURNED})
"""It is still being written or looked at. An alert has one such at most."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message that follows an alert. `texts` is what its author wrote; `frozen` the same, once it is confirmed.

    `hours`: how long the alert lasts from then on, None where its end stays. `added`: the channels that an escalation
    reaches beyond those of the alert, frozen as well. `server_id` is that of its author.
    """

    id: int
    alert_id: int
    kind: FollowUpKind
    state: FollowUpState
    author_id: int | None
    server_id: int
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    audience: AlertAudience
    audience_value: str | None
    language: str
    hours: int | None
    created_at: datetime
    texts: Mapping[str, AlertText] = field(default_factory=dict)
    frozen: Mapping[str, AlertText] = field(default_factory=dict)
    added: tuple[AlertTarget, ...] = ()
    submitted_at: datetime | None = None
    approved_by: int | None = None
    reason: str | None = None
    sent_at: datetime | None = None
    card_channel_id: int | None = None
    card_message_id: int | None = None


_FROM: Final = {
    AlertDeed.EDIT: {FollowUpState.DRAFT, FollowUpState.RETURNED},
    AlertDeed.CONFIRM: {FollowUpState.DRAFT, FollowUpState.RETURNED},
    AlertDeed.APPROVE: {FollowUpState.PENDING},
    AlertDeed.RETURN: {FollowUpState.PENDING},
    AlertDeed.REJECT: {FollowUpState.PENDING},
    AlertDeed.OVERRIDE: {FollowUpState.PENDING},
    AlertDeed.DISCARD: OPEN,
}
_TO: Final = {
    AlertDeed.APPROVE: FollowUpState.SENT,
    AlertDeed.OVERRIDE: FollowUpState.SENT,
    AlertDeed.RETURN: FollowUpState.RETURNED,
    AlertDeed.REJECT: FollowUpState.REJECTED,
    AlertDeed.DISCARD: FollowUpState.DISCARDED,
}
DEEDS: Final = tuple(_FROM)
"""What may be done to a message that follows."""


def after(alert: Alert, follow_up: FollowUp, deed: AlertDeed, actor: Actor, now: datetime) -> FollowUpState:
    """The state that a deed leads to.

    Whoever coordinates the alert may discard what another left lying, since it keeps everybody else from writing.
    Raises `Forbidden` where she may not do it, `Refusal` where it is not its time, or an escalation raises nothing.
    """
    check_open(alert, actor)
    if deed not in _FROM or follow_up.state not in _FROM[deed]:
        raise Refusal("crisis_chain.not_now", state=follow_up.state)
    if deed in {AlertDeed.EDIT, AlertDeed.CONFIRM} and actor.user_id != follow_up.author_id:
        raise Forbidden("crisis.author_only")
    if deed in OTHERS and actor.user_id == follow_up.author_id:
        raise Forbidden("crisis.another_person")
    if deed is AlertDeed.OVERRIDE:
        check_override(override_from(follow_up), actor, now)
    if deed is AlertDeed.EDIT:
        return follow_up.state
    if deed is not AlertDeed.CONFIRM:
        return _TO[deed]
    if follow_up.kind is FollowUpKind.ESCALATE and not raises(alert, follow_up):
        raise Refusal("crisis_chain.not_raised")
    return FollowUpState.PENDING if needs_another(alert, follow_up) else FollowUpState.SENT


def check_open(alert: Alert, actor: Actor) -> None:
    """Raise `Forbidden` unless she coordinates the alert, `Refusal` unless it is on."""
    if not coordinates(alert, actor):
        raise Forbidden("crisis.not_your_server")
    if alert.state is not AlertState.BROADCASTING:
        raise Refusal("crisis.not_now", state=alert.state)


def needs_another(alert: Alert, follow_up: FollowUp) -> bool:
    """Whether a second person must approve: it reaches beyond one server, or comes from another one than the alert."""
    return follow_up.audience.beyond or follow_up.server_id != alert.server_id


def override_from(follow_up: FollowUp) -> datetime | None:
    """When one network coordinator may go on alone; None where nobody is waited for."""
    if follow_up.state is not FollowUpState.PENDING or follow_up.submitted_at is None:
        return None
    return follow_up.submitted_at + OVERRIDE_AFTER


def raises(alert: Alert, follow_up: FollowUp) -> bool:
    """Whether an escalation is more than the alert as it stands: more severe or for more people, and neither less."""
    severity = RANK.index(follow_up.severity) - RANK.index(alert.severity)
    width = WIDTH.index(follow_up.audience) - WIDTH.index(alert.audience)
    return min(severity, width) >= 0 and max(severity, width) > 0


def check_set(alert: Alert, follow_up: FollowUp, severity: Severity) -> None:
    """Raise `Refusal` for a severity that this kind of message cannot bring: an update never raises it, and so reaches
    nobody new; a report says nothing about it."""
    higher = RANK.index(severity) > RANK.index(alert.severity)
    if not follow_up.kind.changes or (follow_up.kind is FollowUpKind.UPDATE and higher):
        raise Refusal("crisis_chain.escalate_instead")
    if follow_up.kind is FollowUpKind.ESCALATE and RANK.index(severity) < RANK.index(alert.severity):
        raise Refusal("crisis_chain.not_lower")


def raised(severity: Severity) -> Severity:
    """The next severity."""
    return RANK[min(RANK.index(severity) + 1, len(RANK) - 1)]


def present(alert: Alert, sent: Iterable[FollowUp]) -> Alert:
    """The alert as it stands: with what the last update or escalation changed. `sent`: the oldest first."""
    for each in sent:
        if each.kind.changes and each.state is FollowUpState.SENT:
            alert = replace(
                alert,
                severity=each.severity,
                urgency=each.urgency,
                certainty=each.certainty,
                audience=each.audience,
                audience_value=each.audience_value,
                language=each.language,
                frozen=each.frozen,
            )
    return alert


def shown(alert: Alert, follow_up: FollowUp, now: datetime) -> Alert:
    """What recipients of a follow-up read, in the shape of an alert; where it is not sent yet, as if sent at `now`."""
    begun = follow_up.sent_at or now
    ends = alert.expires_at if follow_up.hours is None else begun + timedelta(hours=follow_up.hours)
    return replace(
        alert,
        severity=follow_up.severity,
        urgency=follow_up.urgency,
        certainty=follow_up.certainty,
        audience=follow_up.audience,
        audience_value=follow_up.audience_value,
        language=follow_up.language,
        texts=follow_up.texts,
        frozen=follow_up.frozen,
        expires_at=ends if follow_up.kind.changes else alert.expires_at,
    )
