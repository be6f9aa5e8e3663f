"""A case stands once and whole in its forum, wherever its posting was cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from datetime import timedelta
from typing import Any

from bot.client.case_posting import put_case_right
from db.tables import CasePost
from tests.cogs.answers import answer
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver
from tests.cogs.writing import FORMS, actor, forum, rows

EVERY = 6
"""Each so many-th wait is one at which it is cut off; the next case is cut off one wait later."""


class CutOff:
    """Lets a coroutine go on until it has waited so often; there it is stopped, as by the end of its process."""

    def __init__(self, work: Coroutine[Any, Any, Any], waits: int) -> None:
        self.work, self.waits, self.stopped = work, waits, False

    def __await__(self) -> Generator[Any, Any, None]:
        steps = self.work.__await__()
        waited = 0
        try:
            awaited = steps.send(None)
            while True:
                yield awaited
                waited += 1
                if waited == self.waits:
                    self.stopped = True
                    awaited = steps.throw(asyncio.CancelledError)
                else:
                    awaited = steps.send(None)
        except (StopIteration, asyncio.CancelledError):
            return


async def published_on_record(world: World, title: str) -> int:
    """A case that is published, and whose post is still to be made."""
    cases = world.application.services.cases
    author = actor(world, world.alumna)
    case = (await cases.start(author, "stormwater-management")).case
    typed = {
        name: value if isinstance(value, str) else value[0] for form in FORMS.values() for name, value in form.items()
    }
    await cases.save(author, case.id, {**typed, "title": title, "done": "Measured. " * 150, "failed": "Much. " * 200})
    await cases.submit(author, case.id)
    await cases.publish(actor(world, world.coordinator, is_server_coordinator=True), case.id)
    return case.id


async def test_cut_off_at_any_wait_it_stands_once_and_whole(world: World) -> None:
    place = await forum(world)
    whole: list[str] = []
    made = {"before": 0, "after": 0}
    stopped = True
    waits = 1
    while stopped:
        case_id = await published_on_record(world, f"Case {waits}")
        cut = CutOff(put_case_right(world.application.bot, case_id), waits)
        await cut
        await world.env.settle()
        stopped = cut.stopped
        here = [thread for thread in place.threads if thread.name == f"Case {waits}"]
        made["after" if here else "before"] += 1
        await deliver(world, after=timedelta(minutes=11))
        (thread,) = [thread for thread in place.threads if thread.name == f"Case {waits}"]
        said = [message.content for message in thread.history()]
        whole = whole or said
        assert said == whole, waits
        (row,) = [row for row in await rows(world, CasePost) if row.case_id == case_id]
        assert (row.state, row.thread_id, len(row.parts)) == ("posted", thread.id, len(said) - 1)
        assert row.shown > 0
        waits += EVERY + 1
    assert min(made.values()) > 2


async def test_a_forum_deleted_while_it_is_posted_takes_it_along_until_asked_for_in_another(world: World) -> None:
    place = await forum(world)
    case_id = await published_on_record(world, "Case")
    waits = 20
    while not place.threads:
        await CutOff(put_case_right(world.application.bot, case_id), waits)
        await world.env.settle()
        waits += 10
    (row,) = await rows(world, CasePost)
    assert row.shown == 0
    world.env.backend.delete_channel(place.id)
    await world.env.settle()
    await deliver(world, after=timedelta(minutes=11))
    other = await forum(world)
    await deliver(world, after=timedelta(minutes=11))
    (row,) = await rows(world, CasePost)
    assert (row.state, other.threads) == ("lost", [])
    listed = answer(await world.alumna.slash(world.room, "case drafts"))
    card = answer(await world.alumna.select(listed, [str(case_id)], custom_id="case:open"))
    await world.alumna.click(card, custom_id=f"case:again:{case_id}")
    (row,) = await rows(world, CasePost)
    (thread,) = other.threads
    assert (row.state, row.thread_id, len(row.parts) + 1) == ("posted", thread.id, len(thread.history()))
