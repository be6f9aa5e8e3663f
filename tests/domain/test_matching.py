from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.matching import normalise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Éclairage   PUBLIC ", "eclairage public"),
        ("l'eau", "l eau"),
        ("l’eau", "l eau"),
        ("здоров'я", "здоровя"),
        ("здоров’я", "здоровя"),
        ("ЇЖАК", "іжак"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Søborg", "soborg"),
        ("Αθήνα", "αθηνα"),
        ("ＧＩＳ", "gis"),
        ("15-minute city", "15 minute city"),
        ("zero\u200bwidth\u202e", "zerowidth"),
        ("tab\tand\nline", "tab and line"),
        ("🚲 bike!", "bike"),
        ("<@123> `x`", "123 x"),
        ("Я\u0374є", "яє"),
        ("", ""),
    ],
)
def test_what_people_type_becomes_comparable(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize("word", ["गाँधी", "மியூனிக்", "มิวนิก", "القاهرة"])
def test_vowel_signs_of_other_scripts_stay(word: str) -> None:
    assert len(normalise(word)) >= len(word) - 1
    assert normalise(word) != normalise(word[0])


def test_only_the_first_thousand_characters_are_read() -> None:
    assert len(normalise("ab " * 2000)) <= 1000
    assert len(normalise("ab " * 2000, limit=None)) == 5999


@given(st.text(max_size=60))
@example("\u00f8\u05b9\u0308")
@example("\u01fd")
@example("a\u0007\u0312")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=60))
def test_nothing_but_letters_digits_marks_and_single_spaces_is_left(text: str) -> None:
    once = normalise(text)
    assert once == " ".join(once.split())
    assert all(character == " " or character.isalnum() or not character.isascii() for character in once)
