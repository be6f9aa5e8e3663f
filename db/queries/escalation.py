"""Cities that have not acknowledged an alert: what is due, the steps that were taken, and whom they reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.crisis_told import may_have
from db.tables import (
    City,
    DeliveryRow,
    EscalationRow,
    EscalationStep,
    Member,
    Membership,
    NetworkCoordinator,
    OnCall,
    RefusalRow,
    Server,
)

CHUNK = 500
"""Rows of one statement."""


class CityRow(NamedTuple):
    """A city that has not acknowledged, with the names of the table."""

    id: int
    server_id: int
    city_id: int | None
    channel_id: int
    told: bool
    taken: int


class SilentRow(NamedTuple):
    """The same, as people are told of it. `city` is None for a server that speaks for none."""

    id: int
    server_id: int
    server: str
    city_id: int | None
    city: str | None
    rung: str | None
    escalated_at: datetime | None
    due_at: datetime | None


class StepRow(NamedTuple):
    """A step that was taken about a city, for the account."""

    at: datetime
    rung: str
    server: str
    city: str | None


class CoordinatorRow(NamedTuple):
    """A network coordinator. `member_id` is None where she has no profile; `direct`: she can be written to."""

    user_id: int
    member_id: int | None
    language: str | None
    direct: bool


class ToldRow(NamedTuple):
    """Somebody, or a channel, that was told of an alert, or may have been."""

    member_id: int | None
    channel_id: int | None
    server_id: int | None
    language: str | None
    payload: dict[str, Any]


_CITY = tuple(getattr(EscalationRow, name) for name in CityRow._fields)


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Cities that are to acknowledge an alert."""
    for start in range(0, len(rows), CHUNK):
        await session.execute(insert(EscalationRow), list(rows[start : start + CHUNK]))


async def known(session: AsyncSession, alert_id: int) -> frozenset[tuple[int, int | None]]:
    """The servers and cities that are to acknowledge an alert already, or have."""
    query = select(EscalationRow.server_id, EscalationRow.city_id).where(EscalationRow.alert_id == alert_id)
    return frozenset((server_id, city_id) for server_id, city_id in await session.execute(query))


async def alerts_due(session: AsyncSession, now: datetime) -> Sequence[int]:
    """The alerts about which somebody is to be asked now."""
    query = select(EscalationRow.alert_id).where(EscalationRow.due_at <= now).distinct()
    return sorted(await session.scalars(query))


async def next_due(session: AsyncSession) -> datetime | None:
    """When somebody is to be asked next."""
    found: datetime | None = await session.scalar(select(func.min(EscalationRow.due_at)))
    return found


async def due(session: AsyncSession, alert_id: int, now: datetime) -> Sequence[CityRow]:
    """The cities about which somebody is to be asked now."""
    query = select(*_CITY).where(EscalationRow.alert_id == alert_id, EscalationRow.due_at <= now)
    order = (EscalationRow.server_id, EscalationRow.channel_id, EscalationRow.id)
    return [CityRow(*row) for row in await session.execute(query.order_by(*order))]


async def begin_to_wait(session: AsyncSession, ids: Sequence[int], due_at: datetime) -> frozenset[int]:
    """Those who answer for these cities were written to; whoever else did it first has done it."""
    found = await session.scalars(
        update(EscalationRow)
        .where(EscalationRow.id.in_(ids), EscalationRow.told.is_(False), EscalationRow.ended_at.is_(None))
        .values(told=True, due_at=due_at)
        .returning(EscalationRow.id)
    )
    return frozenset(found)


async def hurry(session: AsyncSession, alert_id: int, latest: datetime) -> None:
    """Nobody is asked later than that about an alert that has become graver."""
    await session.execute(
        update(EscalationRow)
        .where(EscalationRow.alert_id == alert_id, EscalationRow.due_at > latest)
        .values(due_at=latest)
    )


async def waiting(session: AsyncSession, alert_id: int) -> Sequence[CityRow]:
    """The cities that have not acknowledged an alert, whether or not anybody else is asked about them."""
    query = select(*_CITY).where(EscalationRow.alert_id == alert_id, EscalationRow.ended_at.is_(None))
    return [CityRow(*row) for row in await session.execute(query.order_by(EscalationRow.id))]


async def climb(
    session: AsyncSession,
    ids: Sequence[int],
    *,
    before: int,
    taken: int,
    rung: str,
    now: datetime,
    due_at: datetime | None,
) -> frozenset[int]:
    """Take a step about those of these cities that still stand at `before` and wait; which they are.

    Whoever else took it first has it, and it is taken once.
    """
    climbed: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        found = await session.scalars(
            update(EscalationRow)
            .where(
                EscalationRow.id.in_(ids[start : start + CHUNK]),
                EscalationRow.taken == before,
                EscalationRow.ended_at.is_(None),
            )
            .values(taken=taken, rung=rung, escalated_at=now, due_at=due_at)
            .returning(EscalationRow.id)
        )
        climbed |= set(found)
    if climbed:
        steps = [{"escalation_id": each, "number": taken, "rung": rung, "at": now} for each in sorted(climbed)]
        await session.execute(insert(EscalationStep), steps)
    return frozenset(climbed)


async def end(session: AsyncSession, ids: Collection[int], why: str, now: datetime) -> frozenset[int]:
    """Nobody else is asked about these cities; those about whom that was not so before."""
    ended: set[int] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        found = await session.scalars(
            update(EscalationRow)
            .where(EscalationRow.id.in_(wanted[start : start + CHUNK]), EscalationRow.ended_at.is_(None))
            .values(ended_at=now, ended_why=why, due_at=None)
            .returning(EscalationRow.id)
        )
        ended |= set(found)
    return frozenset(ended)


async def silent(session: AsyncSession, alert_id: int, ids: Collection[int] | None = None) -> Sequence[SilentRow]:
    """The cities, or those of these, that have not acknowledged an alert, by server and name."""
    query = (
        select(
            EscalationRow.id,
            EscalationRow.server_id,
            Server.name,
            EscalationRow.city_id,
            City.name,
            EscalationRow.rung,
            EscalationRow.escalated_at,
            EscalationRow.due_at,
        )
        .join(Server, Server.id == EscalationRow.server_id)
        .outerjoin(City, City.id == EscalationRow.city_id)
        .where(EscalationRow.alert_id == alert_id, EscalationRow.ended_at.is_(None))
        .order_by(Server.name, City.name, EscalationRow.id)
    )
    rows = [SilentRow(*row) for row in await session.execute(query)]
    return rows if ids is None else [row for row in rows if row.id in ids]


async def steps(session: AsyncSession, alert_id: int) -> Sequence[StepRow]:
    """Every step that was taken about an alert, the oldest first."""
    rows = await session.execute(
        select(EscalationStep.at, EscalationStep.rung, Server.name, City.name)
        .join(EscalationRow, EscalationRow.id == EscalationStep.escalation_id)
        .join(Server, Server.id == EscalationRow.server_id)
        .outerjoin(City, City.id == EscalationRow.city_id)
        .where(EscalationRow.alert_id == alert_id)
        .order_by(EscalationStep.at, EscalationRow.id)
    )
    return [StepRow(*row) for row in rows]


async def duties(session: AsyncSession, user_id: int) -> frozenset[int]:
    """The cities for which somebody is on call or a deputy, in any server of the network."""
    found = await session.scalars(
        select(OnCall.city_id)
        .join(Server, Server.id == OnCall.server_id)
        .where(OnCall.user_id == user_id, Server.left_at.is_(None))
    )
    return frozenset(found)


async def answers_for(session: AsyncSession, alert_id: int, member_id: int) -> bool:
    """Whether a member is on the list of a city that an alert concerns."""
    found = await session.scalar(
        select(OnCall.id)
        .join(Member, Member.user_id == OnCall.user_id)
        .where(
            Member.id == member_id,
            exists().where(
                EscalationRow.alert_id == alert_id,
                EscalationRow.server_id == OnCall.server_id,
                EscalationRow.city_id == OnCall.city_id,
            ),
        )
        .limit(1)
    )
    return found is not None


async def network_coordinators(session: AsyncSession) -> Sequence[CoordinatorRow]:
    """All network coordinators."""
    direct = Member.direct_messages_at.is_not(None) & RefusalRow.id.is_(None)
    rows = await session.execute(
        select(NetworkCoordinator.user_id, Member.id, Member.language, func.coalesce(direct, False))
        .outerjoin(Member, Member.user_id == NetworkCoordinator.user_id)
        .outerjoin(RefusalRow, RefusalRow.member_id == Member.id)
        .order_by(NetworkCoordinator.user_id)
    )
    return [CoordinatorRow(user_id, member_id, language, bool(direct)) for user_id, member_id, language, direct in rows]


async def servers_of(session: AsyncSession, user_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """The servers of the network that each of these people is in, as last seen."""
    rows = await session.execute(
        select(Member.user_id, Membership.server_id)
        .join(Membership, Membership.member_id == Member.id)
        .where(Member.user_id.in_(user_ids), Membership.left_at.is_(None))
    )
    found: dict[int, set[int]] = {}
    for user_id, server_id in rows:
        if user_id is not None:
            found.setdefault(user_id, set()).add(server_id)
    return {user_id: frozenset(servers) for user_id, servers in found.items()}


async def told_beside(session: AsyncSession, alert_id: int, kinds: Collection[str]) -> Sequence[ToldRow]:
    """Whom deliveries of these kinds about an alert reached, or may have; each once."""
    columns = tuple(getattr(DeliveryRow, name) for name in ToldRow._fields)
    rows = await session.execute(
        select(*columns)
        .where(DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id, may_have())
        .order_by(DeliveryRow.id)
    )
    found = [ToldRow(*row) for row in rows]
    return list({(row.member_id, row.channel_id): row for row in found}.values())


async def payload(session: AsyncSession, delivery_id: int, kinds: Collection[str], alert_id: int) -> dict[str, Any]:
    """What a delivery of these kinds about an alert carries; empty where there is no such delivery any more."""
    found: dict[str, Any] | None = await session.scalar(
        select(DeliveryRow.payload).where(
            DeliveryRow.id == delivery_id, DeliveryRow.kind.in_(kinds), DeliveryRow.subject == alert_id
        )
    )
    return found or {}
