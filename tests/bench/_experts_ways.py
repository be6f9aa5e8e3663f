"""Ways to answer `/expert find`; each runs in a process of its own over a network that is already there."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import text

from bot.domain import experts
from bot.domain.access import Actor
from bot.domain.experts import Asker, Candidate, CitySize
from bot.domain.members import Level
from bot.services.experts import ExpertsService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from tests.bench._experts_network import FIRST_USER_ID, NOW, TOPICS, Popularity
from tests.bench.harness.compare import Measured

FIRST = 10
"""Answers that are not measured: the first ones open connections and prepare statements."""
PLAIN_CANDIDATES = text(
    "SELECT m.id, m.user_id, m.display_name, e.level, m.post, c.name, c.country, c.population, m.zone, m.confirmed_at,"
    " e.confirmed_at, e.monthly_cap, l.language"
    " FROM expertise e JOIN members m ON m.id = e.member_id JOIN memberships s ON s.member_id = m.id"
    " LEFT JOIN cities c ON c.id = m.city_id LEFT JOIN member_languages l ON l.member_id = m.id"
    " WHERE e.topic_id = :topic AND e.open AND m.confirmed_at IS NOT NULL AND s.left_at IS NULL"
    " AND (m.paused_until IS NULL OR m.paused_until <= :now)"
)
PLAIN_ASKS = text("SELECT member_id, count(*) FROM invitations WHERE sent_at > :asked GROUP BY member_id")
PLAIN_ACCEPTED = text(
    "SELECT a.member_id, a.accepted_at FROM answers a JOIN questions q ON q.id = a.question_id"
    " WHERE q.topic_id = :topic"
)
PLAIN_THANKED = text(
    "SELECT t.member_id, t.given_at FROM thanks t JOIN questions q ON q.id = t.question_id WHERE q.topic_id = :topic"
)
PLAIN_ENDORSED = text("SELECT member_id, count(*) FROM endorsements WHERE topic_id = :topic GROUP BY member_id")

Way = Callable[[Actor, str], Awaitable[int]]


def ours(url: str, members: int, answers: int) -> Measured:
    """`ExpertsService.suggest`: who asks, the people, the ranking, the reasons."""
    database = Database(url, wait=30)
    work = Work(database)
    service = ExpertsService(work, TopicsService(work, lambda: NOW), lambda: NOW)

    async def answer(actor: Actor, topic: str) -> int:
        return len(await service.suggest(actor, {topic: 1.0}))

    return asyncio.run(_measure(database, answer, members, answers))


def plain(url: str, members: int, answers: int) -> Measured:
    """Everybody with the topic and all about her, ranked by the same function; the database lacks our indexes."""
    database = Database(url, wait=30)

    async def answer(actor: Actor, topic: str) -> int:
        return len(experts.rank(await _everybody(database, topic), now=NOW, matches={topic: 1.0}, asker=_ASKER))

    return asyncio.run(_measure(database, answer, members, answers))


_ASKER = Asker(FIRST_USER_ID + 1, frozenset({"en"}), "PT", CitySize.SMALL)


async def _measure(database: Database, answer: Way, members: int, answers: int) -> Measured:
    chance = Random(members)
    popularity = Popularity(TOPICS)
    took = []
    for _ in range(FIRST + answers):
        actor = Actor(user_id=FIRST_USER_ID + chance.randrange(1, members + 1), name="Ana", language="en")
        topic = popularity.draw(chance)
        began = perf_counter()
        found = await answer(actor, topic)
        took.append((perf_counter() - began) * 1000)
        assert found, topic
    await database.close()
    took = sorted(took[FIRST:])
    return {"ms, median": took[len(took) // 2], "ms, p99": took[-(len(took) // 100) - 1]}


async def _everybody(database: Database, topic: str) -> list[Candidate]:
    asked = NOW - experts.MONTH
    async with database.read() as session:
        rows: Any = await session.execute(PLAIN_CANDIDATES, {"topic": topic, "now": _stored(database, NOW)})
        asks = dict(list(map(tuple, await session.execute(PLAIN_ASKS, {"asked": _stored(database, asked)}))))
        endorsed = dict(list(map(tuple, await session.execute(PLAIN_ENDORSED, {"topic": topic}))))
        accepted, thanked = defaultdict(list), defaultdict(list)
        for member_id, at in await session.execute(PLAIN_ACCEPTED, {"topic": topic}):
            accepted[member_id].append(_read(at))
        for member_id, at in await session.execute(PLAIN_THANKED, {"topic": topic}):
            thanked[member_id].append(_read(at))
    people: dict[int, Candidate] = {}
    spoken = defaultdict(set)
    for row in rows:
        member_id, user_id, name, level, post, city, country, population, zone, confirmed, known, cap, language = row
        spoken[member_id].add(language)
        people[member_id] = Candidate(
            member_id,
            user_id,
            name,
            topic,
            Level(level),
            post,
            city,
            country,
            CitySize.of(population),
            zone,
            frozenset(spoken[member_id]),
            confirmed_at=_read(confirmed),
            expertise_confirmed_at=_read(known) if known else None,
            cap=cap or experts.USUAL_CAP,
            asks=asks.get(member_id, 0),
            accepted=tuple(accepted[member_id]),
            thanked=tuple(thanked[member_id]),
            endorsements=endorsed.get(member_id, 0),
        )
    return list(people.values())


def _stored(database: Database, moment: datetime) -> Any:
    return moment if database.file is None else moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _read(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=NOW.tzinfo)
