"""Deliveries: written, taken under a lease, settled. What was refused: `db.queries.refusals`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import DeliveryRow

CHUNK = 500
"""Rows of one statement."""


class TakenRow(NamedTuple):
    """A delivery that was taken, with the names of the table."""

    id: int
    kind: str
    subject: int
    target: str
    server_id: int | None
    channel_id: int | None
    member_id: int | None
    instead_of: int | None
    language: str | None
    priority: int
    fallback: bool
    dedupe_key: str
    not_after: datetime | None
    payload: dict[str, Any]
    attempts: int
    owner: str | None
    in_doubt_since: datetime | None
    fingerprints: str | None


_TAKEN = tuple(getattr(DeliveryRow, name) for name in TakenRow._fields)


async def insert(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write deliveries down, columns by name; those whose dedupe key is there already are left out."""
    statement = insert_for(session, DeliveryRow).on_conflict_do_nothing(index_elements=["dedupe_key"])
    for start in range(0, len(rows), CHUNK):
        await session.execute(statement, rows[start : start + CHUNK])


async def hurry(session: AsyncSession, order_keys: Sequence[str], priority: int, now: datetime) -> None:
    """Let no try that is less urgent hold up what has just been written behind it.

    What comes before it in its sequences, and may have been said, takes its priority, and is looked for at once. What
    was never tried keeps its place: whoever has not heard the beginning is not in a hurry for the end.
    """
    waits = and_(DeliveryRow.state == "pending", DeliveryRow.due_at > now)
    later = aliased(DeliveryRow)
    behind = exists().where(
        later.order_key == DeliveryRow.order_key,
        later.id > DeliveryRow.id,
        later.priority == priority,
        later.state == "pending",
    )
    for start in range(0, len(order_keys), CHUNK):
        await session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.order_key.in_(order_keys[start : start + CHUNK]),
                DeliveryRow.state.in_(("pending", "sending")),
                DeliveryRow.in_doubt_since.is_not(None),
                DeliveryRow.priority > priority,
                behind,
            )
            .values(priority=priority, due_at=case((waits, now), else_=DeliveryRow.due_at))
        )


async def not_later(session: AsyncSession, delivery_id: int, at: datetime, *, taken_with: int) -> None:
    """Let a delivery that has become more urgent than when it was taken be tried again at `at`, or earlier."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == delivery_id, DeliveryRow.priority < taken_with, DeliveryRow.due_at > at)
        .values(due_at=at)
    )


def _free(now: datetime) -> ColumnElement[bool]:
    """Due and waiting, or left by a sender whose lease is over; and its turn."""
    waiting = and_(DeliveryRow.state == "pending", DeliveryRow.due_at <= now)
    left = and_(DeliveryRow.state == "sending", DeliveryRow.leased_until <= now)
    return and_(or_(waiting, left), its_turn())


def its_turn() -> ColumnElement[bool]:
    """Nothing of its sequence to its target was written earlier and is not settled."""
    earlier = aliased(DeliveryRow)
    before = exists().where(
        earlier.order_key == DeliveryRow.order_key,
        earlier.id < DeliveryRow.id,
        earlier.state.in_(("pending", "sending")),
    )
    return or_(DeliveryRow.order_key.is_(None), ~before)


def _first(now: datetime, most: int) -> Select[int]:
    order = (DeliveryRow.priority, DeliveryRow.direct, DeliveryRow.id)
    return select(DeliveryRow.id).where(_free(now)).order_by(*order).limit(most)


async def take(
    session: AsyncSession, *, owner: str, now: datetime, leased_until: datetime, most: int
) -> Sequence[TakenRow]:
    """Take the deliveries that go first, at most so many, and put them under a lease.

    Each comes as it was before: `in_doubt_since` is that of earlier tries, while the table has it from now on.
    """
    ids = list(await session.scalars(_first(now, most)))
    if not ids:
        return []
    order = (DeliveryRow.priority, DeliveryRow.direct, DeliveryRow.id)
    found = await session.execute(select(*_TAKEN).where(DeliveryRow.id.in_(ids)).order_by(*order))
    rows = [TakenRow(*row) for row in found]
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(ids))
        .values(
            state="sending",
            owner=owner,
            leased_until=leased_until,
            attempts=DeliveryRow.attempts + 1,
            in_doubt_since=func.coalesce(DeliveryRow.in_doubt_since, now),
        )
    )
    return [row._replace(owner=owner, attempts=row.attempts + 1) for row in rows]


async def settle(session: AsyncSession, delivery_id: int, owner: str, columns: Mapping[str, Any]) -> bool:
    """Write what became of a delivery, if `owner` still has it. False where another one took it over."""
    settled = await session.scalar(
        update(DeliveryRow)
        .where(DeliveryRow.id == delivery_id, DeliveryRow.owner == owner, DeliveryRow.state == "sending")
        .values(**columns)
        .returning(DeliveryRow.id)
    )
    return settled is not None


async def end_leases(session: AsyncSession, owner: str, now: datetime) -> None:
    """Nobody but `owner` speaks any more: what others took is free now."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.state == "sending", DeliveryRow.owner != owner, DeliveryRow.leased_until > now)
        .values(leased_until=now)
    )


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next delivery is due, or the next lease ends; None where nothing is to be sent."""
    waiting = select(DeliveryRow.due_at).where(DeliveryRow.state == "pending", its_turn())
    due = await session.scalar(waiting.order_by(DeliveryRow.due_at).limit(1))
    left = await session.scalar(select(func.min(DeliveryRow.leased_until)).where(DeliveryRow.state == "sending"))
    return min((each for each in (due, left) if each is not None), default=None)


async def withdraw(session: AsyncSession, kinds: Collection[str], subject: int, now: datetime) -> int:
    """Cancel what waits and was never tried; how many. What may have been said stays, for its sender to find out."""
    found = await session.scalars(
        update(DeliveryRow)
        .where(
            DeliveryRow.kind.in_(kinds),
            DeliveryRow.subject == subject,
            DeliveryRow.state == "pending",
            DeliveryRow.in_doubt_since.is_(None),
        )
        .values(state="cancelled", settled_at=now, problem="withdrawn")
        .returning(DeliveryRow.id)
    )
    return len(list(found))


async def known_messages(session: AsyncSession, message_ids: Collection[int], but: int) -> frozenset[int]:
    """Those of these messages that are on record as deliveries other than `but`."""
    found = await session.scalars(
        select(DeliveryRow.message_id).where(DeliveryRow.message_id.in_(message_ids), DeliveryRow.id != but)
    )
    return frozenset(each for each in found if each is not None)


async def sweep(session: AsyncSession, before: datetime) -> int:
    """Delete what was settled before; how many."""
    swept = await session.scalars(delete(DeliveryRow).where(DeliveryRow.settled_at < before).returning(DeliveryRow.id))
    return len(list(swept))


async def channels_told(session: AsyncSession, kind: str, subject: int, since: datetime) -> frozenset[int]:
    """The channels for which such a delivery about a subject was written down after `since`."""
    found = await session.scalars(
        select(DeliveryRow.channel_id).where(
            DeliveryRow.kind == kind, DeliveryRow.subject == subject, DeliveryRow.posted_at > since
        )
    )
    return frozenset(each for each in found if each is not None)


async def waits(session: AsyncSession, kind: str, subject: int) -> bool:
    """Whether something of this kind is still to be said about a subject."""
    found = await session.scalar(
        select(DeliveryRow.id)
        .where(DeliveryRow.kind == kind, DeliveryRow.subject == subject, DeliveryRow.state.in_(("pending", "sending")))
        .limit(1)
    )
    return found is not None
