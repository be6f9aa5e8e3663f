"""Invitations to answer a question, and what decides whether somebody may be invited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import City, Expertise, Invitation, Member, Membership, Server


class InvitationRow(NamedTuple):
    """An invitation, with the names of the domain, and where she lives."""

    id: int
    question_id: int
    member_id: int
    user_id: int | None
    name: str
    language: str | None
    state: str
    origin: str
    why: dict[str, Any]
    sent_at: datetime
    settled_at: datetime | None
    referred_by: int | None
    referrer: str | None
    message_id: int | None
    city: str | None
    country: str | None


class PersonRow(NamedTuple):
    """What decides whether somebody may be invited. The last four are those of her topic, None where she names it not;
    `asks` those of late that reached her or will, whatever their topic."""

    id: int
    user_id: int | None
    name: str
    zone: str
    confirmed_at: datetime | None
    paused_until: datetime | None
    current: bool
    asks: int
    level: str | None
    open: bool | None
    cap: int | None
    topic_paused_until: datetime | None


async def _some(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[InvitationRow]:
    referrer = aliased(Member)
    query: Any = (
        select(
            Invitation.id,
            Invitation.question_id,
            Invitation.member_id,
            Member.user_id,
            Member.display_name,
            Member.language,
            Invitation.state,
            Invitation.origin,
            Invitation.why,
            Invitation.sent_at,
            Invitation.settled_at,
            Invitation.referred_by,
            referrer.display_name,
            Invitation.message_id,
            City.name,
            City.country,
        )
        .join(Member, Member.id == Invitation.member_id)
        .outerjoin(referrer, referrer.id == Invitation.referred_by)
        .outerjoin(City, City.id == Member.city_id)
        .where(*conditions)
        .order_by(Invitation.id)
    )
    return [InvitationRow(*row) for row in await session.execute(query)]


async def by_id(session: AsyncSession, invitation_id: int) -> InvitationRow | None:
    """An invitation."""
    return next(iter(await _some(session, Invitation.id == invitation_id)), None)


async def of_question(session: AsyncSession, question_id: int) -> Sequence[InvitationRow]:
    """All invitations to a question, in the order in which they were made."""
    return await _some(session, Invitation.question_id == question_id)


async def invite(session: AsyncSession, *, question_id: int, member_id: int, **columns: Any) -> int | None:
    """Invite a member; the invitation's id, None where she was invited to this question before.

    One that never reached her is made anew.
    """
    fresh = {"state": "sent", "settled_at": None, "place_id": None, "message_id": None, **columns}
    invited: int | None = await session.scalar(
        insert_for(session, Invitation)
        .values(question_id=question_id, member_id=member_id, **fresh)
        .on_conflict_do_update(
            index_elements=["question_id", "member_id"], set_=fresh, where=Invitation.state == "unsent"
        )
        .returning(Invitation.id)
    )
    return invited


async def change(session: AsyncSession, invitation_id: int, **columns: Any) -> None:
    """Write these columns of an invitation."""
    await session.execute(update(Invitation).where(Invitation.id == invitation_id).values(**columns))


async def unsend(session: AsyncSession, invitation_id: int, now: datetime) -> None:
    """It never came to her; unless she has said something to it by now."""
    await session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.state == "sent")
        .values(state="unsent", settled_at=now)
    )


async def people(
    session: AsyncSession,
    *,
    topics: Collection[str],
    asks_since: datetime,
    member_ids: Collection[int],
    before: int | None = None,
) -> Sequence[PersonRow]:
    """What decides whether these members may be invited, a row for each of these topics that they name.

    Asks count from `asks_since` on, and with `before` those alone that were made before that invitation.
    """
    asked = [Invitation.member_id == Member.id, Invitation.sent_at > asks_since, Invitation.state != "unsent"]
    if before is not None:
        asked.append(Invitation.id < before)
    current = exists().where(
        Membership.member_id == Member.id,
        Membership.alumni.is_(True),
        Membership.left_at.is_(None),
        Server.id == Membership.server_id,
        Server.left_at.is_(None),
    )
    query: Any = (
        select(
            Member.id,
            Member.user_id,
            Member.display_name,
            Member.zone,
            Member.confirmed_at,
            Member.paused_until,
            current,
            select(func.count()).where(*asked).scalar_subquery(),
            Expertise.level,
            Expertise.open,
            Expertise.monthly_cap,
            Expertise.paused_until,
        )
        .outerjoin(Expertise, and_(Expertise.member_id == Member.id, Expertise.topic_id.in_(topics)))
        .where(Member.id.in_(member_ids))
        .order_by(Member.id)
    )
    return [PersonRow(*row) for row in await session.execute(query)]


async def member_of(session: AsyncSession, user_id: int | None) -> int | None:
    """The member behind a Discord account."""
    found: int | None = await session.scalar(select(Member.id).where(Member.user_id == user_id))
    return found
