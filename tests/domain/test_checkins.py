"""What a member may do in a period, and until when; what her form says; who has gone quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.campaigns import CampaignQuestion, Period, PeriodState, PromptState, Purpose, QuestionType
from bot.domain.checkins import (
    ANSWER_LIMIT,
    Given,
    Move,
    Reading,
    Stand,
    Typed,
    asked,
    check,
    final,
    numbers,
    read,
    silent,
    snoozed_until,
    snoozes,
)
from bot.domain.errors import Refusal

OPENS = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
PERIOD = Period(
    id=1,
    campaign_id=1,
    day=date(2026, 3, 3),
    number=0,
    minute=9 * 60 + 30,
    anonymous=False,
    state=PeriodState.OPEN,
    opened_at=OPENS,
    next_day=None,
    closes_at=OPENS + timedelta(days=28),
    late_until=OPENS + timedelta(days=31),
)
BEFORE = OPENS - timedelta(seconds=1)
DURING = OPENS + timedelta(days=2)
LATE = PERIOD.closes_at
OVER = PERIOD.late_until
TEXT = CampaignQuestion(QuestionType.TEXT, "How?", id=1)
CHOICE = CampaignQuestion(QuestionType.CHOICE, "Which?", options=("One", "Two"), id=2)
SCALE = CampaignQuestion(QuestionType.SCALE, "How much?", id=3)
YES_NO = CampaignQuestion(QuestionType.YES_NO, "Still?", id=4)
EXPERT = CampaignQuestion(QuestionType.CHOICE, None, purpose=Purpose.EXPERT, id=5)
ALL = (TEXT, CHOICE, SCALE, YES_NO, EXPERT)


def refused(
    move: Move,
    now: datetime,
    *,
    answered: bool = False,
    anonymous: bool = False,
    state: PeriodState = PeriodState.OPEN,
) -> str | None:
    try:
        check(move, replace(PERIOD, anonymous=anonymous, state=state), now, answered=answered)
    except Refusal as refusal:
        return refusal.message_id
    return None


@pytest.mark.parametrize("anonymous", [False, True])
def test_whoever_has_not_answered_may_until_the_late_end(anonymous: bool) -> None:
    for now in (OPENS, DURING, LATE, OVER - timedelta(seconds=1)):
        assert refused(Move.ANSWER, now, anonymous=anonymous) is None
    assert refused(Move.ANSWER, LATE, anonymous=anonymous, state=PeriodState.CLOSED) is None
    assert refused(Move.ANSWER, BEFORE, anonymous=anonymous) == "checkins.not_yet"
    assert refused(Move.ANSWER, OVER, anonymous=anonymous) == "checkins.over"
    assert refused(Move.ANSWER, DURING, state=PeriodState.MISSED) == "checkins.over"


@pytest.mark.parametrize("move", [Move.SKIP, Move.SNOOZE])
def test_skipping_and_putting_off_end_with_the_period(move: Move) -> None:
    assert refused(move, DURING) is None
    assert refused(move, LATE) == "checkins.over"
    assert refused(move, DURING, state=PeriodState.CLOSED) == "checkins.over"
    assert refused(move, DURING, answered=True) == "checkins.answered_already"


def test_named_answers_change_until_the_close_and_not_later() -> None:
    assert refused(Move.ANSWER, DURING, answered=True) is None
    assert refused(Move.ANSWER, LATE, answered=True) == "checkins.no_more_changes"


@pytest.mark.parametrize("move", list(Move))
def test_anonymous_answers_are_final(move: Move) -> None:
    assert refused(move, DURING, answered=True, anonymous=True) == "checkins.anonymous_is_final"


def test_final_is_when_nothing_more_can_come() -> None:
    assert not final(PERIOD, LATE)
    assert final(PERIOD, OVER)


def test_a_form_is_read_question_by_question() -> None:
    typed = {
        1: Typed("  Two\u202e pilots \r\n\r\n\r\n\r\n done "),
        2: Typed(chosen=("1",)),
        3: Typed(chosen=("5",)),
        4: Typed(chosen=("0",)),
        5: Typed(chosen=("housing",)),
    }
    assert read(ALL, typed) == Reading(
        (
            Given(1, text="Two pilots\n\ndone"),
            Given(2, number=1),
            Given(3, number=5),
            Given(4, number=0),
        ),
        ("housing",),
    )
    assert read(ALL, {1: Typed("Well")}) == Reading((Given(1, text="Well"),))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "checkins.nothing_said"),
        ({1: Typed(" \n\u200b ")}, "checkins.nothing_said"),
        ({5: Typed(chosen=())}, "checkins.nothing_said"),
        ({1: Typed("x" * (ANSWER_LIMIT + 1))}, "text.too_long"),
        ({2: Typed(chosen=("2",))}, "checkins.not_offered"),
        ({2: Typed(chosen=("-1",))}, "checkins.not_offered"),
        ({2: Typed(chosen=("\u0661",))}, "checkins.not_offered"),
        ({3: Typed(chosen=("0",))}, "checkins.not_offered"),
        ({4: Typed(chosen=("yes",))}, "checkins.not_offered"),
        ({99: Typed("To a question that was taken away")}, "checkins.nothing_said"),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(typed: dict[int, Typed], sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(ALL, typed)
    assert refusal.value.message_id == sentence


def test_what_must_be_answered_must() -> None:
    with pytest.raises(Refusal, match=r"checkins\.question_required"):
        read((TEXT, replace(SCALE, required=True)), {1: Typed("Well")})


def test_a_text_has_no_numbers() -> None:
    assert [list(numbers(each)) for each in (TEXT, CHOICE, SCALE, YES_NO)] == [[], [0, 1], [1, 2, 3, 4, 5], [0, 1]]


def test_a_prompt_comes_again_at_the_same_time_of_day_where_she_is() -> None:
    found = snoozes(PERIOD, "Europe/Kyiv", datetime(2026, 3, 27, 12, 0, tzinfo=UTC))
    # The clocks go forward on the 29th; the period closes on the 31st at 08:30 UTC.
    assert found == {
        1: datetime(2026, 3, 28, 7, 30, tzinfo=UTC),
        2: datetime(2026, 3, 29, 6, 30, tzinfo=UTC),
        3: datetime(2026, 3, 30, 6, 30, tzinfo=UTC),
    }
    with pytest.raises(Refusal, match=r"checkins\.snooze_too_long"):
        snoozed_until(PERIOD, "Europe/Kyiv", datetime(2026, 3, 27, 12, 0, tzinfo=UTC), 7)


def test_a_time_that_does_not_exist_moves_forward() -> None:
    now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    moment = snoozed_until(replace(PERIOD, minute=150), "Europe/Paris", now, 1)
    assert moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") == "03:30"


@pytest.mark.parametrize("days", [0, -1, 4, 10_000])
def test_only_what_was_offered_can_be_chosen(days: int) -> None:
    with pytest.raises(Refusal, match=r"checkins\.snooze_too_long"):
        snoozed_until(PERIOD, "UTC", DURING, days)


def test_three_quiet_periods_are_silence() -> None:
    quiet = Stand(PromptState.PLANNED, answered=False)
    missed = Stand(PromptState.MISSED, answered=False)
    unreachable = Stand(PromptState.UNREACHABLE, answered=False)
    skipped = Stand(PromptState.SKIPPED, answered=False)
    answered = Stand(PromptState.PLANNED, answered=True)
    assert silent([quiet] * 3)
    assert silent([quiet, missed, quiet, unreachable, quiet, answered])
    assert not silent([quiet] * 2)
    assert not silent([quiet, answered, quiet, quiet])
    assert not silent([quiet, skipped, quiet, quiet])
    assert not silent([missed] * 5)


def test_whom_no_prompt_reached_was_not_asked_unless_she_answered() -> None:
    assert [asked(state, answered=False) for state in PromptState] == [True, False, False, True]
    assert all(asked(state, answered=True) for state in PromptState)
