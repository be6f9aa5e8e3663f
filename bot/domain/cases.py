"""Case studies: what one says, who may do what with it, and what becomes of it.

    draft ──submit──▶ submitted ──publish──▶ published ──withdraw──▶ withdrawn
      ▲  ◀──recall──┘   │    │                 │    ▲                    │
      │   returned ◀────┘    └──▶ rejected   retire confirm           submit
      └── each may be edited and submitted again   ▼ │                   ▼
                                               retired               submitted

A *debrief* is the shorter form after an exchange visit; it may come with a pilot, which is asked about at its date. Of
two coordinators who decide at once the first has decided: the second is told so. Nobody decides on a case of her own
while others may: docs/decisions/another-coordinator-decides.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from typing import Final

from bot.domain.access import Actor, Right
from bot.domain.case_content import Content, lacks
from bot.domain.errors import Forbidden, Refusal

COMMENT_LIMIT: Final = 1000
MOST_LISTED: Final = 25
"""Cases in one list: what a select shows."""
LICENCE: Final = "CC BY 4.0"
"""Under which whoever submits a case shares it: https://creativecommons.org/licenses/by/4.0/"""
OTHERS_FIRST: Final = timedelta(days=7)
"""So long the other coordinators have to decide on a coordinator's own case. Then she may publish it herself."""
VERIFY_AFTER: Final = 12
"""Months after which somebody is asked whether a case still holds."""


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
    licence: str = LICENCE
    files: tuple[CaseFile, ...] = ()

    def owned_by(self, actor: Actor) -> bool:
        """Whether this is the person who looks after it."""
        return self.owner_user_id is not None and self.owner_user_id == actor.user_id

    def written_by(self, actor: Actor) -> bool:
        """Whether she wrote it, or looks after it."""
        return actor.user_id in {self.author_user_id, self.owner_user_id}

    @property
    def title(self) -> str:
        """What it is called; empty where it has no title yet."""
        return self.content.title or ""


@dataclass(frozen=True, slots=True)
class Version:
    """What a published case said from one time on. `number` counts from 1; who changed it is None where she is gone, or
    it was taken in."""

    number: int
    content: Content
    at: datetime
    by_user_id: int | None = None
    by_name: str | None = None


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
"""For the owner; where nobody looks after a case any more (or it was imported), for those who coordinate it."""
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
    """Raises `Refusal` unless this person may do this with the case as it stands. A decision needs `check_decision`."""
    owner = case.owned_by(actor) or (case.owner_user_id is None and coordinates(case, actor))
    if deed in OWNERS and not owner:
        raise Forbidden("cases.owner_only")
    if deed in DECISIONS and not coordinates(case, actor):
        raise Forbidden("cases.coordinator_only")
    if deed in SHARED and not (owner or coordinates(case, actor)):
        raise Forbidden("cases.owner_or_coordinator_only")
    if deed is Deed.READ and case.state not in OPEN and not (owner or coordinates(case, actor)):
        raise Refusal("cases.unknown")
    if deed is Deed.USEFUL and case.owned_by(actor):
        raise Refusal("cases.own_vote")
    after(case, deed)


def check_decision(case: Case, deed: Deed, actor: Actor, now: datetime) -> None:
    """Raises `Refusal` unless she may decide this now. Her own case others decide on, for as long as they have time."""
    check(case, deed, actor)
    if not case.written_by(actor):
        return
    if deed is not Deed.PUBLISH:
        raise Refusal("cases.own_judgement")
    left = (case.submitted_at or now) + OTHERS_FIRST - now
    if left > timedelta(0):
        raise Refusal("cases.own_decision", n=ceil(left / timedelta(days=1)))


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


def check_still_whole(case: Case, changed: Content) -> None:
    """Raises `Refusal` where a change would leave something open that readers or coordinators already have."""
    if case.state not in OPEN:
        return
    if lacking := lacks(changed):
        raise Refusal("cases.published_stays_whole", needs=lacking)
