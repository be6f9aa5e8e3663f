"""Case studies: what one says, who may do what with it, and what becomes of it.

    draft ──submit──▶ submitted ──publish──▶ published ──withdraw──▶ withdrawn
      ▲  ◀──recall──┘   │    │                 │    ▲                    │
      │   returned ◀────┘    └──▶ rejected   retire confirm           submit
      └── each may be edited and submitted again   ▼ │                   ▼
                                               retired               submitted

A *debrief* is the shorter form after an exchange visit; it may come with a pilot, which is asked about at its date. Of
two coordinators who decide at once the first has decided: the second is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.access import Actor, Right
from bot.domain.cities import PopulationBand
from bot.domain.errors import Forbidden, Refusal

TITLE_LIMIT: Final = 100
SUMMARY_LIMIT: Final = 300
COMMENT_LIMIT: Final = 1000
LINK_LIMIT: Final = 500
MOST_TOPICS: Final = 3
MOST_LINKS: Final = 5
MOST_FILES: Final = 3
FIRST_YEAR: Final = 1900
LICENCE: Final = "CC BY 4.0"
"""Under which whoever submits a case shares it: https://creativecommons.org/licenses/by/4.0/"""
VERIFY_AFTER: Final = 12
"""Months after which somebody is asked whether a case still holds."""


class CaseKind(StrEnum):
    """What sort of case study it is."""

    CASE = "case"
    DEBRIEF = "debrief"
    """After an exchange visit."""


class CaseState(StrEnum):
    """How a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"
    """Still readable, and no longer vouched for."""


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


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file with a case; its bytes are kept apart."""

    id: int
    name: str
    media_type: str
    size: int
    description: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is on record.

    `owner` looks after it: its author, or whoever took it over. `version` counts what was said, `revision` whatever
    changes its posts.
    """

    id: int
    uid: str
    server_id: int | None
    state: CaseState
    content: Content
    author_user_id: int | None
    author_name: str | None
    owner_user_id: int | None
    owner_name: str | None
    version: int
    revision: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None = None
    published_at: datetime | None = None
    verify_by: datetime | None = None
    comment: str | None = None
    decided_by: int | None = None
    files: tuple[CaseFile, ...] = ()

    def owned_by(self, actor: Actor) -> bool:
        """Whether this is the person who looks after it."""
        return self.owner_user_id is not None and self.owner_user_id == actor.user_id

    @property
    def title(self) -> str:
        """What it is called; empty where it has no title yet."""
        return self.content.title or ""


class Deed(StrEnum):
    """What can be done with a case."""

    EDIT = "edit"
    SUBMIT = "submit"
    RECALL = "recall"
    DISCARD = "discard"
    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RETIRE = "retire"
    CONFIRM = "confirm"
    ADAPT = "adapt"
    USEFUL = "useful"
    READ = "read"


DECISIONS: Final = frozenset({Deed.PUBLISH, Deed.RETURN, Deed.REJECT})
"""For coordinators, on what was submitted."""
OWNERS: Final = frozenset({Deed.EDIT, Deed.SUBMIT, Deed.RECALL, Deed.DISCARD})
SHARED: Final = frozenset({Deed.WITHDRAW, Deed.RETIRE, Deed.CONFIRM})
"""For the owner and the coordinators of the case's server: an owner may have left."""
OPEN: Final = frozenset({CaseState.PUBLISHED, CaseState.RETIRED})
"""Readable by every member."""
UNPUBLISHED: Final = frozenset({CaseState.DRAFT, CaseState.SUBMITTED, CaseState.RETURNED, CaseState.REJECTED})

_FROM: Final[Mapping[Deed, frozenset[CaseState]]] = MappingProxyType(
    {
        Deed.EDIT: frozenset(CaseState) - {CaseState.SUBMITTED},
        Deed.SUBMIT: frozenset({CaseState.DRAFT, CaseState.RETURNED, CaseState.REJECTED, CaseState.WITHDRAWN}),
        Deed.RECALL: frozenset({CaseState.SUBMITTED}),
        Deed.DISCARD: UNPUBLISHED - {CaseState.SUBMITTED},
        Deed.PUBLISH: frozenset({CaseState.SUBMITTED}),
        Deed.RETURN: frozenset({CaseState.SUBMITTED}),
        Deed.REJECT: frozenset({CaseState.SUBMITTED}),
        Deed.WITHDRAW: OPEN,
        Deed.RETIRE: frozenset({CaseState.PUBLISHED}),
        Deed.CONFIRM: OPEN,
        Deed.ADAPT: OPEN,
        Deed.USEFUL: OPEN,
        Deed.READ: OPEN,
    }
)
_TO: Final[Mapping[Deed, CaseState]] = MappingProxyType(
    {
        Deed.SUBMIT: CaseState.SUBMITTED,
        Deed.RECALL: CaseState.DRAFT,
        Deed.PUBLISH: CaseState.PUBLISHED,
        Deed.RETURN: CaseState.RETURNED,
        Deed.REJECT: CaseState.REJECTED,
        Deed.WITHDRAW: CaseState.WITHDRAWN,
        Deed.RETIRE: CaseState.RETIRED,
        Deed.CONFIRM: CaseState.PUBLISHED,
    }
)


def check(case: Case, deed: Deed, actor: Actor) -> None:
    """Raises `Refusal` unless this person may do this with the case as it stands."""
    owner = case.owned_by(actor)
    if deed in OWNERS and not owner:
        raise Forbidden("cases.owner_only")
    if deed in DECISIONS and not coordinates(case, actor):
        raise Forbidden("cases.coordinator_only")
    if deed in SHARED and not (owner or coordinates(case, actor)):
        raise Forbidden("cases.owner_or_coordinator_only")
    if deed is Deed.READ and case.state not in OPEN and not (owner or coordinates(case, actor)):
        raise Refusal("cases.unknown")
    if deed is Deed.USEFUL and owner:
        raise Refusal("cases.own_vote")
    after(case, deed)


def coordinates(case: Case, actor: Actor) -> bool:
    """Whether she coordinates the server of the case, and speaks there now; a network coordinator does anywhere."""
    if actor.is_network_coordinator:
        return True
    return case.server_id is not None and actor.server_id == case.server_id and actor.may(Right.SERVER_COORDINATOR)


def after(case: Case, deed: Deed) -> CaseState:
    """How the case stands after a deed. Raises `Refusal` where it cannot be done any more, or not yet."""
    if deed is Deed.READ:
        return case.state
    if case.state not in _FROM[deed]:
        if deed in DECISIONS:
            raise Refusal("cases.decided_already", state=case.state)
        raise Refusal("cases.not_now", state=case.state)
    if deed is Deed.SUBMIT and (lacking := lacks(case.content)):
        raise Refusal("cases.incomplete", needs=lacking)
    return _TO.get(deed, case.state)


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


def check_still_whole(case: Case, changed: Content) -> None:
    """Raises `Refusal` where a change would leave something open that readers or coordinators already have."""
    if case.state not in OPEN:
        return
    if lacking := lacks(changed):
        raise Refusal("cases.published_stays_whole", needs=lacking)


def changes(before: Content, now: Content) -> tuple[str, ...]:
    """The names of the fields that differ."""
    return tuple(one.name for one in fields(Content) if getattr(before, one.name) != getattr(now, one.name))
