"""Questions on record: asking, changing, losing, following, marking and thanking; on either engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.questions import BODY_LIMIT, Deed, Question, QuestionState
from bot.services.answers import AnswersService, Said
from bot.services.questions import Draft, QuestionsService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from db.queries import audit
from db.tables import Answer, Server, Thanks
from db.tables import Question as Row
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, MembersHouse, furnish, somebody, topics_file

DRAFT = Draft("Who knows about housing?", "We have\n\n\n\n40,000 people.")
RUI = somebody(1, "Rui")
OLHA = somebody(2, "Olha")
COORDINATOR = somebody(3, "Carla", is_server_coordinator=True)
THREAD, CARD = 2**60, 2**60 + 1


@dataclass(frozen=True, slots=True)
class Forum:
    """The services, and the house under them."""

    house: MembersHouse
    questions: QuestionsService
    answers: AnswersService

    async def asked(self, actor: Actor = ANNA, *, nameless: bool = False) -> Question:
        """A question whose post stands."""
        asked = await self.questions.ask(actor, SERVER, DRAFT, nameless=nameless)
        return await self.questions.posted(asked.question.id, THREAD, CARD)

    async def audited(self) -> list[tuple[str, int | None]]:
        """What the audit has of questions."""
        async with self.house.database.read() as session:
            entries = reversed(await audit.latest(session))
        return [(entry.action, entry.actor_id) for entry in entries if entry.action.startswith("question.")]


@pytest.fixture
async def forum(database: Database, clock: SettableClock, tmp_path: Path) -> Forum:
    house = await furnish(database, clock, tmp_path)
    work = Work(database)
    topics = TopicsService(work, clock)
    await topics.synchronise(topics_file(tmp_path))
    return Forum(house, QuestionsService(work, topics, clock), AnswersService(work, clock))


def said(message_id: int, actor: Actor | None = RUI, **more: Any) -> Said:
    """A message in the thread."""
    return Said(message_id, THREAD, actor.user_id if actor else None, **more)


async def profile(forum: Forum, actor: Actor) -> Actor:
    """The actor, who has a profile now."""
    await forum.house.members.set_up(actor, "Porto")
    return await forum.house.known(actor)


async def test_asking(forum: Forum) -> None:
    question = (await forum.questions.ask(ANNA, SERVER, DRAFT, nameless=False)).question
    assert question == Question(
        id=question.id,
        server_id=SERVER,
        asker_user_id=ANNA.user_id,
        asker_name="Anna",
        nameless=False,
        title=DRAFT.title,
        body="We have\n\n40,000 people.",
        language="en",
        topic_id="housing",
        state=QuestionState.OPEN,
        thread_id=None,
        message_id=None,
        asked_at=forum.house.clock(),
    )
    assert await forum.questions.unposted() == (question,)
    posted = await forum.questions.posted(question.id, THREAD, CARD)
    assert (posted.thread_id, posted.message_id) == (THREAD, CARD)
    assert await forum.questions.unposted(SERVER) == ()
    assert await forum.questions.in_thread(THREAD) == posted


async def test_without_a_name_no_name_is_kept(forum: Forum) -> None:
    question = await forum.asked(nameless=True)
    assert question.asker_name is None
    assert question.asked_by(ANNA)


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(DRAFT, title=" "), "text.empty"),
        (replace(DRAFT, body="\u200b"), "text.empty"),
        (replace(DRAFT, body="x" * (BODY_LIMIT + 1)), "text.too_long"),
        (replace(DRAFT, topic="x" * 201), "text.too_long"),
    ],
)
async def test_what_cannot_be_kept(forum: Forum, draft: Draft, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        await forum.questions.ask(ANNA, SERVER, draft, nameless=False)
    assert await forum.questions.unposted() == ()


async def test_an_unclear_topic_is_offered_back(forum: Forum) -> None:
    asked = await forum.questions.ask(ANNA, SERVER, replace(DRAFT, topic="budget or fees"), nameless=False)
    assert asked.question.topic_id is None
    assert {topic.id for topic in asked.offered} <= {"budget-participatory", "stormwater-fees", "housing"}
    chosen = await forum.questions.set_topic(ANNA, asked.question.id, "stormwater-fees")
    assert chosen.topic_id == "stormwater-fees"
    with pytest.raises(Refusal, match=r"topics\.unknown"):
        await forum.questions.set_topic(ANNA, asked.question.id, "no such")


async def test_elsewhere_only_where_she_is_an_alumna(forum: Forum) -> None:
    async with forum.house.database.begin() as session:
        await session.execute(insert(Server).values(id=77, name="Porto", language="pt", joined_at=forum.house.clock()))
    direct = replace(await profile(forum, ANNA), server_id=None, server_joined=False)
    await forum.house.memberships.seen(await forum.house.known(ANNA))
    with pytest.raises(Forbidden):
        await forum.questions.ask(direct, 77, DRAFT, nameless=False)
    assert [place.server_id for place in await forum.questions.places(direct)] == [SERVER]
    asked = await forum.questions.ask(direct, SERVER, DRAFT, nameless=True)
    assert asked.question.server_id == SERVER


async def test_what_has_a_post_is_not_forgotten(forum: Forum) -> None:
    question = await forum.asked()
    await forum.questions.forget(question.id)
    assert await forum.questions.get(question.id) == question
    unposted = (await forum.questions.ask(ANNA, SERVER, DRAFT, nameless=False)).question
    await forum.questions.forget(unposted.id)
    with pytest.raises(Refusal, match=r"questions\.unknown"):
        await forum.questions.get(unposted.id)


async def test_edit_close_reopen(forum: Forum) -> None:
    question = await forum.asked()
    edited = (await forum.questions.edit(ANNA, question.id, Draft("Stormwater fees?", "New"))).question
    assert (edited.title, edited.body, edited.topic_id) == ("Stormwater fees?", "New", "stormwater-fees")
    assert edited.edited_at == forum.house.clock()
    closed = await forum.questions.close(COORDINATOR, question.id)
    assert (closed.state, closed.answered_at) == (QuestionState.ANSWERED, forum.house.clock())
    assert await forum.questions.close(COORDINATOR, question.id) == closed
    opened = await forum.questions.reopen(ANNA, question.id)
    assert (opened.state, opened.answered_at) == (QuestionState.OPEN, None)
    assert await forum.audited() == [("question.close", COORDINATOR.user_id)]


async def test_losing_the_post(forum: Forum) -> None:
    question = await forum.asked()
    assert await forum.questions.lost(THREAD, CARD + 5) is None
    assert await forum.questions.lost(THREAD + 5) is None
    lost = await forum.questions.lost(THREAD, CARD)
    assert lost is not None
    assert lost.state is QuestionState.REMOVED
    assert await forum.questions.lost(THREAD) == lost
    with pytest.raises(Refusal, match=r"questions\.post_gone"):
        await forum.questions.reopen(ANNA, question.id)


async def test_marking_at_the_same_moment_marks_once(forum: Forum) -> None:
    await forum.asked()
    await profile(forum, RUI)
    done = await asyncio.gather(*(forum.answers.mark(ANNA, said(500)) for _ in range(5)))
    assert sorted(one.changed for one in done) == [False] * 4 + [True]
    assert {one.helper for one in done} == {"Rui"}
    assert await forum.house.rows(Answer.message_id, Answer.relayed) == [(500, False)]


async def test_marking_credits_the_author_and_taking_it_back_does_not(forum: Forum) -> None:
    question = await forum.asked()
    rui = await profile(forum, RUI)
    first = await forum.answers.mark(ANNA, said(500))
    await forum.answers.mark(COORDINATOR, said(501))
    assert first.question.state is QuestionState.ANSWERED
    assert await forum.questions.accepted(question.id) == (500, 501)
    assert await forum.house.rows(Answer.member_id) == [(rui.member_id,)] * 2
    assert (await forum.answers.unmark(ANNA, 500)).question.state is QuestionState.ANSWERED
    back = await forum.answers.unmark(ANNA, 501)
    assert (back.question.state, back.question.answered_at) == (QuestionState.OPEN, None)
    assert await forum.audited() == [("question.mark", COORDINATOR.user_id)]
    with pytest.raises(Forbidden):
        await forum.answers.mark(RUI, said(502))
    with pytest.raises(Refusal, match=r"questions\.not_marked"):
        await forum.answers.unmark(ANNA, 999)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (Said(500, 12345, RUI.user_id), "questions.not_in_a_question"),
        (Said(500, THREAD, None), "questions.not_an_answer"),
        (Said(500, THREAD, 4711, other_bot=True), "questions.not_an_answer"),
    ],
)
async def test_what_is_no_answer(forum: Forum, message: Said, sentence: str) -> None:
    await forum.asked()
    for deed in (forum.answers.mark, forum.answers.thank):
        with pytest.raises(Refusal, match=sentence):
            await deed(ANNA, message)


async def test_the_same_words_about_a_nameless_askers_own_message(forum: Forum) -> None:
    await forum.asked(nameless=True)
    await profile(forum, ANNA)
    by_coordinator = await forum.answers.mark(COORDINATOR, said(500, ANNA))
    assert by_coordinator.helper == "Anna"
    assert await forum.house.rows(Answer.member_id) == [(None,)]
    assert (await forum.answers.mark(COORDINATOR, said(500, ANNA))).helper == "Anna"
    assert (await forum.answers.mark(ANNA, said(500, ANNA))).helper is None


async def test_thanks_once_each(forum: Forum) -> None:
    await forum.asked()
    rui = await profile(forum, RUI)
    first = await forum.answers.thank(OLHA, said(500))
    assert (first.helper, first.again, first.first) == ("Rui", False, True)
    again = await forum.answers.thank(OLHA, said(501))
    assert (again.again, again.first) == (True, False)
    other = await forum.answers.thank(ANNA, said(500))
    assert (other.again, other.first) == (False, False)
    assert await forum.house.rows(Thanks.member_id) == [(rui.member_id,)] * 2
    with pytest.raises(Refusal, match=r"questions\.thank_oneself"):
        await forum.answers.thank(rui, said(500))
    with pytest.raises(Refusal, match=r"questions\.thank_without_profile"):
        await forum.answers.thank(ANNA, said(502, OLHA))


async def test_check_looks_at_the_question_as_it_is_now(forum: Forum) -> None:
    question = await forum.asked()
    assert await forum.questions.check(ANNA, question.id, Deed.PEOPLE) == question
    await forum.questions.close(ANNA, question.id)
    with pytest.raises(Refusal, match=r"questions\.reopen_first"):
        await forum.questions.check(ANNA, question.id, Deed.PEOPLE)


async def test_a_server_that_left_posts_nothing(forum: Forum) -> None:
    await forum.questions.ask(ANNA, SERVER, DRAFT, nameless=False)
    async with forum.house.database.begin() as session:
        server = Server.__table__
        await session.execute(server.update().values(left_at=forum.house.clock()))  # type: ignore[attr-defined]
    assert await forum.questions.unposted() == ()
    assert len(await forum.house.rows(Row.id)) == 1
