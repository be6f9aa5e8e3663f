"""The city that a member lives in: one of GeoNames, or one that a coordinator put on record."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cities import Gazetteer, guess_zone
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.domain.members import Place
from bot.domain.text import tidy
from db.engine import AsyncSession
from db.queries import cities
from db.queries import members as queries

OURS = "ours:"
"""How the value of a city begins that GeoNames lacks."""


@dataclass(frozen=True, slots=True)
class CityChoice:
    """A city to choose; `value` is what `find` is handed."""

    value: str
    place: Place


async def suggest(session: AsyncSession, gazetteer: Gazetteer, text: str, limit: int) -> list[CityChoice]:
    """Cities that somebody who typed this may mean, the likeliest first; those on record before GeoNames'."""
    begun = normalise(text)
    found = [
        CityChoice(f"{OURS}{row.id}", Place(row.name, row.country, row.region, row.zone))
        for row in await queries.other_cities(session)
        if begun and normalise(row.name).startswith(begun)
    ]
    found += [
        CityChoice(str(city.geonames_id), Place(city.name, city.country, city.region or None, city.zone))
        for city in gazetteer.suggest(text, limit)
    ]
    return found[:limit]


async def find(session: AsyncSession, gazetteer: Gazetteer, text: str) -> tuple[int, str]:
    """The id on record of the city that was chosen or typed, and its zone. Raises `Refusal` for none."""
    text = tidy(text)
    for row in await queries.other_cities(session):
        if text == f"{OURS}{row.id}" or normalise(row.name) == normalise(text):
            return row.id, row.zone
    found = gazetteer.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    found = found or next(iter(gazetteer.find(text)), None)
    if found is None:
        raise Refusal("members.city_unknown", city=text[:100])
    city_id = await cities.ensure(
        session,
        geonames_id=found.geonames_id,
        name=found.name,
        country=found.country,
        region=found.region or None,
        population=found.population or None,
        zone=found.zone,
    )
    return city_id, guess_zone(found)
