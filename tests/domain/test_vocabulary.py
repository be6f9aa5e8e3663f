"""Topics that are merged and hidden, names for them, and what is left of a query that found none."""

from __future__ import annotations

import pytest

from bot.domain.errors import Refusal
from bot.domain.topics import Topic, TopicIndex
from bot.domain.unmatched import scrubbed
from bot.domain.vocabulary import LONGEST_ID, name_of, new_id
from tests.corpus import READABLE

HOUSING = Topic("housing", "06.1", {"en": "Housing", "fr": "Logement"})
HOMES = Topic("homes", "06.1", {"en": "Homes", "fr": "Habitations"}, merged_into="housing")
FLATS = Topic("flats", "06.1", {"en": "Council flats"}, {"en": ("social rent",)}, merged_into="homes")


def test_a_merged_topic_is_the_other_one_under_all_its_names() -> None:
    index = TopicIndex((HOMES, FLATS, HOUSING))
    assert len(index) == 1
    assert index.get("flats") == index.get("homes") == HOUSING
    for text in ("Habitations", "social rent", "council flats", "flats"):
        assert index.find(text, "en").matches[0].topic_id == "housing"
    assert index.resolve("flats", "en") == HOUSING
    assert index.named("COUNCIL flats") == (HOUSING,)
    assert [match.topic_id for match in index.suggest("co", "en")] == ["housing"]


def test_what_was_merged_into_a_hidden_topic_is_hidden_with_it() -> None:
    hidden = Topic("housing", "06.1", {"en": "Housing"}, hidden=True)
    index = TopicIndex((HOMES, hidden))
    assert len(index) == 0
    assert index.get("homes") is None


@pytest.mark.parametrize("into", ["a", "nowhere"])
def test_nonsense_in_the_database_hides_a_topic_and_breaks_nothing(into: str) -> None:
    index = TopicIndex((Topic("a", "06.1", {"en": "A street"}, merged_into=into), HOUSING))
    assert index.get("a") is None
    assert index.find("housing", "en").matches[0].topic_id == "housing"


def test_a_topic_without_an_english_name_is_called_what_it_is_called() -> None:
    assert Topic("x", "06", {"fr": "Quais"}).label("es") == "Quais"
    assert Topic("x", "06", {}).label("es") == "x"


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("Snow clearing", [], "snow-clearing"),
        ("Snow clearing", ["snow-clearing", "snow-clearing-2"], "snow-clearing-3"),
        ("Évacuation des eaux", [], "evacuation-des-eaux"),
        ("積雪", [], "topic"),
        ("積雪", ["topic"], "topic-2"),
        ("x" * 100, [], "x" * (LONGEST_ID - 5)),
    ],
)
def test_ids_are_plain_and_new(name: str, taken: list[str], made: str) -> None:
    assert new_id(name, taken) == made


@pytest.mark.parametrize("name", ["", " \u202e ", "a|b", "!!!", "x" * 101])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(Refusal):
        name_of(name)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<@100000000000000001> who knows drains", "… who knows drains"),
        ("ask <@&91> in <#2> </ask:12> <:smile:1234>", "ask … in …"),
        ("write to ana.silva+x@example.org or +33 6 12 34 56 78", "write to … or …"),
        ("see https://example.org/p?id=7 and www.example.org", "see … and …"),
        ("@ana.silva drains", "… drains"),
        ("my code is 7K2M-9QXR-4TNB-0WVZ", "my code is …"),
        ("member 100000000000000001", "member …"),
        ("ISO 37120 and 5G by 2030", "ISO 37120 and 5G by 2030"),
        ("Olena Kovalenko on tenants", "… on tenants"),
        ("olena KOVALENKO", None),
        ("12345 67890", None),
        ("?!", None),
    ],
)
def test_nothing_is_left_that_could_name_a_person(text: str, left: str | None) -> None:
    assert scrubbed(text, ["Olena", "Olena Kovalenko"]) == left


@pytest.mark.parametrize("text", READABLE)
def test_whatever_was_typed_is_kept_harmless_and_short(text: str) -> None:
    left = scrubbed(text * 50)
    assert left is None or (len(left) <= 300 and "<@" not in left and "http" not in left and "\n" not in left)
