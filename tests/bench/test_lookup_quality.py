"""The development set is whole, and the figures drawn from it are counted rightly."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from bot.domain.topics import LANGUAGES, Topic, parse_topics
from tests.bench import _lookup_ways as ways
from tests.bench import lookup_quality as quality


@pytest.fixture(scope="module")
def topics() -> Sequence[Topic]:
    with quality.TOPICS.open(encoding="utf-8", newline="") as lines:
        return parse_topics(csv.DictReader(lines))


def outcome(rank: int, score: float, *topics: str) -> quality.Outcome:
    return quality.Outcome(quality.Query("x", "en", "typo", frozenset(topics)), rank, score)


def test_the_set_names_only_topics_that_exist(topics: Sequence[Topic]) -> None:
    known = {topic.id for topic in topics}
    assert [query for query in quality.queries() if not query.topics <= known] == []


def test_the_set_is_wide_enough() -> None:
    queries = quality.queries()
    positives = [query for query in queries if query.topics]
    assert len({query.text.casefold() for query in queries}) == len(queries)
    assert {query.kind for query in positives} == set(quality.KINDS)
    assert {query.kind for query in queries if not query.topics} == {"off_topic"}
    by_language = Counter(query.language for query in queries)
    assert set(by_language) == set(LANGUAGES)
    assert min(by_language.values()) >= 50
    assert len({topic for query in positives for topic in query.topics}) >= 250
    assert len(queries) - len(positives) >= 60


def test_the_threshold_is_the_one_that_gains_most() -> None:
    results = [
        outcome(1, 0.9, "parking"),
        outcome(1, 0.7, "parking"),
        outcome(2, 0.65, "parking"),
        outcome(0, 0.6),
        outcome(1, 0.5, "parking"),
        outcome(0, 0.1),
    ]
    assert quality.best_threshold(results) == 0.7


@pytest.mark.parametrize("make", [ways.ours, *quality.BASELINES.values()])
def test_every_way_finds_a_label_and_is_not_sure_of_an_empty_text(
    topics: Sequence[Topic], make: Callable[[Sequence[Topic]], ways.Way]
) -> None:
    way = make(topics)
    found = way("Street lighting", "en")
    assert found.topics[0] == "street-lighting"
    assert len(set(found.topics)) == ways.WANTED
    assert way("", "en").score == 0
