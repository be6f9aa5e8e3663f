"""What the people who look after deliveries see of them, and putting them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.tables import DeliveryRow, Member, Membership, RefusalRow


class CountRow(NamedTuple):
    """So many deliveries of a kind are in a state; `due`: they wait for their turn alone. `since`: the longest so."""

    kind: str
    state: str
    code: int | None
    due: bool
    n: int
    since: datetime | None


class TroubledRow(NamedTuple):
    """A delivery that was refused, or of which nobody knows whether it arrived."""

    kind: str
    state: str
    code: int | None
    channel_id: int | None
    direct: bool
    member: str | None
    settled_at: datetime | None


def _seen_by(server_id: int | None) -> ColumnElement[bool]:
    """Those that a server's coordinators see: in its channels, and to its members. None: all."""
    if server_id is None:
        return true()
    members = select(Membership.member_id).where(Membership.server_id == server_id, Membership.left_at.is_(None))
    return or_(DeliveryRow.server_id == server_id, DeliveryRow.member_id.in_(members))


def _recent(since: datetime) -> ColumnElement[bool]:
    return or_(DeliveryRow.settled_at.is_(None), DeliveryRow.settled_at >= since)


async def counts(session: AsyncSession, *, server_id: int | None, now: datetime, since: datetime) -> Sequence[CountRow]:
    """How many there are, by kind and state; of those that are settled, since then."""
    due = and_(DeliveryRow.state == "pending", DeliveryRow.due_at <= now)
    is_due = case((due, 1), else_=0)
    columns = (DeliveryRow.kind, DeliveryRow.state, DeliveryRow.code, is_due)
    rows = await session.execute(
        select(*columns, func.count(), func.min(DeliveryRow.due_at))
        .where(_seen_by(server_id), _recent(since))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [CountRow(kind, state, code, bool(late), n, first) for kind, state, code, late, n, first in rows]


async def troubled(
    session: AsyncSession, *, server_id: int | None, since: datetime, most: int
) -> Sequence[TroubledRow]:
    """The latest that were refused or are uncertain."""
    rows = await session.execute(
        select(
            DeliveryRow.kind,
            DeliveryRow.state,
            DeliveryRow.code,
            DeliveryRow.channel_id,
            DeliveryRow.direct,
            Member.display_name,
            DeliveryRow.settled_at,
        )
        .outerjoin(Member, Member.id == DeliveryRow.member_id)
        .where(_seen_by(server_id), DeliveryRow.state.in_(("refused", "unknown")), DeliveryRow.settled_at >= since)
        .order_by(DeliveryRow.settled_at.desc(), DeliveryRow.id.desc())
        .limit(most)
    )
    return [TroubledRow(*row) for row in rows]


async def put_back(
    session: AsyncSession, *, server_id: int | None, states: Collection[str], now: datetime, since: datetime
) -> int:
    """Let those in these states that are not too late wait anew, and forget that their targets refused; how many.

    Left alone are those in whose place a channel was spoken to.
    """
    instead = aliased(DeliveryRow)
    said = exists().where(instead.dedupe_key == DeliveryRow.dedupe_key + literal(":instead"))
    wanted = and_(
        _seen_by(server_id),
        DeliveryRow.state.in_(states),
        DeliveryRow.settled_at >= since,
        or_(DeliveryRow.not_after.is_(None), DeliveryRow.not_after > now),
        ~said,
    )
    ids = list(await session.scalars(select(DeliveryRow.id).where(wanted)))
    ours = DeliveryRow.id.in_(select(DeliveryRow.id).where(wanted))
    channels = select(DeliveryRow.channel_id).where(ours, DeliveryRow.channel_id.is_not(None))
    members = select(DeliveryRow.member_id).where(ours, DeliveryRow.member_id.is_not(None))
    await session.execute(
        delete(RefusalRow).where(or_(RefusalRow.channel_id.in_(channels), RefusalRow.member_id.in_(members)))
    )
    columns = {"state": "pending", "due_at": now, "attempts": 0, "settled_at": None, "code": None, "problem": None}
    await session.execute(update(DeliveryRow).where(wanted).values(in_doubt_since=None, **columns))
    return len(ids)
