"""Direct messages are allowed by each member herself, and for as long as she likes.

Bots that open direct messages in bulk are put into quarantine. So she is written to once, at the moment in which she
says yes, and the channel that is open then is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Actor
from bot.domain.members import Profile
from bot.services import member_rows as rows
from bot.services.ports import Clock
from bot.services.work import Work
from db.queries import members as queries
from db.queries import refusals


@dataclass(frozen=True, slots=True)
class DirectService:
    """Yes and no to direct messages."""

    work: Work
    clock: Clock

    async def check(self, actor: Actor) -> None:
        """Raises `Refusal` where she has no profile, or has not confirmed it yet."""
        async with self.work.read() as session:
            await rows.own_confirmed(session, actor)

    async def allow(self, actor: Actor, channel_id: int) -> Profile:
        """She allows them, and was just written to in that channel. Raises `Refusal` like `check`."""
        now = self.clock()
        async with self.work.begin() as session:
            row = await rows.own_confirmed(session, actor)
            since = row.direct_messages_at or now
            columns = {"direct_messages_at": since, "direct_channel_id": channel_id, "updated_at": now}
            await queries.change(session, row.id, **columns)
            await refusals.forget(session, channel_id=None, member_id=row.id)
            return await rows.profile(session, row._replace(direct_messages_at=since))

    async def stop(self, actor: Actor) -> Profile | None:
        """She no longer allows them; None where she has no profile. What waits for her is dropped when it is due."""
        async with self.work.begin() as session:
            row = await queries.by_user(session, actor.user_id)
            if row is None:
                return None
            columns = {"direct_messages_at": None, "direct_channel_id": None, "updated_at": self.clock()}
            await queries.change(session, row.id, **columns)
            return await rows.profile(session, row._replace(direct_messages_at=None))
