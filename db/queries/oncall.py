"""Who is on the lists of cities, and how each of them can be reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import City, Member, Membership, OnCall, RefusalRow, Server, ServerCity


class PersonRow(NamedTuple):
    """Somebody on a city's list. `member_id` is None where she has no profile; `direct`: she allowed direct messages.

    `refused`: Discord does not let us write to her. `left_at` is when she left this server.
    """

    id: int
    server_id: int
    city_id: int
    user_id: int
    duty: str
    member_id: int | None
    language: str | None
    direct: bool
    refused: bool
    left_at: datetime | None


class ListedRow(NamedTuple):
    """Somebody's place on a list, with the names of what it is about."""

    id: int
    user_id: int
    server_id: int
    server_name: str
    city_id: int
    city: str
    duty: str


class PlaceRow(NamedTuple):
    """Where in a server a city's people are spoken to in a channel; None where there is none."""

    channel_id: int | None
    language: str


def _people() -> Any:
    hers = and_(Membership.server_id == OnCall.server_id, Membership.member_id == Member.id)
    return (
        select(
            OnCall.id,
            OnCall.server_id,
            OnCall.city_id,
            OnCall.user_id,
            OnCall.duty,
            Member.id,
            Member.language,
            Member.direct_messages_at.is_not(None),
            RefusalRow.id.is_not(None),
            Membership.left_at,
        )
        .outerjoin(Member, Member.user_id == OnCall.user_id)
        .outerjoin(Membership, hers)
        .outerjoin(RefusalRow, RefusalRow.member_id == Member.id)
        .order_by(OnCall.duty.desc(), OnCall.added_at, OnCall.id)
    )


async def of_city(session: AsyncSession, server_id: int, city_id: int) -> Sequence[PersonRow]:
    """A city's list in a server: its on-call people first, then the deputies, each in the order of being put on it."""
    rows = await session.execute(_people().where(OnCall.server_id == server_id, OnCall.city_id == city_id))
    return [PersonRow(*row) for row in rows]


async def of_servers(session: AsyncSession, server_ids: Collection[int]) -> Sequence[PersonRow]:
    """The lists of all cities of these servers."""
    rows = await session.execute(_people().where(OnCall.server_id.in_(server_ids)))
    return [PersonRow(*row) for row in rows]


async def put_on(session: AsyncSession, columns: Mapping[str, Any]) -> None:
    """Put somebody on a list, or give her another duty on it."""
    changed = {name: columns[name] for name in ("duty", "added_by", "added_at")}
    await session.execute(
        insert_for(session, OnCall)
        .values(**columns)
        .on_conflict_do_update(index_elements=["server_id", "city_id", "user_id"], set_=changed)
    )


async def take_off(session: AsyncSession, server_id: int, city_id: int, user_ids: Collection[int]) -> None:
    """Take people off a city's list."""
    await session.execute(
        delete(OnCall).where(OnCall.server_id == server_id, OnCall.city_id == city_id, OnCall.user_id.in_(user_ids))
    )


async def remove(session: AsyncSession, place_id: int) -> None:
    """Somebody's place is free."""
    await session.execute(delete(OnCall).where(OnCall.id == place_id))


async def listed(session: AsyncSession, place_id: int) -> ListedRow | None:
    """Somebody's place on a list; None where she is not on it, or its server left, or does not speak for it now."""
    spoken = and_(ServerCity.server_id == OnCall.server_id, ServerCity.city_id == OnCall.city_id)
    row = (
        await session.execute(
            select(OnCall.id, OnCall.user_id, OnCall.server_id, Server.name, OnCall.city_id, City.name, OnCall.duty)
            .join(Server, Server.id == OnCall.server_id)
            .join(City, City.id == OnCall.city_id)
            .join(ServerCity, spoken)
            .where(OnCall.id == place_id, Server.left_at.is_(None))
        )
    ).one_or_none()
    return ListedRow(*row) if row else None


async def place_to_say(session: AsyncSession, server_id: int, city_id: int) -> PlaceRow:
    """A city's check-in channel, or else its crisis channel; the server's own where it has none."""
    channel = func.coalesce(
        ServerCity.checkin_channel_id,
        Server.checkin_channel_id,
        ServerCity.crisis_channel_id,
        Server.crisis_channel_id,
    )
    row = (
        await session.execute(
            select(channel, Server.language)
            .join(ServerCity, ServerCity.server_id == Server.id)
            .where(Server.id == server_id, ServerCity.city_id == city_id)
        )
    ).one()
    return PlaceRow(*row)
