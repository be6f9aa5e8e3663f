"""The case studies of the demo: some published and adapted, one that waits, and one whose author has left.

All of it goes through the services and the bot's own posts, with a clock that stands in the past.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simcord import ChannelHandle, Env

from bot.client.case_posting import put_case_right
from bot.client.twincord import Twincord
from bot.demo.world import World
from bot.domain.access import Actor
from bot.services.adaptations import Told
from bot.services.registry import Services

CASES = Path(__file__).with_name("cases.json")
COORDINATORS = {"lyon": "chloe", "lviv": "oksana", "porto": "ines"}
LEAVER = ("jonas", "lyon")
"""Who has left, and from where."""
ADAPTED = "lyon/cases/adapted"
"""The key of the post that the tour goes to, among the rooms."""


@dataclass(frozen=True, slots=True)
class Written:
    """A case as its author wrote it; `waits`: nobody has decided on it yet."""

    server: str
    by: str
    days: float
    language: str
    typed: Mapping[str, str]
    adapted: Sequence[Mapping[str, Any]] = ()
    useful: Sequence[tuple[str, str]] = ()
    waits: bool = False


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
        """Write, publish and adapt everything; then somebody leaves."""
        for number, written in enumerate(read_cases()):
            await self._write(written, first=number == 0)
        await self._leave()
        await self.env.settle()

    async def _write(self, written: Written, *, first: bool) -> None:
        at = self._ago(written.days)
        cases = replace(self.services.cases, clock=lambda: at)
        author = replace(self.actors[written.by, written.server], language=written.language)
        started = await cases.start(author, written.typed["topics"])
        case = await cases.save(author, started.case.id, written.typed)
        await cases.submit(author, case.id)
        if written.waits:
            return
        judge = replace(self.actors[COORDINATORS[written.server], written.server], is_server_coordinator=True)
        await cases.publish(judge, case.id)
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
        if first:
            channel = self.env.backend.get_channel(post.thread_id)
            self.world.rooms[ADAPTED] = ChannelHandle(self.env, self.world.servers[written.server], channel)

    async def _adapt(self, case_id: int, told: Mapping[str, Any]) -> None:
        at = self._ago(float(told["days"]))
        adaptations = replace(self.services.adaptations, clock=lambda: at)
        who = self.actors[str(told["by"]), str(told["server"])]
        said = Told(*(str(told[name]) for name in ("city", "year", "kept", "changed")))
        await adaptations.tell(who, case_id, said)

    async def _leave(self) -> None:
        """She left yesterday: the coordinators find what she looked after."""
        key, server = LEAVER
        guild, person = self.world.servers[server], self.world.people[key]
        yesterday = self._ago(1)
        await replace(self.services.memberships, clock=lambda: yesterday).gone(guild.id, [person.id])
        guild.remove_member(person)
        await self.env.settle()

    def _ago(self, days: float) -> datetime:
        return self.env.now() - timedelta(days=days)
