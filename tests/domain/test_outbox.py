"""What becomes of a delivery: when it is sent again, looked for or let go; how long to wait; what is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outbox import (
    FINGERPRINTS,
    FIRST_BACKOFF,
    LEASE,
    LONGEST_BACKOFF,
    NONCE_MARGIN,
    SEND_LIMIT,
    UNSETTLED,
    Again,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Dropped,
    InDoubt,
    Late,
    NewDelivery,
    Outcome,
    Priority,
    RefusalReason,
    Refused,
    Sent,
    Step,
    Target,
    backoff,
    in_time,
    mark,
    marked,
    next_step,
    reason_of,
    state_after,
    wait_after,
    with_fingerprint,
)

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def delivery(**fields: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": 7,
        "kind": DeliveryKind.UNDELIVERED,
        "subject": 1,
        "target": Target.channel(5, 6),
        "dedupe_key": "a",
        "language": None,
        "priority": Priority.ORDINARY,
        "not_after": None,
        "payload": {},
        "fallback": False,
        "instead_of": None,
        "attempts": 1,
        "owner": "me",
        "taken_at": NOW,
    }
    return Delivery(**(values | fields))


def test_a_lease_lasts_longer_than_three_sends_and_ends_before_the_nonce_is_forgotten() -> None:
    assert 3 * SEND_LIMIT < LEASE < NONCE_MARGIN


@pytest.mark.parametrize(
    ("doubt", "late", "step"),
    [
        (None, False, Step.SEND),
        (None, True, Step.LET_GO),
        (timedelta(0), False, Step.SEND),
        (NONCE_MARGIN - SEND_LIMIT - SECOND, False, Step.SEND),
        (NONCE_MARGIN - SEND_LIMIT, False, Step.LOOK),
        (timedelta(days=9), False, Step.LOOK),
        (timedelta(0), True, Step.LOOK),
        (timedelta(days=9), True, Step.LOOK),
    ],
)
def test_the_next_step(doubt: timedelta | None, late: bool, step: Step) -> None:
    until = NOW - SECOND if late else NOW
    since = None if doubt is None else NOW - doubt
    assert next_step(delivery(not_after=until, in_doubt_since=since), NOW) is step


def test_a_send_ends_before_its_lease() -> None:
    assert in_time(delivery(), NOW)
    assert not in_time(delivery(), NOW + LEASE - SEND_LIMIT)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waiting_grows_and_never_ends_all_at_once(attempts: int, chance: float) -> None:
    wait = backoff(attempts, chance)
    assert SECOND <= wait <= LONGEST_BACKOFF
    assert backoff(attempts + 1, chance) >= wait
    assert backoff(attempts, 1) * 2 == backoff(attempts, 0)


@pytest.mark.parametrize(
    ("priority", "error", "most"),
    [
        (Priority.CANCEL, "500", 10 * SECOND),
        (Priority.ALERT, "TimeoutError", 30 * SECOND),
        (Priority.DRILL, "500", LONGEST_BACKOFF),
        (Priority.ORDINARY, "500", LONGEST_BACKOFF),
        (Priority.CANCEL, "429", LONGEST_BACKOFF),
        (Priority.ALERT, "401", LONGEST_BACKOFF),
    ],
)
def test_an_alert_is_tried_again_within_seconds(priority: Priority, error: str, most: timedelta) -> None:
    waits = [wait_after(delivery(priority=priority, attempts=tries), error, 0) for tries in (1, 50)]
    assert waits == [FIRST_BACKOFF, most]


@given(st.integers(1, 2**63 - 1))
def test_a_mark_is_found_in_a_custom_id(number: int) -> None:
    assert marked(f"checkin:answer:12:{mark(number)}") == {number}
    assert marked(f"checkin:{mark(number)}x:12") == frozenset()


def test_what_ends_a_try() -> None:
    outcomes: dict[Outcome, DeliveryState] = {
        Sent(1, 2): DeliveryState.SENT,
        Refused(50001): DeliveryState.REFUSED,
        Again(NOW, None, "503"): DeliveryState.PENDING,
        Dropped("x"): DeliveryState.CANCELLED,
        Late(): DeliveryState.EXPIRED,
        InDoubt("x"): DeliveryState.UNKNOWN,
    }
    assert {outcome: state_after(outcome) for outcome in outcomes} == outcomes
    assert {*outcomes.values(), DeliveryState.SENDING} == set(DeliveryState)
    assert {DeliveryState.PENDING, DeliveryState.SENDING} == UNSETTLED


@pytest.mark.parametrize(
    ("code", "reason", "remembered"),
    [
        (0, RefusalReason.CLOSED, False),
        (50007, RefusalReason.CLOSED, True),
        (50278, RefusalReason.LEFT, True),
        (50001, RefusalReason.FORBIDDEN, True),
        (50013, RefusalReason.FORBIDDEN, True),
        (10003, RefusalReason.GONE, True),
        (50035, RefusalReason.UNFIT, False),
        (400, RefusalReason.UNFIT, False),
    ],
)
def test_what_a_refusal_means(code: int, reason: RefusalReason, remembered: bool) -> None:
    assert reason_of(code) is reason
    assert Refused(code).to_remember is remembered
    assert not Refused(code, remembered=True).to_remember


def test_texts_in_doubt_stay_findable() -> None:
    fresh = delivery(fingerprints=("old",))
    assert with_fingerprint(fresh, "new") == ("new",)
    doubtful = delivery(fingerprints=("a", "b"), in_doubt_since=NOW)
    assert with_fingerprint(doubtful, "b") == ("b", "a")
    many = delivery(fingerprints=tuple("abcd"), in_doubt_since=NOW)
    assert with_fingerprint(many, "e") == ("e", "a", "b", "c")
    assert len(with_fingerprint(many, "e")) == FINGERPRINTS


def test_a_sequence_is_one_for_each_target() -> None:
    one, two = (
        NewDelivery(DeliveryKind.UNDELIVERED, 1, target, "a", sequence="alert:7")
        for target in (Target.channel(5, 6), Target.member(5))
    )
    assert one.order_key != two.order_key
    assert NewDelivery(DeliveryKind.UNDELIVERED, 1, Target.direct(5), "a").order_key is None
    assert [Target.member(5).channel_id, Target.direct(5).channel_id] == [None, 5]
    assert [Target.member(5).is_direct, Target.direct(5).is_direct, one.target.is_direct] == [True, True, False]
