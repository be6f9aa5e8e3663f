"""The recipe: one writer, true readers, aware times, on both engines."""

from __future__ import annotations

import asyncio

from sqlalchemy import insert, select, update

from db.engine import Database
from db.tables import City


async def test_two_hundred_people_at_once_lose_no_update(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(insert(City).values(id=1, name="Lviv", country="UA", population=0, zone="Europe/Kyiv"))

    async def look_decide_write() -> None:
        async with database.begin() as session:
            count = await session.scalar(select(City.population))
            assert count is not None
            await session.execute(update(City).values(population=count + 1))

    await asyncio.gather(*(look_decide_write() for _ in range(200)))
    async with database.read() as session:
        assert await session.scalar(select(City.population)) == 200
