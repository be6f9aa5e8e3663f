"""The life of an alert: who may do what when, whatever order people act in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import OVERRIDE_AFTER, Alert, AlertAudience, AlertDeed, AlertState, after, check_count
from bot.domain.crisis_consent import (
    CityPlace,
    Consent,
    PingPolicy,
    ServerPlace,
    accepts,
    pings,
    quiet_of,
    quiet_text,
    reach,
)
from bot.domain.errors import Forbidden, Refusal

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HOME, OTHER = 1, 2


def person(user_id: int, server_id: int, *, coordinator: bool = True, network: bool = False) -> Actor:
    return Actor(
        user_id,
        "x",
        "en",
        server_id=server_id,
        server_joined=True,
        is_member=True,
        is_server_coordinator=coordinator,
        is_network_coordinator=network,
    )


AUTHOR = person(1, HOME)
COLLEAGUE = person(2, HOME)
NETWORK = person(3, OTHER, network=True)
ELSEWHERE = person(4, OTHER)
ALUMNA = person(5, HOME, coordinator=False)
NETWORK_AUTHOR = person(6, HOME, network=True)
PEOPLE = (AUTHOR, COLLEAGUE, NETWORK, ELSEWHERE, ALUMNA, NETWORK_AUTHOR)


def alert(**fields: object) -> Alert:
    plain = {
        "id": 1,
        "drill": False,
        "state": AlertState.DRAFT,
        "server_id": HOME,
        "author_id": AUTHOR.user_id,
        "hazard": "flood",
        "event": None,
        "place": "Lyon",
        "severity": Severity.SEVERE,
        "urgency": Urgency.IMMEDIATE,
        "certainty": Certainty.OBSERVED,
        "audience": AlertAudience.NETWORK,
        "audience_value": None,
        "language": "fr",
        "hours": 12,
        "created_at": NOW,
    }
    return Alert(**{**plain, **fields})  # type: ignore[arg-type]


class Life(RuleBasedStateMachine):
    """Anybody tries anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.alert = alert()
        self.said: list[tuple[AlertDeed, int]] = []

    @initialize(
        drill=st.booleans(), audience=st.sampled_from(AlertAudience), author=st.sampled_from([AUTHOR, NETWORK_AUTHOR])
    )
    def begin(self, drill: bool, audience: AlertAudience, author: Actor) -> None:
        self.alert = alert(drill=drill, audience=audience, author_id=author.user_id)
        self.drill = drill

    @rule(minutes=st.integers(0, 3))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(deed=st.sampled_from(AlertDeed), actor=st.sampled_from(PEOPLE))
    def act(self, deed: AlertDeed, actor: Actor) -> None:
        try:
            state = after(self.alert, deed, actor, self.now)
        except Refusal:
            return
        assert actor.user_id != ALUMNA.user_id
        assert actor.user_id != ELSEWHERE.user_id
        if deed is AlertDeed.CONFIRM:
            self.alert = replace(self.alert, submitted_at=self.now)
        self.said.append((deed, actor.user_id))
        self.alert = replace(self.alert, state=state)

    @invariant()
    def nothing_goes_out_without_the_approval_that_the_rule_asks_for(self) -> None:
        if self.alert.state not in {AlertState.BROADCASTING, AlertState.COMPLETED, AlertState.CANCELLED}:
            return
        last = [who for deed, who in self.said if deed is AlertDeed.CONFIRM]
        assert last[-1] == self.alert.author_id
        if self.alert.audience.beyond:
            through = [each for each in self.said if each[0] in {AlertDeed.APPROVE, AlertDeed.OVERRIDE}]
            assert len(through) == 1
            deed, who = through[0]
            assert who != self.alert.author_id or deed is AlertDeed.OVERRIDE
            if deed is AlertDeed.OVERRIDE:
                assert who in {NETWORK.user_id, NETWORK_AUTHOR.user_id}
                assert self.alert.submitted_at is not None
                assert self.now >= self.alert.submitted_at + OVERRIDE_AFTER

    @invariant()
    def a_drill_stays_one_and_is_never_called_a_false_alarm(self) -> None:
        if hasattr(self, "drill"):
            assert self.alert.drill is self.drill
        if self.alert.drill:
            assert self.alert.state is not AlertState.CANCELLED

    @invariant()
    def nothing_that_was_sent_is_edited_or_sent_again(self) -> None:
        deeds = [deed for deed, _ in self.said]
        ends = [number for number, deed in enumerate(deeds) if deed in {AlertDeed.END, AlertDeed.CANCEL}]
        if ends:
            assert set(deeds[ends[0] :]) <= {AlertDeed.END, AlertDeed.CANCEL}
        if AlertDeed.CANCEL in deeds:
            assert deeds[-1] is AlertDeed.CANCEL


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("deed", "actor", "expected"),
    [
        (AlertDeed.APPROVE, AUTHOR, "crisis.another_person"),
        (AlertDeed.APPROVE, ELSEWHERE, "crisis.not_your_server"),
        (AlertDeed.APPROVE, ALUMNA, "crisis.not_your_server"),
        (AlertDeed.OVERRIDE, COLLEAGUE, "access.network_coordinator_only"),
        (AlertDeed.OVERRIDE, NETWORK, "crisis.override_later"),
        (AlertDeed.DISCARD, COLLEAGUE, "crisis.author_only"),
        (AlertDeed.CONFIRM, AUTHOR, "crisis.not_now"),
    ],
)
def test_what_is_refused_while_an_alert_is_pending(deed: AlertDeed, actor: Actor, expected: str) -> None:
    pending = alert(state=AlertState.PENDING, submitted_at=NOW)
    with pytest.raises(Refusal) as refused:
        after(pending, deed, actor, NOW + timedelta(seconds=119))
    assert refused.value.message_id == expected


def test_a_coordinator_of_another_server_may_do_nothing() -> None:
    for state in AlertState:
        for deed in AlertDeed:
            with pytest.raises(Forbidden):
                after(alert(state=state), deed, ELSEWHERE, NOW)


def test_the_author_types_how_many_channels_are_told() -> None:
    check_count(" 12 ", 12)
    for typed, channels in (("11", 12), ("", 12), ("twelve", 12), ("0", 0)):
        with pytest.raises(Refusal):
            check_count(typed, channels)


CITIES = (CityPlace(10, "Lyon", "FR", "ARA", 101), CityPlace(11, "Bron", "FR", "ARA", None))
PLACES = (
    ServerPlace(HOME, "Home", "fr", 100, 7, CITIES, Consent(role_id=9)),
    ServerPlace(OTHER, "Other", "es", 200, 5, (CityPlace(20, "Nice", "FR", "PACA", None),), Consent()),
    ServerPlace(3, "No channel", "en", None, 1, (), Consent()),
    ServerPlace(4, "Left", "en", 400, 1, (), Consent(takes_part=False)),
)


@pytest.mark.parametrize(
    ("audience", "value", "channels"),
    [
        (AlertAudience.CITY, "10", [101]),
        (AlertAudience.SERVER, None, [101, 100]),
        (AlertAudience.REGION, "FR:ARA", [101, 100]),
        (AlertAudience.COUNTRY, "FR", [101, 100, 200]),
        (AlertAudience.NETWORK, None, [101, 100, 200]),
    ],
)
def test_whom_an_audience_reaches(audience: AlertAudience, value: str | None, channels: list[int]) -> None:
    found = reach(alert(audience=audience, audience_value=value), PLACES)
    assert [target.channel_id for target in found.targets] == channels
    assert {target.language for target in found.targets} <= {"fr", "es"}


def test_who_is_left_out_is_told_with_the_reason() -> None:
    found = reach(alert(), PLACES)
    assert {each.name: each.why for each in found.left_out} == {
        "No channel": "crisis.left_out_channel",
        "Left": "crisis.left_out_consent",
    }
    assert (found.people, found.cities) == (12, 3)


def test_consent_is_by_severity_and_drills_are_asked_for_apart() -> None:
    picky = Consent(severities=frozenset({Severity.EXTREME}), drills=False)
    assert accepts(picky, Severity.EXTREME, drill=False)
    assert not accepts(picky, Severity.SEVERE, drill=False)
    assert accepts(picky, Severity.UNKNOWN, drill=False)
    assert not accepts(picky, Severity.EXTREME, drill=True)
    assert not accepts(Consent(takes_part=False), Severity.EXTREME, drill=False)


@pytest.mark.parametrize(
    ("severity", "urgency", "hour", "drill", "expected"),
    [
        (Severity.MODERATE, Urgency.IMMEDIATE, 2, False, PingPolicy.NONE),
        (Severity.MODERATE, Urgency.IMMEDIATE, 12, False, PingPolicy.ROLE),
        (Severity.SEVERE, Urgency.IMMEDIATE, 2, False, PingPolicy.ROLE),
        (Severity.EXTREME, Urgency.EXPECTED, 2, False, PingPolicy.NONE),
        (Severity.EXTREME, Urgency.IMMEDIATE, 2, True, PingPolicy.NONE),
        (Severity.EXTREME, Urgency.IMMEDIATE, 12, True, PingPolicy.ROLE),
    ],
)
def test_quiet_hours_drop_a_ping_and_never_the_pressing_one(
    severity: Severity, urgency: Urgency, hour: int, drill: bool, expected: PingPolicy
) -> None:
    consent = Consent(role_id=9, quiet=(22 * 60, 7 * 60), zone="Europe/Paris")
    now = NOW.replace(hour=hour - 1)
    assert pings(consent, severity, urgency, now, drill=drill) is expected


def test_quiet_hours_are_read_as_people_write_them() -> None:
    assert quiet_of("22:00-07:00") == (1320, 420)
    assert quiet_of(" 22h00 à 7h30 ") == (1320, 450)
    assert quiet_text((1320, 420)) == "22:00-07:00"
    assert quiet_of(" ") is None
    for typed in ("22", "22:00", "25:00-07:00", "22:60-07:00", "07:00-07:00", "a-b"):
        with pytest.raises(Refusal):
            quiet_of(typed)
