"""Answers of people who are not in the question's server: kept first, then posted there for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.invitations import ANSWER_LIMIT, Invitation, check_answer
from bot.domain.questions import Question
from bot.domain.text import clean
from bot.services import clocks
from bot.services.inviting import check_server, invitation_of
from bot.services.ports import Clock
from bot.services.questions import question_of
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import answers, questions
from db.queries import invitations as queries


@dataclass(frozen=True, slots=True)
class Relay:
    """An answer to be posted in a thread for somebody. `name`, `city` and `country` are hers, the last two where they
    are known; `name` is None once she had her data deleted. `message_id` is None until it stands there. `again`: it may
    stand there already, because posting it was begun before."""

    answer_id: int
    question: Question
    text: str
    name: str | None
    city: str | None = None
    country: str | None = None
    message_id: int | None = None
    user_id: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class RelaysService:
    """Posting is done by whoever calls; here is what is to be posted, and what was."""

    work: Work
    clock: Clock

    async def open(self, actor: Actor, invitation_id: int) -> Question:
        """The question that she may answer. Raises `Refusal` where she may not."""
        async with self.work.read() as session:
            return (await _guest(session, actor, invitation_id))[1]

    async def answer(self, actor: Actor, invitation_id: int, text: str) -> Relay:
        """Keep her answer; it is posted afterwards (`posted`). The same text again is the same answer.

        Raises `Refusal` where it is empty or too long, stands in the thread already, or she may not.
        """
        text = clean(text, limit=ANSWER_LIMIT, lines=True)
        async with self.work.begin() as session:
            invitation, question, row = await _guest(session, actor, invitation_id)
            known = await answers.relayed(session, question.id, invitation.member_id, text)
            if known is not None and known.message_id is not None:
                raise Refusal("invitations.answered_already")
            answer_id = (
                known.id
                if known is not None
                else await answers.create(
                    session,
                    question_id=question.id,
                    member_id=invitation.member_id,
                    relayed=True,
                    text=text,
                    given_at=self.clock(),
                )
            )
            await clocks.stop(session, question.id)
            author = (invitation.name, row.city, row.country)
            return Relay(answer_id, question, text, *author, user_id=actor.user_id, again=known is not None)

    async def stands(self, answer_id: int) -> bool:
        """Whether it is known to stand in the thread."""
        async with self.work.read() as session:
            return await answers.stands(session, answer_id)

    async def unposted(self) -> Sequence[Relay]:
        """Answers that are not known to stand in their threads: Discord failed us, or we stopped in between."""
        async with self.work.read() as session:
            found = await answers.unposted(session)
            rows = {each.question_id: await questions.by_id(session, each.question_id) for each in found}
        return [
            Relay(
                each.id, question_of(row), each.text, each.name, each.city, each.country, None, each.user_id, again=True
            )
            for each in found
            if (row := rows[each.question_id]) is not None
        ]

    async def posted(self, answer_id: int, message_id: int) -> None:
        """It stands in the thread."""
        async with self.work.begin() as session:
            await answers.posted(session, answer_id, message_id)

    async def of(self, actor: Actor) -> Sequence[Relay]:
        """Every answer that stands in a thread under her name."""
        if actor.member_id is None:
            return ()
        async with self.work.read() as session:
            found = await answers.relayed_by(session, actor.member_id)
            rows = {each.question_id: await questions.by_id(session, each.question_id) for each in found}
        return [
            Relay(each.id, question_of(row), each.text, None, message_id=each.message_id)
            for each in found
            if (row := rows[each.question_id]) is not None
        ]


async def _guest(
    session: AsyncSession, actor: Actor, invitation_id: int
) -> tuple[Invitation, Question, queries.InvitationRow]:
    row = await queries.by_id(session, invitation_id)
    if row is None:
        raise Refusal("invitations.unknown")
    found = await questions.by_id(session, row.question_id)
    assert found is not None
    invitation, question = invitation_of(row), question_of(found)
    check_answer(invitation, question, actor.user_id)
    await check_server(session, question)
    return invitation, question, row
