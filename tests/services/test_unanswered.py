"""Questions that nobody answers, over a real database: who is asked when, and what stops it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.errors import Forbidden, Refusal
from bot.domain.invitations import Word
from bot.domain.members import Level
from bot.domain.outbox import DeliveryKind
from bot.domain.questions import Question
from bot.domain.unanswered import Step
from bot.services.answers import Said
from db.engine import Database
from db.tables import Member, Server
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, somebody
from tests.services.inviting import (
    BEA,
    CLARA,
    COORDINATOR,
    COORDINATORS_CHANNEL,
    DORA,
    EVA,
    Inviting,
    another_server,
    furnish_inviting,
)

DAY = timedelta(days=1)


@pytest.fixture
async def inviting(database: Database, clock: SettableClock, tmp_path: Path) -> Inviting:
    return await furnish_inviting(database, clock, tmp_path)


async def wake(inviting: Inviting, after: timedelta = timedelta(0)) -> list[tuple[Step, int]]:
    """Let time pass, then do what is due, as the ticker does; the steps and how many were invited."""
    now = inviting.clock.advance(after)
    moved = [await inviting.unanswered.move(one.id) for one in await inviting.unanswered.due(now)]
    return [(one.step, one.invited) for one in moved if one is not None]


async def experts(inviting: Inviting, count: int) -> None:
    """So many more experts in housing."""
    for number in range(count):
        actor = somebody(20 + number, f"Person {number:02}")
        await inviting.house.members.set_up(actor, "Porto")
        await inviting.house.memberships.seen(await inviting.house.known(actor))
        await inviting.house.members.add_topic(actor, "housing", Level.EXPERT)


async def test_one_then_three_then_the_others_then_the_coordinators(inviting: Inviting) -> None:
    await experts(inviting, 20)
    question = await inviting.asked()
    steps = [await wake(inviting, timedelta(hours=12)) for _ in range(9)]
    assert [one for each in steps for one in each] == [
        (Step.ONE, 1),
        (Step.MORE, 3),
        (Step.EVERYONE, 6),
        (Step.COORDINATORS, 0),
    ], "no more than ten may wait at once"
    names = [name for name, _ in await inviting.states()]
    assert len(names) == len(set(names)) == 10
    hint = (await inviting.said(DeliveryKind.QUESTION_HINT))[0]
    assert (hint.channel_id, hint.subject) == (question.thread_id, question.id)
    told = (await inviting.said(DeliveryKind.QUESTION_UNANSWERED))[0]
    assert (told.channel_id, told.server_id) == (COORDINATORS_CHANNEL, SERVER)
    assert await inviting.unanswered.asked(question.id) == 10
    assert await inviting.unanswered.next_due() is None
    assert await wake(inviting, 100 * DAY) == []


async def test_after_a_long_absence_one_step_a_day_and_no_burst(inviting: Inviting) -> None:
    await experts(inviting, 8)
    await inviting.asked()
    assert await wake(inviting, 60 * DAY) == [(Step.ONE, 1)]
    assert await wake(inviting) == []
    assert await wake(inviting, timedelta(hours=23)) == []
    assert await wake(inviting, timedelta(hours=1)) == [(Step.MORE, 3)]


async def test_two_who_wake_at_once_take_one_step(inviting: Inviting) -> None:
    question = await inviting.asked()
    inviting.clock.advance(DAY)
    moved = await asyncio.gather(*(inviting.unanswered.move(question.id) for _ in range(4)))
    assert sorted(one is not None for one in moved) == [False, False, False, True]
    assert len(await inviting.states()) == 1


async def by_somebody(inviting: Inviting, question: Question) -> None:
    await inviting.unanswered.answered(question.id, EVA.user_id)


async def by_a_mark(inviting: Inviting, question: Question) -> None:
    assert question.thread_id is not None
    await inviting.answers.mark(ANNA, Said(700, question.thread_id, EVA.user_id))


async def by_the_asker(inviting: Inviting, question: Question) -> None:
    await inviting.unanswered.think(ANNA, question.id)


async def by_a_loss(inviting: Inviting, question: Question) -> None:
    assert question.thread_id is not None
    await inviting.questions.lost(question.thread_id)


async def by_leaving(inviting: Inviting, question: Question) -> None:
    await inviting.write(update(Server).where(Server.id == SERVER).values(left_at=inviting.clock()))


@pytest.mark.parametrize("stop", [by_somebody, by_a_mark, by_the_asker, by_a_loss, by_leaving])
async def test_what_stops_the_clock(inviting: Inviting, stop: object) -> None:
    question = await inviting.asked()
    assert callable(stop)
    await stop(inviting, question)
    assert await wake(inviting, 30 * DAY) == []
    assert await inviting.said() == []


async def test_her_own_words_do_not_stop_it(inviting: Inviting) -> None:
    question = await inviting.asked(nameless=True)
    await inviting.unanswered.answered(question.id, ANNA.user_id)
    assert await wake(inviting, DAY) == [(Step.ONE, 1)]


async def test_who_was_invited_may_still_be_thinking_and_nobody_else(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    for other in (CLARA, COORDINATOR):
        with pytest.raises(Forbidden, match=r"unanswered\.not_yours"):
            await inviting.unanswered.think(other, question.id)
    await inviting.invitations.say(BEA, number, Word.ACCEPT)
    await inviting.unanswered.think(BEA, question.id)
    assert await wake(inviting, 9 * DAY) == []
    with pytest.raises(Forbidden, match=r"questions\.asker_only"):
        await inviting.unanswered.go_on(BEA, question.id)
    await inviting.unanswered.go_on(ANNA, question.id)
    assert await wake(inviting) == []
    assert await wake(inviting, DAY) == [(Step.ONE, 1)]
    with pytest.raises(Refusal, match=r"questions\.unknown"):
        await inviting.unanswered.think(ANNA, 4711)


async def test_reopening_lets_it_go_on_with_the_next_step(inviting: Inviting) -> None:
    question = await inviting.asked()
    assert await wake(inviting, DAY) == [(Step.ONE, 1)]
    await inviting.questions.close(ANNA, question.id)
    assert await wake(inviting, 9 * DAY) == []
    await inviting.questions.reopen(ANNA, question.id)
    assert await wake(inviting) == []
    assert await wake(inviting, DAY) == [(Step.MORE, 2)]
    assert question.thread_id is not None
    await inviting.answers.mark(ANNA, Said(700, question.thread_id, EVA.user_id))
    await inviting.answers.unmark(ANNA, 700)
    assert await wake(inviting, DAY) == [(Step.EVERYONE, 0)]


async def test_caps_pauses_and_those_who_were_asked_already(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await inviting.invitations.say(BEA, number, Word.DECLINE)
    await inviting.change(CLARA, paused_until=inviting.clock() + 90 * DAY)
    await inviting.change_topic(DORA, monthly_cap=1)
    other = await inviting.asked(EVA)
    await inviting.invited(other, DORA, by=EVA)
    assert await wake(inviting, DAY) == [(Step.ONE, 0), (Step.ONE, 1)], "Bea is free for the other question"
    asked = [one.name for one in (await inviting.invitations.board(ANNA, question.id)).invitations]
    assert asked == ["Bea"]


async def test_her_night_is_hers(inviting: Inviting) -> None:
    await inviting.write(
        update(Member).where(Member.display_name != "Bea").values(paused_until=inviting.clock() + 90 * DAY)
    )
    await inviting.change(BEA, zone="Asia/Shanghai")
    inviting.clock.now = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    await inviting.asked()
    assert await wake(inviting, DAY) == [(Step.ONE, 1)]
    (delivery,) = await inviting.said(DeliveryKind.INVITATION)
    assert delivery.due_at == datetime(2026, 3, 5, 0, 0, tzinfo=UTC), "eight in the morning in Shanghai"
    assert await inviting.taken() == []
    inviting.clock.now = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
    assert len(await inviting.taken()) == 1


async def test_without_a_channel_for_coordinators_nothing_is_said(inviting: Inviting) -> None:
    await inviting.write(update(Server).values(coordinators_channel_id=None))
    await another_server(inviting)
    await inviting.asked()
    steps = [await wake(inviting, DAY) for _ in range(4)]
    assert steps[-1] == [(Step.COORDINATORS, 0)]
    assert await inviting.said(DeliveryKind.QUESTION_UNANSWERED) == []


async def test_where_discord_cannot_be_asked_the_step_waits(inviting: Inviting) -> None:
    question = await inviting.asked()
    inviting.clock.advance(DAY)
    await inviting.unanswered.postpone(question.id)
    assert await wake(inviting) == []
    assert await wake(inviting, timedelta(minutes=15)) == [(Step.ONE, 1)]
    await inviting.unanswered.think(ANNA, question.id)
    await inviting.unanswered.postpone(question.id)
    assert await wake(inviting, 9 * DAY) == []
