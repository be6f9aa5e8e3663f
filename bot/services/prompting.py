"""Prompts at the moment of sending: whether they are still to be said, and what becomes of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.campaigns import Campaign, CampaignState, Period, PeriodState, PromptState
from bot.domain.outbox import Delivery, Dropped, Late, Outcome, Refused, TargetKind
from bot.domain.prompts import Ask, best_place
from bot.services import outbox
from bot.services.campaign_rows import campaign_of, period_of, place_of, whom_of
from bot.services.planning import to_channel
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audiences, campaigns, periods

OVER = "period_over"
PAUSED = "campaign_paused"
NOT_NOW = frozenset({OVER, PAUSED})
"""Why somebody was not asked although she might have been."""


@dataclass(frozen=True, slots=True)
class PromptingService:
    """Asked by the composers of prompts, and told by the outbox what became of each."""

    work: Work
    clock: Clock

    async def ask(self, delivery: Delivery) -> Ask | Dropped:
        """What to say to whom a delivery is for, or why nothing is to be said any more."""
        now = self.clock()
        async with self.work.read() as session:
            row = await periods.by_id(session, delivery.subject)
            found = await campaigns.by_id(session, row.campaign_id) if row else None
            if row is None or found is None:
                return Dropped("campaign_gone")
            campaign, period = campaign_of(found, await campaigns.questions(session, [found.id])), period_of(row)
            again = "snoozed" in delivery.payload
            why = _why_not(campaign, period, now) or await _why_not_her(session, campaign, period, delivery, now)
            if why is not None:
                return Dropped(why)
            names = await campaigns.server_names(session, [campaign.server_id] if campaign.server_id else [])
            zone = await _zone(session, delivery)
        server = names.get(campaign.server_id) if campaign.server_id else None
        return Ask(campaign, period, server, zone, again=again, snoozed=bool(delivery.payload.get("snoozed")))

    async def settled(self, session: AsyncSession, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """A prompt was sent, or not: whom it did not reach is asked elsewhere, or was not asked.

        Called in the transaction that settles the delivery (`OutboxService.on_settled`).
        """
        member_id = delivery.target.member_id
        whom = {"member_id": member_id, "channel_id": None if member_id else delivery.target.channel_id}
        match outcome:
            case Refused() if member_id is not None and await _ask_elsewhere(session, delivery.subject, member_id, now):
                return
            case Refused():
                state = PromptState.UNREACHABLE
            case Dropped(why):
                state = PromptState.MISSED if why in NOT_NOW else PromptState.UNREACHABLE
            case Late():
                state = PromptState.MISSED
            case _:
                return
        await periods.settle(session, delivery.subject, state, **whom)


def _why_not(campaign: Campaign, period: Period, now: datetime) -> str | None:
    """Why nobody is asked in this period any more."""
    if period.state is not PeriodState.OPEN or now >= period.closes_at or not campaign.questions:
        return OVER
    # What was started by hand goes on while the calendar stands still.
    return PAUSED if campaign.state is CampaignState.PAUSED and period.number == 0 else None


async def _why_not_her(
    session: AsyncSession, campaign: Campaign, period: Period, delivery: Delivery, now: datetime
) -> str | None:
    """Why this member, or nobody in this channel, is asked any more."""
    member_id = delivery.target.member_id
    if member_id is None:
        waiting = await periods.waiting_in(session, period.id, delivery.target.id)
        return None if waiting else "nobody_waits"
    if not await periods.waits(session, period.id, member_id):
        return "answered"
    if not await audiences.includes(session, whom_of(campaign), member_id, now):
        return "not_in_audience"
    return None


async def _zone(session: AsyncSession, delivery: Delivery) -> str:
    """The zone in which the reader reads times; a channel's are told in UTC, by Discord's own way of showing them."""
    if delivery.target.kind is not TargetKind.MEMBER:
        return "UTC"
    home = await periods.home(session, delivery.target.id)
    return home[0] if home else "UTC"


async def _ask_elsewhere(session: AsyncSession, period_id: int, member_id: int, now: datetime) -> bool:
    """She cannot be written to: she is asked in her city's check-in channel. False where she has none."""
    row = await periods.by_id(session, period_id)
    found = await campaigns.by_id(session, row.campaign_id) if row else None
    home = await periods.home(session, member_id)
    if row is None or found is None or home is None:
        return False
    rows = await audiences.places(session, found.server_id, [member_id])
    place = best_place(map(place_of, rows))
    if place is None or place.channel_id is None:
        return False
    post = to_channel(campaign_of(found), period_of(row), place, home[0])
    if await periods.was_refused(session, post.dedupe_key):
        return False
    await periods.move(session, period_id, member_id, place.channel_id)
    await outbox.post(session, [post], now)
    return True
