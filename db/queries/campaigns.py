"""Campaigns and their questions, as they are set up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Campaign, CampaignQuestion, HeldRole, Period, Prompt, Response, ResponseAnswer, Server


class CampaignRow(NamedTuple):
    """A campaign, with the names of the table."""

    id: int
    server_id: int | None
    name: str | None
    state: str
    rule: str
    minute: int
    starts_on: date
    audience: str
    audience_value: str | None
    place: str
    remind_after_days: int | None
    open_days: int
    late_hours: int
    anonymous: bool
    digest_channel_id: int | None
    next_day: date | None
    next_at: datetime | None
    version: int


class QuestionRow(NamedTuple):
    """A question of a campaign."""

    id: int
    campaign_id: int
    position: int
    type: str
    purpose: str | None
    text: str | None
    hint: str | None
    options: list[str]
    required: bool


_CAMPAIGN = tuple(getattr(Campaign, name) for name in CampaignRow._fields)
_QUESTION = tuple(getattr(CampaignQuestion, name) for name in QuestionRow._fields)


async def _many(session: AsyncSession, *conditions: ColumnElement[bool], most: int) -> Sequence[CampaignRow]:
    query = select(*_CAMPAIGN).where(*conditions).order_by(Campaign.id).limit(most)
    return [CampaignRow(*row) for row in await session.execute(query)]


async def by_id(session: AsyncSession, campaign_id: int) -> CampaignRow | None:
    """A campaign by its id."""
    found = await _many(session, Campaign.id == campaign_id, most=1)
    return found[0] if found else None


async def of(session: AsyncSession, server_id: int | None, most: int) -> Sequence[CampaignRow]:
    """The campaigns of a server, or of the whole network, the oldest first."""
    return await _many(session, Campaign.server_id == server_id, most=most)


async def due(session: AsyncSession, now: datetime, most: int) -> Sequence[CampaignRow]:
    """Running campaigns whose next period is to be opened."""
    return await _many(session, Campaign.state == "active", Campaign.next_at <= now, most=most)


async def next_at(session: AsyncSession) -> datetime | None:
    """When the next period is to be opened."""
    found: datetime | None = await session.scalar(
        select(Campaign.next_at)
        .where(Campaign.state == "active", Campaign.next_at.is_not(None))
        .order_by(Campaign.next_at)
        .limit(1)
    )
    return found


async def create(session: AsyncSession, **columns: Any) -> int:
    """A new campaign, columns by name; its id."""
    found: int | None = await session.scalar(insert(Campaign).values(**columns).returning(Campaign.id))
    assert found is not None
    return found


async def change(session: AsyncSession, campaign_id: int, seen: int, **columns: Any) -> bool:
    """Write these columns of a campaign, if its version is still the one that was seen. False where it is not."""
    found = await session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.version == seen)
        .values(**columns, version=seen + 1)
        .returning(Campaign.id)
    )
    return found is not None


async def advance(session: AsyncSession, campaign_id: int, seen: datetime, **columns: Any) -> bool:
    """Set a campaign's next day, if it is still due when it was seen to be. False where another one did it."""
    found = await session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.next_at == seen, Campaign.state == "active")
        .values(**columns)
        .returning(Campaign.id)
    )
    return found is not None


async def remove(session: AsyncSession, campaign_id: int) -> None:
    """A campaign goes, with everything that was asked and answered."""
    await session.execute(delete(Campaign).where(Campaign.id == campaign_id))


async def last_day(session: AsyncSession, campaign_id: int) -> date | None:
    """The day of the newest period of its calendar."""
    found: date | None = await session.scalar(
        select(func.max(Period.day)).where(Period.campaign_id == campaign_id, Period.number == 0)
    )
    return found


async def questions(session: AsyncSession, campaign_ids: Sequence[int]) -> Sequence[QuestionRow]:
    """The questions that these campaigns ask now, in their order."""
    query = (
        select(*_QUESTION)
        .where(CampaignQuestion.campaign_id.in_(campaign_ids), CampaignQuestion.retired_at.is_(None))
        .order_by(CampaignQuestion.campaign_id, CampaignQuestion.position, CampaignQuestion.id)
    )
    return [QuestionRow(*row) for row in await session.execute(query)]


async def add_question(session: AsyncSession, **columns: Any) -> None:
    """A new question, columns by name."""
    await session.execute(insert(CampaignQuestion).values(**columns))


async def take_question(session: AsyncSession, question_id: int, now: datetime) -> None:
    """A question is asked no more. It is deleted where nobody has answered it."""
    answered = exists().where(ResponseAnswer.question_id == CampaignQuestion.id)
    this = CampaignQuestion.id == question_id
    await session.execute(update(CampaignQuestion).where(this, answered).values(retired_at=now))
    await session.execute(delete(CampaignQuestion).where(this, CampaignQuestion.retired_at.is_(None)))


async def move_question(session: AsyncSession, question_id: int, position: int) -> None:
    """A question stands at another place."""
    await session.execute(update(CampaignQuestion).where(CampaignQuestion.id == question_id).values(position=position))


async def kept(session: AsyncSession, campaign_id: int) -> tuple[int, int]:
    """How many prompts and how many responses a campaign has: what goes with it."""
    prompts = select(func.count()).select_from(Prompt).where(Prompt.campaign_id == campaign_id)
    responses = select(func.count()).select_from(Response).where(Response.campaign_id == campaign_id)
    return await session.scalar(prompts) or 0, await session.scalar(responses) or 0


async def server_names(session: AsyncSession, server_ids: Sequence[int]) -> dict[int, str]:
    """The names of these servers."""
    rows = await session.execute(select(Server.id, Server.name).where(Server.id.in_(server_ids)))
    return {row.id: row.name for row in rows}


async def watched_roles(session: AsyncSession, server_id: int) -> frozenset[int]:
    """The roles of a server that are some campaign's audience."""
    rows = await session.scalars(
        select(Campaign.audience_value).where(Campaign.server_id == server_id, Campaign.audience == "role")
    )
    return frozenset(int(each) for each in rows if each)


async def hold(
    session: AsyncSession, server_id: int, member_id: int, held: frozenset[int], watched: frozenset[int]
) -> None:
    """Of the roles that are watched, a member holds these, and no other."""
    lost = watched - held
    if lost:
        await session.execute(delete(HeldRole).where(HeldRole.member_id == member_id, HeldRole.role_id.in_(lost)))
    rows = [{"role_id": role_id, "member_id": member_id, "server_id": server_id} for role_id in sorted(held & watched)]
    if rows:
        await session.execute(insert_for(session, HeldRole).on_conflict_do_nothing(), rows)


async def forget_roles(session: AsyncSession, server_id: int, watched: frozenset[int]) -> None:
    """Of the roles of a server that nobody watches any more nothing is kept."""
    await session.execute(delete(HeldRole).where(HeldRole.server_id == server_id, HeldRole.role_id.not_in(watched)))


async def let_go(session: AsyncSession, server_id: int, member_ids: Sequence[int]) -> None:
    """These members are no longer in a server, and hold none of its roles."""
    await session.execute(delete(HeldRole).where(HeldRole.server_id == server_id, HeldRole.member_id.in_(member_ids)))
