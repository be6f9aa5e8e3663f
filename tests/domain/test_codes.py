"""One-time codes: readable, strong, forgiving of what people do to them."""

from __future__ import annotations

import math
import secrets
from datetime import timedelta
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.codes import ALPHABET, LENGTH, LIFETIME, Guesses, digest, new_code, normal
from bot.domain.errors import Refusal
from tests.clock import BEGINNING


def test_a_code_holds_eighty_bits_in_four_groups_of_four() -> None:
    letters = cycle(ALPHABET)
    code = new_code(lambda alphabet: next(letters), BEGINNING)
    assert code.text == "0123-4567-89AB-CDEF"
    assert LENGTH * math.log2(len(ALPHABET)) >= 80
    assert code.expires_at == BEGINNING + timedelta(days=7)


def test_the_alphabet_has_no_letters_that_look_alike() -> None:
    assert not set("ILOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32


@given(st.data())
def test_what_people_do_to_a_code_does_not_spoil_it(data: st.DataObject) -> None:
    code = new_code(lambda alphabet: data.draw(st.sampled_from(alphabet)), BEGINNING).text
    careless = code.replace("-", data.draw(st.sampled_from(["", " ", "–", " — ", "_", "\n"])))
    careless = careless.replace("0", data.draw(st.sampled_from("0oO"))).replace("1", data.draw(st.sampled_from("1lIi")))
    assert digest(f" {careless.lower()}\t") == digest(code)


@pytest.mark.parametrize("typed", ["", "ABCD", "0" * 15, "0" * 17, "ÄÖÜ" * 5 + "A", "UUUU-UUUU-UUUU-UUUU", "💧" * 16])
def test_what_cannot_be_a_code(typed: str) -> None:
    with pytest.raises(Refusal, match=r"codes\.malformed"):
        normal(typed)


def test_two_codes_differ_and_their_digests_do_not_show_them() -> None:
    one, two = (new_code(secrets.choice, BEGINNING) for _ in range(2))
    assert one.text != two.text
    assert digest(one.text) != digest(two.text)
    assert len(digest(one.text)) == 64
    assert one.expires_at - BEGINNING == LIFETIME


def test_five_wrong_codes_are_enough_for_a_quarter_of_an_hour() -> None:
    guesses = Guesses()
    for minute in range(5):
        guesses.refuse_too_many(BEGINNING, 1, 2)
        guesses.remember(BEGINNING + timedelta(minutes=minute), 1, 2)
    now = BEGINNING + timedelta(minutes=5)
    with pytest.raises(Refusal) as refused:
        guesses.refuse_too_many(now, 7, 2)
    assert refused.value.parameters == {"n": 10}
    guesses.refuse_too_many(now, 7, 8)
    guesses.refuse_too_many(BEGINNING + timedelta(minutes=15), 1, 2)


def test_the_memory_of_guesses_is_bounded() -> None:
    guesses = Guesses(room=10)
    for who in range(100):
        guesses.remember(BEGINNING, who)
    assert list(guesses.wrong) == list(range(90, 100))
