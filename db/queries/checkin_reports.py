"""What a campaign's answers come to: counted, read by coordinators, and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.tables import (
    Campaign,
    CampaignOptOut,
    City,
    Member,
    Membership,
    Period,
    Prompt,
    Response,
    ResponseAnswer,
    Server,
)


class CellRow(NamedTuple):
    """How many of one country and cohort were asked in a period, and answered."""

    period_id: int
    country: str | None
    cohort: str | None
    asked: int
    answered: int


class SaidRow(NamedTuple):
    """An answer with what stands beside it. The person is None where it is anonymous."""

    period_id: int
    question_id: int
    text: str | None
    number: int | None
    name: str | None
    country: str | None
    cohort: str | None
    late: bool


class QuietRow(NamedTuple):
    """A member who has gone quiet, and in which campaign."""

    name: str
    user_id: int | None
    campaign: str | None


ASKED = or_(Prompt.answered.is_(True), Prompt.state.in_(("planned", "skipped")))
"""Whoever stands so was asked, as `bot.domain.checkins.asked` has it."""


MemberId = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def _in_server(member_id: MemberId, server_id: int) -> ColumnElement[bool]:
    """Whether a member is one of a server's people now."""
    return exists().where(
        Membership.member_id == member_id,
        Membership.server_id == server_id,
        Membership.alumni.is_(True),
        Membership.left_at.is_(None),
    )


async def campaigns(session: AsyncSession, server_id: int | None) -> Sequence[tuple[int, str | None, str | None]]:
    """The campaigns of the network and of one server, or all (None): id, name, and the name of the server."""
    here = [] if server_id is None else [or_(Campaign.server_id == server_id, Campaign.server_id.is_(None))]
    rows = await session.execute(
        select(Campaign.id, Campaign.name, Server.name)
        .outerjoin(Server, Server.id == Campaign.server_id)
        .where(*here)
        .order_by(Campaign.id)
    )
    return [(campaign_id, name, server) for campaign_id, name, server in rows]


async def periods(session: AsyncSession, campaign_id: int, most: int) -> Sequence[int]:
    """The newest periods of a campaign in which somebody was asked, the newest first."""
    rows = await session.scalars(
        select(Period.id)
        .where(Period.campaign_id == campaign_id, Period.state != "missed")
        .order_by(Period.day.desc(), Period.number.desc())
        .limit(most)
    )
    return rows.all()


async def cells(
    session: AsyncSession, period_ids: Sequence[int], server_id: int | None, now: datetime
) -> Sequence[CellRow]:
    """Asked and answered, by period, country and cohort: of a server's people, or of all."""
    here = [] if server_id is None else [_in_server(Prompt.member_id, server_id)]
    rows = await session.execute(
        select(
            Prompt.period_id,
            City.country,
            Member.cohort,
            func.count(),
            func.sum(case((Prompt.answered.is_(True), 1), else_=0)),
        )
        .select_from(Prompt)
        .join(Member, Member.id == Prompt.member_id)
        .outerjoin(City, City.id == Member.city_id)
        .where(Prompt.period_id.in_(period_ids), ASKED, or_(Prompt.answered.is_(True), Prompt.due_at <= now), *here)
        .group_by(Prompt.period_id, City.country, Member.cohort)
    )
    return [CellRow(period_id, country, cohort, n, int(answered)) for period_id, country, cohort, n, answered in rows]


async def said(session: AsyncSession, period_ids: Sequence[int], server_id: int | None, most: int) -> Sequence[SaidRow]:
    """What was answered, by period and question; within one in an order of chance, which ids of responses are."""
    here = [] if server_id is None else [_in_server(Response.member_id, server_id)]
    rows = await session.execute(
        select(
            Response.period_id,
            ResponseAnswer.question_id,
            ResponseAnswer.text,
            ResponseAnswer.number,
            Member.display_name,
            Response.country,
            Response.cohort,
            Response.late,
        )
        .select_from(ResponseAnswer)
        .join(Response, Response.id == ResponseAnswer.response_id)
        .join(Period, Period.id == Response.period_id)
        .outerjoin(Member, Member.id == Response.member_id)
        .where(Response.period_id.in_(period_ids), *here)
        .order_by(Period.day.desc(), Response.period_id.desc(), ResponseAnswer.question_id, Response.id)
        .limit(most)
    )
    return [SaidRow._make(row) for row in rows]


async def to_close(session: AsyncSession, now: datetime) -> int | None:
    """A period that is open and whose time is over."""
    found: int | None = await session.scalar(
        select(Period.id).where(Period.state == "open", Period.closes_at <= now).order_by(Period.closes_at).limit(1)
    )
    return found


async def next_close(session: AsyncSession) -> datetime | None:
    """When a period closes next."""
    found: datetime | None = await session.scalar(
        select(Period.closes_at).where(Period.state == "open").order_by(Period.closes_at).limit(1)
    )
    return found


async def close(session: AsyncSession, period_id: int, now: datetime) -> bool:
    """A period closes, once: nobody is reminded any more. False where it was closed already."""
    closed = await session.scalar(
        update(Period)
        .where(Period.id == period_id, Period.state == "open")
        .values(state="closed", closed_at=now)
        .returning(Period.id)
    )
    if closed is None:
        return False
    await session.execute(
        update(Prompt)
        .where(Prompt.period_id == period_id, Prompt.again_at.is_not(None))
        .values(again_at=None, snoozed=False)
    )
    return True


async def answered(session: AsyncSession, period_id: int) -> int:
    """How many responses there are to a period."""
    counted = await session.scalar(select(func.count()).select_from(Response).where(Response.period_id == period_id))
    return counted or 0


async def quiet(
    session: AsyncSession, server_id: int, periods_in_a_row: int, now: datetime, most: int
) -> Sequence[QuietRow]:
    """The people of a server who were asked in a campaign's last periods that are over, and gave no sign of life."""
    newest = (
        func.row_number()
        .over(
            partition_by=(Prompt.campaign_id, Prompt.member_id),
            order_by=(Period.day.desc(), Period.number.desc()),
        )
        .label("newest")
    )
    alive = case((or_(Prompt.answered.is_(True), Prompt.state == "skipped"), 1), else_=0).label("alive")
    asked = (
        select(Prompt.campaign_id, Prompt.member_id, alive, newest)
        .join(Period, Period.id == Prompt.period_id)
        .where(ASKED, Period.state == "closed", Period.late_until <= now, _in_server(Prompt.member_id, server_id))
        .subquery()
    )
    silent = (
        select(asked.c.campaign_id, asked.c.member_id)
        .where(asked.c.newest <= periods_in_a_row)
        .group_by(asked.c.campaign_id, asked.c.member_id)
        .having(and_(func.count() == periods_in_a_row, func.sum(asked.c.alive) == 0))
        .subquery()
    )
    out = exists().where(CampaignOptOut.campaign_id == silent.c.campaign_id, CampaignOptOut.member_id == Member.id)
    rows = await session.execute(
        select(Member.display_name, Member.user_id, Campaign.name)
        .select_from(silent)
        .join(Member, Member.id == silent.c.member_id)
        .join(Campaign, Campaign.id == silent.c.campaign_id)
        .where(or_(Member.paused_until.is_(None), Member.paused_until <= now), ~out)
        .order_by(Campaign.id, Member.display_name, Member.id)
        .limit(most)
    )
    return [QuietRow(*row) for row in rows]
