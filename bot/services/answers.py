"""Marking what answered a question, and thanking who helped: both speak for a person when people are suggested."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain import questions as rules
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.questions import Deed, Question, QuestionState
from bot.domain.unanswered import Schedule
from bot.services import clocks
from bot.services.ports import Clock
from bot.services.questions import note, question_of
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import answers as queries
from db.queries import questions


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a thread. `user_id` is None where the bot itself posted it; `other_bot`: another bot did."""

    message_id: int
    thread_id: int
    user_id: int | None
    other_bot: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking, or taking it back, did. `helper` is the member's name who has the credit, where there is one.

    `changed` is False where it stood so already.
    """

    question: Question
    message_id: int
    helper: str | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Thanked:
    """Thanks to a member. `again` says that this person has given them before, `first` that nobody had."""

    question: Question
    helper: str
    again: bool
    first: bool


@dataclass(frozen=True, slots=True)
class _Helper:
    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class AnswersService:
    """Who helped with what."""

    work: Work
    clock: Clock
    schedule: Schedule = field(default_factory=Schedule)

    async def mark(self, actor: Actor, said: Said) -> Marked:
        """This message answered the question: it is closed, and the message's author gets the credit.

        Marking one's own message closes the question and credits nobody. Raises `Refusal` where the thread is no
        question's, the message no answer, or she may not.
        """
        async with self.work.begin() as session:
            question, known = await self._found(session, actor, said, Deed.MARK)
            helper = await _helper(session, said, known)
            own = said.user_id is not None and said.user_id == question.asker_user_id
            # What a coordinator reads must not differ where she marks a message of the one who asked without a name.
            name = helper.name if helper and not (own and question.asked_by(actor)) else None
            if known is not None and known.accepted_at is not None:
                return Marked(question, said.message_id, name, changed=False)
            now = self.clock()
            if known is None:
                await queries.create(
                    session,
                    question_id=question.id,
                    member_id=helper.member_id if helper and not own else None,
                    message_id=said.message_id,
                    relayed=False,
                    given_at=now,
                    accepted_at=now,
                )
            else:
                await queries.accept(session, known.id, now)
            state = rules.after(question.state, Deed.MARK)
            answered_at = question.answered_at if question.state is QuestionState.ANSWERED else now
            await questions.change(session, question.id, state=state, answered_at=answered_at)
            await note(session, self.clock, actor, question, Deed.MARK)
            return Marked(await _question(session, question.id), said.message_id, name, changed=True)

    async def unmark(self, actor: Actor, message_id: int) -> Marked:
        """It did not answer it after all. With the last mark gone the question is open again."""
        async with self.work.begin() as session:
            known = await queries.by_message(session, message_id)
            if known is None:
                raise Refusal("questions.not_marked")
            question = await _question(session, known.question_id)
            rules.check(question, Deed.UNMARK, actor)
            if known.accepted_at is None:
                return Marked(question, message_id, known.name, changed=False)
            if known.relayed:
                await queries.accept(session, known.id, None)
            else:
                await queries.remove(session, known.id)
            left = len(await queries.accepted(session, question.id))
            state = rules.after(question.state, Deed.UNMARK, accepted=left)
            answered_at = question.answered_at if state is QuestionState.ANSWERED else None
            await questions.change(session, question.id, state=state, answered_at=answered_at)
            if state is QuestionState.OPEN and question.state is not state:
                await clocks.resume(session, question.id, self.clock(), self.schedule)
            await note(session, self.clock, actor, question, Deed.UNMARK)
            return Marked(await _question(session, question.id), message_id, known.name, changed=True)

    async def thank(self, actor: Actor, said: Said) -> Thanked:
        """Thanks to the author of a message, once for each question and helper. The question stays as it is.

        Raises `Refusal` like `mark`, and where it is her own message or its author has no profile.
        """
        async with self.work.begin() as session:
            question, known = await self._found(session, actor, said, Deed.THANK)
            helper = await _helper(session, said, known)
            if said.user_id == actor.user_id or (helper is not None and helper.member_id == actor.member_id):
                raise Refusal("questions.thank_oneself")
            if helper is None:
                raise Refusal("questions.thank_without_profile")
            first = not await queries.thanks(session, question.id, helper.member_id)
            given = await queries.thank(
                session,
                question_id=question.id,
                member_id=helper.member_id,
                giver_user_id=actor.user_id,
                now=self.clock(),
            )
            return Thanked(question, helper.name, again=not given, first=first)

    async def _found(
        self, session: AsyncSession, actor: Actor, said: Said, deed: Deed
    ) -> tuple[Question, queries.AnswerRow | None]:
        row = await questions.by_thread(session, said.thread_id)
        if row is None or row.server_id != actor.server_id:
            raise Refusal("questions.not_in_a_question")
        question = await _question(session, row.id)
        rules.check(question, deed, actor)
        known = await queries.by_message(session, said.message_id)
        if said.other_bot or (said.user_id is None and known is None):
            raise Refusal("questions.not_an_answer")
        return question, known


async def _helper(session: AsyncSession, said: Said, known: queries.AnswerRow | None) -> _Helper | None:
    if known is not None and known.member_id is not None:
        return _Helper(known.member_id, known.name or "")
    row = await queries.helper(session, said.user_id) if said.user_id is not None else None
    return _Helper(*row) if row else None


async def _question(session: AsyncSession, question_id: int) -> Question:
    row = await questions.by_id(session, question_id)
    assert row is not None
    return question_of(row)
