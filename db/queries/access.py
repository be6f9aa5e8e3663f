"""What is asked about a person before each command."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Member, Membership, NetworkCoordinator, Server


class ServerRow(NamedTuple):
    """What of a joined server decides who may do what in it."""

    language: str
    alumni_role_id: int | None
    coordinator_role_id: int | None


class MemberRow(NamedTuple):
    """What of a member decides how she is answered."""

    id: int
    language: str | None
    zone: str


async def server(session: AsyncSession, server_id: int) -> ServerRow | None:
    """A server that is in the network now."""
    row = (
        await session.execute(
            select(Server.language, Server.alumni_role_id, Server.coordinator_role_id).where(
                Server.id == server_id, Server.left_at.is_(None)
            )
        )
    ).one_or_none()
    return ServerRow(*row) if row else None


async def member(session: AsyncSession, user_id: int) -> MemberRow | None:
    """The member behind a Discord user."""
    row = (
        await session.execute(select(Member.id, Member.language, Member.zone).where(Member.user_id == user_id))
    ).one_or_none()
    return MemberRow(*row) if row else None


async def is_network_coordinator(session: AsyncSession, user_id: int) -> bool:
    """Whether she was appointed for the whole network."""
    found = await session.scalar(select(NetworkCoordinator.user_id).where(NetworkCoordinator.user_id == user_id))
    return found is not None


async def is_alumna_anywhere(session: AsyncSession, user_id: int) -> bool:
    """Whether she was last seen as an alumna in any server of the network."""
    found = await session.scalar(
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .join(Server, Server.id == Membership.server_id)
        .where(
            Member.user_id == user_id,
            Membership.alumni.is_(True),
            Membership.left_at.is_(None),
            Server.left_at.is_(None),
        )
        .limit(1)
    )
    return found is not None
