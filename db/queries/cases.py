"""Cases: what they say, and how they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import (
    Adaptation,
    Case,
    CaseTopic,
    City,
)

UNPUBLISHED = ("draft", "submitted", "returned", "rejected")
OPEN = ("published", "retired")


class CaseRow(NamedTuple):
    """A case with the name and country of its city; its topics and files are read apart."""

    id: int
    uid: str
    server_id: int | None
    state: str
    kind: str
    author_user_id: int | None
    author_name: str | None
    owner_user_id: int | None
    owner_name: str | None
    language: str | None
    city_id: int | None
    nameless_city: bool
    status: str | None
    outcome: str | None
    start_year: int | None
    population: str | None
    cost: str | None
    duration: str | None
    title: str | None
    summary: str | None
    texts: dict[str, str]
    links: list[str]
    pilot_owner: str | None
    pilot_on: datetime | None
    version: int
    revision: int
    comment: str | None
    decided_by: int | None
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    published_at: datetime | None
    verify_by: datetime | None
    licence: str
    city: str | None
    country: str | None


_COLUMNS = (*(getattr(Case, name) for name in CaseRow._fields[:-2]), City.name, City.country)


async def some(
    session: AsyncSession, *conditions: ColumnElement[bool], order: Any = Case.id, limit: int | None = None
) -> Sequence[CaseRow]:
    """The cases of which all this is true, in this order."""
    query = select(*_COLUMNS).outerjoin(City, City.id == Case.city_id).where(*conditions).order_by(order).limit(limit)
    return [CaseRow(*row) for row in await session.execute(query)]


async def by_ids(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, CaseRow]:
    """These cases, by id."""
    return {row.id: row for row in await some(session, Case.id.in_(case_ids))}


async def by_uid(session: AsyncSession, uid: str) -> CaseRow | None:
    """The case of this lasting id."""
    return next(iter(await some(session, Case.uid == uid)), None)


async def grown_from(session: AsyncSession, case_id: int, user_id: int) -> int | None:
    """The case that somebody has made of a debrief's pilot and still looks after."""
    found: int | None = await session.scalar(
        select(Case.id).where(Case.grown_from == case_id, Case.owner_user_id == user_id).order_by(Case.id).limit(1)
    )
    return found


async def of_owner(session: AsyncSession, user_id: int, limit: int) -> Sequence[CaseRow]:
    """What somebody looks after, the latest change first."""
    return await some(session, Case.owner_user_id == user_id, order=Case.updated_at.desc(), limit=limit)


async def submitted(session: AsyncSession, server_id: int | None, limit: int) -> Sequence[CaseRow]:
    """What waits for coordinators, the oldest first; of one server, or of all and of none."""
    wanted: list[ColumnElement[bool]] = [Case.state == "submitted"]
    if server_id is not None:
        wanted.append(Case.server_id == server_id)
    return await some(session, *wanted, order=Case.submitted_at, limit=limit)


async def open_cases(session: AsyncSession, after: int = 0, limit: int | None = None) -> Sequence[CaseRow]:
    """The collection in the order of ids: what is published or retired."""
    return await some(session, Case.state.in_(OPEN), Case.id > after, limit=limit)


async def published_ids(session: AsyncSession) -> Sequence[int]:
    """The ids of all published cases."""
    return list(await session.scalars(select(Case.id).where(Case.state == "published").order_by(Case.id)))


async def titles(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, str]:
    """The titles of these cases, by id."""
    rows = await session.execute(select(Case.id, Case.title).where(Case.id.in_(case_ids)))
    return {row.id: row.title or "" for row in rows}


async def newest(session: AsyncSession, limit: int) -> Sequence[CaseRow]:
    """What was published last."""
    return await some(session, Case.state == "published", order=Case.published_at.desc(), limit=limit)


async def topics(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """The topics of these cases, in their order."""
    rows = await session.execute(
        select(CaseTopic.case_id, CaseTopic.topic_id)
        .where(CaseTopic.case_id.in_(case_ids))
        .order_by(CaseTopic.case_id, CaseTopic.place)
    )
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for case_id, topic_id in rows:
        found[case_id] += (topic_id,)
    return found


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new case, columns by name; its id."""
    case_id: int | None = await session.scalar(insert(Case).values(**columns).returning(Case.id))
    assert case_id is not None
    return case_id


async def change(session: AsyncSession, case_id: int, **columns: Any) -> None:
    """Write these columns of a case."""
    await session.execute(update(Case).where(Case.id == case_id).values(**columns))


async def move(session: AsyncSession, case_id: int, before: str, **columns: Any) -> bool:
    """The same, unless the case stands otherwise than `before` by now; whether it was done."""
    found = await session.scalar(
        update(Case).where(Case.id == case_id, Case.state == before).values(**columns).returning(Case.id)
    )
    return found is not None


async def touch(session: AsyncSession, case_id: int) -> None:
    """What its posts show has changed."""
    await session.execute(update(Case).where(Case.id == case_id).values(revision=Case.revision + 1))


async def set_topics(session: AsyncSession, case_id: int, topic_ids: Sequence[str]) -> None:
    """What it is about, in this order."""
    await session.execute(delete(CaseTopic).where(CaseTopic.case_id == case_id))
    if topic_ids:
        rows = [{"case_id": case_id, "topic_id": one, "place": place} for place, one in enumerate(topic_ids)]
        await session.execute(insert(CaseTopic), rows)


async def remove(session: AsyncSession, case_id: int) -> None:
    """A case that was never published goes, with all that hangs on it."""
    await session.execute(delete(Case).where(Case.id == case_id, Case.state.in_(UNPUBLISHED)))


async def forget(session: AsyncSession, user_id: int) -> None:
    """Somebody goes: her drafts with her; the posts of what was published are to lose her name."""
    hers = or_(Case.author_user_id == user_id, Case.owner_user_id == user_id)
    await session.execute(delete(Case).where(hers, Case.state.in_(UNPUBLISHED)))
    adapted = select(Adaptation.case_id).where(Adaptation.user_id == user_id)
    await session.execute(update(Case).where(or_(hers, Case.id.in_(adapted))).values(revision=Case.revision + 1))
