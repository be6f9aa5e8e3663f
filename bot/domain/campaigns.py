"""Campaigns: questions that are put to an audience again and again, and what becomes of each round of them.

A **campaign** has a calendar (`bot.domain.calendar`), an audience and up to five questions. Each day of its calendar is
one **period**, the same day in every zone. In a period each member of the audience is **prompted** once, at the
campaign's time in her own zone; what she answers is a **response**.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden, Refusal
from bot.domain.text import clean, clean_or_none

MAX_QUESTIONS: Final = 5
"""As many parts as one of Discord's modals can hold."""
NAME_LIMIT: Final = 45
"""A campaign's name is its modal's title."""
QUESTION_LIMIT: Final = 45
"""A question is the label of a modal's field."""
HINT_LIMIT: Final = 100
OPTION_LIMIT: Final = 100
MAX_OPTIONS: Final = 25
SCALE: Final = range(1, 6)
LONGEST_REMINDER: Final = 60
LONGEST_OPEN: Final = 90
LONGEST_LATE: Final = 14 * 24
SHORTEST_LATE: Final = 6
"""Hours. Telling a hundred thousand people takes more than half an hour."""


class CampaignState(StrEnum):
    """Whether a campaign runs. One that ships with the program, or was just made, is paused until it is switched on."""

    PAUSED = "paused"
    ACTIVE = "active"


class QuestionType(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    SCALE = "scale"
    YES_NO = "yes_no"


class Purpose(StrEnum):
    """What an answer is used for beyond the report; only the questions that ship with the program have one."""

    FORWARD = "forward"
    """What moved forward."""
    STUCK = "stuck"
    """What got stuck: may become a question to the network."""
    TRIED = "tried"
    """What you tried that others should hear of: the start of a case study."""
    EXPERT = "expert"
    """Still an expert in…? A choice among her own topics: it has no options of its own."""


class AudienceKind(StrEnum):
    """Whom a campaign asks."""

    EVERYONE = "everyone"
    COHORT = "cohort"
    COUNTRY = "country"
    CITY = "city"
    TOPIC = "topic"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign asks. `value` is a cohort's name, an ISO 3166 code, the id of a city, a topic or a role.

    Whoever it is: a member who confirmed her profile, is not paused, and is an alumna in a server of the network.
    """

    kind: AudienceKind = AudienceKind.EVERYONE
    value: str | None = None


class Where(StrEnum):
    """Where people are asked."""

    DIRECT = "direct"
    """By direct message those who allow it, all others in their city's check-in channel."""
    CHANNEL = "channel"
    """Everybody in her city's check-in channel."""


class PeriodState(StrEnum):
    """How a period stands."""

    OPEN = "open"
    CLOSED = "closed"
    """Its digest has gone out; late answers may still be taken, until `late_until`."""
    MISSED = "missed"
    """We did not run when it was due, and it was too late afterwards."""


class PromptState(StrEnum):
    """What became of asking one member in one period."""

    PLANNED = "planned"
    MISSED = "missed"
    """It was too late to ask her."""
    UNREACHABLE = "unreachable"
    """She could not be asked: she allows no direct messages and no server of hers has a check-in channel, Discord
    refused it, or at the moment of sending she was no longer to be asked."""
    SKIPPED = "skipped"
    """She said that she would not answer this time."""


@dataclass(frozen=True, slots=True)
class CampaignQuestion:
    """One question. `text` is None where the catalogue has the words for its `purpose`; `options` are a choice's."""

    type: QuestionType
    text: str | None
    hint: str | None = None
    options: tuple[str, ...] = ()
    purpose: Purpose | None = None
    required: bool = False
    id: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it is set up. `rule` is RFC 5545's, counted from `starts_on`; `minute` the minute of the local day.

    `name` is None where the catalogue has it (`bot.render.campaigns.name_of`).
    """

    id: int
    server_id: int | None
    name: str | None
    state: CampaignState
    rule: str
    minute: int
    starts_on: date
    audience: Audience
    where: Where
    remind_after_days: int | None
    open_days: int
    late_hours: int
    anonymous: bool
    digest_channel_id: int | None
    next_day: date | None
    next_at: datetime | None
    version: int
    questions: tuple[CampaignQuestion, ...] = field(default=())

    @property
    def lateness(self) -> timedelta:
        """How late a prompt may go out, and how long after the close a first answer is still taken."""
        return timedelta(hours=self.late_hours)


@dataclass(frozen=True, slots=True)
class Period:
    """One round of a campaign; `number` is 0 for its calendar's own. Answers may be changed until `closes_at`."""

    id: int
    campaign_id: int
    day: date
    number: int
    minute: int
    anonymous: bool
    state: PeriodState
    opened_at: datetime
    next_day: date | None
    closes_at: datetime
    late_until: datetime

    def takes_answers(self, now: datetime) -> bool:
        """Whether a first answer is still taken."""
        return self.state is not PeriodState.MISSED and now < self.late_until

    def may_edit(self, now: datetime) -> bool:
        """Whether a named answer may still be changed. An anonymous one never may."""
        return self.state is PeriodState.OPEN and not self.anonymous and now < self.closes_at


@dataclass(frozen=True, slots=True)
class Prompt:
    """A member is asked in a period. `channel_id` is None where by direct message."""

    id: int
    campaign_id: int
    period_id: int
    member_id: int
    channel_id: int | None
    state: PromptState
    due_at: datetime
    answered: bool
    again_at: datetime | None
    snoozed: bool
    asked_again: int


def check_rights(actor: Actor, server_id: int | None) -> None:
    """Raises `Forbidden` unless she coordinates whom the campaign asks: a server's people, or the whole network."""
    if server_id is None:
        actor.require(Right.NETWORK_COORDINATOR)
        return
    actor.require(Right.SERVER_COORDINATOR)
    if actor.server_id != server_id and not actor.is_network_coordinator:
        raise Forbidden("campaigns.other_server")


def named(text: str) -> str:
    """A campaign's name, tidied. Raises `Refusal` where it is empty or too long for a modal's title."""
    return clean(text, limit=NAME_LIMIT)


def question(
    type_: QuestionType, text: str, *, hint: str | None = None, options: str = "", required: bool = False
) -> CampaignQuestion:
    """A question as it was typed, an option a line. Raises `Refusal` for what a modal cannot hold."""
    lines = [line for line in (clean_or_none(each, limit=OPTION_LIMIT) for each in options.splitlines()) if line]
    if type_ is QuestionType.CHOICE:
        if len({line.casefold() for line in lines}) != len(lines):
            raise Refusal("campaigns.option_twice")
        if not 2 <= len(lines) <= MAX_OPTIONS:
            raise Refusal("campaigns.options_number", limit=MAX_OPTIONS)
    elif lines:
        raise Refusal("campaigns.options_for_choice")
    return CampaignQuestion(
        type_,
        clean(text, limit=QUESTION_LIMIT),
        clean_or_none(hint, limit=HINT_LIMIT),
        tuple(lines),
        required=required,
    )


MONTHLY: Final = (
    CampaignQuestion(QuestionType.TEXT, None, purpose=Purpose.FORWARD),
    CampaignQuestion(QuestionType.TEXT, None, purpose=Purpose.STUCK),
    CampaignQuestion(QuestionType.TEXT, None, purpose=Purpose.TRIED),
    CampaignQuestion(QuestionType.CHOICE, None, purpose=Purpose.EXPERT),
)
"""The questions of the monthly check-in that ships with the program."""
