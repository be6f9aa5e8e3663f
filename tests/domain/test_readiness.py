"""What is to be mended before there is an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cap.values import Severity
from bot.domain.crisis_consent import ALL_SEVERITIES, Consent, PingPolicy
from bot.domain.oncall import Duty, OnCallReach
from bot.domain.readiness import (
    DRILL_AGE,
    Aspect,
    LastDrill,
    OnCallOf,
    Readiness,
    ReadinessGrade,
    Standing,
    judge,
    worst_first,
)
from bot.domain.servers import ChannelUse, RoleUse, SpokenCity
from bot.domain.setup import Permission, SeenChannel, SeenRole, SetupProblem
from tests.clock import BEGINNING
from tests.domain.test_setup import CHANNELS, EVERYTHING, SEEN, SERVER

CRISIS = CHANNELS[ChannelUse.CRISIS]
LYON = SpokenCity(1, 2996944, "Lyon", "FR", "ARA", 500_000, "Europe/Paris")
BRON = replace(LYON, id=2, geonames_id=2, name="Bron", crisis_channel_id=300)
NOW = BEGINNING + timedelta(days=400)
LIST = tuple(OnCallOf(city, duty, OnCallReach.DIRECT) for city in (1, 2) for duty in (Duty.ON_CALL, Duty.DEPUTY))
READY = Standing(
    server=replace(SERVER, cities=(LYON, BRON)),
    consent=Consent(role_id=201),
    seen=replace(
        SEEN,
        channels={**SEEN.channels, 300: SeenChannel("bron", ChannelUse.CRISIS.kind, EVERYTHING)},
        roles={**SEEN.roles, 201: SeenRole("Alumni", frozenset(), managed=False)},
    ),
    drill=LastDrill(NOW - timedelta(days=20), ("Lyon", "Bron"), frozenset({"Lyon", "Bron"})),
    on_call=LIST,
)


def found(standing: Standing) -> dict[str, dict[str, Any]]:
    """What is not fine, by sentence."""
    return {each.message_id: dict(each.parameters) for each in judge(standing, NOW).worst}


def lacking(channel_id: int, *permissions: Permission) -> Standing:
    """Ready, but for these permissions in a channel."""
    assert READY.seen is not None
    channel = READY.seen.channels[channel_id]
    less = replace(channel, granted=EVERYTHING - set(permissions))
    return replace(READY, seen=replace(READY.seen, channels={**READY.seen.channels, channel_id: less}))


def test_a_server_that_is_ready_has_a_word_for_each_aspect() -> None:
    ready = judge(READY, NOW)
    assert ready.worst == ()
    assert [each.aspect for each in ready.findings] == list(Aspect)
    assert {each.grade for each in ready.findings} == {ReadinessGrade.FINE}
    assert ready.of(Aspect.DRILL)[0].parameters == {"day": NOW - timedelta(days=20), "n": 2}


def test_a_server_that_discord_does_not_show_is_one_thing_to_mend() -> None:
    blind = judge(replace(READY, seen=None), NOW)
    assert [each.message_id for each in blind.worst] == ["readiness.unseen"]
    assert [each.aspect for each in blind.findings] == list(Aspect)


def without(use: ChannelUse | RoleUse) -> Standing:
    server = READY.server
    if isinstance(use, RoleUse):
        return replace(READY, server=replace(server, roles={k: v for k, v in server.roles.items() if k is not use}))
    return replace(READY, server=replace(server, channels={k: v for k, v in server.channels.items() if k is not use}))


def test_what_is_not_chosen() -> None:
    assert found(without(ChannelUse.CRISIS)) == {"readiness.cities_without_channel": {"cities": ("Lyon",)}}
    assert set(found(without(ChannelUse.COORDINATORS))) == {"readiness.no_coordinators_channel"}
    assert set(found(without(RoleUse.COORDINATOR))) == {"readiness.no_coordinator_role"}
    nowhere = without(ChannelUse.CRISIS)
    nowhere = replace(nowhere, server=replace(nowhere.server, cities=()))
    assert set(found(nowhere)) == {"readiness.no_cities", "readiness.no_crisis_channel"}


def test_what_is_gone_or_wrong_on_discord() -> None:
    assert READY.seen is not None
    gone = replace(READY, seen=replace(READY.seen, channels={300: READY.seen.channels[300]}))
    assert found(gone)["readiness.problem"]["problem"] is SetupProblem.GONE
    everybody = replace(READY.seen.channels[CHANNELS[ChannelUse.COORDINATORS]], readers=frozenset({1, 200}))
    opened = {**READY.seen.channels, CHANNELS[ChannelUse.COORDINATORS]: everybody}
    (only,) = judge(replace(READY, seen=replace(READY.seen, channels=opened)), NOW).worst
    assert (only.parameters["problem"], only.grade) == (SetupProblem.OPEN, ReadinessGrade.ADVICE)
    closed = {each: channel for each, channel in READY.seen.channels.items() if each != 300}
    city = found(replace(READY, seen=replace(READY.seen, channels=closed)))
    assert city == {"readiness.city_problem": {"city": "Bron", "problem": SetupProblem.GONE}}


@pytest.mark.parametrize("channel_id", [CRISIS, 300, CHANNELS[ChannelUse.COORDINATORS]])
def test_permissions_that_lack_are_named_with_their_channel(channel_id: int) -> None:
    assert found(lacking(channel_id, Permission.SEND_MESSAGES)) == {
        "readiness.missing": {"channel": f"<#{channel_id}>", "permissions": (Permission.SEND_MESSAGES,)}
    }


def test_channels_that_no_alert_uses_are_nobodys_business_here() -> None:
    assert found(lacking(CHANNELS[ChannelUse.CASES], *Permission)) == {}


@pytest.mark.parametrize(
    ("consent", "sentence", "grade"),
    [
        (Consent(ping=PingPolicy.NONE), "readiness.ping_nobody", ReadinessGrade.ADVICE),
        (Consent(role_id=None), "readiness.ping_no_role", ReadinessGrade.MEND),
        (Consent(role_id=999), "readiness.ping_role_gone", ReadinessGrade.MEND),
        (Consent(takes_part=False), "readiness.consent_left", ReadinessGrade.MEND),
        (Consent(role_id=201, drills=False), "readiness.consent_drills", ReadinessGrade.ADVICE),
    ],
)
def test_what_a_server_said(consent: Consent, sentence: str, grade: ReadinessGrade) -> None:
    (only,) = judge(replace(READY, consent=consent), NOW).worst
    assert (only.message_id, only.grade) == (sentence, grade)


def test_severities_that_are_not_accepted() -> None:
    consent = Consent(role_id=201, severities=ALL_SEVERITIES - {Severity.MINOR})
    assert found(replace(READY, consent=consent)) == {"readiness.consent_severities": {"severities": (Severity.MINOR,)}}


def test_a_role_that_nobody_may_mention_takes_a_permission_in_each_channel() -> None:
    silent = lacking(300, Permission.MENTION_EVERYONE)
    assert found(silent)["readiness.ping_role_silent"]["channels"] == ("<#300>",)
    assert silent.seen is not None
    free = replace(silent.seen.roles[201], mentionable=True)
    assert found(replace(silent, seen=replace(silent.seen, roles={**silent.seen.roles, 201: free}))) == {}
    everyone = replace(silent, consent=Consent(ping=PingPolicy.EVERYONE))
    assert set(found(everyone)) == {"readiness.ping_everyone_silent"}


ON, DEPUTY = Duty.ON_CALL, Duty.DEPUTY
DIRECT, CHANNEL, CLOSED, LEFT = OnCallReach


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([], "readiness.on_call_nobody"),
        ([(DEPUTY, DIRECT)], "readiness.on_call_nobody"),
        ([(ON, CLOSED), (ON, LEFT), (DEPUTY, DIRECT)], "readiness.on_call_unreached"),
        ([(ON, DIRECT)], "readiness.on_call_alone"),
        ([(ON, DIRECT), (DEPUTY, LEFT)], "readiness.on_call_alone"),
        ([(ON, CHANNEL), (DEPUTY, CHANNEL)], "readiness.on_call_channel"),
    ],
)
def test_who_answers_for_a_city(people: list[tuple[Duty, OnCallReach]], sentence: str) -> None:
    lyon = [OnCallOf(1, duty, reach) for duty, reach in people]
    bron = [each for each in LIST if each.city_id == 2]
    assert found(replace(READY, on_call=(*lyon, *bron))) == {sentence: {"cities": ("Lyon",)}}


def test_drills() -> None:
    assert set(found(replace(READY, drill=None))) == {"readiness.drill_never"}
    old = LastDrill(NOW - DRILL_AGE - timedelta(days=1), ("Lyon",), frozenset())
    assert set(found(replace(READY, drill=old))) == {"readiness.drill_old", "readiness.drill_silent"}
    half = LastDrill(NOW, ("Lyon", "Bron"), frozenset({"Lyon", "Porto"}))
    said = found(replace(READY, drill=half))["readiness.drill_silent"]
    assert (said["heard"], said["all"], said["cities"]) == (1, 2, ("Bron",))


def test_the_worst_comes_first() -> None:
    left = judge(replace(READY, consent=Consent(takes_part=False)), NOW)
    never = judge(replace(READY, drill=None), NOW)
    fine = judge(READY, NOW)
    other = Readiness(5, "Alma", fine.findings)
    assert worst_first([fine, never, other, left]) == [left, never, other, fine]
