"""From rows of members to profiles."""

from __future__ import annotations

from bot.domain.access import Actor
from bot.domain.errors import Refusal
from bot.domain.members import About, Known, Level, Place, Profile
from db.engine import AsyncSession
from db.queries import members as queries
from db.queries.members import MemberRow


async def own(session: AsyncSession, actor: Actor) -> MemberRow:
    """Her own row. Raises `Refusal` where she has none."""
    row = await queries.by_user(session, actor.user_id)
    if row is None:
        raise Refusal("members.no_profile")
    return row


async def own_confirmed(session: AsyncSession, actor: Actor) -> MemberRow:
    """The same, and `Refusal` also where she has not yet confirmed what the programme told us."""
    row = await own(session, actor)
    if row.confirmed_at is None:
        raise Refusal("members.confirm_first")
    return row


async def profile(session: AsyncSession, row: MemberRow) -> Profile:
    """The profile in a row, with her languages and topics."""
    place = None
    if row.city is not None and row.country is not None and row.city_zone is not None:
        place = Place(row.city, row.country, row.region, row.city_zone)
    return Profile(
        member_id=row.id,
        user_id=row.user_id,
        about=About(row.display_name, row.post, row.cohort),
        zone=row.zone,
        place=place,
        language=row.language,
        languages=tuple(await queries.languages(session, row.id)),
        topics=tuple(Known(topic_id, Level(level)) for topic_id, level in await queries.topics(session, row.id)),
        imported_at=row.imported_at,
        confirmed_at=row.confirmed_at,
        paused_until=row.paused_until,
        direct_messages_at=row.direct_messages_at,
    )
