"""How drafts of cases begin: about a topic, from what was told in a check-in, from the pilot of a debrief."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Actor
from bot.domain.case_content import CaseSection, CaseStatus, Content
from bot.domain.cases import Case, CaseState
from bot.domain.errors import Forbidden
from bot.domain.split import split
from bot.domain.topics import Topic
from bot.services import case_rows
from bot.services.case_fields import NAMELESS
from db.engine import AsyncSession
from db.queries import cases as queries
from db.queries import questions

NAME_LIMIT = 100
START_PART = 1000
STARTED_WITH = (CaseSection.DONE, CaseSection.RESULTS, CaseSection.BEFORE, CaseSection.CONDITIONS)
"""Where what was told in a check-in goes, a part of it in each: more than an answer there may have."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new draft. Where the topic is not clear, `offered` has topics that may be meant."""

    case: Case
    offered: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody tried, from a check-in."""

    id: int
    text: str
    at: datetime


async def create(
    session: AsyncSession, actor: Actor, content: Content, now: datetime, grown_from: int | None = None
) -> Case:
    """A draft that says this, of the server that she is in. Raises `Forbidden` where she is in none of the network."""
    case_id = await queries.create(
        session,
        uid=str(uuid.uuid4()),
        server_id=await _server_of(session, actor),
        state=CaseState.DRAFT,
        author_user_id=actor.user_id,
        author_name=actor.name[:NAME_LIMIT],
        owner_user_id=actor.user_id,
        owner_name=actor.name[:NAME_LIMIT],
        version=0,
        revision=1,
        grown_from=grown_from,
        created_at=now,
        updated_at=now,
        **case_rows.columns_of(content),
    )
    await queries.set_topics(session, case_id, content.topics)
    return await case_rows.get(session, case_id)


def from_check_in(text: str) -> Mapping[str, str]:
    """The fields of a case from what somebody told in a check-in."""
    return dict(zip((one.value for one in STARTED_WITH), split(text, START_PART), strict=False))


def from_pilot(case: Case) -> Mapping[str, str]:
    """The fields of a case from a debrief whose pilot has grown."""
    said = case.content
    return {
        "topics": ";".join(said.topics),
        "title": case.title,
        CaseSection.BEFORE.value: said.texts.get(CaseSection.EXPECTED, ""),
        CaseSection.DONE.value: said.texts.get(CaseSection.PILOT, ""),
        "city": said.city or "",
        "named": NAMELESS if said.nameless_city else "",
        "status": CaseStatus.PILOT.value,
    }


async def _server_of(session: AsyncSession, actor: Actor) -> int:
    """The server that a new case belongs to: this one, or in a direct message the first of hers."""
    if actor.server_id is not None:
        return actor.server_id
    places = await questions.places(session, actor.user_id)
    if not places:
        raise Forbidden("access.member_only")
    return places[0].server_id
