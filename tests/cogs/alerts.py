"""Alerts and drills in a running bot: the channels that they need, a draft, and sending it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from db.tables import AlertRow, City, Server, ServerCity
from tests.cogs.answers import answer
from tests.cogs.conftest import World, join


async def furnish(world: World) -> tuple[Any, Any, Any]:
    """Crisis channels in two servers, and the first one's coordinators' channel."""
    crisis = world.server.create_text_channel("crisis")
    office = world.server.create_text_channel("office")
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server)
            .where(Server.id == world.server.id)
            .values(crisis_channel_id=crisis.id, coordinators_channel_id=office.id)
        )
        await session.execute(insert(City).values(id=1, name="Lyon", country="FR", region="ARA", zone="Europe/Paris"))
        await session.execute(insert(ServerCity).values(server_id=world.server.id, city_id=1))
    other = world.env.create_guild("Porto alumni")
    far = other.create_text_channel("crise")
    await join(world.application, other.id, name="Porto alumni", language="es", crisis_channel_id=far.id)
    return crisis, office, far


async def draft(world: World, office: Any, name: str = "alert new", audience: str = "network") -> tuple[int, Any]:
    """A draft by the coordinator: its number, and its card."""
    said = answer(await world.coordinator.slash(world.room, name, event="flood", audience=audience))
    assert "nothing has been sent" in said.content
    async with world.application.database.read() as session:
        number = await session.scalar(select(AlertRow.id).order_by(AlertRow.id.desc()).limit(1))
    assert number is not None
    return number, office.history()[-1]


async def send(world: World, card: Any, number: int, typed: str, family: str = "alert") -> Any:
    """The author types how many channels are told; what she is answered."""
    form = await world.coordinator.click(card, custom_id=f"{family}:send:{number}")
    return answer(await world.coordinator.submit_modal(form, {"count": typed}))
