"""Inviting people, and what they say; on either engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.experts import ReasonKind
from bot.domain.invitations import InvitationState, Origin, Word
from bot.domain.members import Level
from bot.domain.outbox import DeliveryKind, Dropped, InDoubt, Outcome, Refused, Sent, TargetKind
from bot.services.questions import Draft
from db.engine import Database
from db.tables import Base, Invitation, Server
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, somebody
from tests.services.inviting import BEA, CLARA, COORDINATOR, DORA, EVA, Inviting, furnish_inviting


@pytest.fixture
async def inviting(database: Database, clock: SettableClock, tmp_path: Path) -> Inviting:
    return await furnish_inviting(database, clock, tmp_path)


async def test_the_board_shows_people_and_why_and_what_was_asked_before(inviting: Inviting) -> None:
    earlier = await inviting.asked(EVA, draft=Draft("Qui connaît le logement ?", "x", "housing"), nameless=True)
    question = await inviting.asked()
    board = await inviting.invitations.board(ANNA, question.id)
    assert [one.person.name for one in board.page.suggestions] == ["Bea", "Clara", "Dora"]
    assert [one.id for one in board.earlier] == [earlier.id]
    assert "Eva" not in repr(board.earlier)
    assert [topic.id for topic in board.topics] == ["housing"]
    assert board.moving
    assert board.invitations == ()
    for other in (BEA, COORDINATOR):
        with pytest.raises(Forbidden, match=r"questions\.asker_only"):
            await inviting.invitations.board(other, question.id)
        with pytest.raises(Forbidden, match=r"questions\.asker_only"):
            await inviting.invitations.invite(other, question.id, [await inviting.member(CLARA)])
    assert await inviting.said() == []


async def test_inviting_is_on_record_and_in_the_outbox_at_once(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    (delivery,) = await inviting.taken()
    assert (delivery.kind, delivery.subject) == (DeliveryKind.INVITATION, number)
    assert (delivery.target.kind, delivery.target.id) == (TargetKind.MEMBER, await inviting.member(BEA))
    assert delivery.fallback
    guest = await inviting.invitations.peek(number)
    assert (guest.invitation.origin, guest.invitation.state) == (Origin.ASKER, InvitationState.SENT)
    assert guest.invitation.why.level is Level.PRACTITIONER
    assert {one.kind for one in guest.invitation.why.reasons} == {
        ReasonKind.LEVEL,
        ReasonKind.COUNTRY,
        ReasonKind.CITY_SIZE,
    }
    board = await inviting.invitations.board(ANNA, question.id)
    assert [one.person.name for one in board.page.suggestions] == ["Clara", "Dora"]
    assert [one.name for one in board.invitations] == ["Bea"]


async def test_nobody_is_asked_twice_for_one_question(inviting: Inviting) -> None:
    question = await inviting.asked()
    found = await asyncio.gather(*(inviting.invited(question, BEA, CLARA) for _ in range(4)), return_exceptions=True)
    assert sum(len(one) for one in found if isinstance(one, list)) == 2
    assert all(isinstance(one, list | Refusal) for one in found)
    assert await inviting.states() == [("Bea", "sent"), ("Clara", "sent")]
    assert len(await inviting.said()) == 2
    with pytest.raises(Refusal, match=r"invitations\.nobody_left"):
        await inviting.invited(question, BEA)


async def test_a_cap_holds_where_two_ask_at_the_same_moment(inviting: Inviting) -> None:
    await inviting.change_topic(BEA, monthly_cap=1)
    first, second = await inviting.asked(), await inviting.asked(EVA)
    found = await asyncio.gather(
        inviting.invited(first, BEA), inviting.invited(second, BEA, by=EVA), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in found) == ["Refusal", "list"]
    assert await inviting.states() == [("Bea", "sent")]


async def test_a_few_at_a_time_and_no_more_than_may_wait(inviting: Inviting) -> None:
    people = [somebody(20 + number, f"Person {number}") for number in range(12)]
    for actor in people:
        await inviting.house.members.set_up(actor, "Porto")
        await inviting.house.memberships.seen(await inviting.house.known(actor))
        await inviting.house.members.add_topic(actor, "housing", Level.EXPERT)
    question = await inviting.asked()
    counts = [len(await inviting.invited(question, *people[at : at + 4])) for at in (0, 4, 8)]
    assert counts == [3, 3, 3]
    assert len(await inviting.invited(question, *people[3:8:4])) == 1, "one more may wait"
    with pytest.raises(Refusal, match=r"invitations\.enough_wait"):
        await inviting.invited(question, BEA)


async def test_who_is_chosen_need_not_be_who_may_be_asked(inviting: Inviting) -> None:
    question = await inviting.asked()
    for stranger in (await inviting.member(EVA), await inviting.member(ANNA), 4711):
        with pytest.raises(Refusal, match=r"invitations\.nobody_left"):
            await inviting.invitations.invite(ANNA, question.id, [stranger])
    await inviting.questions.close(ANNA, question.id)
    with pytest.raises(Refusal, match=r"questions\.reopen_first"):
        await inviting.invited(question, BEA)


async def test_accepting_and_changing_ones_mind(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    said = await asyncio.gather(*(inviting.invitations.say(BEA, number, Word.ACCEPT) for _ in range(4)))
    assert sorted(one.changed for one in said) == [False, False, False, True]
    with pytest.raises(Forbidden, match=r"invitations\.not_yours"):
        await inviting.invitations.say(CLARA, number, Word.ACCEPT)
    assert (await inviting.invitations.say(BEA, number, Word.DECLINE)).invitation.state is InvitationState.DECLINED
    assert (await inviting.invitations.say(BEA, number, Word.ACCEPT)).changed
    assert await inviting.states() == [("Bea", "accepted")]


async def closed(inviting: Inviting, question_id: int) -> None:
    await inviting.questions.close(ANNA, question_id)


async def lost(inviting: Inviting, question_id: int) -> None:
    question = await inviting.questions.get(question_id)
    assert question.thread_id is not None
    await inviting.questions.lost(question.thread_id)


async def left(inviting: Inviting, question_id: int) -> None:
    await inviting.write(update(Server).where(Server.id == SERVER).values(left_at=inviting.clock()))


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (closed, "invitations.answered_meanwhile"),
        (lost, "invitations.removed_meanwhile"),
        (left, "invitations.server_left"),
    ],
)
async def test_an_invitation_says_what_became_of_its_question(
    inviting: Inviting, happens: Callable[[Inviting, int], Awaitable[None]], sentence: str
) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await happens(inviting, question.id)
    with pytest.raises(Refusal, match=sentence):
        await inviting.invitations.say(BEA, number, Word.ACCEPT)
    with pytest.raises(Refusal, match=sentence):
        await inviting.invitations.view(BEA, number)
    with pytest.raises(Refusal, match=sentence):
        await inviting.invitations.refer(BEA, number, member_id=await inviting.member(CLARA))
    assert await inviting.invitations.unfit(number) == "question_closed"


async def test_who_had_her_data_deleted_was_never_asked(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await inviting.privacy.delete(await inviting.house.known(BEA))
    with pytest.raises(Refusal, match=r"invitations\.unknown"):
        await inviting.invitations.say(BEA, number, Word.ACCEPT)
    assert await inviting.invitations.unfit(number) == "gone"


async def test_naming_somebody_else(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    _, found = await inviting.invitations.referrals(BEA, number)
    assert [one.person.name for one in found] == ["Clara", "Dora"]
    invited = await inviting.invitations.refer(BEA, number, member_id=found[0].person.member_id)
    named = (await inviting.invitations.peek(invited.invitation_id)).invitation
    assert (named.name, named.referrer, named.origin) == ("Clara", "Bea", Origin.REFERRAL)
    assert {one.kind for one in named.why.reasons} == {ReasonKind.LEVEL}
    assert await inviting.states() == [("Bea", "referred"), ("Clara", "sent")]
    with pytest.raises(Refusal, match=r"invitations\.referred_already"):
        await inviting.invitations.refer(BEA, number, member_id=await inviting.member(DORA))
    eva = await inviting.invitations.refer(CLARA, invited.invitation_id, user_id=EVA.user_id)
    assert eva.name == "Eva"
    assert (await inviting.invitations.say(BEA, number, Word.ACCEPT)).changed, "she may still come herself"


@pytest.mark.parametrize("nameless", [False, True])
async def test_one_sentence_for_all_who_cannot_be_named(inviting: Inviting, nameless: bool) -> None:
    question = await inviting.asked(nameless=nameless)
    (number,) = await inviting.invited(question, BEA)
    await inviting.change(DORA, paused_until=inviting.clock() + timedelta(days=3))
    for other in (ANNA, BEA, DORA, somebody(99, "Nobody")):
        with pytest.raises(Refusal, match=r"invitations\.cannot_be_invited"):
            await inviting.invitations.refer(BEA, number, user_id=other.user_id)
    assert await inviting.states() == [("Bea", "sent")]


async def test_the_asker_is_never_among_those_to_name(inviting: Inviting) -> None:
    await inviting.house.members.add_topic(ANNA, "housing", Level.EXPERT)
    question = await inviting.asked(nameless=True)
    (number,) = await inviting.invited(question, BEA)
    _, found = await inviting.invitations.referrals(BEA, number)
    assert [one.person.name for one in found] == ["Clara", "Dora"]


async def test_sending_looks_again(inviting: Inviting) -> None:
    first, second = await inviting.asked(), await inviting.asked(EVA)
    (number,) = await inviting.invited(first, BEA)
    (later,) = await inviting.invited(second, BEA, by=EVA)
    assert await inviting.invitations.unfit(number) is None
    await inviting.change_topic(BEA, monthly_cap=1)
    assert await inviting.invitations.unfit(number) is None, "the first of the two is within her new cap"
    assert await inviting.invitations.unfit(later) == "paused_or_at_cap"
    await inviting.change(BEA, paused_until=inviting.clock() + timedelta(days=3))
    assert await inviting.invitations.unfit(number) == "paused_or_at_cap"
    await inviting.change(BEA, paused_until=None)
    await inviting.change_topic(BEA, open=False)
    assert await inviting.invitations.unfit(number) == "paused_or_at_cap"


@pytest.mark.parametrize(
    ("outcome", "state", "asks"),
    [
        (Sent(77, 88), "sent", 1),
        (InDoubt("no_history"), "sent", 1),
        (Refused(50007), "unsent", 0),
        (Dropped("paused_or_at_cap"), "unsent", 0),
    ],
)
async def test_what_never_reached_her_is_no_ask(inviting: Inviting, outcome: Outcome, state: str, asks: int) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await inviting.write(update(Base.metadata.tables["deliveries"]).values(fallback=False))
    (delivery,) = await inviting.taken()
    assert await inviting.outbox.settle(delivery, outcome)
    assert await inviting.states() == [("Bea", state)]
    found = await inviting.invitations.experts.suggest(ANNA, {"housing": 1.0})
    assert next(one.person.asks for one in found if one.person.name == "Bea") == asks
    message = (await inviting.invitations.peek(number)).invitation.message_id
    assert message == (77 if isinstance(outcome, Sent) else None)


async def test_whom_it_never_reached_may_be_asked_again(inviting: Inviting) -> None:
    question = await inviting.asked()
    (number,) = await inviting.invited(question, BEA)
    await inviting.write(update(Base.metadata.tables["deliveries"]).values(fallback=False))
    (delivery,) = await inviting.taken()
    await inviting.outbox.settle(delivery, Dropped("paused"))
    inviting.clock.advance(timedelta(days=1))
    assert await inviting.invited(question, BEA) == [number]
    assert await inviting.states() == [("Bea", "sent")]
    assert [one.subject for one in await inviting.taken()] == [number]
    with pytest.raises(Refusal, match=r"invitations\.nobody_left"):
        await inviting.invited(question, BEA)


async def test_nothing_about_a_nameless_question_says_who_asks(inviting: Inviting) -> None:
    question = await inviting.asked(nameless=True)
    (number,) = await inviting.invited(question, BEA)
    await inviting.invitations.refer(BEA, number, member_id=await inviting.member(CLARA))
    inviting.clock.advance(timedelta(days=2))
    await inviting.unanswered.move(question.id)
    found = set()
    async with inviting.house.database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in await session.execute(select(table)):
                if str(ANNA.user_id) in repr(tuple(row)) or "Anna" in repr(tuple(row)):
                    found.add(table.name)
        whys = list(await session.scalars(select(Invitation.why)))
    assert found == {"members", "questions"}
    assert all({one["kind"] for one in why["reasons"]} == {"level"} for why in whys)


async def test_a_stranger_in_disguise(inviting: Inviting) -> None:
    """An id that was never given, and somebody who is no asker of anything."""
    with pytest.raises(Refusal, match=r"questions\.unknown"):
        await inviting.invitations.board(ANNA, 4711)
    with pytest.raises(Refusal, match=r"invitations\.unknown"):
        await inviting.invitations.say(replace(BEA, member_id=None), 4711, Word.ACCEPT)
    nobody: Actor = somebody(98, "No profile")
    question = await inviting.asked(nobody)
    assert len(await inviting.invited(question, BEA, by=nobody)) == 1
