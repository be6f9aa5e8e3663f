"""Answering: kept, changed, put off, shared; and of anonymous answers nothing that says whose they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, inspect

from bot.domain.access import Actor
from bot.domain.checkins import LEAST_LEFT, Move, Typed
from bot.domain.errors import Forbidden, Refusal
from bot.domain.members import Level
from db.engine import Database
from db.tables import (
    CampaignOptOut,
    CampaignQuestion,
    CaseStart,
    Expertise,
    Member,
    Period,
    Prompt,
    Response,
    SharedQuote,
)
from tests.clock import SettableClock
from tests.services.checkins import Rounds, campaign
from tests.services.house import ANNA, MembersHouse, furnish, somebody

BOB = somebody(9, "Bob")


@pytest.fixture
async def house(database: Database, clock: SettableClock, tmp_path: Path) -> MembersHouse:
    return await furnish(database, clock, tmp_path)


@pytest.fixture
async def rounds(house: MembersHouse) -> Rounds:
    return await campaign(house)


async def alumna(house: MembersHouse, actor: Actor = ANNA) -> Actor:
    """A member with a profile, topics, and her place in the server."""
    await house.members.set_up(actor, "Lyon")
    await house.members.add_topic(actor, "housing", Level.EXPERT)
    known = await house.known(actor)
    await house.memberships.seen(known)
    return known


async def asked(rounds: Rounds, actor: Actor = ANNA, *, anonymous: bool = False) -> tuple[Actor, int]:
    """A member with a prompt in a new period."""
    anna = await alumna(rounds.house, actor)
    period = await rounds.open(anonymous=anonymous)
    assert anna.member_id is not None
    await rounds.ask(period, anna.member_id)
    return anna, period


def typed(rounds: Rounds, **texts: str) -> dict[int, Typed]:
    """Texts by purpose; a scale by its number."""
    return {
        rounds.questions[name]: Typed(chosen=(text,)) if name in {"scale", "expert"} else Typed(text)
        for name, text in texts.items()
    }


async def refusal(work: object) -> str:
    with pytest.raises(Refusal) as raised:
        await work  # type: ignore[misc]
    return raised.value.message_id


async def test_an_answer_is_kept_under_her_name(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward=" It  runs ", scale="4"))
    assert await rounds.said() == sorted(
        [(rounds.questions["forward"], "It runs", None), (rounds.questions["scale"], None, 4)], key=repr
    )
    response = await rounds.response()
    assert (response.member_id, response.country, response.late, response.prompted) == (
        anna.member_id,
        "FR",
        False,
        True,
    )
    assert response.given_at == rounds.house.clock()
    assert (await rounds.prompt()).answered
    assert [question.purpose for question in done.texts] == ["forward"]
    assert (await rounds.checkins.open(anna, period)).given == done.checkin.given


async def test_it_is_changed_until_the_period_closes_and_shared_answers_go_with_what_is_gone(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward="One", stuck="Two"))
    both = [rounds.questions["forward"], rounds.questions["stuck"]]
    await rounds.sharing.share(anna, done.response_id, both, named=True)
    assert await rounds.house.rows(SharedQuote.question_id, SharedQuote.name) == [(each, "Anna") for each in both]

    again = await rounds.checkins.answer(anna, period, typed(rounds, stuck="Three"))
    assert again.response_id == done.response_id
    assert await rounds.said() == [(rounds.questions["stuck"], "Three", None)]
    assert await rounds.house.rows(SharedQuote.question_id) == [(rounds.questions["stuck"],)]
    assert (await rounds.response()).edited_at == rounds.house.clock()

    rounds.house.clock.advance(timedelta(days=14))
    assert await refusal(rounds.checkins.answer(anna, period, typed(rounds, stuck="4"))) == "checkins.no_more_changes"


async def test_a_first_answer_after_the_close_is_late_and_later_refused(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    rounds.house.clock.advance(timedelta(days=15))
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward="Late"))
    assert done.late
    assert (await rounds.response()).late
    assert await refusal(rounds.sharing.shareable(anna, done.response_id)) == "checkins.digest_gone"
    bob, other = await asked(rounds, BOB)
    rounds.house.clock.advance(timedelta(days=17))
    assert await refusal(rounds.checkins.answer(bob, other, typed(rounds, forward="x"))) == "checkins.over"
    assert await refusal(rounds.checkins.open(bob, other)) == "checkins.over"


async def test_she_answers_of_her_own_accord_where_the_campaign_is_for_her(rounds: Rounds) -> None:
    anna = await alumna(rounds.house)
    period = await rounds.open(ago=3)
    assert [one.period.id for one in await rounds.checkins.waiting(anna)] == [period]
    assert await refusal(rounds.checkins.skip(anna, period)) == "checkins.not_asked"
    await rounds.checkins.answer(anna, period, typed(rounds, forward="Unasked"))
    assert not (await rounds.response()).prompted
    assert (await rounds.prompt()).answered
    assert [one.answered for one in await rounds.checkins.waiting(anna)] == [True]

    other = await campaign(rounds.house, audience="country", audience_value="PT")
    period = await other.open()
    assert await refusal(other.checkins.answer(anna, period, typed(other, forward="x"))) == "checkins.not_asked"


async def test_whoever_left_or_never_was_there_is_refused(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    said = typed(rounds, forward="x")
    gone = somebody(0, "Anna", is_member=False, server_id=None, server_joined=False)
    with pytest.raises(Forbidden, match=r"access\.member_only"):
        await rounds.checkins.answer(gone, period, said)
    assert await refusal(rounds.checkins.answer(BOB, period, said)) == "members.no_profile"
    async with rounds.house.database.begin() as session:
        await session.execute(delete(Member).where(Member.id == anna.member_id))
    assert await refusal(rounds.checkins.answer(anna, period, said)) == "members.no_profile"
    bob = await alumna(rounds.house, BOB)
    assert await refusal(rounds.checkins.answer(bob, period + 100, said)) == "checkins.gone"


async def test_an_anonymous_answer_says_nothing_of_her(rounds: Rounds) -> None:
    anna, period = await asked(rounds, anonymous=True)
    rounds.house.clock.advance(timedelta(hours=1))
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward="Secret", tried="This"))
    response = (await rounds.response())._asdict()
    tells_nothing = {"id", "campaign_id", "period_id", "late", "prompted"}
    assert {name for name, value in response.items() if value is not None} == tells_nothing
    assert (response["late"], response["prompted"]) == (False, True)
    assert not done.case_kept
    assert await rounds.house.rows(CaseStart.id) == []
    prompt = await rounds.prompt()
    times = [value for value in prompt._asdict().values() if isinstance(value, datetime)]
    assert times == [rounds.house.clock() - timedelta(hours=1)], "the mark must not say when"

    assert await refusal(rounds.checkins.answer(anna, period, typed(rounds, forward="x"))) == (
        "checkins.anonymous_is_final"
    )
    assert await refusal(rounds.checkins.open(anna, period)) == "checkins.anonymous_is_final"
    assert await rounds.checkins.history(anna, 0) is None
    assert await rounds.checkins.waiting(anna) == ()


async def test_a_late_or_unasked_anonymous_answer_looks_like_all_others(rounds: Rounds) -> None:
    anna = await alumna(rounds.house)
    period = await rounds.open(anonymous=True)
    rounds.house.clock.advance(timedelta(days=3))
    await rounds.checkins.answer(anna, period, typed(rounds, forward="Unasked"))
    assert (await rounds.prompt()).due_at == rounds.house.clock() - timedelta(days=3)
    bob = await alumna(rounds.house, BOB)
    assert bob.member_id is not None
    await rounds.ask(period, bob.member_id)
    rounds.house.clock.advance(timedelta(days=12))
    assert (await rounds.checkins.answer(bob, period, typed(rounds, forward="Late"))).late
    rows = await rounds.house.rows(Response.late, Response.prompted, Response.member_id, Response.given_at)
    assert rows == [(False, True, None, None)] * 2


async def test_numbers_of_responses_tell_no_order(rounds: Rounds) -> None:
    """The n-th to answer has not the n-th number: neither of two lists of ids says anything of the other."""
    ids = []
    for number in range(12):
        anna, period = await asked(rounds, somebody(number + 20, f"P{number}"), anonymous=True)
        ids.append((await rounds.checkins.answer(anna, period, typed(rounds, forward="x"))).response_id)
        rounds.house.clock.advance(timedelta(days=1))
    assert ids != sorted(ids)
    assert len(set(ids)) == 12


async def test_skipping_and_answering_after_all(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    await rounds.checkins.skip(anna, period)
    await rounds.checkins.skip(anna, period)
    assert (await rounds.prompt()).state == "skipped"
    await rounds.checkins.answer(anna, period, typed(rounds, forward="After all"))
    assert (await rounds.prompt()).answered
    assert await refusal(rounds.checkins.skip(anna, period)) == "checkins.answered_already"


async def test_putting_off(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    until = await rounds.checkins.snooze(anna, period, 3)
    assert until == datetime(2026, 3, 6, 8, 30, tzinfo=UTC), "at half past nine in Lyon"
    prompt = await rounds.prompt()
    assert (prompt.again_at, prompt.snoozed) == (until, True)
    assert await refusal(rounds.checkins.snooze(anna, period, 14)) == "checkins.snooze_too_long"
    rounds.house.clock.advance(timedelta(days=14) - LEAST_LEFT)
    assert await refusal(rounds.checkins.snooze(anna, period, 1)) == "checkins.snooze_too_long"
    await rounds.checkins.answer(anna, period, typed(rounds, forward="Now"))
    assert (await rounds.prompt()).again_at is None


async def test_whoever_was_asked_in_a_channel_cannot_be_come_back_to(rounds: Rounds) -> None:
    anna = await alumna(rounds.house)
    period = await rounds.open()
    assert anna.member_id is not None
    await rounds.ask(period, anna.member_id, channel_id=5)
    assert await refusal(rounds.checkins.snooze(anna, period, 3)) == "checkins.snooze_directly"


async def test_stopping_and_being_asked_again(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    await rounds.checkins.snooze(anna, period, 3)
    campaign_id, _ = await rounds.checkins.stop(anna, period)
    await rounds.checkins.stop(anna, period)
    assert await rounds.checkins.stopped(anna) == ((rounds.campaign_id, None),)
    assert (await rounds.prompt()).again_at is None
    await rounds.checkins.resume(anna, campaign_id)
    await rounds.checkins.resume(anna, campaign_id)
    assert await rounds.house.rows(CampaignOptOut.member_id) == []


async def test_what_she_tried_begins_a_case_study(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    assert (await rounds.checkins.answer(anna, period, typed(rounds, tried="A pilot"))).case_kept
    await rounds.checkins.answer(anna, period, typed(rounds, tried="Two pilots"))
    assert await rounds.house.rows(CaseStart.member_id, CaseStart.text) == [(anna.member_id, "Two pilots")]
    await rounds.checkins.answer(anna, period, typed(rounds, forward="Nothing tried"))
    assert await rounds.house.rows(CaseStart.text) == []


async def test_topics_that_she_ticks_are_confirmed_and_the_others_offered(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    await rounds.house.members.add_topic(ANNA, "stormwater-fees", Level.EXPERT)
    rounds.house.clock.advance(timedelta(days=2))
    done = await rounds.checkins.answer(anna, period, typed(rounds, expert="housing"))
    assert [topic.id for topic in done.unticked] == ["stormwater-fees"]
    confirmed = dict(await rounds.house.rows(Expertise.topic_id, Expertise.confirmed_at))
    assert confirmed["housing"] == rounds.house.clock()
    assert confirmed["stormwater-fees"] == rounds.house.clock() - timedelta(days=2)
    assert await rounds.said() == [], "which topics are hers stands in her profile"


async def test_nobody_shares_what_is_not_hers_or_not_said(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward="Mine", scale="3"))
    bob = await alumna(rounds.house, BOB)
    mine, number = rounds.questions["forward"], rounds.questions["scale"]
    assert await refusal(rounds.sharing.share(bob, done.response_id, [mine], named=True)) == "checkins.response_gone"
    for wrong in ([], [number], [mine, 9999]):
        assert await refusal(rounds.sharing.share(anna, done.response_id, wrong, named=True)) == "checkins.not_offered"
    await rounds.sharing.share(anna, done.response_id, [mine], named=False)
    assert await rounds.house.rows(SharedQuote.name, SharedQuote.member_id) == [(None, anna.member_id)]
    await rounds.sharing.unshare(anna, done.response_id)
    assert await rounds.house.rows(SharedQuote.name) == []
    rounds.house.clock.advance(timedelta(days=14))
    assert await refusal(rounds.sharing.share(anna, done.response_id, [mine], named=True)) == "checkins.digest_gone"


async def test_an_anonymous_answer_is_never_shared_with_a_name(rounds: Rounds) -> None:
    anna, period = await asked(rounds, anonymous=True)
    done = await rounds.checkins.answer(anna, period, typed(rounds, forward="Mine", stuck="Money"))
    await rounds.sharing.share(anna, done.response_id, [rounds.questions["forward"]], named=True)
    assert await rounds.house.rows(SharedQuote.name, SharedQuote.member_id) == [(None, None)]
    assert await rounds.sharing.stuck(anna, done.response_id) == "Money"


async def test_without_a_digest_nothing_is_shared(rounds: Rounds) -> None:
    silent = await campaign(rounds.house, digest_channel_id=None)
    anna, period = await asked(silent)
    done = await silent.checkins.answer(anna, period, typed(silent, forward="Mine"))
    assert await refusal(silent.sharing.shareable(anna, done.response_id)) == "checkins.no_digest"
    assert await refusal(silent.sharing.stuck(anna, done.response_id)) == "checkins.nothing_stuck"


async def test_she_looks_back_at_her_own_and_nobody_elses(rounds: Rounds) -> None:
    anna, first = await asked(rounds)
    await rounds.checkins.answer(anna, first, typed(rounds, forward="First"))
    rounds.house.clock.advance(timedelta(days=30))
    _, second = await asked(rounds)
    await rounds.checkins.answer(anna, second, typed(rounds, forward="Second"))
    bob = await alumna(rounds.house, BOB)
    assert await rounds.checkins.history(bob, 0) is None
    pages = [await rounds.checkins.history(anna, place) for place in (0, 1, 7, -3)]
    assert [page.checkin.given[0].text for page in pages if page] == ["Second", "First", "First", "Second"]
    assert [(page.place, page.total, page.editable) for page in pages if page] == [
        (0, 2, True),
        (1, 2, False),
        (1, 2, False),
        (0, 2, True),
    ]


async def test_a_question_that_is_asked_no_more_stays_in_what_she_reads(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    await rounds.checkins.answer(anna, period, typed(rounds, forward="First"))
    async with rounds.house.database.begin() as session:
        await session.execute(
            CampaignQuestion.__table__.update().values(retired_at=rounds.house.clock())  # type: ignore[attr-defined]
        )
    past = await rounds.checkins.history(anna, 0)
    assert past is not None
    assert [question.purpose for question in past.checkin.questions] == ["forward"]
    assert await refusal(rounds.checkins.answer(anna, period, typed(rounds, forward="x"))) == "checkins.nothing_said"


async def test_snoozing_needs_what_skipping_needs(rounds: Rounds) -> None:
    anna, period = await asked(rounds)
    assert (await rounds.checkins.open(anna, period, Move.SNOOZE)).directly
    async with rounds.house.database.begin() as session:
        await session.execute(delete(Period))
    assert await rounds.house.rows(Prompt.id) == []
    assert await refusal(rounds.checkins.open(anna, period, Move.SNOOZE)) == "checkins.gone"


def test_no_column_is_forgotten() -> None:
    """Whoever adds a column to a response says here whether it may tell whose an anonymous one is."""
    assert {column.key for column in inspect(Response).columns} == {
        "id",
        "campaign_id",
        "period_id",
        "member_id",
        "country",
        "cohort",
        "late",
        "prompted",
        "given_at",
        "edited_at",
    }
