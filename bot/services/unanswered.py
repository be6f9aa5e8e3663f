"""Questions that nobody answers move by themselves: what each step decides, in one transaction with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import questions as rules
from bot.domain.access import Actor
from bot.domain.errors import Forbidden, Refusal
from bot.domain.invitations import Invitation, InvitationState, Origin, Why
from bot.domain.nights import Night
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.questions import Deed, Question, QuestionState
from bot.domain.servers import ChannelUse
from bot.domain.unanswered import INVITED, Schedule, Step
from bot.services import clocks, outbox
from bot.services.experts import ExpertsService
from bot.services.invitations import room_for
from bot.services.inviting import Chosen, invitation_of, invite, meant
from bot.services.ports import Clock
from bot.services.questions import question_of
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import clocks as queries
from db.queries import invitations, questions, servers

AT_ONCE = 20
"""So many questions move with one look."""
LATER = timedelta(minutes=15)
"""Where Discord cannot be asked whether somebody answered, the step waits for so long."""
STALE = timedelta(days=7)
"""What is said of a question by itself is not said so long after."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a step did: the question, which step, and how many were invited."""

    question: Question
    step: Step
    invited: int


@dataclass(frozen=True, slots=True)
class UnansweredService:
    """Each method is one look or one deed; who wakes it holds no truth."""

    work: Work
    topics: TopicsService
    experts: ExpertsService
    clock: Clock
    schedule: Schedule = field(default_factory=Schedule)
    night: Night = field(default_factory=Night)

    async def due(self, now: datetime) -> Sequence[Question]:
        """The open questions whose clock has struck, the longest overdue first, a few at a time."""
        async with self.work.read() as session:
            found = [await questions.by_id(session, each) for each in await queries.due(session, now, AT_ONCE)]
        return [question_of(row) for row in found if row is not None]

    async def next_due(self) -> datetime | None:
        """When the next clock strikes."""
        async with self.work.read() as session:
            return await queries.next_due(session)

    async def move(self, question_id: int) -> Moved | None:
        """Take the step that is due, once: it is decided, put on record and handed to the outbox in one transaction.

        None where there is none (any more): somebody was quicker, answered, or closed the question.
        """
        people = await self._people(question_id)
        now = self.clock()
        async with self.work.begin() as session:
            question, clock = await _question(session, question_id), await clocks.clock_of(session, question_id)
            step = clock.due(now) if clock is not None else None
            if clock is None or step is None or question.state is not QuestionState.OPEN:
                return None
            most = min(INVITED[step], await room_for(session, question_id))
            invited = await invite(session, question, people, origin=Origin.CLOCK, now=now, most=most, night=self.night)
            await outbox.post(session, await _news(session, question, step, now), now)
            await clocks.put(session, question_id, clock.taken(now, self.schedule))
        return Moved(question, step, len(invited))

    async def postpone(self, question_id: int) -> None:
        """It cannot be known now whether somebody answered: look again a little later."""
        async with self.work.begin() as session:
            clock = await clocks.clock_of(session, question_id)
            if clock is not None and clock.due_at is not None:
                await clocks.put(session, question_id, replace(clock, due_at=self.clock() + LATER))

    async def answered(self, question_id: int, user_id: int | None = None) -> None:
        """Somebody wrote in the thread: unless it is she who asked (`user_id`), the clock stops."""
        async with self.work.read() as session:
            question, clock = await _question(session, question_id), await clocks.clock_of(session, question_id)
        if clock is None or clock.due_at is None:
            return
        if user_id is None or user_id != question.asker_user_id:
            await self._stop(question_id)

    async def think(self, actor: Actor, question_id: int) -> Question:
        """She is still thinking, who asked or was invited and has not said no: the clock stops.

        Raises `Refusal` for anybody else.
        """
        async with self.work.read() as session:
            question = await _question(session, question_id)
            invited = [invitation_of(row) for row in await invitations.of_question(session, question_id)]
        if not question.asked_by(actor) and not any(_counts(one, actor) for one in invited):
            raise Forbidden("unanswered.not_yours")
        await self._stop(question_id)
        return question

    async def go_on(self, actor: Actor, question_id: int) -> Question:
        """The asker wants people to be asked by itself after all. Raises `Refusal` for anybody else."""
        now = self.clock()
        async with self.work.begin() as session:
            question = await _question(session, question_id)
            rules.check(question, Deed.PEOPLE, actor)
            await clocks.resume(session, question_id, now, self.schedule)
        return question

    async def asked(self, question_id: int) -> int:
        """How many were invited to a question, and reached."""
        async with self.work.read() as session:
            rows = await invitations.of_question(session, question_id)
        return sum(row.state != InvitationState.UNSENT for row in rows)

    async def _people(self, question_id: int) -> list[Chosen]:
        """Whom the step could invite, best first: everybody who fits and was not asked yet."""
        async with self.work.read() as session:
            question = await _question(session, question_id)
            known = frozenset(row.member_id for row in await invitations.of_question(session, question_id))
        asker = Actor(question.asker_user_id or 0, "", question.language)
        found = await self.experts.suggest(asker, meant(self.topics, question), leave_out=known)
        return [Chosen(one.person.member_id, Why.of(one, nameless=question.nameless)) for one in found]

    async def _stop(self, question_id: int) -> None:
        async with self.work.begin() as session:
            await clocks.stop(session, question_id)


def _counts(invitation: Invitation, actor: Actor) -> bool:
    thinking = {InvitationState.SENT, InvitationState.ACCEPTED}
    return invitation.user_id == actor.user_id and invitation.state in thinking


async def _news(session: AsyncSession, question: Question, step: Step, now: datetime) -> list[NewDelivery]:
    """What a step says besides: a hint in the thread, or a word to the coordinators."""
    place: int | None
    if step is Step.EVERYONE:
        kind, place = DeliveryKind.QUESTION_HINT, question.thread_id
    elif step is Step.COORDINATORS:
        server = await servers.server(session, question.server_id)
        kind, place = DeliveryKind.QUESTION_UNANSWERED, server.channels[ChannelUse.COORDINATORS] if server else None
    else:
        return []
    if place is None:
        return []
    return [
        NewDelivery(
            kind=kind,
            subject=question.id,
            target=Target.channel(place, question.server_id),
            dedupe_key=f"{kind}:{question.id}",
            not_after=now + STALE,
        )
    ]


async def _question(session: AsyncSession, question_id: int) -> Question:
    row = await questions.by_id(session, question_id)
    if row is None:
        raise Refusal("questions.unknown")
    return question_of(row)
