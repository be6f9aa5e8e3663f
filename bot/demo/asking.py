"""What people of the demo asked before the visitor came, what was answered, and what was looked for in vain.

All of it goes through the services and the bot's own posts, with a clock that stands in the past.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simcord import ChannelHandle, Env

from bot.client.posts import refresh
from bot.client.publishing import publish
from bot.client.twincord import Twincord
from bot.demo.world import World
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.questions import Question
from bot.services.answers import Said
from bot.services.questions import Draft
from bot.services.registry import Services

QUESTIONS = Path(__file__).with_name("questions.json")
IN_VAIN = (
    ("hannah", "rain tax"),
    ("oliver", "rain tax"),
    ("priya", "rain tax"),
    ("thomas", "terrasses chauffées"),
    ("emma", "warm hubs"),
    ("miguel", "quiosques"),
    ("lucia", "chiringuitos"),
)
"""Who looked for what that no topic is called."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: by whom, how many days ago, and whether it was `accepted`, `thanked` or neither."""

    by: str
    days: float
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers; `language` is that of its words, `invited` whom its asker had asked, and where."""

    server: str
    by: str
    days: float
    nameless: bool
    language: str
    topic: str
    title: str
    body: str
    invited: tuple[str, ...]
    answers: tuple[Given, ...]

    @property
    def room(self) -> str:
        """The key of its post among the rooms."""
        return f"{self.server}/questions/{self.topic}"


def read_questions() -> Sequence[Asked]:
    """The questions of the demo, oldest first."""
    read: list[dict[str, Any]] = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    asked = [
        Asked(**one | {"invited": tuple(one["invited"]), "answers": tuple(Given(**each) for each in one["answers"])})
        for one in read
    ]
    return sorted(asked, key=lambda one: -one.days)


@dataclass(frozen=True, slots=True)
class Forum:
    """Everything that asking works with; `actors` are the people by key and server."""

    env: Env
    bot: Twincord
    services: Services
    world: World
    actors: dict[tuple[str, str], Actor]

    async def fill(self) -> None:
        """Ask and answer everything, and look for what is not there."""
        for asked in read_questions():
            await self._ask(asked)
        for key, text in IN_VAIN:
            try:
                await self.services.experts.find(self._anywhere(key), text)
            except Refusal as refusal:
                if refusal.message_id != "experts.no_topic":
                    raise
        await self.env.settle()

    async def _ask(self, asked: Asked) -> None:
        at = self._ago(asked.days)
        questions = replace(self.services.questions, clock=lambda: at)
        actor = replace(self.actors[asked.by, asked.server], language=asked.language)
        draft = Draft(asked.title, asked.body, asked.topic)
        server = self.world.servers[asked.server]
        recorded = await questions.ask(actor, server.id, draft, nameless=asked.nameless)
        question = (await publish(self.bot, recorded.question, look_first=False)).question
        assert question.thread_id is not None
        assert question.message_id is not None
        channel = self.env.backend.get_channel(question.thread_id)
        self.world.rooms[asked.room] = ChannelHandle(self.env, server, channel)
        for given in asked.answers:
            await self._answer(asked, question, given)
        if asked.invited:
            await self._invite(asked, question)
        if asked.answers:
            await refresh(self.bot, await questions.get(question.id))
        await self.env.settle()
        opening = self.env.backend.get_message(question.thread_id, question.message_id)
        opening.timestamp, opening.edited_timestamp = at.isoformat(), None

    async def _invite(self, asked: Asked, question: Question) -> None:
        invitations = replace(self.services.invitations, clock=lambda: self._ago(1))
        people = [self.actors[key, server] for key, _, server in (who.partition("/") for who in asked.invited)]
        wanted = [person.member_id for person in people if person.member_id is not None]
        await invitations.invite(self.actors[asked.by, asked.server], question.id, wanted)

    async def _answer(self, asked: Asked, question: Question, given: Given) -> None:
        assert question.thread_id is not None
        at, author = self._ago(given.days), self.world.people[given.by].id
        message = self.env.backend.create_message(question.thread_id, author, given.text)
        message.timestamp = at.isoformat()
        answers = replace(self.services.answers, clock=lambda: at)
        said = Said(message.id, question.thread_id, author)
        if given.mark == "accepted":
            await answers.mark(self.actors[asked.by, asked.server], said)
        elif given.mark == "thanked":
            await answers.thank(self.actors[asked.by, asked.server], said)

    def _ago(self, days: float) -> datetime:
        return self.env.now() - timedelta(days=days)

    def _anywhere(self, key: str) -> Actor:
        return next(actor for (person, _), actor in self.actors.items() if person == key)
