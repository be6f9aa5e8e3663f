"""Cases: what they say, their files, versions and votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import (
    Adaptation,
    Case,
    CaseFile,
    CaseTopic,
    CaseVersion,
    CaseVote,
    City,
    Member,
    Membership,
    Server,
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
    city: str | None
    country: str | None


class FileRow(NamedTuple):
    """A file without its bytes."""

    id: int
    case_id: int
    name: str
    media_type: str
    size: int
    description: str


class VersionRow(NamedTuple):
    """What a case said at one time."""

    number: int
    document: dict[str, Any]
    at: datetime


_COLUMNS = (*(getattr(Case, name) for name in CaseRow._fields[:-2]), City.name, City.country)


async def _some(
    session: AsyncSession, *conditions: ColumnElement[bool], order: Any = Case.id, limit: int | None = None
) -> Sequence[CaseRow]:
    query = select(*_COLUMNS).outerjoin(City, City.id == Case.city_id).where(*conditions).order_by(order).limit(limit)
    return [CaseRow(*row) for row in await session.execute(query)]


async def by_id(session: AsyncSession, case_id: int) -> CaseRow | None:
    """A case."""
    return next(iter(await _some(session, Case.id == case_id)), None)


async def by_ids(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, CaseRow]:
    """These cases, by id."""
    return {row.id: row for row in await _some(session, Case.id.in_(case_ids))}


async def by_uid(session: AsyncSession, uid: str) -> CaseRow | None:
    """The case of this lasting id."""
    return next(iter(await _some(session, Case.uid == uid)), None)


async def of_owner(session: AsyncSession, user_id: int, limit: int) -> Sequence[CaseRow]:
    """What somebody looks after, the latest change first."""
    return await _some(session, Case.owner_user_id == user_id, order=Case.updated_at.desc(), limit=limit)


async def submitted(session: AsyncSession, server_id: int | None, limit: int) -> Sequence[CaseRow]:
    """What waits for coordinators, the oldest first; of one server, or of all and of none."""
    wanted: list[ColumnElement[bool]] = [Case.state == "submitted"]
    if server_id is not None:
        wanted.append(Case.server_id == server_id)
    return await _some(session, *wanted, order=Case.submitted_at, limit=limit)


async def open_cases(session: AsyncSession, after: int = 0, limit: int | None = None) -> Sequence[CaseRow]:
    """The collection in the order of ids: what is published or retired."""
    return await _some(session, Case.state.in_(OPEN), Case.id > after, limit=limit)


async def newest(session: AsyncSession, limit: int) -> Sequence[CaseRow]:
    """What was published last."""
    return await _some(session, Case.state == "published", order=Case.published_at.desc(), limit=limit)


async def published_since(
    session: AsyncSession, topic_ids: Collection[str], since: datetime, limit: int
) -> Sequence[CaseRow]:
    """Cases of these topics that were published later than `since`, the newest first."""
    about = exists().where(and_(CaseTopic.case_id == Case.id, CaseTopic.topic_id.in_(topic_ids)))
    return await _some(
        session,
        Case.state == "published",
        Case.published_at > since,
        about,
        order=Case.published_at.desc(),
        limit=limit,
    )


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


async def files(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, tuple[FileRow, ...]]:
    """The files of these cases, without their bytes."""
    rows = await session.execute(
        select(CaseFile.id, CaseFile.case_id, CaseFile.name, CaseFile.media_type, CaseFile.size, CaseFile.description)
        .where(CaseFile.case_id.in_(case_ids))
        .order_by(CaseFile.id)
    )
    found: defaultdict[int, tuple[FileRow, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.case_id] += (FileRow(*row),)
    return found


async def bytes_of(session: AsyncSession, case_id: int) -> Sequence[tuple[str, str, bytes]]:
    """The files of a case: name, description, bytes."""
    rows = await session.execute(
        select(CaseFile.name, CaseFile.description, CaseFile.content)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.id)
    )
    return [(row.name, row.description, row.content) for row in rows]


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


async def add_file(session: AsyncSession, case_id: int, **columns: Any) -> None:
    """A file more."""
    await session.execute(insert(CaseFile).values(case_id=case_id, **columns))


async def remove_files(session: AsyncSession, case_id: int) -> None:
    """All its files go."""
    await session.execute(delete(CaseFile).where(CaseFile.case_id == case_id))


async def keep_version(
    session: AsyncSession,
    case_id: int,
    number: int,
    document: Mapping[str, Any],
    *,
    user_id: int | None,
    now: datetime,
) -> None:
    """Put on record what a published case says from now on."""
    statement: Any = insert_for(session, CaseVersion)
    await session.execute(
        statement.values(
            case_id=case_id, number=number, document=document, by_user_id=user_id, at=now
        ).on_conflict_do_nothing()
    )


async def versions(session: AsyncSession, case_id: int) -> Sequence[VersionRow]:
    """Every version of a case, the first one first."""
    rows = await session.execute(
        select(CaseVersion.number, CaseVersion.document, CaseVersion.at)
        .where(CaseVersion.case_id == case_id)
        .order_by(CaseVersion.number)
    )
    return [VersionRow(*row) for row in rows]


async def vote(session: AsyncSession, case_id: int, user_id: int, now: datetime) -> None:
    """She found it useful; once is enough."""
    statement: Any = insert_for(session, CaseVote)
    await session.execute(statement.values(case_id=case_id, user_id=user_id, given_at=now).on_conflict_do_nothing())


async def unvote(session: AsyncSession, case_id: int, user_id: int) -> bool:
    """She takes it back. False where she had not said so."""
    found = await session.scalar(
        delete(CaseVote).where(CaseVote.case_id == case_id, CaseVote.user_id == user_id).returning(CaseVote.user_id)
    )
    return found is not None


async def votes(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, int]:
    """How many found each of these cases useful; those that nobody did are missing."""
    rows = await session.execute(
        select(CaseVote.case_id, func.count()).where(CaseVote.case_id.in_(case_ids)).group_by(CaseVote.case_id)
    )
    return {row[0]: row[1] for row in rows}


async def places(session: AsyncSession, user_id: int) -> Sequence[tuple[int, str]]:
    """The servers of the network in which she was last seen as an alumna, by name."""
    rows = await session.execute(
        select(Server.id, Server.name)
        .join(Membership, Membership.server_id == Server.id)
        .join(Member, Member.id == Membership.member_id)
        .where(Member.user_id == user_id, Membership.alumni.is_(True), Membership.left_at.is_(None))
        .where(Server.left_at.is_(None))
        .order_by(Server.name, Server.id)
    )
    return [(row.id, row.name) for row in rows]


async def to_verify(session: AsyncSession, now: datetime, limit: int) -> Sequence[CaseRow]:
    """Published cases whose date has come, and which nobody was asked about since."""
    return await _some(
        session,
        Case.state == "published",
        Case.verify_by <= now,
        Case.owner_user_id.is_not(None),
        Case.owner_user_id != 0,
        or_(Case.verify_asked_at.is_(None), Case.verify_asked_at < Case.verify_by),
        order=Case.verify_by,
        limit=limit,
    )


async def pilots_due(session: AsyncSession, now: datetime, limit: int) -> Sequence[CaseRow]:
    """Published debriefs whose pilot is to be asked about."""
    return await _some(
        session,
        Case.state == "published",
        Case.kind == "debrief",
        Case.pilot_on <= now,
        Case.pilot_asked_at.is_(None),
        Case.owner_user_id.is_not(None),
        Case.owner_user_id != 0,
        order=Case.pilot_on,
        limit=limit,
    )


async def mark_asked(session: AsyncSession, case_id: int, column: str, now: datetime) -> None:
    """Somebody is being asked: `verify_asked_at` or `pilot_asked_at`."""
    await session.execute(update(Case).where(Case.id == case_id).values({column: now}))
