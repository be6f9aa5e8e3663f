"""Periods and prompts: opened, planned, sent again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_for
from db.tables import Base, Campaign, DeliveryRow, Member, Period, Prompt


class PeriodRow(NamedTuple):
    """A period, with the names of the table."""

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
    plan_at: datetime | None
    planned_to: int


class AgainRow(NamedTuple):
    """A prompt that comes again: as a reminder, or because she put it off."""

    id: int
    period_id: int
    campaign_id: int
    member_id: int
    channel_id: int | None
    snoozed: bool
    asked_again: int


_PERIOD = tuple(getattr(Period, name) for name in PeriodRow._fields)
_AGAIN = tuple(getattr(Prompt, name) for name in AgainRow._fields)


async def open_many(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put periods on record, columns by name; those of a day that has one already are left out."""
    if rows:
        await session.execute(insert_for(session, Period).on_conflict_do_nothing(), rows)


async def open_by_hand(session: AsyncSession, campaign_id: int, day: date, **columns: Any) -> int:
    """A period that somebody started; its id. It counts on from those of the same day."""
    last = await session.scalar(
        select(func.max(Period.number)).where(Period.campaign_id == campaign_id, Period.day == day)
    )
    values = {"campaign_id": campaign_id, "day": day, "number": (last or 0) + 1}
    found: int | None = await session.scalar(insert(Period).values(**values, **columns).returning(Period.id))
    assert found is not None
    return found


async def by_id(session: AsyncSession, period_id: int) -> PeriodRow | None:
    """A period by its id."""
    row = (await session.execute(select(*_PERIOD).where(Period.id == period_id))).one_or_none()
    return PeriodRow(*row) if row else None


def _goes_on() -> Any:
    """Its campaign runs, or it was started by hand."""
    return and_(
        Period.plan_at.is_not(None), or_(Period.number > 0, exists().where(_ITS_CAMPAIGN, Campaign.state == "active"))
    )


_ITS_CAMPAIGN = Campaign.id == Period.campaign_id


async def to_plan(session: AsyncSession, now: datetime) -> PeriodRow | None:
    """The period whose prompts are to be planned first."""
    query = select(*_PERIOD).where(Period.plan_at <= now, _goes_on()).order_by(Period.plan_at, Period.id).limit(1)
    row = (await session.execute(query)).one_or_none()
    return PeriodRow(*row) if row else None


async def next_plan(session: AsyncSession) -> datetime | None:
    """When prompts are to be planned next."""
    query = select(Period.plan_at).where(_goes_on()).order_by(Period.plan_at).limit(1)
    found: datetime | None = await session.scalar(query)
    return found


async def advance(session: AsyncSession, seen: PeriodRow, *, plan_at: datetime | None, planned_to: int) -> bool:
    """Note how far the planning of a period is, if it still is where it was seen. False where another one went on."""
    found = await session.scalar(
        update(Period)
        .where(Period.id == seen.id, Period.plan_at == seen.plan_at, Period.planned_to == seen.planned_to)
        .values(plan_at=plan_at, planned_to=planned_to)
        .returning(Period.id)
    )
    return found is not None


async def add_prompts(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put prompts on record, columns by name."""
    if rows:
        # The table, not the class: SQLAlchemy would make a statement of its own for each run of rows with a NULL.
        await session.execute(insert(Base.metadata.tables["prompts"]), rows)


async def again(session: AsyncSession, now: datetime, most: int) -> Sequence[AgainRow]:
    """Prompts that come again now, those that wait longest first."""
    query = select(*_AGAIN).where(Prompt.again_at <= now).order_by(Prompt.again_at, Prompt.id).limit(most)
    return [AgainRow(*row) for row in await session.execute(query)]


async def next_again(session: AsyncSession) -> datetime | None:
    """When a prompt comes again next."""
    query = select(Prompt.again_at).where(Prompt.again_at.is_not(None)).order_by(Prompt.again_at).limit(1)
    found: datetime | None = await session.scalar(query)
    return found


async def came_again(session: AsyncSession, prompt_ids: Collection[int]) -> None:
    """These prompts have come again: no more of it."""
    await session.execute(
        update(Prompt)
        .where(Prompt.id.in_(prompt_ids))
        .values(again_at=None, snoozed=False, asked_again=Prompt.asked_again + 1)
    )


async def unanswered(session: AsyncSession, prompt_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these prompts that still wait for an answer, in a period that is open."""
    rows = await session.scalars(
        select(Prompt.id)
        .join(Period, Period.id == Prompt.period_id)
        .where(
            Prompt.id.in_(prompt_ids),
            Prompt.answered.is_(False),
            Prompt.state == "planned",
            Period.state == "open",
            Period.closes_at > now,
        )
    )
    return frozenset(rows)


async def waiting_in(session: AsyncSession, period_id: int, channel_id: int) -> bool:
    """Whether somebody who is asked in a channel has not answered."""
    found = await session.scalar(
        select(Prompt.id)
        .where(
            Prompt.period_id == period_id,
            Prompt.channel_id == channel_id,
            Prompt.answered.is_(False),
            Prompt.state == "planned",
        )
        .limit(1)
    )
    return found is not None


async def waits(session: AsyncSession, period_id: int, member_id: int) -> bool:
    """Whether a member was asked directly in a period, and has neither answered nor skipped it."""
    found = await session.scalar(
        select(Prompt.id).where(
            Prompt.period_id == period_id,
            Prompt.member_id == member_id,
            Prompt.channel_id.is_(None),
            Prompt.answered.is_(False),
            Prompt.state == "planned",
        )
    )
    return found is not None


async def settle(
    session: AsyncSession, period_id: int, state: str, *, member_id: int | None, channel_id: int | None
) -> None:
    """She could not be asked after all, or nobody in that channel could. Who has answered meanwhile has."""
    whom = Prompt.member_id == member_id if member_id is not None else Prompt.channel_id == channel_id
    await session.execute(
        update(Prompt)
        .where(Prompt.period_id == period_id, whom, Prompt.state == "planned", Prompt.answered.is_(False))
        .values(state=state, again_at=None, snoozed=False)
    )


async def move(session: AsyncSession, period_id: int, member_id: int, channel_id: int) -> None:
    """She is asked in this channel instead."""
    await session.execute(
        update(Prompt).where(Prompt.period_id == period_id, Prompt.member_id == member_id).values(channel_id=channel_id)
    )


async def was_refused(session: AsyncSession, dedupe_key: str) -> bool:
    """Whether Discord refused the post with this key, or it was not made for another reason."""
    found = await session.scalar(
        select(DeliveryRow.id).where(
            DeliveryRow.dedupe_key == dedupe_key, DeliveryRow.state.in_(("refused", "expired", "cancelled"))
        )
    )
    return found is not None


async def home(session: AsyncSession, member_id: int) -> tuple[str, str | None] | None:
    """The zone that a member lives in, and the language that she chose for the bot; None where she is gone."""
    row = (await session.execute(select(Member.zone, Member.language).where(Member.id == member_id))).one_or_none()
    return (row.zone, row.language) if row else None


async def by_ids(session: AsyncSession, period_ids: Collection[int]) -> dict[int, PeriodRow]:
    """These periods, by their ids."""
    rows = await session.execute(select(*_PERIOD).where(Period.id.in_(period_ids)))
    return {row[0]: PeriodRow(*row) for row in rows}
