"""Autocomplete while somebody types: how soon, and how often rightly, beside `rapidfuzz.process.extract` with WRatio.

Asked are the queries of the development set of lookup-quality that have a topic (those that are beginnings of words
among them), in their askers' languages, over 60,000 strings: the real names and as many of the same in one city or
another. Both ways see the same strings and show topics, not strings; a real topic and that of a city count alike. The
last comparison is our own way over ten times the strings beside itself, once over 60,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from time import perf_counter

import numpy as np
from rapidfuzz import fuzz, process, utils

from bot.domain.topics import TopicIndex
from tests.bench._lookup_strings import names, real, topics_with
from tests.bench.harness.compare import Comparison, Measured
from tests.bench.lookup_quality import Query, queries

STRINGS = 60_000
TIMES = 10
SHOWN = 5
_NAMES_READ = 100

Way = Callable[[Query], Sequence[str]]
"""From a query to the ids of topics, best first."""


def comparisons() -> Iterator[Comparison]:
    """Ours beside WRatio, then ours over ten times the strings beside ours over these."""
    asked = [query for query in queries() if query.topics]
    small = partial(measure, ours, STRINGS, asked)
    yield Comparison(STRINGS, "rapidfuzz WRatio", small, partial(measure, wratio, STRINGS, asked), runs=1)
    large = partial(measure, ours, TIMES * STRINGS, asked)
    yield Comparison(TIMES * STRINGS, f"{STRINGS:,} strings", large, small, runs=3)


@lru_cache
def ours(strings: int) -> Way:
    """The list that the product shows while somebody types."""
    index = TopicIndex(topics_with(strings))
    return lambda query: [match.topic_id for match in index.suggest(query.text, query.language)]


@lru_cache
def wratio(strings: int) -> Way:
    """Every string scored, the best hundred read."""
    topics = topics_with(strings)
    owned = [(utils.default_process(name), topic.id) for topic in topics for name in names(topic)]
    texts = [text for text, _ in owned]

    def answer(query: Query) -> list[str]:
        text = utils.default_process(query.text)
        hits = process.extract(text, texts, scorer=fuzz.WRatio, limit=_NAMES_READ)
        return [owned[place][1] for _, _, place in hits]

    return answer


def measure(make: Callable[[int], Way], strings: int, asked: Sequence[Query]) -> Measured:
    """Median and 99th percentile of the time for one query, and the shares with a right topic first and among five."""
    way = make(strings)
    way(asked[0])
    seconds, ranks = [], []
    for query in asked:
        began = perf_counter()
        found = way(query)
        seconds.append(perf_counter() - began)
        shown = list(dict.fromkeys(map(real, found)))[:SHOWN]
        ranks.append(next((place for place, topic in enumerate(shown) if topic in query.topics), None))
    return {
        "ms": float(np.percentile(seconds, 50)) * 1000,
        "ms, p99": float(np.percentile(seconds, 99)) * 1000,
        "recall@1": sum(rank == 0 for rank in ranks) / len(ranks),
        "recall@5": sum(rank is not None for rank in ranks) / len(ranks),
    }
