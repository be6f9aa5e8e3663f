"""The servers of the network as an alert sees them: channels, cities, people, consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import AlertConsent, City, Membership, Server, ServerCity


class ConsentRow(NamedTuple):
    """A server's word."""

    takes_part: bool
    severities: str
    ping: str
    role_id: int | None
    quiet_from: int | None
    quiet_to: int | None
    zone: str
    drills: bool


class PlaceRow(NamedTuple):
    """A joined server."""

    id: int
    name: str
    language: str
    crisis_channel_id: int | None
    coordinators_channel_id: int | None
    alumni_role_id: int | None


class CityRow(NamedTuple):
    """A city that a server speaks for."""

    server_id: int
    id: int
    name: str
    country: str
    region: str | None
    zone: str
    channel_id: int | None


_CONSENT = tuple(getattr(AlertConsent, name) for name in ConsentRow._fields)


async def places(session: AsyncSession) -> Sequence[PlaceRow]:
    """All servers that are in the network, by name."""
    columns = tuple(getattr(Server, name) for name in PlaceRow._fields)
    rows = await session.execute(select(*columns).where(Server.left_at.is_(None)).order_by(Server.name, Server.id))
    return [PlaceRow(*row) for row in rows]


async def cities(session: AsyncSession) -> Sequence[CityRow]:
    """The cities that servers speak for."""
    rows = await session.execute(
        select(
            ServerCity.server_id,
            City.id,
            City.name,
            City.country,
            City.region,
            City.zone,
            ServerCity.crisis_channel_id,
        )
        .join(City, City.id == ServerCity.city_id)
        .order_by(ServerCity.server_id, City.name, City.id)
    )
    return [CityRow(*row) for row in rows]


async def people(session: AsyncSession) -> Mapping[int, int]:
    """How many alumni each server has."""
    rows = await session.execute(
        select(Membership.server_id, func.count())
        .where(Membership.alumni.is_(True), Membership.left_at.is_(None))
        .group_by(Membership.server_id)
    )
    return {row[0]: row[1] for row in rows}


async def consents(session: AsyncSession) -> Mapping[int, ConsentRow]:
    """The word of each server that gave one."""
    rows = await session.execute(select(AlertConsent.server_id, *_CONSENT))
    return {row[0]: ConsentRow(*row[1:]) for row in rows}


async def set_consent(session: AsyncSession, server_id: int, columns: Mapping[str, Any]) -> None:
    """Put a server's word on record."""
    statement = insert_for(session, AlertConsent).values(server_id=server_id, **columns)
    await session.execute(statement.on_conflict_do_update(index_elements=["server_id"], set_=dict(columns)))
