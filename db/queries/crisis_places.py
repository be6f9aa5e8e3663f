"""The servers of the network as an alert sees them: channels, cities, people, consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

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


class WordRow(NamedTuple):
    """A server's language, alumni role and zone, and its word where it gave one."""

    language: str
    alumni_role_id: int | None
    zone: str
    consent: ConsentRow | None


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


def _only(column: InstrumentedAttribute[int], server_id: int | None) -> ColumnElement[bool]:
    """One server, or all."""
    return true() if server_id is None else column == server_id


async def places(session: AsyncSession, server_id: int | None = None) -> Sequence[PlaceRow]:
    """All servers that are in the network, by name; or one of them."""
    columns = tuple(getattr(Server, name) for name in PlaceRow._fields)
    joined = select(*columns).where(Server.left_at.is_(None), _only(Server.id, server_id))
    return [PlaceRow(*row) for row in await session.execute(joined.order_by(Server.name, Server.id))]


async def word(session: AsyncSession, server_id: int) -> WordRow | None:
    """What a server lets be told, in one look: it is asked at every send. None where it is not in the network."""
    zone = (
        select(City.zone)
        .join(ServerCity, ServerCity.city_id == City.id)
        .where(ServerCity.server_id == server_id)
        .order_by(City.name, City.id)
        .limit(1)
        .scalar_subquery()
    )
    found = await session.execute(
        select(Server.language, Server.alumni_role_id, zone, AlertConsent.server_id, *_CONSENT)
        .outerjoin(AlertConsent, AlertConsent.server_id == Server.id)
        .where(Server.id == server_id, Server.left_at.is_(None))
    )
    row = found.one_or_none()
    if row is None:
        return None
    language, role_id, zone_name, given, *columns = row
    return WordRow(language, role_id, zone_name or "UTC", ConsentRow(*columns) if given is not None else None)


async def cities(session: AsyncSession, server_id: int | None = None) -> Sequence[CityRow]:
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
        .where(_only(ServerCity.server_id, server_id))
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


async def consents(session: AsyncSession, server_id: int | None = None) -> Mapping[int, ConsentRow]:
    """The word of each server that gave one."""
    words = select(AlertConsent.server_id, *_CONSENT).where(_only(AlertConsent.server_id, server_id))
    rows = await session.execute(words)
    return {row[0]: ConsentRow(*row[1:]) for row in rows}


async def set_consent(session: AsyncSession, server_id: int, columns: Mapping[str, Any]) -> None:
    """Put a server's word on record."""
    statement = insert_for(session, AlertConsent).values(server_id=server_id, **columns)
    await session.execute(statement.on_conflict_do_update(index_elements=["server_id"], set_=dict(columns)))
