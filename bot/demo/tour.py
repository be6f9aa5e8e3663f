"""The guided tour beside the conversation: who to be, where to go, what to type, what will happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.demo.catalog import in_her_words
from bot.demo.sandbox import Sandbox
from bot.demo.views import Json
from bot.demo.world import Chapter, Step, World
from bot.i18n import Catalogues, Translator

Hers = Callable[[str], Translator]
"""The words of a person in the tour, by her key: what she reads on the buttons that she is to press."""
Chapters = Callable[[Translator, Hers], Sequence[Chapter]]


class Tour:
    """The chapters of a tour through a world, in the visitor's language, whoever she is at the moment."""

    def __init__(self, sandbox: Sandbox, world: World, chapters: Chapters) -> None:
        self._sandbox = sandbox
        self._world = world
        self._chapters = chapters

    @property
    def first_person(self) -> int:
        """Who a visitor is at the start."""
        return self._world.people[self._world.plan.people[0].key].id

    def first_room(self, viewer: int) -> int:
        """Where a person finds herself at the start: the first room of her first server, or messages with the bot."""
        plan = self._world.plan_of(viewer)
        if plan is None:
            return self._world.rooms[self._world.plan.first_room].id
        if plan.key == self._world.plan.people[0].key:
            return self._world.rooms[self._world.plan.first_room].id
        for server in self._world.plan.servers:
            if server.key in plan.servers and viewer in self._world.servers[server.key].member_ids():
                return self._world.rooms[f"{server.key}/{server.rooms[0].key}"].id
        return self._world.people[plan.key].dm_channel.id

    def about(self, user_id: int) -> Json:
        """What the page says about a person beside her name, and whether the visitor may be her."""
        plan = self._world.plan_of(user_id)
        return {"about": plan.about if plan else "", "playable": plan is not None}

    def chapters(self, t: Translator, catalogues: Catalogues) -> list[Json]:
        """The steps with the ids that the page needs; what is typed, in the words of whom one is to be."""
        locales = {plan.key: plan.locale for plan in self._world.plan.people}
        told = self._chapters(t, lambda person: catalogues.translator(locales[person]))
        return [
            {"key": chapter.key, "title": chapter.title, "steps": [self._step(step) for step in chapter.steps]}
            for chapter in told
        ]

    def _step(self, step: Step) -> Json:
        plan = next(plan for plan in self._world.plan.people if plan.key == step.person)
        typed, command = in_her_words(self._sandbox, step.typed, plan.locale)
        return {
            "key": step.key,
            "title": step.title,
            "text": step.text,
            "typed": typed,
            "command": command,
            "presses": [*step.via, *([step.does] if step.does else [])],
            "does": step.does,
            "words": dict(step.words),
            "person": str(self._world.people[step.person].id),
            "who": plan.name,
            "room": str(self._world.room_id(step.person, step.room)),
        }
