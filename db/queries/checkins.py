"""Answering check-ins: how a member stands in a period, and whether a campaign may ask her."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.queries.audiences import Whom
from db.tables import Campaign, CampaignOptOut, CampaignQuestion, Period, Prompt, Server


class StandRow(NamedTuple):
    """How a member stands in a period. `channel_id` is None where she was asked directly."""

    state: str
    answered: bool
    channel_id: int | None


class CheckinRow(NamedTuple):
    """A period with what a member needs to know of its campaign.

    `digest_channel_id` is where the digest goes: the channel that was chosen, or that of the server's coordinators.
    """

    id: int
    campaign_id: int
    day: date
    number: int
    minute: int
    anonymous: bool
    state: str
    opened_at: datetime
    next_day: date | None
    closes_at: datetime
    late_until: datetime
    name: str | None
    server_id: int | None
    server: str | None
    digest_channel_id: int | None
    audience: str
    audience_value: str | None

    @property
    def whom(self) -> Whom:
        """Whom the campaign asks."""
        return Whom(self.campaign_id, self.server_id, self.audience, self.audience_value)


class QuestionRow(NamedTuple):
    """A question of a campaign."""

    id: int
    position: int
    type: str
    purpose: str | None
    text: str | None
    hint: str | None
    options: list[str]
    required: bool


async def stand(session: AsyncSession, period_id: int, member_id: int) -> StandRow | None:
    """How she stands in a period; None where nothing was planned for her."""
    row = (
        await session.execute(
            select(Prompt.state, Prompt.answered, Prompt.channel_id).where(
                Prompt.period_id == period_id, Prompt.member_id == member_id
            )
        )
    ).one_or_none()
    return StandRow(*row) if row else None


async def periods_of(session: AsyncSession, member_id: int, now: datetime) -> Sequence[int]:
    """The periods in which she was asked and that still take an answer, those that close first first."""
    rows = await session.scalars(
        select(Period.id)
        .join(Prompt, Prompt.period_id == Period.id)
        .where(Prompt.member_id == member_id, Period.state != "missed", Period.late_until > now)
        .order_by(Period.closes_at, Period.id)
    )
    return rows.all()


async def unasked(session: AsyncSession, member_id: int, now: datetime) -> Sequence[int]:
    """The periods that are open and in which nothing was planned for her, so far."""
    prompt = exists().where(Prompt.period_id == Period.id, Prompt.member_id == member_id)
    rows = await session.scalars(
        select(Period.id)
        .where(Period.state == "open", Period.opened_at <= now, Period.closes_at > now, ~prompt)
        .order_by(Period.closes_at, Period.id)
    )
    return rows.all()


async def mark(session: AsyncSession, period_id: int, member_id: int) -> bool:
    """She has answered. False where she had before: of two at the same time one finds that out here."""
    changed = await session.scalar(
        update(Prompt)
        .where(Prompt.period_id == period_id, Prompt.member_id == member_id, Prompt.answered.is_(False))
        .values(answered=True, again_at=None, snoozed=False)
        .returning(Prompt.id)
    )
    return changed is not None


async def mark_unasked(session: AsyncSession, *, campaign_id: int, period_id: int, member_id: int) -> bool:
    """The same for somebody for whom nothing was planned. The row carries the time of the period, and none of hers."""
    opened_at = select(Period.opened_at).where(Period.id == period_id).scalar_subquery()
    made = await session.scalar(
        insert_for(session, Prompt)
        .values(
            campaign_id=campaign_id,
            period_id=period_id,
            member_id=member_id,
            state="planned",
            due_at=opened_at,
            answered=True,
            snoozed=False,
            asked_again=0,
        )
        .on_conflict_do_nothing()
        .returning(Prompt.id)
    )
    return made is not None


async def skip(session: AsyncSession, period_id: int, member_id: int) -> None:
    """She will not answer this time."""
    await session.execute(
        update(Prompt)
        .where(Prompt.period_id == period_id, Prompt.member_id == member_id)
        .values(state="skipped", again_at=None, snoozed=False)
    )


async def snooze(session: AsyncSession, period_id: int, member_id: int, until: datetime) -> None:
    """She is asked again then."""
    await session.execute(
        update(Prompt)
        .where(Prompt.period_id == period_id, Prompt.member_id == member_id)
        .values(state="planned", again_at=until, snoozed=True)
    )


async def opt_out(session: AsyncSession, campaign_id: int, member_id: int, now: datetime) -> None:
    """A campaign no longer asks her, nor reminds her."""
    await session.execute(
        insert_for(session, CampaignOptOut)
        .values(campaign_id=campaign_id, member_id=member_id, since=now)
        .on_conflict_do_nothing()
    )
    await session.execute(
        update(Prompt)
        .where(Prompt.campaign_id == campaign_id, Prompt.member_id == member_id, Prompt.again_at.is_not(None))
        .values(again_at=None, snoozed=False)
    )


async def opt_in(session: AsyncSession, campaign_id: int, member_id: int) -> None:
    """It asks her again."""
    await session.execute(
        delete(CampaignOptOut).where(CampaignOptOut.campaign_id == campaign_id, CampaignOptOut.member_id == member_id)
    )


async def opted_out(session: AsyncSession, member_id: int) -> Sequence[tuple[int, str | None]]:
    """The campaigns that no longer ask her, id and name."""
    rows = await session.execute(
        select(Campaign.id, Campaign.name)
        .join(CampaignOptOut, CampaignOptOut.campaign_id == Campaign.id)
        .where(CampaignOptOut.member_id == member_id)
        .order_by(Campaign.id)
    )
    return [(campaign_id, name) for campaign_id, name in rows]


async def checkin(session: AsyncSession, period_id: int) -> CheckinRow | None:
    """A period with its campaign."""
    own = (getattr(Period, name) for name in CheckinRow._fields[:11])
    digest = func.coalesce(Campaign.digest_channel_id, Server.coordinators_channel_id)
    its = (Campaign.name, Campaign.server_id, Server.name, digest)
    row = (
        await session.execute(
            select(*own, *its, Campaign.audience, Campaign.audience_value)
            .select_from(Period)
            .join(Campaign, Campaign.id == Period.campaign_id)
            .outerjoin(Server, Server.id == Campaign.server_id)
            .where(Period.id == period_id)
        )
    ).one_or_none()
    return CheckinRow._make(row) if row is not None else None


async def questions(session: AsyncSession, campaign_id: int) -> Sequence[QuestionRow]:
    """What a campaign asks now, in its order."""
    return await questions_where(
        session, CampaignQuestion.campaign_id == campaign_id, CampaignQuestion.retired_at.is_(None)
    )


async def all_questions(session: AsyncSession, campaign_id: int) -> Sequence[QuestionRow]:
    """What a campaign asks and has ever asked."""
    return await questions_where(session, CampaignQuestion.campaign_id == campaign_id)


async def questions_where(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[QuestionRow]:
    """Questions, in their order."""
    columns = (getattr(CampaignQuestion, name) for name in QuestionRow._fields)
    rows = await session.execute(
        select(*columns).where(*conditions).order_by(CampaignQuestion.position, CampaignQuestion.id)
    )
    return [QuestionRow(*row) for row in rows]
