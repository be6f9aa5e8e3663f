"""Where a delivery goes at this moment, and which targets Discord refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Member, Membership, RefusalRow, Server, ServerCity


class MemberPlaceRow(NamedTuple):
    """A member's direct messages. `direct_channel_id` is None where she allows none; `here`: she is in a server."""

    direct_channel_id: int | None
    paused_until: datetime | None
    here: bool
    code: int | None
    at: datetime | None


class ChannelPlaceRow(NamedTuple):
    """A channel's refusal, if there is one."""

    code: int
    at: datetime


class NearRow(NamedTuple):
    """A channel of a server that is near a member."""

    server_id: int
    channel_id: int
    language: str


class RefusalOfRow(NamedTuple):
    """A refusal that is remembered: of a channel, or of a member, by her name."""

    code: int
    channel_id: int | None
    member: str | None


async def by_id(session: AsyncSession, refusal_id: int) -> RefusalOfRow | None:
    """A refusal; None where it is over."""
    row = (
        await session.execute(
            select(RefusalRow.code, RefusalRow.channel_id, Member.display_name)
            .outerjoin(Member, Member.id == RefusalRow.member_id)
            .where(RefusalRow.id == refusal_id)
        )
    ).one_or_none()
    return RefusalOfRow(*row) if row else None


async def member_place(session: AsyncSession, member_id: int) -> MemberPlaceRow | None:
    """Where to write to a member; None where there is no such member any more."""
    here = exists().where(
        Membership.member_id == Member.id,
        Membership.left_at.is_(None),
        Membership.server_id == Server.id,
        Server.left_at.is_(None),
    )
    row = (
        await session.execute(
            select(
                Member.direct_channel_id,
                Member.direct_messages_at,
                Member.paused_until,
                here,
                RefusalRow.code,
                RefusalRow.at,
            )
            .outerjoin(RefusalRow, RefusalRow.member_id == Member.id)
            .where(Member.id == member_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return MemberPlaceRow(row[0] if row[1] is not None else None, *row[2:])


async def channel_refusal(session: AsyncSession, channel_id: int) -> ChannelPlaceRow | None:
    """How Discord refused a channel, if it did."""
    row = (
        await session.execute(select(RefusalRow.code, RefusalRow.at).where(RefusalRow.channel_id == channel_id))
    ).one_or_none()
    return ChannelPlaceRow(*row) if row else None


async def has_left(session: AsyncSession, server_id: int) -> bool:
    """Whether a server is no longer in the network."""
    left = await session.scalar(select(Server.left_at).where(Server.id == server_id))
    return left is not None


def _of(channel_id: int | None, member_id: int | None) -> ColumnElement[bool]:
    return RefusalRow.channel_id == channel_id if member_id is None else RefusalRow.member_id == member_id


async def remember(
    session: AsyncSession, *, channel_id: int | None, member_id: int | None, code: int, now: datetime
) -> int | None:
    """Discord refused this target; the refusal's id, None where one was remembered already (it has the new time)."""
    same = update(RefusalRow).where(_of(channel_id, member_id)).values(code=code, at=now)
    known = await session.scalar(same.returning(RefusalRow.id))
    if known is not None:
        return None
    values = {"channel_id": channel_id, "member_id": member_id, "code": code, "at": now}
    new: int | None = await session.scalar(insert(RefusalRow).values(**values).returning(RefusalRow.id))
    return new


async def forget(session: AsyncSession, *, channel_id: int | None, member_id: int | None) -> bool:
    """The target may be written to again. False where nothing was remembered."""
    forgotten = await session.scalars(delete(RefusalRow).where(_of(channel_id, member_id)).returning(RefusalRow.id))
    return bool(list(forgotten))


async def forget_channels(session: AsyncSession, channel_ids: Collection[int | None]) -> None:
    """Somebody chose these channels just now: whatever Discord refused there before is not known any more."""
    wanted = [each for each in channel_ids if each is not None]
    await session.execute(delete(RefusalRow).where(RefusalRow.channel_id.in_(wanted)))


async def forget_user(session: AsyncSession, user_id: int) -> None:
    """A member, by her Discord id, may be written to again."""
    hers = select(Member.id).where(Member.user_id == user_id)
    await session.execute(delete(RefusalRow).where(RefusalRow.member_id.in_(hers)))


async def checkin_channel_near(session: AsyncSession, member_id: int) -> NearRow | None:
    """The check-in channel of a member's city, or else that of a server she is in, those that speak for it first."""
    spoken = (ServerCity.server_id == Server.id) & (ServerCity.city_id == Member.city_id)
    channel = func.coalesce(ServerCity.checkin_channel_id, Server.checkin_channel_id)
    row = (
        await session.execute(
            select(Server.id, channel, Server.language)
            .join(Membership, Membership.server_id == Server.id)
            .join(Member, Member.id == Membership.member_id)
            .outerjoin(ServerCity, spoken)
            .where(Member.id == member_id, Membership.left_at.is_(None), Server.left_at.is_(None), channel.is_not(None))
            .order_by(ServerCity.city_id.is_(None), Membership.joined_at, Server.id)
            .limit(1)
        )
    ).one_or_none()
    return NearRow(row[0], row[1], row[2]) if row and row[1] is not None else None


async def coordinators_of_member(session: AsyncSession, member_id: int) -> NearRow | None:
    """The coordinators' channel of a server that a member is in, the one she joined first."""
    row = (
        await session.execute(
            select(Server.id, Server.coordinators_channel_id, Server.language)
            .join(Membership, Membership.server_id == Server.id)
            .where(
                Membership.member_id == member_id,
                Membership.left_at.is_(None),
                Server.left_at.is_(None),
                Server.coordinators_channel_id.is_not(None),
            )
            .order_by(Membership.joined_at, Server.id)
            .limit(1)
        )
    ).one_or_none()
    return NearRow(row[0], row[1], row[2]) if row and row[1] is not None else None


async def coordinators_of_server(session: AsyncSession, server_id: int) -> NearRow | None:
    """A server's coordinators' channel, if it has one."""
    row = (
        await session.execute(
            select(Server.id, Server.coordinators_channel_id, Server.language).where(
                Server.id == server_id, Server.coordinators_channel_id.is_not(None)
            )
        )
    ).one_or_none()
    return NearRow(row[0], row[1], row[2]) if row and row[1] is not None else None
