"""The strings that autocomplete is measured over are as many as they say, and both ways are measured alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bench import lookup
from tests.bench._lookup_strings import names, real, topics_with
from tests.bench.lookup_quality import Query


@pytest.mark.parametrize("strings", [50, 29_000, 31_003])
def test_there_are_as_many_strings_as_asked_for(strings: int) -> None:
    topics = topics_with(strings)
    assert sum(len(names(topic)) for topic in topics) == strings
    assert len({topic.id for topic in topics}) == len(topics)


def test_the_strings_of_a_city_belong_to_the_real_topic() -> None:
    last = topics_with(31_003)[-2]
    assert "@" in last.id
    assert real(last.id) in {topic.id for topic in topics_with(20_000) + topics_with(29_000)}
    assert real("parks") == "parks"


@pytest.mark.parametrize("make", [lookup.ours, lookup.wratio])
def test_a_measure_counts_right_topics_and_times(make: Callable[[int], lookup.Way]) -> None:
    asked = [Query("local government", "en", "typo", frozenset({"local-government"}))]
    asked.append(Query("local government", "en", "typo", frozenset({"no-such-topic"})))
    measured = lookup.measure(make, 500, asked)
    assert (measured["recall@1"], measured["recall@5"]) == (0.5, 0.5)
    assert 0 < measured["ms"] <= measured["ms, p99"]
