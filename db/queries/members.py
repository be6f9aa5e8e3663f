"""Members: one person at a time, and which servers she is in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import City, Expertise, Member, MemberLanguage, Membership, OneTimeCode, Server


class MemberRow(NamedTuple):
    """A member, and the city she lives in."""

    id: int
    user_id: int | None
    reference: str | None
    display_name: str
    post: str | None
    cohort: str | None
    city_id: int | None
    zone: str
    language: str | None
    imported_at: datetime | None
    confirmed_at: datetime | None
    paused_until: datetime | None
    direct_messages_at: datetime | None
    city: str | None
    country: str | None
    region: str | None
    city_zone: str | None


class MembershipRow(NamedTuple):
    """That a member is, or was, in a server."""

    alumni: bool
    left_at: datetime | None


_COLUMNS = (
    Member.id,
    Member.user_id,
    Member.reference,
    Member.display_name,
    Member.post,
    Member.cohort,
    Member.city_id,
    Member.zone,
    Member.language,
    Member.imported_at,
    Member.confirmed_at,
    Member.paused_until,
    Member.direct_messages_at,
    City.name,
    City.country,
    City.region,
    City.zone,
)


async def _one(session: AsyncSession, condition: ColumnElement[bool]) -> MemberRow | None:
    query: Any = select(*_COLUMNS).outerjoin(City, City.id == Member.city_id).where(condition)
    row = (await session.execute(query)).one_or_none()
    return MemberRow(*row) if row else None


async def by_user(session: AsyncSession, user_id: int) -> MemberRow | None:
    """The member behind a Discord account."""
    return await _one(session, Member.user_id == user_id)


async def by_id(session: AsyncSession, member_id: int) -> MemberRow | None:
    """A member by her id here."""
    return await _one(session, Member.id == member_id)


async def by_code(session: AsyncSession, digest: str, now: datetime) -> MemberRow | None:
    """The member who claims her row with this code, if it can still be used."""
    return await _one(
        session,
        Member.id
        == select(OneTimeCode.member_id)
        .where(
            OneTimeCode.digest == digest,
            OneTimeCode.purpose == "claim",
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .scalar_subquery(),
    )


async def is_current(session: AsyncSession, member_id: int) -> bool:
    """Whether she was last seen as an alumna in a server of the network."""
    found = await session.scalar(
        select(Membership.member_id)
        .join(Server, Server.id == Membership.server_id)
        .where(
            Membership.member_id == member_id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.left_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new member, columns by name; her id."""
    member_id: int | None = await session.scalar(insert(Member).values(**columns).returning(Member.id))
    assert member_id is not None
    return member_id


async def change(session: AsyncSession, member_id: int, **columns: Any) -> None:
    """Write these columns of a member."""
    await session.execute(update(Member).where(Member.id == member_id).values(**columns))


async def remove(session: AsyncSession, member_id: int) -> None:
    """A member goes, with everything that hangs on her."""
    await session.execute(delete(Member).where(Member.id == member_id))


async def languages(session: AsyncSession, member_id: int) -> Sequence[str]:
    """The languages that she speaks, sorted."""
    query = select(MemberLanguage.language).where(MemberLanguage.member_id == member_id)
    return (await session.scalars(query.order_by(MemberLanguage.language))).all()


async def set_languages(session: AsyncSession, member_id: int, codes: Collection[str]) -> None:
    """Let these be all the languages that she speaks."""
    await session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    if codes:
        await session.execute(insert(MemberLanguage), [{"member_id": member_id, "language": code} for code in codes])


async def topics(session: AsyncSession, member_id: int) -> Sequence[tuple[str, str]]:
    """The topics that she knows about, each with its level, sorted."""
    query = select(Expertise.topic_id, Expertise.level).where(Expertise.member_id == member_id)
    return [(topic_id, level) for topic_id, level in await session.execute(query.order_by(Expertise.topic_id))]


async def set_topic(
    session: AsyncSession, member_id: int, topic_id: str, level: str, confirmed_at: datetime | None
) -> None:
    """She knows about a topic, at this level from now on."""
    statement: Any = insert_for(session, Expertise)
    values = {"level": level, "confirmed_at": confirmed_at}
    await session.execute(
        statement.values(member_id=member_id, topic_id=topic_id, **values).on_conflict_do_update(
            index_elements=["member_id", "topic_id"], set_=values
        )
    )


async def remove_topic(session: AsyncSession, member_id: int, topic_id: str) -> bool:
    """She no longer names a topic. False where she did not."""
    removed = await session.scalar(
        delete(Expertise)
        .where(Expertise.member_id == member_id, Expertise.topic_id == topic_id)
        .returning(Expertise.topic_id)
    )
    return removed is not None


async def confirm_topics(session: AsyncSession, member_id: int, now: datetime) -> None:
    """All topics that the programme named for her are hers now."""
    await session.execute(
        update(Expertise)
        .where(Expertise.member_id == member_id, Expertise.confirmed_at.is_(None))
        .values(confirmed_at=now)
    )


async def membership(session: AsyncSession, server_id: int, member_id: int) -> MembershipRow | None:
    """Whether a member was last seen in a server."""
    row = (
        await session.execute(
            select(Membership.alumni, Membership.left_at).where(
                Membership.server_id == server_id, Membership.member_id == member_id
            )
        )
    ).one_or_none()
    return MembershipRow(*row) if row else None


async def save_membership(
    session: AsyncSession, server_id: int, member_id: int, *, alumni: bool, now: datetime
) -> None:
    """A member is in a server, with its alumni role or without; since now, unless she was there before."""
    statement: Any = insert_for(session, Membership)
    await session.execute(
        statement.values(
            server_id=server_id, member_id=member_id, alumni=alumni, joined_at=now, left_at=None
        ).on_conflict_do_update(index_elements=["server_id", "member_id"], set_={"alumni": alumni, "left_at": None})
    )


async def end_memberships(session: AsyncSession, server_id: int, user_ids: Collection[int], now: datetime) -> int:
    """These people are no longer in a server; how many of them were."""
    ended = await session.execute(
        update(Membership)
        .where(
            Membership.server_id == server_id,
            Membership.left_at.is_(None),
            Membership.member_id.in_(select(Member.id).where(Member.user_id.in_(user_ids))),
        )
        .values(left_at=now)
        .returning(Membership.member_id)
    )
    return len(ended.all())


async def ids_of(session: AsyncSession, user_ids: Collection[int]) -> dict[int, int]:
    """The member's id behind each of these Discord accounts that we know."""
    rows = await session.execute(select(Member.user_id, Member.id).where(Member.user_id.in_(user_ids)))
    return {user_id: member_id for user_id, member_id in rows if user_id is not None}


async def to_look_for(session: AsyncSession, server_id: int) -> Sequence[int]:
    """The Discord accounts of members who may be in a server: last seen there, or nowhere yet."""
    rows = await session.scalars(
        select(Member.user_id)
        .where(
            Member.user_id.is_not(None),
            or_(
                exists().where(
                    Membership.member_id == Member.id,
                    Membership.server_id == server_id,
                    Membership.left_at.is_(None),
                ),
                ~exists().where(Membership.member_id == Member.id),
            ),
        )
        .order_by(Member.id)
    )
    return [user_id for user_id in rows if user_id is not None]


class OtherCityRow(NamedTuple):
    """A city on record that GeoNames does not have."""

    id: int
    name: str
    country: str
    region: str | None
    zone: str


async def other_cities(session: AsyncSession) -> Sequence[OtherCityRow]:
    """All cities on record that GeoNames does not have; a handful."""
    rows = await session.execute(
        select(City.id, City.name, City.country, City.region, City.zone)
        .where(City.geonames_id.is_(None))
        .order_by(City.name, City.id)
    )
    return [OtherCityRow(*row) for row in rows]
