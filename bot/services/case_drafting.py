"""How drafts of cases begin: about a topic, from what was told in a check-in, from the pilot of a debrief."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.access import Actor, Right
from bot.domain.case_content import CaseKind, CaseSection, CaseStatus, Content
from bot.domain.cases import Case, CaseState
from bot.domain.errors import Forbidden
from bot.domain.split import split
from bot.domain.topics import Topic
from bot.services import case_rows
from bot.services.case_fields import NAMELESS, Known, read_fields
from db.engine import AsyncSession
from db.queries import cases as queries
from db.queries import questions

NAME_LIMIT = 100
START_PART = 1000
READ_FOR_A_TOPIC = 200
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


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft begins with: a topic in words or by its id, fields that are known already, the debrief with the
    pilot that it comes of."""

    topic: str = ""
    kind: CaseKind = CaseKind.CASE
    first: Mapping[str, str] = field(default_factory=dict)
    grown_from: int | None = None


async def start(session: AsyncSession, known: Known, actor: Actor, beginning: Beginning, now: datetime) -> Started:
    """A draft of the server that she is in. Raises `Forbidden` where she is in no server of the network."""
    actor.require(Right.MEMBER)
    found = known.topics.find(beginning.topic, actor.language) if beginning.topic.strip() else None
    meant = [match.topic_id for match in found.matches] if found else []
    sure = meant[:1] if found and found.confident else []
    content = Content(kind=beginning.kind, language=actor.language, topics=tuple(sure))
    content = await read_fields(session, known, content, beginning.first)
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
        grown_from=beginning.grown_from,
        created_at=now,
        updated_at=now,
        **case_rows.columns_of(content),
    )
    await queries.set_topics(session, case_id, content.topics)
    case = await case_rows.get(session, case_id)
    return Started(case, () if sure else tuple(known.topics.get(one) for one in meant))


def from_check_in(text: str) -> Beginning:
    """A case from what somebody told in a check-in."""
    fields = zip((one.value for one in STARTED_WITH), split(text, START_PART), strict=False)
    return Beginning(text[:READ_FOR_A_TOPIC], first=dict(fields))


def from_pilot(case: Case) -> Beginning:
    """A case from a debrief whose pilot has grown."""
    said = case.content
    first = {
        "topics": ";".join(said.topics),
        "title": case.title,
        CaseSection.BEFORE.value: said.texts.get(CaseSection.EXPECTED, ""),
        CaseSection.DONE.value: said.texts.get(CaseSection.PILOT, ""),
        "city": said.city or "",
        "named": NAMELESS if said.nameless_city else "",
        "status": CaseStatus.PILOT.value,
    }
    return Beginning(first=first, grown_from=case.id)


async def _server_of(session: AsyncSession, actor: Actor) -> int:
    """The server that a new case belongs to: this one, or in a direct message the first of hers."""
    if actor.server_id is not None:
        return actor.server_id
    places = await questions.places(session, actor.user_id)
    if not places:
        raise Forbidden("access.member_only")
    return places[0].server_id
