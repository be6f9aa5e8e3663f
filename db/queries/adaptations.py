"""Adaptations of cases, and what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine import insert_for
from db.tables import Adaptation, AdaptationNews, Case, City


class AdaptationRow(NamedTuple):
    """An adaptation with the name and country of its city."""

    id: int
    case_id: int
    user_id: int | None
    user_name: str | None
    language: str | None
    year: int
    kept: str
    changed: str
    created_at: datetime
    city: str | None
    country: str | None


class NewsRow(NamedTuple):
    """What came of an adaptation after so many months."""

    adaptation_id: int
    months: int
    outcome: str | None
    text: str | None


class LinkRow(NamedTuple):
    """Who learned from whom: a case's city and the city that adapted it."""

    from_city: str | None
    from_country: str | None
    to_city: str | None
    to_country: str | None
    year: int


_COLUMNS = (*(getattr(Adaptation, name) for name in AdaptationRow._fields[:-2]), City.name, City.country)


async def _some(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[AdaptationRow]:
    rows = await session.execute(
        select(*_COLUMNS)
        .outerjoin(City, City.id == Adaptation.city_id)
        .where(Adaptation.removed_at.is_(None), *conditions)
        .order_by(Adaptation.id)
    )
    return [AdaptationRow(*row) for row in rows]


async def by_id(session: AsyncSession, adaptation_id: int) -> AdaptationRow | None:
    """An adaptation that was not taken back."""
    return next(iter(await _some(session, Adaptation.id == adaptation_id)), None)


async def of_cases(session: AsyncSession, case_ids: Collection[int]) -> Sequence[AdaptationRow]:
    """The adaptations of these cases."""
    return await _some(session, Adaptation.case_id.in_(case_ids))


async def of_owner(session: AsyncSession, user_id: int) -> Sequence[AdaptationRow]:
    """Somebody's adaptations."""
    return await _some(session, Adaptation.user_id == user_id)


async def created_between(session: AsyncSession, since: datetime, until: datetime) -> Sequence[AdaptationRow]:
    """Adaptations that were told of in this time, by people whom we still know."""
    known = (Adaptation.user_id.is_not(None), Adaptation.user_id != 0)
    return await _some(session, *known, Adaptation.created_at > since, Adaptation.created_at <= until)


async def news(session: AsyncSession, adaptation_ids: Collection[int]) -> Mapping[int, Sequence[NewsRow]]:
    """What is known of these adaptations, asked or told, by adaptation."""
    rows = await session.execute(
        select(AdaptationNews.adaptation_id, AdaptationNews.months, AdaptationNews.outcome, AdaptationNews.text)
        .where(AdaptationNews.adaptation_id.in_(adaptation_ids))
        .order_by(AdaptationNews.adaptation_id, AdaptationNews.months)
    )
    found: defaultdict[int, list[NewsRow]] = defaultdict(list)
    for row in rows:
        found[row.adaptation_id].append(NewsRow(*row))
    return found


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new adaptation, columns by name; its id."""
    found: int | None = await session.scalar(insert(Adaptation).values(**columns).returning(Adaptation.id))
    assert found is not None
    return found


async def remove(session: AsyncSession, adaptation_id: int, now: datetime) -> None:
    """It is taken back."""
    await session.execute(update(Adaptation).where(Adaptation.id == adaptation_id).values(removed_at=now))


async def give(session: AsyncSession, adaptation_id: int, user_id: int, name: str) -> None:
    """Somebody else answers for it from now on."""
    await session.execute(
        update(Adaptation).where(Adaptation.id == adaptation_id).values(user_id=user_id, user_name=name)
    )


async def ask(session: AsyncSession, adaptation_id: int, months: int, now: datetime) -> bool:
    """Its owner is being asked; False where she was already."""
    statement: Any = insert_for(session, AdaptationNews)
    found = await session.scalar(
        statement.values(adaptation_id=adaptation_id, months=months, asked_at=now)
        .on_conflict_do_nothing()
        .returning(AdaptationNews.months)
    )
    return found is not None


async def tell(
    session: AsyncSession, adaptation_id: int, months: int, *, outcome: str, text: str | None, now: datetime
) -> None:
    """What came of it. Told again, the later word counts."""
    said = {"outcome": outcome, "text": text, "told_at": now}
    statement: Any = insert_for(session, AdaptationNews)
    await session.execute(
        statement.values(adaptation_id=adaptation_id, months=months, asked_at=now, **said).on_conflict_do_update(
            index_elements=["adaptation_id", "months"], set_=said
        )
    )


async def links(session: AsyncSession, limit: int) -> Sequence[LinkRow]:
    """Who learned from whom, the newest first."""
    origin, place = aliased(City), aliased(City)
    rows = await session.execute(
        select(origin.name, origin.country, place.name, place.country, Adaptation.year)
        .select_from(Adaptation)
        .join(Case, Case.id == Adaptation.case_id)
        .outerjoin(origin, origin.id == Case.city_id)
        .outerjoin(place, place.id == Adaptation.city_id)
        .where(Adaptation.removed_at.is_(None), Case.state.in_(("published", "retired", "withdrawn")))
        .order_by(Adaptation.id.desc())
        .limit(limit)
    )
    return [LinkRow(*row) for row in rows]
