"""What a member does with what she answered: let it be quoted, or make a question of it.

An anonymous response is hers who knows its number: it was told to her alone, and says nothing of her.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import checkins as rules
from bot.domain.access import Actor
from bot.domain.campaigns import Purpose
from bot.domain.checkins import Checkin, Given
from bot.domain.errors import Refusal
from bot.services import checkin_rows as rows
from bot.services import member_rows
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import checkin_responses as queries


@dataclass(frozen=True, slots=True)
class CheckinSharingService:
    """One use case a method, each about a response of her own."""

    work: Work
    clock: Clock

    async def stuck(self, actor: Actor, response_id: int) -> str:
        """What got stuck, to be made a question of. Raises `Refusal` where it is not hers, or was changed since."""
        async with self.work.read() as session:
            _, checkin = await self._own(session, actor, response_id)
        text = checkin.said(Purpose.STUCK)
        if text is None:
            raise Refusal("checkins.nothing_stuck")
        return text

    async def shareable(self, actor: Actor, response_id: int) -> Checkin:
        """A response of which something may be shared now. Raises `Refusal` otherwise."""
        async with self.work.read() as session:
            _, checkin = await self._own(session, actor, response_id)
        _check_sharing(checkin, self.clock())
        return checkin

    async def share(self, actor: Actor, response_id: int, question_ids: Collection[int], *, named: bool) -> Checkin:
        """The digest may quote these answers of hers, and no others. Of an anonymous response never with a name."""
        async with self.work.begin() as session:
            response, checkin = await self._own(session, actor, response_id)
            _check_sharing(checkin, self.clock())
            texts = {given.question_id for given in checkin.given if given.text}
            if not texts >= set(question_ids) or not question_ids:
                raise Refusal("checkins.not_offered")
            name = None
            if named and response.member_id is not None:
                name = (await member_rows.own_confirmed(session, actor)).display_name
            await queries.share(session, response, sorted(set(question_ids)), name=name)
            return checkin

    async def unshare(self, actor: Actor, response_id: int) -> None:
        """Nothing of it is quoted. What the digest has quoted already stands there."""
        async with self.work.begin() as session:
            await self._own(session, actor, response_id)
            await queries.unshare(session, response_id)

    async def _own(self, session: AsyncSession, actor: Actor, response_id: int) -> tuple[queries.ResponseRow, Checkin]:
        """A response of hers. An anonymous one is hers who knows its number, which only she was told."""
        member = await member_rows.own_confirmed(session, actor)
        response = await queries.response(session, response_id)
        if response is None or response.member_id not in {None, member.id}:
            raise Refusal("checkins.response_gone")
        found = await rows.find(session, response.period_id, member.id)
        given = tuple(Given(*answer) for answer in await queries.answers(session, response_id))
        return response, replace(found.checkin, given=given)


def _check_sharing(checkin: Checkin, now: datetime) -> None:
    if not checkin.has_digest:
        raise Refusal("checkins.no_digest")
    if not rules.open_(checkin.period, now):
        raise Refusal("checkins.digest_gone")
