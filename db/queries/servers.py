"""A server, its places on Discord, and the cities that it speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import City, Server, ServerCity

CHANNEL_COLUMNS = {
    "questions": Server.questions_forum_id,
    "cases": Server.cases_forum_id,
    "crisis": Server.crisis_channel_id,
    "checkin": Server.checkin_channel_id,
    "coordinators": Server.coordinators_channel_id,
}
"""Where the channel for each use stands; the words are those of the domain."""
ROLE_COLUMNS = {"coordinator": Server.coordinator_role_id, "alumni": Server.alumni_role_id}


class ServerRow(NamedTuple):
    """A server, its channels and roles by what they are for."""

    id: int
    name: str
    language: str
    joined_at: datetime
    left_at: datetime | None
    channels: dict[str, int | None]
    roles: dict[str, int | None]


class CityRow(NamedTuple):
    """A city that a server speaks for, with its channels there."""

    id: int
    geonames_id: int | None
    name: str
    country: str
    region: str | None
    population: int | None
    zone: str
    crisis_channel_id: int | None
    checkin_channel_id: int | None


async def server(session: AsyncSession, server_id: int) -> ServerRow | None:
    """A server that joined at any time, whether or not it has left since."""
    row = (
        await session.execute(
            select(
                Server.id,
                Server.name,
                Server.language,
                Server.joined_at,
                Server.left_at,
                *CHANNEL_COLUMNS.values(),
                *ROLE_COLUMNS.values(),
            ).where(Server.id == server_id)
        )
    ).one_or_none()
    if row is None:
        return None
    channels = dict(zip(CHANNEL_COLUMNS, row[5:10], strict=True))
    roles = dict(zip(ROLE_COLUMNS, row[10:], strict=True))
    return ServerRow(*row[:5], channels, roles)


async def cities(session: AsyncSession, server_id: int) -> Sequence[CityRow]:
    """The cities that a server speaks for, by name."""
    rows = await session.execute(
        select(
            City.id,
            City.geonames_id,
            City.name,
            City.country,
            City.region,
            City.population,
            City.zone,
            ServerCity.crisis_channel_id,
            ServerCity.checkin_channel_id,
        )
        .join(ServerCity, ServerCity.city_id == City.id)
        .where(ServerCity.server_id == server_id)
        .order_by(City.name, City.id)
    )
    return [CityRow(*row) for row in rows]


async def join(session: AsyncSession, *, server_id: int, name: str, language: str, now: datetime) -> None:
    """A server that was never here joins."""
    await session.execute(insert(Server).values(id=server_id, name=name, language=language, joined_at=now))


async def rejoin(session: AsyncSession, *, server_id: int, name: str) -> None:
    """A server that had left is back, with everything that it had."""
    await session.execute(update(Server).where(Server.id == server_id).values(name=name, left_at=None))


async def leave(session: AsyncSession, *, server_id: int, now: datetime) -> bool:
    """A server leaves; its row stays. False where it was not here."""
    left = await session.scalar(
        update(Server).where(Server.id == server_id, Server.left_at.is_(None)).values(left_at=now).returning(Server.id)
    )
    return left is not None


async def rename(session: AsyncSession, *, server_id: int, name: str) -> None:
    """Note the server's new name on Discord."""
    await session.execute(update(Server).where(Server.id == server_id).values(name=name))


async def set_language(session: AsyncSession, *, server_id: int, language: str) -> None:
    """The language of what everybody in the server reads."""
    await session.execute(update(Server).where(Server.id == server_id).values(language=language))


async def set_channel(session: AsyncSession, *, server_id: int, use: str, channel_id: int | None) -> None:
    """The channel for a use, one of `CHANNEL_COLUMNS`."""
    await session.execute(update(Server).where(Server.id == server_id).values({CHANNEL_COLUMNS[use]: channel_id}))


async def set_role(session: AsyncSession, *, server_id: int, use: str, role_id: int | None) -> None:
    """The role for a use, one of `ROLE_COLUMNS`."""
    await session.execute(update(Server).where(Server.id == server_id).values({ROLE_COLUMNS[use]: role_id}))


async def add_city(session: AsyncSession, *, server_id: int, city_id: int) -> None:
    """The server speaks for one more city, for which it did not speak yet."""
    await session.execute(insert(ServerCity).values(server_id=server_id, city_id=city_id))


async def remove_city(session: AsyncSession, *, server_id: int, city_id: int) -> bool:
    """The server no longer speaks for a city, which stays on record. False where it did not."""
    removed = await session.scalar(
        delete(ServerCity)
        .where(ServerCity.server_id == server_id, ServerCity.city_id == city_id)
        .returning(ServerCity.city_id)
    )
    return removed is not None


async def set_city_channels(
    session: AsyncSession, *, server_id: int, city_id: int, crisis_id: int | None, checkin_id: int | None
) -> None:
    """The channels that a city has for itself in a server; None for the server's."""
    await session.execute(
        update(ServerCity)
        .where(ServerCity.server_id == server_id, ServerCity.city_id == city_id)
        .values(crisis_channel_id=crisis_id, checkin_channel_id=checkin_id)
    )
