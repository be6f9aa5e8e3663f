"""How a line of a roster is understood, and whose it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.members import MAX_TOPICS, About, Known, Level
from bot.domain.roster import (
    COLUMNS,
    Entry,
    Lookups,
    Problem,
    Town,
    armoured,
    bare,
    delimiter_of,
    header_of,
    identity,
)
from bot.domain.roster_merge import Person, Registry, Stored, change
from bot.domain.roster_reader import Reader
from tests.corpus import READABLE, UNREADABLE

ANNA = Entry(2, None, None, About("Anna", None, "2021"), None, None, (), None, ())


def no_town(name: str, country: str | None, geonames_id: int | None) -> Town:
    raise Refusal("roster.city_unknown", city=name)


LOOKUPS = Lookups(
    town=no_town,
    topic=lambda text: text if text in {"housing", "a: b", *map(str, range(30))} else None,
    language=lambda name: None,
    countries={"fr": "FR"},
    levels={"expert": Level.EXPERT, "praticien": Level.PRACTITIONER},
)


def read(**cells: str) -> Entry | list[Problem]:
    row = {"display_name": "Anna"} | cells
    return Reader(tuple(row), LOOKUPS).read(2, list(row.values()))


@pytest.mark.parametrize("column", ["reference", "display_name", "post", "cohort"])
@pytest.mark.parametrize("text", READABLE)
def test_readable_text_is_taken_in_every_column(column: str, text: str) -> None:
    assert isinstance(read(**{column: text}), Entry)


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_row_needs_a_name(text: str) -> None:
    problems = read(display_name=text, post=text, reference=text)
    assert isinstance(problems, list)
    assert [(one.column, one.message_id) for one in problems] == [("display_name", "text.empty")]


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("housing", (Known("housing", Level.PRACTITIONER),)),
        ("housing:expert", (Known("housing", Level.EXPERT),)),
        (" housing : Praticien ", (Known("housing", Level.PRACTITIONER),)),
        ("a: b", (Known("a: b", Level.PRACTITIONER),)),
        ("a: b:expert | housing", (Known("a: b", Level.EXPERT), Known("housing", Level.PRACTITIONER))),
        ("housing|housing:expert||", (Known("housing", Level.EXPERT),)),
        ("", ()),
    ],
)
def test_topics_carry_their_level_after_a_colon(cell: str, known: tuple[Known, ...]) -> None:
    entry = read(topics=cell)
    assert isinstance(entry, Entry)
    assert entry.topics == known


def test_topics_that_nobody_knows_and_too_many_of_them_are_named() -> None:
    assert read(topics="housing:wizard") == [Problem(2, "topics", "roster.topic_unknown", {"topic": "housing:wizard"})]
    many = read(topics="|".join(map(str, range(MAX_TOPICS + 1))))
    assert many == [Problem(2, "topics", "members.too_many_topics", {"limit": MAX_TOPICS})]


@pytest.mark.parametrize("cell", ["1", "12345678901234567x", "1.23457E+17", "-12345678901234567", "9" * 20, "١" * 18])
def test_what_is_no_discord_id_is_named(cell: str) -> None:
    problems = read(discord_user_id=cell)
    assert isinstance(problems, list)
    assert problems[0].message_id == "roster.user_id"


@given(st.text(max_size=40))
def test_armour_comes_off_as_it_went_on(cell: str) -> None:
    assert bare(armoured(cell)) == cell
    assert not armoured(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_apostrophe_of_its_own_stays() -> None:
    assert bare("'t Hart") == "'t Hart"


def test_the_header_is_found_by_name() -> None:
    assert header_of(["Display Name", "DISCORD-USER-ID", "Shoe size", ""]) == (
        ("display_name", "discord_user_id", "shoe_size", ""),
        ("shoe_size",),
    )
    assert header_of(COLUMNS) == (COLUMNS, ())
    assert [delimiter_of(line) for line in ("a,b;c,d", "a;b,c;d", "a\tb", "a")] == [",", ";", "\t", ","]


def test_identity_is_name_city_and_cohort_but_for_case() -> None:
    first = identity("Anna", "2021", "Lyon", "FR")
    assert first == identity("ANNA", "2021", "lyon", "FR")
    assert first != identity("Anna", "2022", "Lyon", "FR")
    assert identity("a", "bc", None, None) != identity("ab", "c", None, None)


def test_a_name_alone_never_takes_over_somebody_with_another_id_or_reference() -> None:
    people = [Person(1, 11, "A", ANNA.identity)]
    assert Registry.of(people).match(ANNA) == 1
    assert Registry.of(people).match(ANNA._replace(user_id=12)) is None
    assert Registry.of(people).match(ANNA._replace(reference="B")) is None
    assert Registry.of(people).match(ANNA._replace(user_id=11)) == 1
    assert Registry.of(people).match(ANNA._replace(reference="A")) == 1


STORED = Stored(1, None, "A", "Anna", None, "2020", 5, "Europe/Paris", None, None, ("fr",), ())


def test_before_she_confirms_filled_cells_replace_and_empty_ones_do_nothing() -> None:
    entry = ANNA._replace(user_id=11, reference="B", languages=("en",), topics=(Known("housing", Level.EXPERT),))
    found = change(entry, None, STORED)
    assert found.columns == {"cohort": "2021", "user_id": 11, "reference": "B"}
    assert (found.languages, found.topics) == (("en",), (Known("housing", Level.EXPERT),))
    assert not change(ANNA._replace(about=About("Anna", None, None)), None, STORED)
