"""The network's servers in a list, and its coordinators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import City, Membership, NetworkCoordinator, Server, ServerCity


class ServerRow(NamedTuple):
    """A server of the network, past ones too, with the number of people seen with its alumni role."""

    id: int
    name: str
    language: str
    joined_at: datetime
    left_at: datetime | None
    members: int


class CoordinatorRow(NamedTuple):
    """A network coordinator."""

    user_id: int
    appointed_by: int | None
    appointed_at: datetime


async def servers(session: AsyncSession) -> Sequence[ServerRow]:
    """All servers that ever joined, by name, those that left at the end."""
    members = (
        select(func.count())
        .where(
            Membership.server_id == Server.id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
        )
        .correlate(Server)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Server.id, Server.name, Server.language, Server.joined_at, Server.left_at, members).order_by(
            Server.left_at.is_not(None), Server.name, Server.id
        )
    )
    return [ServerRow(*row) for row in rows]


async def city_names(session: AsyncSession) -> dict[int, list[str]]:
    """The names of the cities that each server speaks for, by the server's id."""
    rows = await session.execute(
        select(ServerCity.server_id, City.name)
        .join(City, City.id == ServerCity.city_id)
        .order_by(ServerCity.server_id, City.name, City.id)
    )
    found: dict[int, list[str]] = {}
    for server_id, name in rows:
        found.setdefault(server_id, []).append(name)
    return found


async def coordinators(session: AsyncSession) -> Sequence[CoordinatorRow]:
    """All network coordinators, the longest-serving first."""
    rows = await session.execute(
        select(NetworkCoordinator.user_id, NetworkCoordinator.appointed_by, NetworkCoordinator.appointed_at).order_by(
            NetworkCoordinator.appointed_at, NetworkCoordinator.user_id
        )
    )
    return [CoordinatorRow(*row) for row in rows]


async def add_coordinator(session: AsyncSession, *, user_id: int, appointed_by: int | None, at: datetime) -> None:
    """Make somebody a network coordinator who is none yet."""
    await session.execute(
        insert(NetworkCoordinator).values(user_id=user_id, appointed_by=appointed_by, appointed_at=at)
    )


async def remove_coordinator(session: AsyncSession, user_id: int) -> None:
    """Somebody is no network coordinator any longer."""
    await session.execute(delete(NetworkCoordinator).where(NetworkCoordinator.user_id == user_id))
