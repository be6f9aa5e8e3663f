"""Check-ins: a member answers, puts off, skips, shares, and looks back.

Where a period is anonymous, nothing is written that would join an answer to a person: the response has a number of
chance and neither a member, a place nor a time; the mark that she has answered has no time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import checkins as rules
from bot.domain.access import Actor, Right
from bot.domain.campaigns import Purpose
from bot.domain.checkins import Checkin, Move, Past, Reading, Submitted, Typed
from bot.domain.errors import Refusal
from bot.domain.topics import Topic
from bot.services import checkin_rows as rows
from bot.services import member_rows
from bot.services.checkin_rows import Found
from bot.services.expertise import ExpertiseService
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audiences
from db.queries import checkin_responses as responses
from db.queries import checkins as queries
from db.queries.members import MemberRow

LARGEST_ID = 2**53
"""So that whoever reads JSON reads the number right."""


def by_chance() -> int:
    """A number for a response that tells nothing of when it was given."""
    return secrets.randbelow(LARGEST_ID - 1) + 1


@dataclass(frozen=True, slots=True)
class CheckinsService:
    """One use case a method. All are for a member with a confirmed profile, about herself."""

    work: Work
    clock: Clock
    expertise: ExpertiseService
    new_id: Callable[[], int] = by_chance

    async def open(self, actor: Actor, period_id: int, move: Move = Move.ANSWER) -> Checkin:
        """A period with which she may do this now. Raises `Refusal` otherwise."""
        topics = await self.expertise.own_topics(actor)
        async with self.work.read() as session:
            found = await self._allowed(session, actor, period_id, move)
        return replace(found.checkin, topics=topics)

    async def waiting(self, actor: Actor) -> tuple[Checkin, ...]:
        """What she can answer or change now, the first to close first."""
        now = self.clock()
        async with self.work.read() as session:
            member = await member_rows.own_confirmed(session, actor)
            ids = [*await queries.periods_of(session, member.id, now), *await queries.unasked(session, member.id, now)]
            found = [await rows.find(session, period_id, member.id) for period_id in ids]
            return tuple(
                [
                    one.checkin
                    for one in found
                    if _possible(one.checkin, now)
                    and (one.checkin.asked or await audiences.includes(session, one.row.whom, member.id, now))
                ]
            )

    async def answer(self, actor: Actor, period_id: int, typed: Mapping[int, Typed]) -> Submitted:
        """Keep what she filled in; where she had answered under her name, instead of that.

        The topics that she ticked are confirmed. Raises `Refusal` where nothing is said, or it is too late.
        """
        actor.require(Right.MEMBER)
        now = self.clock()
        async with self.work.begin() as session:
            member = await member_rows.own_confirmed(session, actor)
            found = await self._allowed(session, actor, period_id, Move.ANSWER)
            reading = rules.read(found.checkin.questions, typed)
            checkin = replace(found.checkin, given=reading.given, answered=True)
            response_id = await self._keep(session, member, found, reading, now)
            case_kept = await _keep_start(
                session, checkin, response_id, member_id=member.id, language=actor.language, now=now
            )
        unticked = await self._refresh(actor, reading)
        late = not rules.open_(checkin.period, now)
        return Submitted(checkin, response_id, late, case_kept, unticked)

    async def skip(self, actor: Actor, period_id: int) -> Checkin:
        """She will not answer this time."""
        async with self.work.begin() as session:
            member = await member_rows.own_confirmed(session, actor)
            found = await self._allowed(session, actor, period_id, Move.SKIP)
            await queries.skip(session, period_id, member.id)
            return found.checkin

    async def snooze(self, actor: Actor, period_id: int, days: int) -> datetime:
        """She wants to be asked again in so many days; returns when. Raises `Refusal` where that is too late."""
        async with self.work.begin() as session:
            member = await member_rows.own_confirmed(session, actor)
            found = await self._allowed(session, actor, period_id, Move.SNOOZE)
            if not found.checkin.directly:
                raise Refusal("checkins.snooze_directly")
            until = rules.snoozed_until(found.checkin.period, member.zone, self.clock(), days)
            await queries.snooze(session, period_id, member.id, until)
            return until

    async def stop(self, actor: Actor, period_id: int) -> tuple[int, Checkin]:
        """The campaign asks her no more, whatever its period; returns its id, by which she may `resume`."""
        async with self.work.begin() as session:
            member = await member_rows.own_confirmed(session, actor)
            found = await rows.find(session, period_id, member.id)
            await queries.opt_out(session, found.row.campaign_id, member.id, self.clock())
            return found.row.campaign_id, found.checkin

    async def resume(self, actor: Actor, campaign_id: int) -> None:
        """It asks her again, from its next period."""
        async with self.work.begin() as session:
            member = await member_rows.own_confirmed(session, actor)
            await queries.opt_in(session, campaign_id, member.id)

    async def stopped(self, actor: Actor) -> tuple[tuple[int, str | None], ...]:
        """The campaigns that no longer ask her: id and name (None where the catalogue has it)."""
        if actor.member_id is None:
            return ()
        async with self.work.read() as session:
            return tuple(await queries.opted_out(session, actor.member_id))

    async def retire(self, actor: Actor, topic_ids: Sequence[str]) -> tuple[Topic, ...]:
        """She knows about these topics no longer; returns those that were hers. Done again, it changes nothing."""
        own = [topic for topic in await self.expertise.own_topics(actor) if topic.id in topic_ids]
        for topic in own:
            await self.expertise.members.remove_topic(actor, topic.id)
        return tuple(own)

    async def history(self, actor: Actor, place: int) -> Past | None:
        """What she answered under her name, the newest first; None where there is nothing."""
        async with self.work.read() as session:
            member = await member_rows.own_confirmed(session, actor)
            total = await responses.history_length(session, member.id)
            row = await responses.history(session, member.id, min(max(place, 0), max(total - 1, 0)))
            if row is None or row.given_at is None:
                return None
            checkin = (await rows.find(session, row.period_id, member.id)).checkin
            asked = await responses.answered_questions(session, row.id)
        checkin = replace(checkin, questions=tuple(map(rows.question_of, asked)))
        editable = checkin.period.may_edit(self.clock())
        return Past(checkin, row.id, row.given_at, row.late, editable, min(max(place, 0), total - 1), total)

    async def _allowed(self, session: AsyncSession, actor: Actor, period_id: int, move: Move) -> Found:
        member = await member_rows.own_confirmed(session, actor)
        found = await rows.find(session, period_id, member.id)
        now = self.clock()
        rules.check(move, found.checkin.period, now, answered=found.checkin.answered)
        # She may answer of her own accord where the campaign is for such as her; then there is nothing to skip.
        if found.checkin.asked is None and (
            move is not Move.ANSWER or not await audiences.includes(session, found.row.whom, member.id, now)
        ):
            raise Refusal("checkins.not_asked")
        return found

    async def _keep(
        self, session: AsyncSession, member: MemberRow, found: Found, reading: Reading, now: datetime
    ) -> int:
        period, response = found.checkin.period, found.response
        said = [responses.AnswerRow(given.question_id, given.text, given.number) for given in reading.given]
        owner = None if period.anonymous else member.id
        if response is not None:
            await responses.edited(session, response.id, now)
            await responses.write(session, response.id, owner, said)
            return response.id
        ids = {"campaign_id": found.row.campaign_id, "period_id": period.id}
        if found.checkin.asked is None:
            await queries.mark_unasked(session, **ids, member_id=member.id)
        else:
            await queries.mark(session, period.id, member.id)
        response_id = self.new_id()
        await responses.respond(session, id=response_id, **ids, **_about(found.checkin, member, now))
        await responses.write(session, response_id, owner, said)
        return response_id

    async def _refresh(self, actor: Actor, reading: Reading) -> tuple[Topic, ...]:
        """Confirm the topics that she ticked; returns the others of hers, where she was asked."""
        if reading.still is None:
            return ()
        for topic in await self.expertise.own_topics(actor):
            if topic.id in reading.still:
                await self.expertise.confirm(actor, topic.id)
        return tuple(topic for topic in await self.expertise.own_topics(actor) if topic.id not in reading.still)


def _about(checkin: Checkin, member: MemberRow, now: datetime) -> dict[str, object]:
    """What stands beside an answer: of an anonymous one nothing that tells one from another."""
    if checkin.period.anonymous:
        return {"late": False, "prompted": True}
    return {
        "member_id": member.id,
        "country": member.country,
        "cohort": member.cohort,
        "late": not rules.open_(checkin.period, now),
        "prompted": checkin.asked is not None,
        "given_at": now,
    }


def _possible(checkin: Checkin, now: datetime) -> bool:
    try:
        rules.check(Move.ANSWER, checkin.period, now, answered=checkin.answered)
    except Refusal:
        return False
    return True


async def _keep_start(session: AsyncSession, checkin: Checkin, response_id: int, **about: Any) -> bool:
    """What she tried is the start of a case study, under her name alone. Whether there is one now."""
    if checkin.period.anonymous:
        return False
    text = checkin.said(Purpose.TRIED)
    if text is None:
        await responses.drop_start(session, response_id)
        return False
    await responses.keep_start(session, response_id=response_id, text=text, **about)
    return True
