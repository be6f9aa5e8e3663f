"""Invitations: an asker has people asked, and they say yes, no, or who would know better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import experts as ranking
from bot.domain import questions as rules
from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.experts import Page, Suggestion
from bot.domain.invitations import (
    AT_ONCE,
    WAITING,
    Invitation,
    InvitationState,
    Origin,
    Why,
    Word,
    after,
    check_word,
)
from bot.domain.outbox import Delivery, Dropped, Late, Outcome, Refused, Sent
from bot.domain.questions import Deed, Question, QuestionState
from bot.domain.similar import Earlier, similar
from bot.domain.topics import Topic
from bot.services.experts import ExpertsService
from bot.services.inviting import (
    Chosen,
    Invited,
    candidates,
    check_server,
    invitation_of,
    invite,
    meant,
    open_question,
)
from bot.services.ports import Clock
from bot.services.questions import question_of
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import clocks, questions
from db.queries import invitations as queries
from db.queries import outbox as deliveries

READ_BACK = 300
"""So many of the newest questions are looked at for similar ones."""
REFERRALS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Board:
    """What the asker alone sees of her question: whom she could invite, whom she has, and what was asked before.

    `topics` are those in which people were looked for; where `page` is empty nobody else fits. `moving`: the question
    moves by itself while nobody answers.
    """

    question: Question
    topics: tuple[Topic, ...]
    page: Page
    invitations: tuple[Invitation, ...]
    earlier: tuple[Earlier, ...]
    moving: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """An invitation with its question, as she sees it who is invited. `changed`: what she just said changed it."""

    invitation: Invitation
    question: Question
    changed: bool = False


@dataclass(frozen=True, slots=True)
class InvitationsService:
    """Nobody but the asker sees a board, and nobody but the person invited an invitation."""

    work: Work
    topics: TopicsService
    experts: ExpertsService
    clock: Clock

    async def board(self, actor: Actor, question_id: int, number: int = 0) -> Board:
        """What the asker sees, with a page of people. Raises `Refusal` for anybody else, or where it is closed."""
        async with self.work.read() as session:
            question = await _question(session, question_id)
            rules.check(question, Deed.PEOPLE, actor)
            invited = [invitation_of(row) for row in await queries.of_question(session, question_id)]
            places = {row.server_id for row in await questions.places(session, actor.user_id)} | {question.server_id}
            rows = await questions.earlier(session, server_ids=places, topic_id=question.topic_id, limit=READ_BACK)
            clock = await clocks.get(session, question_id)
        wanted = meant(self.topics, question)
        people = await self._suggest(actor, question, invited)
        earlier = [Earlier(**row._asdict() | {"state": QuestionState(row.state)}) for row in rows]
        return Board(
            question,
            tuple(self.topics.get(each) for each in wanted),
            ranking.page_of(people, number),
            tuple(invited),
            similar(question, earlier),
            moving=clock is not None and clock.due_at is not None,
        )

    async def invite(self, actor: Actor, question_id: int, member_ids: Sequence[int]) -> list[Invited]:
        """The asker has these people invited, as far as they may be invited now.

        Raises `Refusal` where she may not, where as many wait for a word as may, and where nobody is left of them.
        """
        async with self.work.read() as session:
            question = await _question(session, question_id)
            rules.check(question, Deed.PEOPLE, actor)
            known = [invitation_of(row) for row in await queries.of_question(session, question_id)]
        found = {one.person.member_id: one for one in await self._suggest(actor, question, known)}
        chosen = [
            Chosen(each, Why.of(found[each], nameless=question.nameless))
            for each in dict.fromkeys(member_ids)
            if each in found
        ][:AT_ONCE]
        async with self.work.begin() as session:
            question = await open_question(session, question_id)
            rules.check(question, Deed.PEOPLE, actor)
            room = await room_for(session, question_id)
            if not room:
                raise Refusal("invitations.enough_wait", limit=WAITING)
            invited = await invite(session, question, chosen, origin=Origin.ASKER, now=self.clock(), most=room)
        if not invited:
            raise Refusal("invitations.nobody_left")
        return invited

    async def view(self, actor: Actor, invitation_id: int) -> Guest:
        """What she was invited to. Raises `Refusal` for anybody else, or where it is answered or gone."""
        async with self.work.read() as session:
            guest = await _guest(session, invitation_id)
            check_word(guest.invitation, guest.question, Word.ACCEPT, actor.user_id)
            await check_server(session, guest.question)
            return guest

    async def say(self, actor: Actor, invitation_id: int, word: Word) -> Guest:
        """She accepts, or it is not for her; said twice it is said once. Raises `Refusal` where she cannot any more."""
        async with self.work.begin() as session:
            guest = await _guest(session, invitation_id)
            changes = check_word(guest.invitation, guest.question, word, actor.user_id)
            if word is Word.ACCEPT:
                await check_server(session, guest.question)
            if changes:
                await queries.change(session, invitation_id, state=after(word).value, settled_at=self.clock())
            fresh = await _guest(session, invitation_id)
            return Guest(fresh.invitation, fresh.question, changed=changes)

    async def referrals(self, actor: Actor, invitation_id: int) -> tuple[Guest, tuple[Suggestion, ...]]:
        """Whom she could name instead. Raises `Refusal` like `refer`."""
        async with self.work.read() as session:
            guest = await _guest(session, invitation_id)
            check_word(guest.invitation, guest.question, Word.REFER, actor.user_id)
            known = [invitation_of(row) for row in await queries.of_question(session, guest.question.id)]
        found = await self._suggest(actor, guest.question, known)
        # She who asked is among the people of the network, and whether she is the one who asked is not told.
        others = [one for one in found if one.person.user_id != guest.question.asker_user_id]
        return guest, tuple(others[:REFERRALS_SHOWN])

    async def refer(
        self, actor: Actor, invitation_id: int, *, member_id: int | None = None, user_id: int | None = None
    ) -> Invited:
        """She names another member, by her member's id or her account, who is then invited with her word.

        Raises `Refusal` where she cannot, and with one and the same sentence where that person cannot be invited,
        whatever the reason: one of them is that it is she who asked.
        """
        found = await self._named(actor, invitation_id, member_id)
        async with self.work.begin() as session:
            guest = await _guest(session, invitation_id)
            check_word(guest.invitation, guest.question, Word.REFER, actor.user_id)
            await check_server(session, guest.question)
            if member_id is None:
                member_id = await queries.member_of(session, user_id)
            chosen = [Chosen(member_id, found)] if member_id else []
            invited = await invite(
                session,
                guest.question,
                chosen,
                origin=Origin.REFERRAL,
                now=self.clock(),
                referred_by=guest.invitation.member_id,
            )
            if not invited:
                raise Refusal("invitations.cannot_be_invited")
            state = InvitationState.REFERRED.value
            await queries.change(session, invitation_id, state=state, settled_at=self.clock())
            return invited[0]

    async def unfit(self, invitation_id: int) -> str | None:
        """Why an invitation must not be sent now, in a word, or None where it may: asked at the moment of sending.

        By then she may have paused, lowered her cap, or left; and the question may be answered.
        """
        now = self.clock()
        async with self.work.read() as session:
            row = await queries.by_id(session, invitation_id)
            if row is None:
                return "gone"
            if row.state != InvitationState.SENT:
                return row.state
            try:
                question = await open_question(session, row.question_id)
            except Refusal:
                return "question_closed"
            why = Why.read(row.why)
            topics = [each for each in (why.topic_id, question.topic_id) if each]
            found = await candidates(session, [row.member_id], topics[:1], now, before=invitation_id)
        fits = any(ranking.suggestible(one, now, question.asker_user_id) for one in found.get(row.member_id, ()))
        return None if fits else "paused_or_at_cap"

    async def settled(self, session: AsyncSession, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """What became of sending an invitation: it reached her, or it never will. In doubt, it counts as sent."""
        match outcome:
            case Sent(message_id, place_id):
                await queries.change(session, delivery.subject, message_id=message_id, place_id=place_id)
            case Refused() | Dropped() | Late():
                if not await deliveries.waits(session, delivery.kind, delivery.subject):
                    await queries.unsend(session, delivery.subject, now)

    def topic_of(self, one: Invitation, question: Question) -> Topic | None:
        """The topic for which she was suggested, else the question's."""
        topic_id = one.why.topic_id or question.topic_id
        return self.topics.index.get(topic_id) if topic_id else None

    async def peek(self, invitation_id: int) -> Guest:
        """An invitation and its question, for writing the message. Raises `Refusal` where it is gone."""
        async with self.work.read() as session:
            return await _guest(session, invitation_id)

    async def _named(self, actor: Actor, invitation_id: int, member_id: int | None) -> Why:
        """What speaks for the person whom she names, where it is one of those suggested."""
        if member_id is None:
            return Why()
        _, found = await self.referrals(actor, invitation_id)
        named = next((one for one in found if one.person.member_id == member_id), None)
        # What it has in common is with her who names it, not with the asker: that is left out.
        return Why.of(named, nameless=True) if named else Why()

    async def _suggest(self, actor: Actor, question: Question, known: Sequence[Invitation]) -> tuple[Suggestion, ...]:
        # Whom the last invitation did not reach may be within reach by now.
        invited = frozenset(one.member_id for one in known if one.state is not InvitationState.UNSENT)
        return await self.experts.suggest(actor, meant(self.topics, question), leave_out=invited)


async def room_for(session: AsyncSession, question_id: int) -> int:
    """How many more invitations of a question may wait for a word."""
    rows = await queries.of_question(session, question_id)
    return max(WAITING - sum(row.state == InvitationState.SENT for row in rows), 0)


async def _question(session: AsyncSession, question_id: int) -> Question:
    row = await questions.by_id(session, question_id)
    if row is None:
        raise Refusal("questions.unknown")
    return question_of(row)


async def _guest(session: AsyncSession, invitation_id: int) -> Guest:
    row = await queries.by_id(session, invitation_id)
    if row is None:
        raise Refusal("invitations.unknown")
    return Guest(invitation_of(row), await _question(session, row.question_id))
