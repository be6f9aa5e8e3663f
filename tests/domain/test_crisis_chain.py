"""What may follow an alert: who writes it, who must look at it, whom it reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.access import Actor
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience, AlertDeed, AlertState, AlertTarget, AlertText
from bot.domain.crisis_chain import (
    OPEN,
    RANK,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    after,
    check_set,
    present,
    raised,
    raises,
    shown,
)
from bot.domain.crisis_chain_reach import reach_of, widened
from bot.domain.crisis_consent import CityPlace, Consent, Reach, ServerPlace
from bot.domain.errors import Forbidden, Refusal

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
ANNA = Actor(1, "Anna", "en", server_id=10, server_joined=True, is_member=True, is_server_coordinator=True)
BORIS = replace(ANNA, user_id=2)
NETWORK = replace(ANNA, user_id=3, server_id=20, is_network_coordinator=True)
STRANGER = replace(ANNA, user_id=4, server_id=20)
SAID = {"en": AlertText("Flood", "Flood: Lyon", "Water.", "Go up.")}
ALERT = Alert(
    id=5,
    drill=False,
    state=AlertState.BROADCASTING,
    server_id=10,
    author_id=1,
    hazard="flood",
    event=None,
    place="Lyon",
    severity=Severity.MODERATE,
    urgency=Urgency.IMMEDIATE,
    certainty=Certainty.OBSERVED,
    audience=AlertAudience.SERVER,
    audience_value=None,
    language="en",
    hours=6,
    created_at=NOW,
    frozen=SAID,
    published_at=NOW,
    expires_at=NOW + timedelta(hours=6),
)
UPDATE = FollowUp(
    id=7,
    alert_id=5,
    kind=FollowUpKind.UPDATE,
    state=FollowUpState.DRAFT,
    author_id=1,
    server_id=10,
    severity=Severity.MODERATE,
    urgency=Urgency.IMMEDIATE,
    certainty=Certainty.OBSERVED,
    audience=AlertAudience.SERVER,
    audience_value=None,
    language="en",
    hours=None,
    created_at=NOW,
    texts=SAID,
)
PENDING = replace(UPDATE, state=FollowUpState.PENDING, submitted_at=NOW, audience=AlertAudience.NETWORK)
WIDE = replace(ALERT, audience=AlertAudience.NETWORK)


def test_within_the_alerts_own_server_the_author_sends_it_herself() -> None:
    assert after(ALERT, UPDATE, AlertDeed.CONFIRM, ANNA, NOW) is FollowUpState.SENT


@pytest.mark.parametrize("follow_up", [replace(UPDATE, audience=AlertAudience.NETWORK), replace(UPDATE, server_id=20)])
def test_beyond_it_or_from_another_server_a_second_person_looks(follow_up: FollowUp) -> None:
    assert after(WIDE, follow_up, AlertDeed.CONFIRM, ANNA, NOW) is FollowUpState.PENDING


def test_only_the_author_writes_and_only_another_approves() -> None:
    for deed in (AlertDeed.EDIT, AlertDeed.CONFIRM):
        with pytest.raises(Forbidden, match=r"crisis\.author_only"):
            after(ALERT, UPDATE, deed, BORIS, NOW)
    with pytest.raises(Forbidden, match=r"crisis\.another_person"):
        after(WIDE, PENDING, AlertDeed.APPROVE, ANNA, NOW)
    assert after(WIDE, PENDING, AlertDeed.APPROVE, BORIS, NOW) is FollowUpState.SENT
    assert after(WIDE, PENDING, AlertDeed.RETURN, BORIS, NOW) is FollowUpState.RETURNED
    assert after(WIDE, PENDING, AlertDeed.REJECT, NETWORK, NOW) is FollowUpState.REJECTED


def test_what_somebody_left_lying_another_may_discard() -> None:
    for state in OPEN:
        found = after(ALERT, replace(UPDATE, state=state), AlertDeed.DISCARD, BORIS, NOW)
        assert found is FollowUpState.DISCARDED


def test_alone_a_network_coordinator_goes_on_after_two_minutes() -> None:
    with pytest.raises(Refusal, match=r"crisis\.override_later"):
        after(WIDE, PENDING, AlertDeed.OVERRIDE, NETWORK, NOW + timedelta(seconds=119))
    with pytest.raises(Forbidden):
        after(WIDE, PENDING, AlertDeed.OVERRIDE, BORIS, NOW + timedelta(minutes=3))
    assert after(WIDE, PENDING, AlertDeed.OVERRIDE, NETWORK, NOW + timedelta(minutes=2)) is FollowUpState.SENT


@pytest.mark.parametrize("state", [each for each in AlertState if each is not AlertState.BROADCASTING])
@pytest.mark.parametrize("deed", list(AlertDeed))
def test_nothing_follows_what_is_not_on(state: AlertState, deed: AlertDeed) -> None:
    with pytest.raises(Refusal, match=r"crisis\.not_now"):
        after(replace(WIDE, state=state), PENDING, deed, BORIS, NOW)


@pytest.mark.parametrize("deed", list(AlertDeed))
def test_other_servers_coordinators_have_no_say(deed: AlertDeed) -> None:
    with pytest.raises(Forbidden, match=r"crisis\.not_your_server"):
        after(WIDE, PENDING, deed, STRANGER, NOW)


@pytest.mark.parametrize("state", [FollowUpState.SENT, FollowUpState.REJECTED, FollowUpState.DISCARDED])
@pytest.mark.parametrize("deed", list(AlertDeed))
def test_what_was_sent_never_changes(state: FollowUpState, deed: AlertDeed) -> None:
    with pytest.raises(Refusal, match=r"crisis_chain\.not_now"):
        after(WIDE, replace(PENDING, state=state), deed, ANNA, NOW)


def test_an_escalation_raises_something_and_lowers_nothing() -> None:
    begun = replace(UPDATE, kind=FollowUpKind.ESCALATE)
    with pytest.raises(Refusal, match=r"crisis_chain\.not_raised"):
        after(ALERT, begun, AlertDeed.CONFIRM, ANNA, NOW)
    severer = replace(begun, severity=Severity.SEVERE)
    assert after(ALERT, severer, AlertDeed.CONFIRM, ANNA, NOW) is FollowUpState.SENT
    wider = replace(begun, audience=AlertAudience.COUNTRY)
    assert after(ALERT, wider, AlertDeed.CONFIRM, ANNA, NOW) is FollowUpState.PENDING
    assert not raises(ALERT, replace(wider, severity=Severity.MINOR))
    assert not raises(replace(ALERT, audience=AlertAudience.REGION), replace(severer, audience=AlertAudience.CITY))


def test_an_update_never_raises_the_severity_and_an_escalation_never_lowers_it() -> None:
    check_set(ALERT, UPDATE, Severity.MINOR)
    check_set(ALERT, replace(UPDATE, kind=FollowUpKind.ESCALATE), Severity.EXTREME)
    with pytest.raises(Refusal, match=r"crisis_chain\.escalate_instead"):
        check_set(ALERT, UPDATE, Severity.SEVERE)
    with pytest.raises(Refusal, match=r"crisis_chain\.not_lower"):
        check_set(ALERT, replace(UPDATE, kind=FollowUpKind.ESCALATE), Severity.MINOR)
    with pytest.raises(Refusal, match=r"crisis_chain\.escalate_instead"):
        check_set(ALERT, replace(UPDATE, kind=FollowUpKind.REPORT), Severity.MINOR)


def test_one_step_up_ends_at_extreme() -> None:
    assert [raised(each) for each in RANK] == [*RANK[1:], Severity.EXTREME]


def test_an_alert_stands_as_the_last_change_says() -> None:
    words = {"en": AlertText("Flood", "It falls", "Less water.", "Wait.")}
    first = replace(UPDATE, state=FollowUpState.SENT, frozen=words, severity=Severity.MINOR)
    report = replace(first, id=8, kind=FollowUpKind.REPORT, frozen=SAID, severity=Severity.MODERATE)
    waiting = replace(first, id=9, state=FollowUpState.PENDING, severity=Severity.UNKNOWN)
    found = present(ALERT, [first, report, waiting])
    assert (found.severity, found.frozen, found.expires_at) == (Severity.MINOR, words, ALERT.expires_at)


def test_an_update_moves_the_end_from_when_it_is_sent_and_a_report_never_does() -> None:
    longer = replace(UPDATE, hours=12)
    assert shown(ALERT, longer, NOW).expires_at == NOW + timedelta(hours=12)
    sent = replace(longer, sent_at=NOW + timedelta(hours=1))
    assert shown(ALERT, sent, NOW + timedelta(days=9)).expires_at == NOW + timedelta(hours=13)
    assert shown(ALERT, replace(longer, kind=FollowUpKind.REPORT), NOW).expires_at == ALERT.expires_at
    assert shown(ALERT, UPDATE, NOW).expires_at == ALERT.expires_at


LYON, OULLINS = CityPlace(1, "Lyon", "FR", "ARA", None), CityPlace(2, "Oullins", "FR", None, None)


def place(number: int, **consent: object) -> ServerPlace:
    return ServerPlace(number, f"S{number}", "en", number * 10, 3, (LYON,), replace(Consent(), **consent))  # type: ignore[arg-type]


def target(number: int) -> AlertTarget:
    return AlertTarget(number, f"S{number}", number * 10, "en")


def test_an_update_reaches_those_of_the_alert_that_still_take_part_and_nobody_new() -> None:
    places = [place(1), place(2, takes_part=False), place(3, severities=frozenset()), place(4)]
    wider = Reach((target(1), target(4)), (), 0)
    found = reach_of(UPDATE, [target(1), target(2), target(3)], wider, places, drill=False)
    assert (found.told, found.added) == ((target(1), target(3)), ())
    assert [each.name for each in found.left_out] == ["S2"]
    drills = reach_of(UPDATE, [target(1)], wider, [place(1, drills=False)], drill=True)
    assert (drills.told, drills.channels) == ((), 0)


def test_an_escalation_adds_until_it_is_confirmed_and_then_only_loses() -> None:
    begun = replace(UPDATE, kind=FollowUpKind.ESCALATE, severity=Severity.SEVERE)
    wider = Reach((target(1), target(2), target(3)), (), 0)
    found = reach_of(begun, [target(1)], wider, [place(1), place(2), place(3)], drill=False)
    assert (found.told, found.added, found.channels) == ((target(1),), (target(2), target(3)), 3)
    frozen = replace(begun, state=FollowUpState.PENDING, added=(target(2),))
    later = reach_of(frozen, [target(1)], wider, [place(1), place(2), place(3)], drill=False)
    assert later.added == (target(2),)
    lost = reach_of(frozen, [target(1)], wider, [place(1), place(2, severities=frozenset()), place(3)], drill=False)
    assert (lost.added, [each.name for each in lost.left_out]) == ((), ["S2"])
    left = reach_of(frozen, [target(1)], wider, [place(1)], drill=False)
    assert (left.added, [each.name for each in left.left_out]) == ((), ["S2"])


def test_a_wider_audience_is_seen_from_where_the_alert_is() -> None:
    own = replace(ALERT, audience=AlertAudience.CITY, audience_value="1")
    cities = [OULLINS, LYON]
    assert widened(own, AlertAudience.CITY, cities) == "1"
    assert widened(own, AlertAudience.SERVER, cities) is None
    assert widened(own, AlertAudience.REGION, cities) == "FR:ARA"
    assert widened(own, AlertAudience.COUNTRY, cities) == "FR"
    assert widened(own, AlertAudience.NETWORK, cities) is None
    region = replace(ALERT, audience=AlertAudience.REGION, audience_value="ES:CT")
    assert widened(region, AlertAudience.COUNTRY, cities) == "ES"
    with pytest.raises(Refusal, match=r"crisis\.no_city"):
        widened(replace(own, audience_value="2"), AlertAudience.REGION, cities[:1])
    with pytest.raises(Refusal, match=r"crisis\.no_city"):
        widened(ALERT, AlertAudience.COUNTRY, [])
