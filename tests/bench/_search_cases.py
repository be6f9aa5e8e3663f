"""Cases to search among, and queries with typing mistakes made by rule. The same for the same seed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from itertools import count as count_up
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from bot.domain.case_content import CaseOutcome, CaseSection, CaseStatus, Content
from bot.domain.cities import CityRow, PopulationBand, parse_cities
from bot.domain.topics import LANGUAGES, Topic
from bot.services.case_search import index_many
from bot.services.topics import TopicsService
from bot.services.work import Work
from config import FOLDER
from db.engine import AsyncSession, Database
from db.tables import Case, CaseTopic, City

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEED = 6
CITIES = 5000
AT_ONCE = 16_384
FILES = FOLDER / "topics.csv"
FRAMES = (
    "{topic} in {city}: {means}",
    "{means} for {topic} ({city})",
    "{city}: {topic} by {means}",
    "How {city} changed {topic} with {means}",
)
MEANS = (
    *(
        "a neighbourhood budget",
        "open data",
        "a citizens' assembly",
        "shared staff",
        "a joint tender",
        "a voluntary charter",
    ),
    *("a mobile team", "one-stop counters", "a revolving fund", "street interviews", "night buses", "school projects"),
    *("a rent register", "sensors", "a public dashboard", "cargo bikes", "peer mentoring", "plain-language letters"),
    *("a land trust", "rain gardens", "a repair café", "a tariff by use", "weekly huddles", "a tenants' council"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYLLABLES = [
    first + second for first in "bcdfghklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "il", "os")
]
LONG_WORDS = 60_000
"""Different words in the long texts of all cases together: made up, since none may stand in a title too."""
LONG = 25
"""Words in each of two long texts of a case, the nth most frequent of all drawn 1/n as often as the first (Zipf)."""
SAYING_LITTLE = 200
"""So many of the most frequent words nobody would ask for: half of a text, as "the" and "with" are of a real one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city on record."""

    id: int
    name: str
    country: str


async def topics_of(database: Database) -> list[Topic]:
    """The real topics, on record and in memory."""
    service = TopicsService(Work(database), lambda: NOW)
    await service.synchronise(Path(FILES))
    return [topic for row in await service.export() if (topic := service.index.get(row["id"])) is not None]


async def fill(database: Database, count: int) -> None:
    """So many published cases, found as the product finds them."""
    topics = await topics_of(database)
    places = await _cities(database)
    made = _cases(Random(SEED), topics, places, count)
    number = 0
    while number < count:
        some = [next(made) for _ in range(min(AT_ONCE, count - number))]
        async with database.begin() as session:
            await _write(session, number, some)
        number += len(some)


def mistaken(random: Random, title: str, edits: int) -> str:
    """Four words of a title, of which `edits` have one letter wrong: missing, doubled, another, or two swapped."""
    words = [word.strip(":()'").lower() for word in title.split() if len(word.strip(":()'")) > 3]
    start = random.randrange(max(1, len(words) - 3))
    chosen = words[start : start + 4]
    long = [place for place, word in enumerate(chosen) if len(word) > 4]
    for place in random.sample(long, min(edits, len(long))):
        chosen[place] = _typo(random, chosen[place])
    return " ".join(chosen)


def mistaken_of(random: Random, text: str, edits: int) -> str:
    """Three neighbouring words of a long text that say something, of which `edits` have one letter wrong."""
    words = [word for word in text.rstrip(".").split() if word not in _saying_little()]
    start = random.randrange(max(1, len(words) - 2))
    chosen = words[start : start + 3]
    for place in random.sample(range(len(chosen)), min(edits, len(chosen))):
        chosen[place] = _typo(random, chosen[place])
    return " ".join(chosen)


def _typo(random: Random, word: str) -> str:
    place = random.randrange(1, len(word) - 1)
    match random.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + word[place] + word[place:]
        case 2:
            return word[:place] + random.choice(LETTERS) + word[place + 1 :]
        case _:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _cases(random: Random, topics: list[Topic], places: list[Place], count: int) -> Iterator[Content]:
    names = [(topic, _names(topic)) for topic in topics]
    every = [name for _, several in names for name in several]
    texts = _texts(Random(SEED + 1))
    for _ in range(count):
        topic, own = random.choice(names)
        place = random.choice(places)
        frame = random.choice(FRAMES)
        title = frame.format(topic=random.choice(own), city=place.name, means=random.choice(MEANS))
        yield Content(
            language=random.choice(LANGUAGES[:3]),
            topics=(topic.id,),
            city_id=place.id,
            city=place.name,
            country=place.country,
            status=random.choice(list(CaseStatus)),
            outcome=random.choice(list(CaseOutcome)),
            population=random.choice(list(PopulationBand)),
            title=title[:100],
            summary=f"{random.choice(every)}; {random.choice(every)}, {random.choice(every)}."[:300],
            texts={CaseSection.FAILED: next(texts), CaseSection.DONE: next(texts)},
        )


def _texts(random: Random) -> Iterator[str]:
    """Long texts one after another."""
    words = long_words()
    weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    while True:
        yield f"{' '.join(random.choices(words, cum_weights=weights, k=LONG))}."


@cache
def long_words() -> list[str]:
    """The words of long texts, the most frequent first."""
    random = Random(SEED)
    found = (f"{''.join(random.choices(SYLLABLES, k=random.randint(2, 4)))}x" for _ in count_up())
    return list(islice(dict.fromkeys(islice(found, 3 * LONG_WORDS)), LONG_WORDS))


@cache
def _saying_little() -> frozenset[str]:
    return frozenset(long_words()[:SAYING_LITTLE])


def _names(topic: Topic) -> list[str]:
    return [*(topic.labels[one] for one in LANGUAGES[:3]), *topic.synonyms.get("en", ())[:3]]


async def _cities(database: Database) -> list[Place]:
    async with database.begin() as session:
        await session.execute(
            insert(City),
            [
                {
                    "geonames_id": row.geonames_id,
                    "name": row.name,
                    "country": row.country,
                    "population": row.population,
                    "zone": row.zone,
                }
                for row in _largest()
            ],
        )
    return _places()


def _places() -> list[Place]:
    """The cities that the cases are of, numbered as they stand on record."""
    return [Place(number, row.name, row.country) for number, row in enumerate(_largest(), start=1)]


@cache
def _largest() -> list[CityRow]:
    with gzip.open(FOLDER / "cities.tsv.gz", "rt", encoding="utf-8") as lines:
        return sorted(parse_cities(lines), key=lambda row: -row.population)[:CITIES]


async def _write(session: AsyncSession, before: int, some: list[Content]) -> None:
    numbered = list(enumerate(some, start=before + 1))
    await session.execute(insert(Case), [_row(number, content) for number, content in numbered])
    await session.execute(
        insert(CaseTopic),
        [{"case_id": number, "topic_id": content.topics[0], "place": 0} for number, content in numbered],
    )
    await index_many(session, numbered)


def _row(number: int, content: Content) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number)
    return {
        "id": number,
        "uid": f"bench-{number}",
        "state": "published",
        "kind": "case",
        "language": content.language,
        "city_id": content.city_id,
        "nameless_city": False,
        "status": content.status,
        "outcome": content.outcome,
        "population": content.population,
        "title": content.title,
        "summary": content.summary,
        "texts": dict(content.texts),
        "links": [],
        "version": 1,
        "revision": 1,
        "created_at": at,
        "updated_at": at,
        "published_at": at,
    }
