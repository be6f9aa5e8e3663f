"""Cities on record: those of members and of servers, not all the cities of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import City


class CityRow(NamedTuple):
    """A city. `geonames_id` is None for one that GeoNames does not have."""

    id: int
    geonames_id: int | None
    name: str
    country: str
    region: str | None
    population: int | None
    zone: str


async def ensure(
    session: AsyncSession,
    *,
    geonames_id: int,
    name: str,
    country: str,
    region: str | None,
    population: int | None,
    zone: str,
) -> int:
    """Put a city of GeoNames on record, or bring its record up to date; its id here."""
    values = {"name": name, "country": country, "region": region, "population": population, "zone": zone}
    statement: Any = insert_for(session, City)
    await session.execute(
        statement.values(geonames_id=geonames_id, **values).on_conflict_do_update(
            index_elements=["geonames_id"], set_=values
        )
    )
    city_id = await session.scalar(select(City.id).where(City.geonames_id == geonames_id))
    assert city_id is not None
    return city_id


async def create(
    session: AsyncSession, *, name: str, country: str, region: str | None, population: int | None, zone: str
) -> int:
    """Put a city on record that GeoNames does not have; its id here."""
    city_id: Any = await session.scalar(
        insert(City)
        .values(name=name, country=country, region=region, population=population, zone=zone)
        .returning(City.id)
    )
    return int(city_id)


async def others(session: AsyncSession, country: str) -> Sequence[tuple[int, str]]:
    """The ids and names of a country's cities on record that GeoNames does not have."""
    rows = await session.execute(
        select(City.id, City.name).where(City.geonames_id.is_(None), City.country == country).order_by(City.id)
    )
    return [(row.id, row.name) for row in rows]


async def city(session: AsyncSession, city_id: int) -> CityRow | None:
    """A city by its id here."""
    row = (
        await session.execute(
            select(City.id, City.geonames_id, City.name, City.country, City.region, City.population, City.zone).where(
                City.id == city_id
            )
        )
    ).one_or_none()
    return CityRow(*row) if row else None
