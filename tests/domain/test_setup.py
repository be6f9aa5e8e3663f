"""What is wrong with a server's set-up, and what may be chosen or made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import Refusal
from bot.domain.servers import PIECES, ChannelUse, Kind, Piece, RoleUse, Server, SpokenCity
from bot.domain.setup import (
    NEEDS,
    Permission,
    Reviewed,
    Seen,
    SeenChannel,
    SeenRole,
    SetupProblem,
    check_can_make,
    check_channel,
    check_role,
    needs_to_make,
    review,
    review_cities,
)
from tests.clock import BEGINNING

EVERYTHING = frozenset(Permission)
HERE = 1
CHANNELS = {use: 100 + place for place, use in enumerate(ChannelUse)}
ROLES = {RoleUse.COORDINATOR: 200, RoleUse.ALUMNI: 201}
SERVER = Server(HERE, "Lyon alumni", "fr", BEGINNING, channels=CHANNELS, roles=ROLES)
SEEN = Seen(
    server_id=HERE,
    granted=EVERYTHING,
    channels={
        channel: SeenChannel(
            use, use.kind, EVERYTHING, frozenset({200} if use is ChannelUse.COORDINATORS else {1, 200})
        )
        for use, channel in CHANNELS.items()
    },
    roles={
        HERE: SeenRole("@everyone", frozenset(), managed=False),
        200: SeenRole("Coordinators", frozenset({Permission.MANAGE_THREADS}), managed=False),
        201: SeenRole("Alumni", frozenset(), managed=False),
        202: SeenRole("Music", frozenset(), managed=True),
    },
)


def reviewed(server: Server, seen: Seen, piece: Piece) -> Reviewed:
    """One piece of the review."""
    return next(each for each in review(server, seen) if each.piece == piece)


def with_channel(use: ChannelUse, channel: SeenChannel) -> Seen:
    """What is seen where one channel is another."""
    return replace(SEEN, channels={**SEEN.channels, CHANNELS[use]: channel})


def test_all_is_well() -> None:
    assert [each.piece for each in review(SERVER, SEEN)] == list(PIECES)
    assert all(each.problem is None and not each.missing and each.chosen for each in review(SERVER, SEEN))


def test_nothing_is_chosen_yet() -> None:
    bare = Server(HERE, "Lyon alumni", "fr", BEGINNING)
    assert review(bare, SEEN) == tuple(Reviewed(piece, None) for piece in PIECES)


@pytest.mark.parametrize("piece", PIECES)
def test_what_was_deleted_is_gone(piece: Piece) -> None:
    nothing = replace(SEEN, channels={}, roles={})
    assert reviewed(SERVER, nothing, piece) == Reviewed(piece, SERVER.chosen(piece), SetupProblem.GONE)


@pytest.mark.parametrize("use", ChannelUse)
def test_each_missing_permission_is_named(use: ChannelUse) -> None:
    for lacking in NEEDS[use]:
        channel = replace(SEEN.channels[CHANNELS[use]], granted=EVERYTHING - {lacking})
        assert reviewed(SERVER, with_channel(use, channel), use).missing == (lacking,)
    only_those = replace(SEEN.channels[CHANNELS[use]], granted=frozenset(NEEDS[use]))
    assert reviewed(SERVER, with_channel(use, only_those), use) == Reviewed(use, CHANNELS[use])


def test_a_channel_of_another_kind() -> None:
    text = replace(SEEN.channels[CHANNELS[ChannelUse.CASES]], kind=Kind.TEXT)
    found = reviewed(SERVER, with_channel(ChannelUse.CASES, text), ChannelUse.CASES)
    assert found.problem is SetupProblem.WRONG_KIND


@pytest.mark.parametrize(
    ("readers", "problem"),
    [({HERE, 200}, SetupProblem.OPEN), (set(), SetupProblem.CLOSED), ({200}, None)],
)
def test_the_private_channel_is_for_the_coordinators_alone(readers: set[int], problem: SetupProblem | None) -> None:
    use = ChannelUse.COORDINATORS
    channel = replace(SEEN.channels[CHANNELS[use]], readers=frozenset(readers))
    assert reviewed(SERVER, with_channel(use, channel), use).problem is problem


def test_a_coordinator_role_that_does_not_show_the_commands() -> None:
    weak = replace(SEEN, roles={**SEEN.roles, 200: SeenRole("Coordinators", frozenset(), managed=False)})
    assert reviewed(SERVER, weak, RoleUse.COORDINATOR).problem is SetupProblem.COMMANDS_HIDDEN


def test_the_channels_that_a_city_has_for_itself_are_reviewed_too() -> None:
    lyon = SpokenCity(1, None, "Lyon", "FR", None, None, "Europe/Paris", CHANNELS[ChannelUse.CRISIS], 999)
    found = review_cities(replace(SERVER, cities=(lyon,)), SEEN)
    assert [(each.reviewed.piece, each.reviewed.problem) for each in found] == [
        (ChannelUse.CRISIS, None),
        (ChannelUse.CHECKIN, SetupProblem.GONE),
    ]


def test_choosing_a_channel() -> None:
    check_channel(ChannelUse.CASES, CHANNELS[ChannelUse.QUESTIONS], SEEN)
    for use, channel, sentence in (
        (ChannelUse.CASES, 999, "channel_gone"),
        (ChannelUse.CASES, CHANNELS[ChannelUse.CRISIS], "needs_forum"),
        (ChannelUse.CRISIS, CHANNELS[ChannelUse.CASES], "needs_text"),
    ):
        with pytest.raises(Refusal, match=sentence):
            check_channel(use, channel, SEEN)


def test_choosing_a_role() -> None:
    check_role(201, SEEN)
    for role, sentence in ((999, "gone"), (HERE, "everyone"), (202, "managed")):
        with pytest.raises(Refusal, match=rf"servers\.role_{sentence}"):
            check_role(role, SEEN)


@pytest.mark.parametrize("piece", PIECES)
def test_making_a_piece_takes_what_it_takes(piece: Piece) -> None:
    least = replace(SEEN, granted=frozenset(needs_to_make(piece)))
    check_can_make(SERVER, piece, least)
    for lacking in needs_to_make(piece):
        with pytest.raises(Refusal) as refused:
            check_can_make(SERVER, piece, replace(SEEN, granted=EVERYTHING - {lacking}))
        assert refused.value.parameters == {"what": piece, "permissions": (lacking,)}


@pytest.mark.parametrize("roles", [{}, {RoleUse.COORDINATOR: 999}])
def test_the_private_channel_comes_after_its_role(roles: dict[RoleUse, int]) -> None:
    with pytest.raises(Refusal, match=r"servers\.coordinator_role_first"):
        check_can_make(replace(SERVER, roles=roles), ChannelUse.COORDINATORS, SEEN)
