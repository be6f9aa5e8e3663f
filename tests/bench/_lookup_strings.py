"""Any number of topic names to look among: those of config/topics.csv, then the same in one city or another.

The cities are those of the product's own table, in its order, one after another, so that the strings grow in letters
and in new words as a network's vocabulary would ("street lighting Lviv"), and what is asked for is among many alike.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from bot.domain.topics import Topic, parse_topics
from tests.bench.harness.child import ROOT

TOPICS = ROOT / "config" / "topics.csv"
CITIES = ROOT / "config" / "cities.tsv.gz"


def topics_with(strings: int) -> list[Topic]:
    """Topics that have just so many names between them. The id of a city's topic begins with the real one's and @."""
    chosen: list[Topic] = []
    for topic in _endless():
        size = len(names(topic))
        if size >= strings:
            return [*chosen, _cut(topic, strings)]
        chosen.append(topic)
        strings -= size
    return chosen


def names(topic: Topic) -> list[str]:
    """All labels and synonyms of a topic."""
    return [*topic.labels.values(), *(one for every in topic.synonyms.values() for one in every)]


def real(topic_id: str) -> str:
    """The topic of the file that this is, or is that of a city."""
    return topic_id.partition("@")[0]


def _endless() -> Iterator[Topic]:
    with TOPICS.open(encoding="utf-8", newline="") as lines:
        topics = parse_topics(csv.DictReader(lines))
    yield from topics
    with gzip.open(CITIES, "rt", encoding="utf-8") as cities:
        for place, line in enumerate(cities):
            yield _in_city(topics[place % len(topics)], place, line.split("\t")[1])


def _in_city(topic: Topic, place: int, city: str) -> Topic:
    return replace(
        topic,
        id=f"{topic.id}@{place}",
        labels=MappingProxyType({language: f"{label} {city}" for language, label in topic.labels.items()}),
        synonyms=MappingProxyType(
            {language: tuple(f"{one} {city}" for one in every) for language, every in topic.synonyms.items()}
        ),
    )


def _cut(topic: Topic, strings: int) -> Topic:
    """The topic with so many of its names: labels first."""
    pairs = [(language, label) for language, label in topic.labels.items()][:strings]
    left = strings - len(pairs)
    synonyms: dict[str, tuple[str, ...]] = {}
    for language, every in topic.synonyms.items():
        synonyms[language] = every[:left]
        left -= len(synonyms[language])
    return replace(topic, labels=MappingProxyType(dict(pairs)), synonyms=MappingProxyType(synonyms))
