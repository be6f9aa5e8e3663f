"""Who is put on a list and taken off it, and who may be chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.oncall import MOST, Chosen, Duty, change, check_chosen

ROLE = 7
LISTS = st.dictionaries(st.integers(1, 9), st.sampled_from(Duty))


def chosen(user_id: int = 1, *, roles: tuple[int, ...] = (ROLE,), bot: bool = False) -> Chosen:
    return Chosen(user_id, "Ana", frozenset(roles), bot)


@given(LISTS, st.sampled_from(Duty), st.lists(st.integers(1, 9)))
def test_after_a_choice_just_these_people_have_the_duty(people: dict[int, Duty], duty: Duty, wanted: list[int]) -> None:
    changed = change(people.items(), duty, wanted)
    after = {user: each for user, each in people.items() if user not in changed.taken_off}
    after |= dict.fromkeys(changed.put_on, duty)
    assert {user for user, each in after.items() if each is duty} == set(wanted)
    others = {user: each for user, each in people.items() if each is not duty and user not in wanted}
    assert {user: each for user, each in after.items() if each is not duty} == others
    assert not {user for user in changed.put_on if people.get(user) is duty}, "nobody is told again"


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([chosen(bot=True)], "oncall.no_bots"),
        ([chosen(roles=())], "oncall.not_a_member"),
        ([chosen(each) for each in range(MOST + 1)], "oncall.too_many"),
    ],
)
def test_who_may_not_be_chosen(people: list[Chosen], why: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_chosen(people, ROLE)
    assert refused.value.message_id == why


def test_without_an_alumni_role_everybody_is_a_member() -> None:
    check_chosen([chosen(roles=())], None)
    check_chosen([chosen(each) for each in range(MOST)], ROLE)
