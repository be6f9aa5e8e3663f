"""A believable network of any size, the same each time: members with eight topics, credits, endorsements and asks."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import Database

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TOPICS = tuple(f"topic-{number:03}" for number in range(358))
TOPICS_EACH = 8
SERVERS = 20
CITIES = 400
LANGUAGES = ("en", "fr", "es", "de", "pt", "it", "pl", "uk")
COUNTRIES = ("FR", "PT", "ES", "DE", "IT", "PL", "UA", "US", "BR", "SN", "GB", "NL", "SE", "RO", "CA", "MX", "IN", "KE")
ZONES = ("Europe/Paris", "Europe/Lisbon", "Europe/Kyiv", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata")
LEVELS = ("expert", "practitioner", "practitioner", "interested")
FIRST_USER_ID = 300_000_000_000_000_000
CITY_COLUMNS = ("id", "name", "country", "population", "zone")
MEMBER_COLUMNS = (
    "id",
    "user_id",
    "display_name",
    "post",
    "city_id",
    "zone",
    "confirmed_at",
    "paused_until",
    "created_at",
    "updated_at",
)
QUESTION_COLUMNS = (
    "id",
    "server_id",
    "asker_user_id",
    "nameless",
    "title",
    "body",
    "language",
    "topic_id",
    "state",
    "asked_at",
)

Table = tuple[str, Sequence[str], Iterator[tuple[Any, ...]]]


class Popularity:
    """Draws topics as people have them: few are common, many are rare. The most common one has a tenth of all."""

    def __init__(self, topics: Sequence[str]) -> None:
        self.topics = topics
        self._heaped = list(accumulate(1 / (place + 8) for place in range(len(topics))))

    def draw(self, chance: Random) -> str:
        """One topic."""
        return self.topics[bisect(self._heaped, chance.random() * self._heaped[-1])]

    def several(self, chance: Random, number: int) -> set[str]:
        """So many different topics."""
        found: set[str] = set()
        while len(found) < number:
            found.add(self.draw(chance))
        return found


def tables(members: int) -> Iterator[Table]:
    """Every table's rows, in an order that keeps the foreign keys."""
    popularity = Popularity(TOPICS)
    ids = range(1, members + 1)
    yield "topics", ("id", "cofog", "hidden"), ((one, "06.1", False) for one in TOPICS)
    yield "servers", ("id", "name", "language", "joined_at"), ((n, f"S{n}", "en", NOW) for n in range(1, SERVERS + 1))
    yield "cities", CITY_COLUMNS, _cities()
    yield "members", MEMBER_COLUMNS, _members(ids)
    yield "member_languages", ("member_id", "language"), _languages(ids)
    yield "memberships", ("server_id", "member_id", "alumni", "joined_at", "left_at"), _memberships(ids)
    yield "expertise", ("member_id", "topic_id", "level", "confirmed_at", "monthly_cap"), _expertise(ids, popularity)
    yield "endorsements", ("member_id", "topic_id", "endorser_id", "endorsed_at"), _endorsements(members, popularity)
    questions = range(1, members // 5 + 1)
    yield "questions", QUESTION_COLUMNS, _questions(questions, members, popularity)
    yield "answers", ("question_id", "member_id", "relayed", "given_at", "accepted_at"), _answers(questions, members)
    yield "thanks", ("question_id", "member_id", "giver_user_id", "given_at"), _thanks(questions, members)
    yield "invitations", ("question_id", "member_id", "state", "sent_at"), _invitations(questions, members)


async def fill(database: Database, members: int) -> None:
    """Write the network into a migrated database."""
    async with database.maintain() as whole:
        connection: Any = (await whole.get_raw_connection()).driver_connection
        for name, columns, rows in tables(members):
            if database.dialect == "postgresql":
                await connection.copy_records_to_table(name, columns=columns, records=rows)
            else:
                marks = ", ".join("?" * len(columns))
                statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"
                await connection.executemany(statement, (tuple(map(_for_sqlite, row)) for row in rows))
        await whole.exec_driver_sql("ANALYZE")
    if database.dialect == "postgresql":
        await _vacuum(database)


async def _vacuum(database: Database) -> None:
    """What PostgreSQL does by itself a minute after such a load, unless it is told not to, as in our tests."""
    engine = create_async_engine(database.url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


def _for_sqlite(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _ago(chance: Random, days: float) -> datetime:
    return NOW - timedelta(days=chance.random() * days)


def _cities() -> Iterator[tuple[Any, ...]]:
    chance = Random(1)
    for number in range(1, CITIES + 1):
        population = int(20_000 * 200 ** chance.random())
        yield number, f"City {number}", COUNTRIES[number % len(COUNTRIES)], population, ZONES[number % len(ZONES)]


def _members(ids: range) -> Iterator[tuple[Any, ...]]:
    """One in twenty has not confirmed what the programme told us, one in thirty is paused."""
    chance = Random(2)
    for number in ids:
        confirmed = None if number % 20 == 0 else _ago(chance, 900)
        paused = NOW + timedelta(days=9) if number % 30 == 1 else None
        city = chance.randrange(1, CITIES + 1)
        zone = ZONES[city % len(ZONES)]
        yield number, FIRST_USER_ID + number, f"Member {number}", "Engineer", city, zone, confirmed, paused, NOW, NOW


def _languages(ids: range) -> Iterator[tuple[Any, ...]]:
    chance = Random(3)
    for number in ids:
        for language in chance.sample(LANGUAGES, 2):
            yield number, language


def _memberships(ids: range) -> Iterator[tuple[Any, ...]]:
    """One in ten has left."""
    for number in ids:
        yield number % SERVERS + 1, number, True, NOW, NOW if number % 10 == 3 else None


def _expertise(ids: range, popularity: Popularity) -> Iterator[tuple[Any, ...]]:
    chance = Random(4)
    for number in ids:
        for topic in sorted(popularity.several(chance, TOPICS_EACH)):
            confirmed = None if number % 20 == 0 else _ago(chance, 900)
            yield number, topic, chance.choice(LEVELS), confirmed, chance.choice((None, None, 2, 6))


def _endorsements(members: int, popularity: Popularity) -> Iterator[tuple[Any, ...]]:
    chance = Random(5)
    for endorser in range(1, members + 1):
        for member in {chance.randrange(1, members + 1) for _ in range(2)} - {endorser}:
            yield member, popularity.draw(chance), endorser, _ago(chance, 900)


def _questions(ids: range, members: int, popularity: Popularity) -> Iterator[tuple[Any, ...]]:
    chance = Random(6)
    for number in ids:
        asker = FIRST_USER_ID + chance.randrange(1, members + 1)
        topic = popularity.draw(chance)
        yield number, number % SERVERS + 1, asker, False, "Title", "Body", "en", topic, "answered", _ago(chance, 1500)


def _answers(ids: range, members: int) -> Iterator[tuple[Any, ...]]:
    chance = Random(7)
    for number in ids:
        at = _ago(chance, 1500)
        yield number, chance.randrange(1, members + 1), False, at, at


def _thanks(ids: range, members: int) -> Iterator[tuple[Any, ...]]:
    chance = Random(8)
    for number in ids:
        for member in {chance.randrange(1, members + 1) for _ in range(2)}:
            yield number, member, FIRST_USER_ID + chance.randrange(1, members + 1), _ago(chance, 1500)


def _invitations(ids: range, members: int) -> Iterator[tuple[Any, ...]]:
    chance = Random(9)
    for number in ids:
        for member in {chance.randrange(1, members + 1) for _ in range(3)}:
            yield number, member, "accepted", _ago(chance, 120)
