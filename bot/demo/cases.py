"""The case studies of the demo: some published and adapted, one that waits, and one that is nearly written.

All of it goes through the services and the bot's own posts, with a clock that stands in the past.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simcord import Env

from bot.client.case_posting import put_case_right
from bot.client.twincord import Twincord
from bot.demo.world import World
from bot.domain.access import Actor
from bot.services.adaptations import Told
from bot.services.registry import Services

CASES = Path(__file__).with_name("cases.json")
COORDINATORS = {"lyon": "chloe", "lviv": "oksana", "porto": "ines"}
MIRROR = "porto"
"""Who wants the cases of other servers in her forum, from now on."""


@dataclass(frozen=True, slots=True)
class Written:
    """A case as its author wrote it; `waits`: nobody has decided on it yet; `draft`: she is still writing."""

    server: str
    by: str
    days: float
    language: str
    typed: Mapping[str, str]
    adapted: Sequence[Mapping[str, Any]] = ()
    useful: Sequence[tuple[str, str]] = ()
    waits: bool = False
    draft: bool = False


def read_cases() -> Sequence[Written]:
    """The cases of the demo, oldest first."""
    return [Written(**one) for one in json.loads(CASES.read_text(encoding="utf-8"))]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that writing works with; `actors` are the people by key and server."""

    env: Env
    bot: Twincord
    services: Services
    world: World
    actors: dict[tuple[str, str], Actor]

    async def fill(self) -> None:
        """Write, publish and adapt everything."""
        for written in read_cases():
            await self._write(written)
        await self.services.case_posts.mirror(self._judge(MIRROR), wanted=True)
        await self.env.settle()

    def _judge(self, server: str) -> Actor:
        return replace(self.actors[COORDINATORS[server], server], is_server_coordinator=True)

    async def _write(self, written: Written) -> None:
        at = self._ago(written.days)
        cases = replace(self.services.cases, clock=lambda: at)
        author = replace(self.actors[written.by, written.server], language=written.language)
        started = await cases.start(author, written.typed["topics"])
        case = await cases.save(author, started.case.id, written.typed)
        if written.draft:
            return
        await cases.submit(author, case.id)
        if written.waits:
            return
        await cases.publish(self._judge(written.server), case.id)
        for told in written.adapted:
            await self._adapt(case.id, told)
        for server, person in written.useful:
            await cases.useful(self.actors[person, server], case.id)
        (post,) = [stands.post for stands in await put_case_right(self.bot, case.id)]
        assert post.thread_id is not None
        await self.env.settle()
        for message_id in (post.message_id, *post.parts):
            assert message_id is not None
            message = self.env.backend.get_message(post.thread_id, message_id)
            message.timestamp, message.edited_timestamp = at.isoformat(), None

    async def _adapt(self, case_id: int, told: Mapping[str, Any]) -> None:
        at = self._ago(float(told["days"]))
        adaptations = replace(self.services.adaptations, clock=lambda: at)
        who = self.actors[str(told["by"]), str(told["server"])]
        said = Told(*(str(told[name]) for name in ("city", "year", "kept", "changed")))
        await adaptations.tell(who, case_id, said)

    def _ago(self, days: float) -> datetime:
        return self.env.now() - timedelta(days=days)
