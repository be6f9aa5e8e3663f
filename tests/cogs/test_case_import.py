"""A collection that was taken in comes into a server's forum: a few at a time, each once, whatever happens."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot.client.case_posting import MADE_AT_ONCE
from bot.domain.access import Host
from bot.services.case_exchange import ExportFormat
from db.tables import CasePost
from tests.cogs.answers import answer
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver
from tests.cogs.writing import SHORT, forum, pressed, published, rows

MANY = MADE_AT_ONCE + 3
MINUTE = timedelta(minutes=1, seconds=1)


async def taken_in(world: World, folder: Path) -> None:
    """As many cases as come in two minutes, for a server that has another one in its forum already."""
    services = world.application.services
    text, _ = await services.case_exchange.export(
        Host(), ExportFormat.JSON, world.application.catalogues.translator("en")
    )
    document = json.loads(text)
    one = document["cases"][0]
    document["cases"] = [{**one, "id": f"imported-{number}", "title": f"Case {number}"} for number in range(MANY)]
    file = folder / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = await services.case_import.import_file(file, server_id=world.server.id)
    assert (done.new, done.posted) == (MANY, MANY)


async def test_ten_a_minute_and_each_once(world: World, tmp_path: Path) -> None:
    thread = await published(world)
    place = await forum(world)
    await deliver(world, after=MINUTE)
    await taken_in(world, tmp_path)
    await deliver(world)
    await deliver(world)
    assert len(place.threads) == MADE_AT_ONCE
    # What stands already does not wait for them.
    await world.coordinator.click(thread.history()[0], custom_id="case:useful:1")
    async with world.application.database.begin() as session:
        await session.execute(update(CasePost).where(CasePost.thread_id == thread.id).values(shown=0))
    await deliver(world)
    assert all(row.shown > 0 for row in await rows(world, CasePost) if row.thread_id == thread.id)
    # We were stopped before we could write down what we had made.
    async with world.application.database.begin() as session:
        forgotten: dict[str, Any] = {"state": "wanted", "thread_id": None, "message_id": None, "parts": [], "shown": 0}
        await session.execute(update(CasePost).where(CasePost.thread_id != thread.id).values(**forgotten))
    await deliver(world, after=MINUTE)
    await deliver(world, after=MINUTE)
    assert sorted(str(thread.name) for thread in place.threads) == sorted(f"Case {number}" for number in range(MANY))


async def test_its_coordinators_look_after_what_was_taken_in(world: World, tmp_path: Path) -> None:
    await published(world)
    place = await forum(world)
    await taken_in(world, tmp_path)
    await deliver(world, after=MINUTE)
    top = place.threads[0].history()[0]
    refused = answer(await world.alumna.click(top, custom_id=pressed(top, "case:card:")))
    assert "Only the person who looks after this case study" in refused.content
    card = answer(await world.coordinator.click(top, custom_id=pressed(top, "case:card:")))
    number = pressed(top, "case:card:").rpartition(":")[2]
    form = await world.coordinator.select(card, ["short"], custom_id=f"case:fill:{number}")
    await world.coordinator.submit_modal(form, {**SHORT, "title": "Better said"})
    assert place.threads[0].name == "Better said"
