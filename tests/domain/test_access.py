"""Who may do what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden

STRANGER = Actor(user_id=1, name="Ana", language="en", server_id=10, server_joined=True)
PERSONS = {
    "stranger": STRANGER,
    "member": replace(STRANGER, is_member=True),
    "coordinator": replace(STRANGER, is_member=True, is_server_coordinator=True),
    "network_coordinator": replace(STRANGER, is_network_coordinator=True),
    "administrator": replace(STRANGER, is_administrator=True),
}
MATRIX = {
    Right.ANYONE: set(PERSONS),
    Right.MEMBER: {"member", "coordinator", "network_coordinator"},
    Right.SERVER_COORDINATOR: {"coordinator", "network_coordinator"},
    Right.COORDINATOR_OR_ADMINISTRATOR: {"coordinator", "network_coordinator", "administrator"},
    Right.NETWORK_COORDINATOR: {"network_coordinator"},
    Right.ADMINISTRATOR: {"administrator"},
}


@pytest.mark.parametrize("right", Right)
def test_in_a_server_of_the_network(right: Right) -> None:
    assert {name for name, person in PERSONS.items() if person.may(right)} == MATRIX[right]


@pytest.mark.parametrize("right", [each for each in Right if each is not Right.ANYONE])
def test_whoever_may_not_reads_who_may(right: Right) -> None:
    with pytest.raises(Forbidden) as refused:
        STRANGER.require(right)
    assert refused.value.message_id in {f"access.{right}_only", "access.member_only"}
    with pytest.raises(Forbidden, match=r"access\.server_not_joined"):
        replace(STRANGER, server_joined=False).require(right)


def test_in_a_strangers_server_only_its_administrator_may_do_anything() -> None:
    manager = replace(PERSONS["administrator"], server_joined=False)
    coordinator = replace(PERSONS["coordinator"], server_joined=False, is_member=False)
    assert {right for right in Right if manager.may(right)} == {Right.ANYONE, Right.ADMINISTRATOR}
    assert {right for right in Right if coordinator.may(right)} == {Right.ANYONE}
