"""Who is in a campaign's audience, and where each of them can be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import (
    CampaignOptOut,
    City,
    Expertise,
    HeldRole,
    Member,
    Membership,
    Prompt,
    RefusalRow,
    Server,
    ServerCity,
)


@dataclass(frozen=True, slots=True)
class Whom:
    """An audience, as the tables have it. `server_id` is None for the whole network's."""

    campaign_id: int
    server_id: int | None
    kind: str
    value: str | None


class PersonRow(NamedTuple):
    """Somebody to be asked. `direct` says whether she can be written to directly."""

    id: int
    zone: str
    language: str | None
    direct: bool


class PlaceRow(NamedTuple):
    """A server that a member is in, with the check-in channel for her there. `zone` is that of a city's own channel."""

    member_id: int
    server_id: int
    language: str
    channel_id: int | None
    zone: str | None
    speaks_for_her: bool


class CountRow(NamedTuple):
    """How many people of an audience live in a zone, and how many of them can be written to directly."""

    zone: str
    people: int
    direct: int


def current(server_id: int | None) -> ColumnElement[bool]:
    """Whether a member is an alumna in a server of the network, or in this one."""
    return exists().where(*_membership(server_id))


def _membership(server_id: int | None) -> list[ColumnElement[bool]]:
    here = [] if server_id is None else [Membership.server_id == server_id]
    return [
        Membership.member_id == Member.id,
        Membership.alumni.is_(True),
        Membership.left_at.is_(None),
        Server.id == Membership.server_id,
        Server.left_at.is_(None),
        *here,
    ]


def _chosen(whom: Whom) -> list[ColumnElement[bool]]:
    """What tells the audience from everyone."""
    value = whom.value or ""
    number = int(value) if value.isdecimal() else -1
    match whom.kind:
        case "everyone":
            return []
        case "cohort":
            return [func.lower(Member.cohort) == value.lower()]
        case "country":
            return [exists().where(City.id == Member.city_id, City.country == value)]
        case "city":
            return [Member.city_id == number]
        case "topic":
            return [exists().where(Expertise.member_id == Member.id, Expertise.topic_id == value)]
        case "role":
            return [exists().where(HeldRole.member_id == Member.id, HeldRole.role_id == number)]
    return [false()]


def belongs(whom: Whom) -> ColumnElement[bool]:
    """Whether a member is in the audience, and has not said that she wants no more of this campaign."""
    return and_(current(whom.server_id), *_wants(whom))


def _wants(whom: Whom) -> list[ColumnElement[bool]]:
    """The same, but for whether she is an alumna."""
    out = exists().where(CampaignOptOut.member_id == Member.id, CampaignOptOut.campaign_id == whom.campaign_id)
    return [Member.confirmed_at.is_not(None), Member.user_id.is_not(None), *_chosen(whom), ~out]


def awake(at: datetime) -> ColumnElement[bool]:
    """Whether a member is not paused at a moment."""
    return or_(Member.paused_until.is_(None), Member.paused_until <= at)


def reachable() -> ColumnElement[bool]:
    """Whether a member can be written to directly: she allows it, and Discord has not refused it."""
    refused = exists().where(RefusalRow.member_id == Member.id)
    return and_(Member.direct_messages_at.is_not(None), Member.direct_channel_id.is_not(None), ~refused)


async def without_prompt(
    session: AsyncSession, whom: Whom, period_id: int, zones: Collection[str], *, now: datetime, after: int, most: int
) -> Sequence[PersonRow]:
    """People of the audience in these zones who have no prompt in the period yet, by their id from `after` on."""
    # Counted, because PostgreSQL turns EXISTS into one look at everybody, and that for each few hundred people anew.
    alumna = select(func.count()).where(*_membership(whom.server_id)).scalar_subquery() > 0
    asked = select(func.count()).where(
        Prompt.campaign_id == whom.campaign_id, Prompt.period_id == period_id, Prompt.member_id == Member.id
    )
    query = (
        select(Member.id, Member.zone, Member.language, reachable())
        .where(Member.id > after, Member.zone.in_(zones), awake(now), *_wants(whom))
        .where(alumna, asked.scalar_subquery() == 0)
        .order_by(Member.id)
        .limit(most)
    )
    return [PersonRow(*row) for row in await session.execute(query)]


async def places(session: AsyncSession, server_id: int | None, member_ids: Collection[int]) -> Sequence[PlaceRow]:
    """The servers in which these members are, each with the check-in channel for them, unless Discord refused it."""
    if not member_ids:
        return []
    here = [] if server_id is None else [Membership.server_id == server_id]
    own = ServerCity.checkin_channel_id
    channel = func.coalesce(own, Server.checkin_channel_id)
    refused = exists().where(RefusalRow.channel_id == channel)
    query = (
        select(
            Membership.member_id,
            Server.id,
            Server.language,
            case((~refused, channel)),
            case((own.is_not(None), City.zone)),
            ServerCity.city_id.is_not(None),
        )
        .select_from(Membership)
        .join(Server, Server.id == Membership.server_id)
        .join(Member, Member.id == Membership.member_id)
        .outerjoin(ServerCity, and_(ServerCity.server_id == Server.id, ServerCity.city_id == Member.city_id))
        .outerjoin(City, City.id == ServerCity.city_id)
        .where(
            Membership.member_id.in_(member_ids),
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.left_at.is_(None),
            *here,
        )
        .order_by(Membership.member_id, Server.id)
    )
    return [PlaceRow(*row) for row in await session.execute(query)]


async def counts(session: AsyncSession, whom: Whom, now: datetime) -> Sequence[CountRow]:
    """How many would be asked now, by zone, the most first."""
    people = func.count()
    query: Any = (
        select(Member.zone, people, func.sum(case((reachable(), 1), else_=0)))
        .where(belongs(whom), awake(now))
        .group_by(Member.zone)
        .order_by(people.desc(), Member.zone)
    )
    return [CountRow(zone, n, int(direct)) for zone, n, direct in await session.execute(query)]


async def size(session: AsyncSession, whom: Whom, at: Sequence[datetime]) -> Sequence[int]:
    """How many would be asked at each of these moments, as far as pauses are known."""
    sums = [func.coalesce(func.sum(case((awake(each), 1), else_=0)), 0) for each in at]
    row = (await session.execute(select(*sums).where(belongs(whom)))).one()
    return [int(each) for each in row]


async def includes(session: AsyncSession, whom: Whom, member_id: int, now: datetime) -> bool:
    """Whether this member would be asked now."""
    found = await session.scalar(select(Member.id).where(Member.id == member_id, belongs(whom), awake(now)))
    return found is not None


async def without_place(session: AsyncSession, whom: Whom, now: datetime, *, channel_only: bool) -> int:
    """How many of the audience could be asked nowhere: not directly, and in no check-in channel."""
    here = [] if whom.server_id is None else [Membership.server_id == whom.server_id]
    channel = exists().where(
        Membership.member_id == Member.id,
        Membership.alumni.is_(True),
        Membership.left_at.is_(None),
        Server.id == Membership.server_id,
        Server.left_at.is_(None),
        or_(
            Server.checkin_channel_id.is_not(None),
            exists().where(
                ServerCity.server_id == Server.id,
                ServerCity.city_id == Member.city_id,
                ServerCity.checkin_channel_id.is_not(None),
            ),
        ),
        *here,
    )
    direct = [] if channel_only else [~reachable()]
    query = select(func.count()).select_from(Member).where(belongs(whom), awake(now), ~channel, *direct)
    return await session.scalar(query) or 0


async def cohorts(session: AsyncSession, most: int) -> Sequence[str]:
    """The cohorts that members name, the largest first."""
    query = (
        select(Member.cohort)
        .where(Member.cohort.is_not(None))
        .group_by(Member.cohort)
        .order_by(func.count().desc(), Member.cohort)
        .limit(most)
    )
    return [each for each in await session.scalars(query) if each]


class CityOption(NamedTuple):
    """A city in which members live."""

    id: int
    name: str
    country: str


async def cities(session: AsyncSession, most: int) -> Sequence[CityOption]:
    """The cities in which members live, those of most members first."""
    query = (
        select(City.id, City.name, City.country)
        .join(Member, Member.city_id == City.id)
        .group_by(City.id, City.name, City.country)
        .order_by(func.count().desc(), City.name)
        .limit(most)
    )
    return [CityOption(*row) for row in await session.execute(query)]


async def city_name(session: AsyncSession, city_id: int) -> str | None:
    """What a city is called."""
    found: str | None = await session.scalar(select(City.name).where(City.id == city_id))
    return found
