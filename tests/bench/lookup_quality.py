"""How well a topic is found from what people type, on the development set `lookup_queries.csv`.

The set was written before the synonyms and none of it may be copied into config/topics.csv. Its columns: `query`;
`language`, that of the person who asks; `kind`, what makes it hard; `topics`, the acceptable ids separated by |, none
where the query is off-topic. The measures are shares between 0 and 1: of the queries with a topic, those with an
acceptable one at rank 1 and among the first 5, and those answered outright and rightly; of the off-topic ones those
answered outright, where less is better.

A baseline answers outright from a score on. It is given the threshold that suits it best on this very set.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from bot.domain.topics import LANGUAGES, Topic, parse_topics
from tests.bench import _lookup_ways as ways
from tests.bench.harness.child import ROOT
from tests.bench.harness.compare import Comparison, Measured

QUERIES = Path(__file__).with_name("lookup_queries.csv")
TOPICS = ROOT / "config" / "topics.csv"
KINDS = ("typo", "synonym", "abbreviation", "word_order", "prefix", "question", "cross_language")
BASELINES: Mapping[str, Callable[[Sequence[Topic]], ways.Way]] = {
    "rapidfuzz WRatio": ways.wratio,
    "letter 3/4-gram TF-IDF": ways.trigrams,
}
NEVER_ZERO = 0.0001
"""What stands for a baseline's share of nothing, since the harness divides by it; one query is more than that."""


@dataclass(frozen=True, slots=True)
class Query:
    """A line of the set. No `topics` means off-topic."""

    text: str
    language: str
    kind: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a way made of a query. `rank` is that of the first acceptable topic, 0 where none is among the five."""

    query: Query
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the queries. `name` stands behind each measure, empty for all of them."""

    name: str
    holds: Callable[[Query], bool]


def comparisons() -> Iterator[Comparison]:
    """All queries, then each kind, then each language of the asker, each beside both baselines."""
    for group in groups():
        size = sum(map(group.holds, queries()))
        for name, way in BASELINES.items():
            yield Comparison(size, name, partial(measure, ways.ours, group), partial(baseline, way, group), runs=1)


def groups() -> list[Group]:
    """The groups for which figures are given; the off-topic queries belong to their languages and to all."""
    return [
        Group("", lambda query: True),
        *(Group(f", {kind}", lambda query, kind=kind: query.kind == kind) for kind in KINDS),  # type: ignore[misc]
        *(Group(f", {code}", lambda query, code=code: query.language == code) for code in LANGUAGES),  # type: ignore[misc]
    ]


@lru_cache
def queries() -> tuple[Query, ...]:
    """The development set, in the order of its file."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Query(row["query"], row["language"], row["kind"], frozenset(filter(None, row["topics"].split("|"))))
            for row in csv.DictReader(lines)
        )


@lru_cache
def outcomes(make: Callable[[Sequence[Topic]], ways.Way]) -> tuple[Outcome, ...]:
    """What a way makes of all queries. It is asked once; the groups are cut out of its answers."""
    with TOPICS.open(encoding="utf-8", newline="") as lines:
        way = make(parse_topics(csv.DictReader(lines)))
    return tuple(_outcome(query, way(query.text, query.language)) for query in queries())


def _outcome(query: Query, answer: ways.Answer) -> Outcome:
    ranks = (place for place, topic in enumerate(answer.topics[: ways.WANTED], start=1) if topic in query.topics)
    return Outcome(query, next(ranks, 0), answer.score)


def best_threshold(results: Sequence[Outcome]) -> float:
    """The score from which on to answer outright so that most is gained: rightly answered less off-topic answered."""
    positives = [one for one in results if one.query.topics]
    off_topic = [one for one in results if not one.query.topics]

    def gain(threshold: float) -> float:
        right = _share(one.rank == 1 and one.score >= threshold for one in positives)
        return right - _share(one.score >= threshold for one in off_topic)

    return max({one.score for one in results if one.score > 0}, key=gain)


def measure(make: Callable[[Sequence[Topic]], ways.Way], group: Group) -> Measured:
    """The shares of a group; those of the off-topic queries only where it has some."""
    results = outcomes(make)
    threshold = best_threshold(results)
    held = [one for one in results if group.holds(one.query)]
    positives = [one for one in held if one.query.topics]
    off_topic = [one for one in held if not one.query.topics]
    shares = {
        "recall@1": _share(one.rank == 1 for one in positives),
        "recall@5": _share(one.rank > 0 for one in positives),
        "confident and right": _share(one.rank == 1 and one.score >= threshold for one in positives),
    }
    if off_topic:
        shares["off-topic confident"] = _share(one.score >= threshold for one in off_topic)
    return {f"{what}{group.name}": share for what, share in shares.items()}


def baseline(make: Callable[[Sequence[Topic]], ways.Way], group: Group) -> Measured:
    """The shares of a group by a baseline, none of them quite zero."""
    return {what: max(share, NEVER_ZERO) for what, share in measure(make, group).items()}


def _share(true: Iterator[bool]) -> float:
    every = list(true)
    return sum(every) / len(every)
