"""The outbox: whatever the bot says on its own. What a delivery is, and what becomes of it.

A delivery is written down with the decision that it announces, and sent afterwards. It is taken by a sender under a
lease, and settled once. Where it is not certain whether Discord has it, it is *in doubt* since the first try that may
have arrived: then it is sent again with the same nonce, or looked for, and never just sent.

    pending → sending → sent | refused | expired | cancelled | unknown
       ↑_________|        (to be tried again)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final

LEASE: Final = timedelta(seconds=90)
"""How long a sender may keep a delivery: longer than three of the slowest sends, shorter than Discord knows a nonce."""
SEND_LIMIT: Final = timedelta(seconds=20)
"""The slowest send: after that it is in doubt."""
NONCE_MARGIN: Final = timedelta(seconds=120)
"""For so long after the first try Discord surely still knows its nonce ("the past few minutes", says its reference)."""
FIRST_BACKOFF: Final = timedelta(seconds=2)
LONGEST_BACKOFF: Final = timedelta(minutes=10)
COUNTED: Final = frozenset({"401", "429"})
"""Discord counts these answers, and bans an address that collects 10,000 in ten minutes: what draws one is not
hurried."""
FINGERPRINT: Final = 15
"""The characters of a fingerprint."""
FINGERPRINTS: Final = 4
"""So many are kept of one delivery: of as many different texts in tries that are in doubt."""
PROBE_AFTER: Final = timedelta(hours=1)
"""So long after a refusal a channel may be tried again, if Discord shows by now that we may speak there."""
KEPT: Final = timedelta(days=180)
"""For so long a delivery stays on record once it is settled."""
NOT_ALLOWED: Final = 0
"""Stands for Discord's code where a member does not allow direct messages."""


class DeliveryKind(StrEnum):
    """What is said. One composer each (`bot.messenger.composers`)."""

    QUESTION_NEWS = "question_news"
    """To a follower of a question, by direct message: there is something new."""
    INVITATION = "invitation"
    """To a member: would she answer a question? The subject is the invitation."""
    QUESTION_HINT = "question_hint"
    """To the asker, in her thread: nobody answers, and what may help."""
    QUESTION_UNANSWERED = "question_unanswered"
    """To the coordinators of a question's server: nobody answers."""
    CASE_SUBMITTED = "case_submitted"
    """To a server's coordinators: a case study waits for a decision."""
    CASE_DECIDED = "case_decided"
    """To whoever looks after a case: what the coordinators decided."""
    CASE_ADAPTED = "case_adapted"
    """To the same: another city took it up."""
    CASE_VERIFY = "case_verify"
    """To the same: does it still hold?"""
    CASE_PILOT = "case_pilot"
    """To whoever looks after a debrief: what came of its pilot?"""
    ADAPTATION_ASKED = "adaptation_asked"
    """To whoever told of an adaptation: what came of it?"""
    CASE_DIGEST = "case_digest"
    """To a follower of topics: new cases."""
    HAND_OVER = "hand_over"
    """To a server's coordinators: what somebody left behind."""
    HAND_OVER_OFFER = "hand_over_offer"
    """To a member: would you take this over?"""
    UNDELIVERED = "undelivered"
    """To a server's coordinators: somebody or somewhere cannot be reached. Once for each."""
    ALERT = "alert"
    """To a crisis channel."""
    ALERT_UPDATE = "alert_update"
    """To a crisis channel that was told: what has changed, or that the alert stands."""
    ALERT_REPORT = "alert_report"
    """To a crisis channel that was told: how things are."""
    ALERT_END = "alert_end"
    """To a crisis channel that was told: the all-clear."""
    ALERT_CANCEL = "alert_cancel"
    """To a crisis channel that was told, or may have been: a false alarm."""
    ALERT_OVERRIDE = "alert_override"
    """To every server's coordinators: somebody sent an alert alone."""
    ALERT_THREAD_END = "alert_thread_end"
    """Into the thread under an alert, once that is over."""
    ALERT_ON_CALL = "alert_on_call"
    """To an on-call person or a deputy of a city that is told, by direct message."""
    ALERT_ON_CALL_UPDATE = "alert_on_call_update"
    """To who was told directly: what follows the alert."""
    ALERT_ON_CALL_END = "alert_on_call_end"
    """To whoever was told beside the crisis channels: the all-clear."""
    ALERT_ON_CALL_CANCEL = "alert_on_call_cancel"
    """To the same, and to who may have been: a false alarm."""
    ALERT_UNANSWERED = "alert_unanswered"
    """Cities have not acknowledged: to their crisis channel, to those who answer for them, or to coordinators."""
    DRILL_ON_CALL = "drill_on_call"
    DRILL_ON_CALL_UPDATE = "drill_on_call_update"
    DRILL_ON_CALL_END = "drill_on_call_end"
    DRILL_UNANSWERED = "drill_unanswered"
    ON_CALL_LISTED = "on_call_listed"
    """To somebody who was put on a city's list of those who answer for it. The subject is her place on it."""
    ON_CALL_FREE = "on_call_free"
    """To a server's coordinators: somebody stepped back. The subject is the city."""
    ALERT_IMPORT = "alert_import"
    """To coordinators: something came in from others, and waits for one of them; or joins what they took on."""
    DRILL = "drill"
    DRILL_UPDATE = "drill_update"
    DRILL_REPORT = "drill_report"
    DRILL_END = "drill_end"
    DRILL_THREAD_END = "drill_thread_end"
    CHECKIN = "checkin"
    """A period of a campaign: to a member directly, or once to a channel."""
    CHECKIN_AGAIN = "checkin_again"
    """The same once more: as a reminder, or because she put it off (`payload` says which)."""
    CHECKIN_DIGEST = "checkin_digest"
    """To a campaign's digest channel: what its people shared in a period that closed."""


class Priority(IntEnum):
    """What goes first; the lowest number does."""

    CANCEL = 0
    """A false alarm, or the end of an alert."""
    ALERT = 1
    """A real alert and its updates."""
    ESCALATION = 2
    """What reminds of a real alert, and its situation reports."""
    DRILL = 3
    ORDINARY = 4


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    """Discord will not have it there."""
    EXPIRED = "expired"
    """It was too late."""
    CANCELLED = "cancelled"
    """At the moment of sending it was no longer to be said."""
    UNKNOWN = "unknown"
    """It may have been said, and we may not look. It is not said again."""


LONGEST_WAIT: Final = {Priority.CANCEL: timedelta(seconds=10), Priority.ALERT: timedelta(seconds=30)}
"""After Discord failed us, a false alarm and an alert are tried again at least so often; the rest after ten minutes at
most."""


UNSETTLED: Final = frozenset({DeliveryState.PENDING, DeliveryState.SENDING})


class TargetKind(StrEnum):
    """Where a delivery goes."""

    CHANNEL = "channel"
    MEMBER = "member"
    """A member who allowed direct messages, wherever they are at the moment of sending."""
    DIRECT = "direct"
    """A direct message's channel that is open, of a person who need not be a member, and whom nothing here names."""


@dataclass(frozen=True, slots=True)
class Target:
    """A channel, with the server whose coordinators are to see what becomes of it; or a member; or a direct channel."""

    kind: TargetKind
    id: int
    server_id: int | None = None

    @classmethod
    def channel(cls, channel_id: int, server_id: int) -> Target:
        """A channel of a server."""
        return cls(TargetKind.CHANNEL, channel_id, server_id)

    @classmethod
    def member(cls, member_id: int) -> Target:
        """A member, by her member's id, reached by direct message."""
        return cls(TargetKind.MEMBER, member_id)

    @classmethod
    def direct(cls, channel_id: int) -> Target:
        """A direct message's channel."""
        return cls(TargetKind.DIRECT, channel_id)

    @property
    def channel_id(self) -> int | None:
        """The channel, where it is known from the start."""
        return None if self.kind is TargetKind.MEMBER else self.id

    @property
    def member_id(self) -> int | None:
        """The member, where it is one."""
        return self.id if self.kind is TargetKind.MEMBER else None

    @property
    def is_direct(self) -> bool:
        """Whether it goes to one person; channels are told first."""
        return self.kind is not TargetKind.CHANNEL

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something to be said.

    `subject` is the id of what it is about, and `dedupe_key` what makes it the only one of its kind
    (`checkin:3:2026-11:member:99`): a second one with the same key is left out. `sequence` (`alert:12`) keeps an order:
    of the deliveries of one sequence to one target, none is sent before the ones written down earlier are settled.
    `fallback`: a member who cannot be reached directly is to be spoken to in her city's check-in channel; the composer
    sees that by `instead_of`, which nobody else sets. `payload` holds what the composer needs and nothing that a person
    typed, ready for JSON. Without `not_after` it is tried for ever.
    """

    kind: DeliveryKind
    subject: int
    target: Target
    dedupe_key: str
    language: str | None = None
    priority: Priority = Priority.ORDINARY
    not_before: datetime | None = None
    not_after: datetime | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    sequence: str | None = None
    fallback: bool = False
    instead_of: int | None = None

    @property
    def order_key(self) -> str | None:
        """The same for deliveries that are to stay in order."""
        return f"{self.sequence}@{self.target}" if self.sequence else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that a sender has taken.

    `taken_at` is when; `in_doubt_since` when the first of the earlier tries began that may have arrived, None where
    there is none; `fingerprints` those of the texts without a mark that were then sent. `instead_of` is the member in
    whose place a channel is spoken to.
    """

    id: int
    kind: DeliveryKind
    subject: int
    target: Target
    dedupe_key: str
    language: str | None
    priority: Priority
    not_after: datetime | None
    payload: Mapping[str, Any]
    fallback: bool
    instead_of: int | None
    attempts: int
    owner: str
    taken_at: datetime
    in_doubt_since: datetime | None = None
    fingerprints: tuple[str, ...] = ()

    def expired(self, now: datetime) -> bool:
        """Whether it is too late to say it."""
        return self.not_after is not None and now > self.not_after


@dataclass(frozen=True, slots=True)
class Sent:
    """Discord has it."""

    message_id: int | None
    place_id: int


class RefusalReason(StrEnum):
    """Why something cannot be sent to a target, as people are told it."""

    CLOSED = "closed"
    """Her direct messages are closed, or she does not allow ours."""
    LEFT = "left"
    """She shares no server with us any more."""
    FORBIDDEN = "forbidden"
    """We may not see the channel, or not write in it."""
    GONE = "gone"
    """There is no such channel."""
    UNFIT = "unfit"
    """Discord does not take the message: a mistake of ours, and not the target's."""


_REASONS: Final = {
    NOT_ALLOWED: RefusalReason.CLOSED,
    50007: RefusalReason.CLOSED,
    50278: RefusalReason.LEFT,
    50001: RefusalReason.FORBIDDEN,
    50013: RefusalReason.FORBIDDEN,
    10003: RefusalReason.GONE,
}
"""Discord's codes (its reference, "JSON Error Codes")."""
FORBIDDEN_CODE: Final = 50001
GONE_CODE: Final = 10003


def reason_of(code: int) -> RefusalReason:
    """What one of Discord's codes means for the target."""
    return _REASONS.get(code, RefusalReason.UNFIT)


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord will not have it there: its code, and where we tried, if it came to that.

    `remembered`: we did not try, because Discord had refused that target before.
    """

    code: int
    place_id: int | None = None
    remembered: bool = False

    @property
    def to_remember(self) -> bool:
        """Whether nothing more is to be sent to this target: Discord bans whoever repeats what it refuses."""
        return not self.remembered and self.code != NOT_ALLOWED and reason_of(self.code) is not RefusalReason.UNFIT


@dataclass(frozen=True, slots=True)
class Again:
    """To be tried again at `at`. `in_doubt_since`: when the first try began that may have arrived, None for none."""

    at: datetime
    in_doubt_since: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Not to be said: why, in a word for coordinators and logs."""

    why: str


@dataclass(frozen=True, slots=True)
class Late:
    """It is too late."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may have been said, and whether it was cannot be known: why."""

    why: str


Outcome = Sent | Refused | Again | Dropped | Late | InDoubt
"""What became of one try."""


def state_after(outcome: Outcome) -> DeliveryState:
    """The state that a try ends in."""
    match outcome:
        case Sent():
            return DeliveryState.SENT
        case Refused():
            return DeliveryState.REFUSED
        case Again():
            return DeliveryState.PENDING
        case Dropped():
            return DeliveryState.CANCELLED
        case Late():
            return DeliveryState.EXPIRED
        case InDoubt():
            return DeliveryState.UNKNOWN


class Step(StrEnum):
    """What a sender does with a delivery that it has taken."""

    SEND = "send"
    LOOK = "look"
    """Look first whether an earlier try has arrived."""
    LET_GO = "let_go"
    """It is too late."""


def next_step(delivery: Delivery, now: datetime, margin: timedelta = NONCE_MARGIN) -> Step:
    """Send it, also once more with the same nonce, as long as Discord surely knows that; after `margin` look first.

    What is too late and may have arrived is looked for as well, so that we know.
    """
    late = delivery.expired(now)
    if delivery.in_doubt_since is None:
        return Step.LET_GO if late else Step.SEND
    known = now + SEND_LIMIT < delivery.in_doubt_since + margin
    return Step.SEND if known and not late else Step.LOOK


def in_time(delivery: Delivery, now: datetime, lease: timedelta = LEASE) -> bool:
    """Whether a send that begins now ends before the lease does, however slow it is."""
    return now + SEND_LIMIT < delivery.taken_at + lease


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery would go at this moment.

    `channel_id` is None where a member allows no direct messages. `refused` is the code with which Discord refused
    this target, and `refused_at` when. `barred` says in a word why nothing is to be said there now: the server left
    the network, the member left or pauses.
    """

    channel_id: int | None
    refused: int | None = None
    refused_at: datetime | None = None
    barred: str | None = None

    def may_be_probed(self, now: datetime, priority: Priority) -> bool:
        """Whether a channel that was refused is worth another try, where Discord shows by now that we may: after an
        hour, and for an alert at once."""
        if self.refused is None or reason_of(self.refused) is not RefusalReason.FORBIDDEN:
            return False
        assert self.refused_at is not None
        return priority <= Priority.ALERT or now - self.refused_at >= PROBE_AFTER


def with_fingerprint(delivery: Delivery, fingerprint: str) -> tuple[str, ...]:
    """By what texts it can be found again, once this one is sent: those in doubt too."""
    if delivery.in_doubt_since is None:
        return (fingerprint,)
    return tuple(dict.fromkeys((fingerprint, *delivery.fingerprints)))[:FINGERPRINTS]


def backoff(attempts: int, chance: float, most: timedelta = LONGEST_BACKOFF) -> timedelta:
    """How long to wait after so many tries: 2, 4, 8 … seconds, at most ten minutes, of which `chance` (0 to 1) takes
    away up to a half, so that not all come back at once."""
    longest: timedelta = min(FIRST_BACKOFF * 2.0 ** min(max(attempts - 1, 0), 16), most)
    return longest * (1 - chance / 2)


def wait_after(delivery: Delivery, error: str, chance: float) -> timedelta:
    """How long a delivery waits after a try that failed so."""
    urgent = LONGEST_BACKOFF if error in COUNTED else LONGEST_WAIT.get(delivery.priority, LONGEST_BACKOFF)
    return backoff(delivery.attempts, chance, urgent)


def mark(delivery_id: int) -> str:
    """How a button's `custom_id` carries the delivery's number, as one of its parts between colons (`d123`).

    By it a message is found again after a crash.
    """
    return f"d{delivery_id}"


_MARK = re.compile(r"d(\d{1,19})")


def marked(custom_id: str) -> frozenset[int]:
    """The deliveries' numbers that a `custom_id` carries."""
    found = (_MARK.fullmatch(part) for part in custom_id.split(":"))
    return frozenset(int(each[1]) for each in found if each)
