"""Check-ins: what a member may do in a period of a campaign, and until when.

    opened_at            closes_at        late_until
       │ answer, edit,      │ first answers   │ nothing
       │ skip, put off      │ alone, as late  │
       ▼                    ▼                 ▼

What is skipped, put off or missed may be answered all the same. A named answer may be changed until the period closes.
An anonymous one is final: nobody knows any more whose it is. Whatever is done twice is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.campaigns import SCALE, CampaignQuestion, Period, PeriodState, PromptState, Purpose, QuestionType
from bot.domain.errors import Refusal
from bot.domain.text import clean_or_none
from bot.domain.topics import Topic

ANSWER_LIMIT: Final = 2000
"""Characters of an answer: half of what a form's field could hold, and more than most people write in a month."""
SILENT_FOR: Final = 3
"""So many periods in a row without a sign of life, and the coordinators of her own server may see it."""
SNOOZES: Final = (1, 2, 3, 7, 14)
"""Days for which a prompt can be put off."""
LEAST_LEFT: Final = timedelta(hours=6)
"""A prompt does not come again so shortly before its period closes that nobody could answer it."""


class Move(StrEnum):
    """What a member can do in a period."""

    ANSWER = "answer"
    SKIP = "skip"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question: a text, or a number (of a choice its place from 0, of yes and no 1 and 0)."""

    question_id: int
    text: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was put into a field of the form: a text, or the values chosen."""

    text: str = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a filled-in form says. `still` are the topics that she ticked, None where the form did not ask."""

    given: tuple[Given, ...]
    still: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Checkin:
    """A period as a member finds it: what she is asked, who will read it, and what she has said so far.

    `name` is None where the catalogue has the campaign's. `server` is the name of the server whose campaign it is, None
    for the whole network's. `topics` are her own, for the question whether she still knows them. `asked` is None where
    nothing was planned for her: she answers of her own accord. `directly`: she was asked by direct message.
    """

    period: Period
    name: str | None
    server: str | None
    has_digest: bool
    questions: tuple[CampaignQuestion, ...]
    topics: tuple[Topic, ...] = ()
    given: tuple[Given, ...] = ()
    asked: PromptState | None = None
    directly: bool = False
    answered: bool = False

    def asks(self, purpose: Purpose) -> CampaignQuestion | None:
        """The question with this purpose, if there is one."""
        return next((each for each in self.questions if each.purpose is purpose), None)

    def said(self, purpose: Purpose) -> str | None:
        """What she wrote to the question with this purpose."""
        question = self.asks(purpose)
        return next((each.text for each in self.given if question and each.question_id == question.id), None)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of a form: `unticked` are the topics that she did not say she still knows, empty where not asked.

    `response_id` is a number of chance, which nothing joins to her where the period is anonymous.
    """

    checkin: Checkin
    response_id: int
    late: bool
    case_kept: bool
    unticked: tuple[Topic, ...]

    @property
    def texts(self) -> tuple[CampaignQuestion, ...]:
        """The questions that she answered in words: what may be quoted."""
        written = {each.question_id for each in self.checkin.given if each.text}
        return tuple(each for each in self.checkin.questions if each.id in written)


@dataclass(frozen=True, slots=True)
class Past:
    """What a member once answered under her name; `place` of `total`, the newest being 0."""

    checkin: Checkin
    response_id: int
    given_at: datetime
    late: bool
    editable: bool
    place: int
    total: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How a member stood in a period that is over."""

    state: PromptState
    answered: bool


def check(move: Move, period: Period, now: datetime, *, answered: bool) -> None:
    """Raises `Refusal` unless a member may do this now; `answered` says whether she has answered in this period."""
    if now < period.opened_at:
        raise Refusal("checkins.not_yet")
    if not period.takes_answers(now) or (move is not Move.ANSWER and not open_(period, now)):
        raise Refusal("checkins.over")
    if not answered:
        return
    if period.anonymous:
        raise Refusal("checkins.anonymous_is_final")
    if move is not Move.ANSWER:
        raise Refusal("checkins.answered_already")
    if not period.may_edit(now):
        raise Refusal("checkins.no_more_changes")


def open_(period: Period, now: datetime) -> bool:
    """Whether a period has not closed yet; its clock decides, even where nobody has closed it so far."""
    return period.state is PeriodState.OPEN and now < period.closes_at


def final(period: Period, now: datetime) -> bool:
    """Whether no more answers can come."""
    return not period.takes_answers(now)


def read(questions: Sequence[CampaignQuestion], typed: Mapping[int, Typed]) -> Reading:
    """What was filled in, by the id of the question; nothing filled in is left out.

    Raises `Refusal` where nothing at all is said, a question that must be answered is not, a text is too long, or a
    choice is not one of those offered.
    """
    given, still = [], None
    for question in questions:
        found = typed.get(question.id, Typed())
        if question.purpose is Purpose.EXPERT:
            still = found.chosen if question.id in typed else None
            continue
        answer = _read_one(question, found)
        if answer is not None:
            given.append(answer)
        elif question.required:
            raise Refusal("checkins.question_required")
    if not given and not still:
        raise Refusal("checkins.nothing_said")
    return Reading(tuple(given), still)


def _read_one(question: CampaignQuestion, typed: Typed) -> Given | None:
    if question.type is QuestionType.TEXT:
        text = clean_or_none(typed.text, limit=ANSWER_LIMIT, lines=True)
        return Given(question.id, text=text) if text else None
    if not typed.chosen:
        return None
    if typed.chosen[0] not in {str(number) for number in numbers(question)}:
        raise Refusal("checkins.not_offered")
    return Given(question.id, number=int(typed.chosen[0]))


def numbers(question: CampaignQuestion) -> range:
    """The numbers that can answer a question: places of a choice, points of a scale, no (0) and yes (1)."""
    match question.type:
        case QuestionType.CHOICE:
            return range(len(question.options))
        case QuestionType.SCALE:
            return SCALE
        case QuestionType.YES_NO:
            return range(2)
        case QuestionType.TEXT:
            return range(0)


def snoozes(period: Period, zone: str, now: datetime) -> dict[int, datetime]:
    """The moments until which a prompt can be put off, by days: at the campaign's time of day in the member's zone.

    Only those that leave time enough to answer before the period closes.
    """
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    at = time(*divmod(period.minute, 60))
    found = {}
    for days in SNOOZES:
        # A time that a clock change leaves out is read as if the clock had not changed yet: an hour later.
        moment = datetime.combine(today + timedelta(days), at, here).astimezone(ZoneInfo("UTC"))
        if moment + LEAST_LEFT <= period.closes_at:
            found[days] = moment
    return found


def snoozed_until(period: Period, zone: str, now: datetime, days: int) -> datetime:
    """When it comes again. Raises `Refusal` where that would be too late, or was never offered."""
    found = snoozes(period, zone, now).get(days)
    if found is None:
        raise Refusal("checkins.snooze_too_long")
    return found


def asked(state: PromptState, *, answered: bool) -> bool:
    """Whether a member was asked in a period that is over. Whom no prompt reached was not, unless she answered."""
    return answered or state in {PromptState.PLANNED, PromptState.SKIPPED}


def silent(stands: Iterable[Stand]) -> bool:
    """Whether she has gone quiet; `stands` are how she stood in the periods that are over, the newest first.

    Only the periods in which she was asked count. Skipping is a sign of life.
    """
    last = list(islice((stand for stand in stands if asked(stand.state, answered=stand.answered)), SILENT_FOR))
    return len(last) == SILENT_FOR and not any(stand.answered or stand.state is PromptState.SKIPPED for stand in last)
