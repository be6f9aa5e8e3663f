"""What is kept about a person: told, handed out, and deleted, at her own word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.access import Actor
from bot.domain.privacy import NOBODY, STAYING, Category, Kept, without
from bot.services.memberships import MembershipsService
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, cases
from db.queries import privacy as queries


@dataclass(frozen=True, slots=True)
class PrivacyService:
    """Everybody may ask, whether or not she is a member: it is about her own data and nobody else's."""

    work: Work
    clock: Clock
    memberships: MembershipsService

    async def kept(self, actor: Actor) -> Kept:
        """What is kept about her, counted."""
        async with self.work.read() as session:
            return await _kept(session, actor.user_id)

    async def export(self, actor: Actor) -> dict[str, Any]:
        """Everything that is kept about her, by table, ready for JSON: times in ISO 8601, long ids as text."""
        async with self.work.read() as session:
            rows = await queries.rows(session, actor.user_id)
            city = await queries.city(session, actor.user_id)
        return {"exported_at": self.clock().isoformat(), "city": city, **rows}

    async def delete(self, actor: Actor) -> Kept:
        """Delete everything about her, for good; returns what there was. Done again, it finds nothing.

        Profile, languages, topics, memberships, endorsements, thanks, invitations, codes for her and her appointment
        go. What she asked and answered stays without her, and so do the case studies that were published. What she did
        as a coordinator stays in the audit, and so do codes and appointments of others, with nobody's id in place of
        hers. The audit notes the deletion with the number of rows, and not whose they were.
        """
        async with self.work.begin() as session:
            kept = await _kept(session, actor.user_id)
            if not kept:
                return kept
            entries = await queries.audit_rows(session, actor.user_id)
            await cases.forget(session, actor.user_id)
            await queries.remove(session, actor.user_id, NOBODY)
            await queries.rewrite_audit(
                session, [queries.AuditRow(entry.id, *without(list(entry[1:]), actor.user_id)) for entry in entries]
            )
            await audit.record(
                session,
                at=self.clock(),
                actor_id=NOBODY,
                action="privacy.delete",
                details={category.value: n for category, n in kept.counts.items() if category not in STAYING},
            )
        self.memberships.forget(actor.user_id)
        return kept


async def _kept(session: AsyncSession, user_id: int) -> Kept:
    rows = await queries.rows(session, user_id)
    categories = dict.fromkeys((trace.table, Category(trace.category)) for trace in queries.TRACES)
    counts: dict[Category, int] = {}
    for table, category in categories:
        if table in rows:
            # The answers of a response are kept beside it, and are not counted once more.
            counts.setdefault(category, len(rows[table]))
    return Kept(counts)
