"""Answers that are relayed from another server; on either engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import Forbidden, Refusal
from bot.domain.invitations import ANSWER_LIMIT, Word
from bot.services.answers import Said
from db.engine import Database
from db.tables import Answer
from tests.clock import SettableClock
from tests.services.house import ANNA
from tests.services.inviting import BEA, CLARA, Inviting, furnish_inviting


@pytest.fixture
async def inviting(database: Database, clock: SettableClock, tmp_path: Path) -> Inviting:
    return await furnish_inviting(database, clock, tmp_path)


async def accepted(inviting: Inviting) -> tuple[int, int]:
    """An invitation that Bea accepted, and its question."""
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await inviting.invitations.say(BEA, number, Word.ACCEPT)
    return number, question.id


async def test_an_answer_is_kept_posted_marked_thanked_and_credited(inviting: Inviting) -> None:
    number, question_id = await accepted(inviting)
    kept = await inviting.relays.answer(BEA, number, "  We did that\r\n\r\n\r\n\r\nin 2019.\u202e ")
    assert (kept.text, kept.name, kept.city, kept.country) == ("We did that\n\nin 2019.", "Bea", "Porto", "PT")
    again = await inviting.relays.answer(BEA, number, "We did that\n\nin 2019.")
    assert again.answer_id == kept.answer_id, "Discord failed her in between: it is the same answer"
    assert (kept.again, again.again) == (False, True)
    assert list(await inviting.relays.unposted()) == [again]
    await inviting.relays.posted(kept.answer_id, 555)
    assert await inviting.relays.stands(kept.answer_id)
    assert list(await inviting.relays.unposted()) == []
    with pytest.raises(Refusal, match=r"invitations\.answered_already"):
        await inviting.relays.answer(BEA, number, "We did that\n\nin 2019.")
    assert (await inviting.relays.answer(BEA, number, "And again in 2022.")).answer_id != kept.answer_id
    question = await inviting.questions.get(question_id)
    assert question.thread_id is not None
    said = Said(555, question.thread_id, None)
    assert (await inviting.answers.thank(CLARA, said)).helper == "Bea"
    assert (await inviting.answers.mark(ANNA, said)).helper == "Bea"
    member = await inviting.member(BEA)
    rows = await inviting.house.rows(
        Answer.member_id, Answer.message_id, Answer.relayed, where=Answer.message_id == 555
    )
    assert rows == [(member, 555, True)]
    found = await inviting.invitations.experts.suggest(ANNA, {"housing": 1.0})
    bea = next(one.person for one in found if one.person.name == "Bea")
    assert (len(bea.accepted), len(bea.thanked)) == (1, 1)


async def test_the_same_form_sent_twice_at_once_is_one_answer(inviting: Inviting) -> None:
    number, _ = await accepted(inviting)
    kept = await asyncio.gather(*(inviting.relays.answer(BEA, number, "In 2019.") for _ in range(4)))
    assert len({one.answer_id for one in kept}) == 1


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * (ANSWER_LIMIT + 1)])
async def test_what_cannot_be_posted(inviting: Inviting, text: str) -> None:
    number, _ = await accepted(inviting)
    with pytest.raises(Refusal, match=r"text\."):
        await inviting.relays.answer(BEA, number, text)
    assert await inviting.house.rows(Answer.id) == []


async def test_only_who_accepted_answers(inviting: Inviting) -> None:
    number, question_id = await accepted(inviting)
    with pytest.raises(Forbidden):
        await inviting.relays.open(CLARA, number)
    await inviting.invitations.say(BEA, number, Word.DECLINE)
    with pytest.raises(Refusal, match=r"invitations\.accept_first"):
        await inviting.relays.answer(BEA, number, "In 2019.")
    await inviting.invitations.say(BEA, number, Word.ACCEPT)
    await inviting.questions.close(ANNA, question_id)
    assert (await inviting.relays.open(BEA, number)).id == question_id, "one more word to a closed question is welcome"
    with pytest.raises(Refusal, match=r"invitations\.unknown"):
        await inviting.relays.open(BEA, 4711)


async def test_an_answer_stops_the_clock_and_goes_without_a_name_when_she_wants_it(inviting: Inviting) -> None:
    number, _ = await accepted(inviting)
    kept = await inviting.relays.answer(BEA, number, "In 2019.")
    await inviting.relays.posted(kept.answer_id, 555)
    assert await inviting.unanswered.due(inviting.clock() + timedelta(days=30)) == []
    bea = await inviting.house.known(BEA)
    assert [(one.answer_id, one.text, one.name) for one in await inviting.relays.of(bea)] == [
        (kept.answer_id, "In 2019.", None)
    ]
    await inviting.privacy.delete(bea)
    assert await inviting.house.rows(Answer.member_id, Answer.text) == [(None, "In 2019.")]
