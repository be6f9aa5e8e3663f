"""Who sent what to a server: for its administrators and coordinators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden
from bot.domain.outbox import DeliveryState
from bot.domain.sent_here import PAGE, SentHere, SentPage, page_of
from bot.services import crisis_rows as rows
from bot.services.crisis import CrisisService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import sent_here as queries


@dataclass(frozen=True, slots=True)
class SentHereService:
    """Looks up what was sent; nothing is changed."""

    work: Work
    crisis: CrisisService

    async def page(self, actor: Actor, page: int, *, drill: bool) -> SentPage:
        """Some of the alerts that were sent to her server, or of the drills: never both.

        Raises `Forbidden` for whoever neither coordinates nor manages it, and where it is not in the network.
        """
        actor.require(Right.COORDINATOR_OR_ADMINISTRATOR)
        if actor.server_id is None or not actor.server_joined:
            raise Forbidden("access.server_not_joined")
        async with self.work.read() as session:
            number, pages = page_of(page, await queries.count(session, actor.server_id, drill=drill))
            found = await queries.sent(session, actor.server_id, drill=drill, begin=number * PAGE, most=PAGE)
            became = await queries.became(session, actor.server_id, [row.alert_id for row in found])
            sent = [await self._sent(session, row, became) for row in found]
        return SentPage(drill, tuple(sent), number, pages)

    async def _sent(self, session: AsyncSession, row: queries.SentRow, became: Sequence[queries.BecameRow]) -> SentHere:
        own = [each for each in became if each.alert_id == row.alert_id]
        whys = [each.problem or str(each.code) for each in own if each.state != "sent" and (each.problem or each.code)]
        return SentHere(
            alert=self.crisis.spoken(await rows.find(session, row.alert_id)),
            origin=row.origin,
            author=row.author,
            approver=row.approver,
            channels=row.channels,
            told=[DeliveryState(each.state) for each in own],
            why=whys[-1] if whys else None,
        )
