"""What others got out of members' case studies: cities that adapted them, people who found them useful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Adaptation, Case, CaseTopic, CaseVote, Member
from db.types import UtcDateTime

Credits = Mapping[tuple[int, str], Sequence[datetime]]
"""When members earned something, by member and topic."""
OPEN = ("published", "retired")


def authors() -> Select[Any]:
    """The authors of cases about a topic (`topic`) that somebody found useful: a row for each vote."""
    return (
        _of_authors(select(Member.id))
        .join(CaseVote, CaseVote.case_id == Case.id)
        .where(CaseTopic.topic_id == bindparam("topic"))
    )


async def credits_of(
    session: AsyncSession, member_ids: Collection[int], topic_ids: Collection[str], since: datetime
) -> tuple[Credits, Credits]:
    """The adaptations of these members' cases in these topics from `since` on, and the votes for them. What she did
    with her own case does not count."""
    wanted = {"members": member_ids, "topics": topic_ids, "since": since}
    adapted = await session.execute(_ADAPTED, wanted)
    useful = await session.execute(_USEFUL, wanted)
    return _grouped(adapted), _grouped(useful)


def _of_authors(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(CaseTopic)
        .join(Case, Case.id == CaseTopic.case_id)
        .join(Member, Member.user_id == Case.author_user_id)
        .where(Case.state.in_(OPEN))
    )


def _wanted(at: Any) -> Select[Any]:
    query: Any = select(Member.id, CaseTopic.topic_id, at)
    return _of_authors(query).where(
        Member.id.in_(bindparam("members", expanding=True)),
        CaseTopic.topic_id.in_(bindparam("topics", expanding=True)),
        at > bindparam("since", type_=UtcDateTime),
    )


_ADAPTED = (
    _wanted(Adaptation.created_at)
    .join(Adaptation, Adaptation.case_id == Case.id)
    .where(
        Adaptation.removed_at.is_(None),
        or_(Adaptation.user_id.is_(None), Adaptation.user_id != Member.user_id),
    )
)
_USEFUL = _wanted(CaseVote.given_at).join(CaseVote, CaseVote.case_id == Case.id)


def _grouped(rows: Any) -> Credits:
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for member_id, topic_id, at in rows:
        found[member_id, topic_id].append(at)
    return dict(found)
