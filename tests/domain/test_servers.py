"""A server's channels, roles and cities."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import Refusal
from bot.domain.servers import (
    ChannelUse,
    CityChannels,
    Kind,
    RoleUse,
    Server,
    SpokenCity,
    channels_for,
    check_roles,
    named,
    population_of,
)
from tests.clock import BEGINNING

LYON = SpokenCity(1, 2996944, "Lyon", "FR", "Auvergne-Rhône-Alpes", 522_250, "Europe/Paris")
BRON = SpokenCity(2, 3029931, "Bron", "FR", None, 41_543, "Europe/Paris", crisis_channel_id=77)
SERVER = Server(
    10,
    "Lyon alumni",
    "fr",
    BEGINNING,
    channels={ChannelUse.CRISIS: 50, ChannelUse.CHECKIN: 51},
    roles={RoleUse.ALUMNI: 60},
    cities=(LYON, BRON),
)


def test_a_city_has_its_own_channels_or_its_servers() -> None:
    assert channels_for(SERVER, LYON.id) == CityChannels(50, 51)
    assert channels_for(SERVER, BRON.id) == CityChannels(77, 51)


def test_a_city_that_the_server_does_not_speak_for_has_the_servers_channels() -> None:
    assert channels_for(SERVER, 99) == CityChannels(50, 51)
    assert channels_for(SERVER, None) == CityChannels(50, 51)
    assert channels_for(replace(SERVER, channels={}), LYON.id) == CityChannels(None, None)


def test_what_was_chosen() -> None:
    assert SERVER.chosen(ChannelUse.CRISIS) == 50
    assert SERVER.chosen(RoleUse.ALUMNI) == 60
    assert SERVER.chosen(RoleUse.COORDINATOR) is None
    assert SERVER.channel_ids == {50, 51, 77}


def test_forums_are_forums() -> None:
    assert {use for use in ChannelUse if use.kind is Kind.FORUM} == {ChannelUse.QUESTIONS, ChannelUse.CASES}


def test_one_role_does_not_make_everybody_a_coordinator() -> None:
    check_roles({})
    check_roles({RoleUse.ALUMNI: 1, RoleUse.COORDINATOR: 2})
    check_roles({RoleUse.ALUMNI: None, RoleUse.COORDINATOR: None})
    with pytest.raises(Refusal, match=r"servers\.same_role"):
        check_roles({RoleUse.ALUMNI: 1, RoleUse.COORDINATOR: 1})


@pytest.mark.parametrize("typed", ["2", "bron", " BRON "])
def test_a_city_by_its_name_or_id(typed: str) -> None:
    assert named(SERVER, typed) is BRON


def test_another_servers_city() -> None:
    with pytest.raises(Refusal, match=r"servers\.city_not_here"):
        named(SERVER, "Porto")


@pytest.mark.parametrize(
    ("typed", "people"),
    [("58000", 58_000), ("58 000", 58_000), ("58.000", 58_000), ("58,000", 58_000), ("58’000", 58_000), (" ", None)],
)
def test_a_number_of_people_as_people_write_it(typed: str, people: int | None) -> None:
    assert population_of(typed) == people


@pytest.mark.parametrize("typed", ["many", "0", "-5", "58k", "9" * 18, "½"])
def test_what_is_no_number_of_people(typed: str) -> None:
    with pytest.raises(Refusal, match=r"servers\.population"):
        population_of(typed)
