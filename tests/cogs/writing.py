"""Case studies in a running bot, and looking at what became of them."""

from __future__ import annotations

from typing import Any

import simcord
from sqlalchemy import select, update

from bot.domain.access import Actor
from db.tables import Server
from tests.cogs.answers import answer
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver

SHORT = {"title": "Stormwater fees by roof area", "summary": "What a fee by sealed surface changed."}
PLACE = {"topics": "stormwater", "city": "Lyon", "named": ["named"], "population": ["large_city"], "language": ["en"]}
FACTS = {
    "status": ["running"],
    "outcome": ["partly"],
    "start_year": "2021",
    "cost": ["to_100k"],
    "duration": ["to_3_years"],
}
STORY = {"before": "Sewers overflowed.", "done": "We measured roofs.", "results": "12 % less run-off."}
LESSONS = {
    "failed": "Churches were charged.",
    "adapt": "Keep the map; change the tariff.",
    "conditions": "A law that allows the fee.",
}
FORMS: dict[str, dict[str, Any]] = {"short": SHORT, "place": PLACE, "facts": FACTS, "story": STORY, "lessons": LESSONS}


async def forum(world: World, server: simcord.GuildHandle | None = None) -> simcord.ChannelHandle:
    """A forum for case studies, chosen."""
    made = (server or world.server).create_forum_channel("cases")
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server).where(Server.id == (server or world.server).id).values(cases_forum_id=made.id)
        )
    return made


async def draft(world: World, who: simcord.MemberActor | None = None) -> Any:
    """Begin one; the private card."""
    return answer(await (who or world.alumna).slash(world.room, "case submit", topic="stormwater-management"))


async def fill(
    world: World, card: Any, part: str, values: dict[str, Any], who: simcord.MemberActor | None = None
) -> Any:
    """Fill one part in; the card afterwards."""
    who = who or world.alumna
    form = await who.select(card, [part], custom_id="case:fill:1")
    return answer(await who.submit_modal(form, values))


async def whole(world: World) -> Any:
    """A draft that lacks nothing; its card. Filled in without the forms, which have tests of their own."""
    card = await draft(world)
    typed = {
        name: value if isinstance(value, str) else value[0] for form in FORMS.values() for name, value in form.items()
    }
    await world.application.services.cases.save(actor(world, world.alumna), 1, typed)
    return card


async def published(world: World) -> simcord.ChannelHandle:
    """A case that stands in the forum; its thread."""
    place = await forum(world)
    await whole(world)
    cases = world.application.services.cases
    await cases.submit(actor(world, world.alumna), 1)
    await cases.publish(actor(world, world.coordinator, is_server_coordinator=True), 1)
    await deliver(world)
    (thread,) = place.threads
    return thread


def actor(world: World, who: simcord.MemberActor, **rights: Any) -> Actor:
    """Somebody, as the services know her."""
    return Actor(who.id, who.name, "en", world.server.id, server_joined=True, is_member=True, **rights)


def pressed(message: Any, start: str) -> str:
    """The whole `custom_id` of the button of a message that begins like this."""
    rows = [row["components"] if isinstance(row, dict) else row.children for row in message.components]
    names = [item["custom_id"] if isinstance(item, dict) else item.custom_id for row in rows for item in row]
    return next(str(name) for name in names if name.startswith(start))


async def rows(world: World, table: Any) -> list[Any]:
    """All rows of a table."""
    async with world.application.database.read() as session:
        return list((await session.execute(select(*table.__table__.columns))).all())
