"""Reports for coordinators: questions and how long they wait, and topics that nobody knows about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from bot.domain.topics import Division, Topic

REPORTED_FOR: Final = timedelta(days=365)
"""How far back answered questions are counted. Open ones are counted however old they are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a report knows it; who asked it is no part of it. `topic` is None where it has none."""

    id: int
    server_id: int
    thread_id: int
    title: str
    topic: Topic | None
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicQuestions:
    """The questions about one topic, or about none. `waiting` is how long the oldest open one waits; `answered_in` is
    the median time to an answer, None where none was answered."""

    topic: Topic | None
    open: int
    answered: int
    waiting: timedelta | None
    answered_in: timedelta | None


@dataclass(frozen=True, slots=True)
class QuestionsReport:
    """`waiting` are the open questions, longest first; `topics` those with most open ones first."""

    waiting: tuple[Asked, ...]
    answered: int
    answered_in: timedelta | None
    topics: tuple[TopicQuestions, ...]


@dataclass(frozen=True, slots=True)
class TopicUse:
    """How many may be suggested for a topic, how many are only interested, and what was asked about it in a year."""

    topic: Topic
    experts: int
    interested: int
    questions: int


@dataclass(frozen=True, slots=True)
class DivisionCover:
    """How many topics of a division have somebody who may be suggested, and how many have nobody."""

    division: Division
    covered: int
    bare: int


@dataclass(frozen=True, slots=True)
class TopicsReport:
    """`bare` are the topics without anybody, those first that were asked about; `every` are all, as they come."""

    bare: tuple[TopicUse, ...]
    divisions: tuple[DivisionCover, ...]
    every: tuple[TopicUse, ...]


def questions_report(asked: Iterable[Asked], now: datetime) -> QuestionsReport:
    """Sum up questions that are open or were answered within `REPORTED_FOR`."""
    known = [one for one in asked if one.answered_at is None or now - one.answered_at <= REPORTED_FOR]
    groups: dict[str | None, list[Asked]] = defaultdict(list)
    for one in known:
        groups[one.topic.id if one.topic else None].append(one)
    topics = [_of_topic(group, now) for group in groups.values()]
    topics.sort(key=lambda line: (-line.open, -line.answered, line.topic.id if line.topic else ""))
    waiting = sorted((one for one in known if one.answered_at is None), key=lambda one: (one.asked_at, one.id))
    answered = [one for one in known if one.answered_at is not None]
    return QuestionsReport(tuple(waiting), len(answered), _answered_in(answered), tuple(topics))


def topics_report(every: Sequence[TopicUse]) -> TopicsReport:
    """Sum up which topics have nobody."""
    bare = sorted((use for use in every if not use.experts), key=lambda use: (-use.questions, -use.interested))
    divisions = []
    for division in Division:
        here = [use for use in every if use.topic.division is division]
        if here:
            covered = sum(use.experts > 0 for use in here)
            divisions.append(DivisionCover(division, covered, len(here) - covered))
    return TopicsReport(tuple(bare), tuple(divisions), tuple(every))


def _of_topic(asked: Sequence[Asked], now: datetime) -> TopicQuestions:
    open_ones = [one for one in asked if one.answered_at is None]
    answered = [one for one in asked if one.answered_at is not None]
    waiting = max((now - one.asked_at for one in open_ones), default=None)
    return TopicQuestions(asked[0].topic, len(open_ones), len(answered), waiting, _answered_in(answered))


def _answered_in(asked: Iterable[Asked]) -> timedelta | None:
    seconds = [(one.answered_at - one.asked_at).total_seconds() for one in asked if one.answered_at is not None]
    return timedelta(seconds=max(0.0, median(seconds))) if seconds else None
