"""What a case study says: its texts, facts and limits, and what submission may still lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.cities import PopulationBand

TITLE_LIMIT: Final = 100
SUMMARY_LIMIT: Final = 300
LINK_LIMIT: Final = 500
MOST_TOPICS: Final = 3
MOST_LINKS: Final = 5
MOST_FILES: Final = 3
FIRST_YEAR: Final = 1900


class CaseKind(StrEnum):
    """What sort of case study it is."""

    CASE = "case"
    DEBRIEF = "debrief"
    """After an exchange visit."""


class CaseStatus(StrEnum):
    """How far the thing itself has come. Each word fits in a forum's tag."""

    IDEA = "idea"
    PILOT = "pilot"
    RUNNING = "running"
    STOPPED = "stopped"
    SCALED = "scaled"


class CaseOutcome(StrEnum):
    """What came of it."""

    WORKED = "worked"
    PARTLY = "partly"
    FAILED = "failed"
    OPEN = "open"
    """Too early to say."""


class CostBand(StrEnum):
    """What it cost, in euros."""

    STAFF = "staff"
    """Nothing but the time of staff."""
    TO_10K = "to_10k"
    TO_100K = "to_100k"
    TO_1M = "to_1m"
    OVER_1M = "over_1m"


class DurationBand(StrEnum):
    """How long it took from the decision to the first result."""

    TO_3_MONTHS = "to_3_months"
    TO_12_MONTHS = "to_12_months"
    TO_3_YEARS = "to_3_years"
    LONGER = "longer"


class CaseSection(StrEnum):
    """The long texts of a case, in the order in which they are read."""

    FAILED = "failed"
    ADAPT = "adapt"
    BEFORE = "before"
    DONE = "done"
    RESULTS = "results"
    CONDITIONS = "conditions"
    RESOURCES = "resources"
    DISCLOSURE = "disclosure"
    EXPECTED = "expected"
    HAPPENED = "happened"
    WHY = "why"
    NEXT = "next"
    PILOT = "pilot"


LIMITS: Final[Mapping[CaseSection, int]] = MappingProxyType(
    {
        CaseSection.FAILED: 1500,
        CaseSection.ADAPT: 1500,
        CaseSection.BEFORE: 1000,
        CaseSection.DONE: 2000,
        CaseSection.RESULTS: 1500,
        CaseSection.CONDITIONS: 1000,
        CaseSection.RESOURCES: 600,
        CaseSection.DISCLOSURE: 300,
        CaseSection.EXPECTED: 1000,
        CaseSection.HAPPENED: 1500,
        CaseSection.WHY: 1500,
        CaseSection.NEXT: 1000,
        CaseSection.PILOT: 600,
    }
)
"""The most characters of each text."""
OF_CASE: Final = tuple(CaseSection)[:8]
OF_DEBRIEF: Final = tuple(CaseSection)[8:]


class CaseNeed(StrEnum):
    """What submission may still lack."""

    TOPICS = "topics"
    PLACE = "place"
    LANGUAGE = "language"
    STATUS = "status"
    OUTCOME = "outcome"
    YEAR = "year"
    POPULATION = "population"
    COST = "cost"
    DURATION = "duration"
    TITLE = "title"
    SUMMARY = "summary"
    BEFORE = "before"
    DONE = "done"
    RESULTS = "results"
    FAILED = "failed"
    CONDITIONS = "conditions"
    ADAPT = "adapt"
    EXPECTED = "expected"
    HAPPENED = "happened"
    WHY = "why"
    NEXT = "next"
    PILOT_OWNER = "pilot_owner"
    """A pilot is described: who looks after it?"""
    PILOT_ON = "pilot_on"
    """A pilot is described: when shall we ask about it?"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a case says. `topics` are ids; `city` and `country` are empty where the city does not want to be named."""

    kind: CaseKind = CaseKind.CASE
    language: str | None = None
    topics: tuple[str, ...] = ()
    city_id: int | None = None
    city: str | None = None
    country: str | None = None
    nameless_city: bool = False
    status: CaseStatus | None = None
    outcome: CaseOutcome | None = None
    start_year: int | None = None
    population: PopulationBand | None = None
    cost: CostBand | None = None
    duration: DurationBand | None = None
    title: str | None = None
    summary: str | None = None
    texts: Mapping[CaseSection, str] = field(default_factory=lambda: MappingProxyType({}))
    links: tuple[str, ...] = ()
    pilot_owner: str | None = None
    pilot_on: date | None = None

    @property
    def sections(self) -> tuple[CaseSection, ...]:
        """The texts that a case of this kind may have."""
        return OF_CASE if self.kind is CaseKind.CASE else OF_DEBRIEF


class CasePart(StrEnum):
    """What is filled in together: one form each."""

    SHORT = "short"
    PLACE = "place"
    FACTS = "facts"
    STORY = "story"
    LESSONS = "lessons"
    VISIT = "visit"
    PILOT = "pilot"
    MORE = "more"
    FILES = "files"


PARTS: Final[Mapping[CaseKind, tuple[CasePart, ...]]] = MappingProxyType(
    {
        CaseKind.CASE: (
            CasePart.SHORT,
            CasePart.PLACE,
            CasePart.FACTS,
            CasePart.STORY,
            CasePart.LESSONS,
            CasePart.MORE,
            CasePart.FILES,
        ),
        CaseKind.DEBRIEF: (CasePart.SHORT, CasePart.PLACE, CasePart.VISIT, CasePart.PILOT, CasePart.FILES),
    }
)


def lacks(content: Content) -> tuple[CaseNeed, ...]:
    """What submission still lacks: all but resources, disclosure, links, files and, in a debrief, a pilot."""
    found = [need for need, there in _facts(content) if not there]
    found += [
        CaseNeed(section.value)
        for section in content.sections
        if section.value in set(CaseNeed) and not content.texts.get(section)
    ]
    if content.texts.get(CaseSection.PILOT):
        found += [] if content.pilot_owner else [CaseNeed.PILOT_OWNER]
        found += [] if content.pilot_on else [CaseNeed.PILOT_ON]
    return tuple(found)


def _facts(content: Content) -> tuple[tuple[CaseNeed, object], ...]:
    always = (
        (CaseNeed.TITLE, content.title),
        (CaseNeed.SUMMARY, content.summary),
        (CaseNeed.TOPICS, content.topics),
        (CaseNeed.PLACE, content.city_id is not None or content.nameless_city),
        (CaseNeed.LANGUAGE, content.language),
    )
    if content.kind is CaseKind.DEBRIEF:
        return always
    return (
        *always,
        (CaseNeed.STATUS, content.status),
        (CaseNeed.OUTCOME, content.outcome),
        (CaseNeed.YEAR, content.start_year),
        (CaseNeed.POPULATION, content.population),
        (CaseNeed.COST, content.cost),
        (CaseNeed.DURATION, content.duration),
    )


def changes(before: Content, now: Content) -> tuple[str, ...]:
    """The names of the fields that differ."""
    return tuple(one.name for one in fields(Content) if getattr(before, one.name) != getattr(now, one.name))
