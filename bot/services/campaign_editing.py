"""What is changed on a campaign's card: each part is checked, written down, and holds from the next period on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import campaigns as rules
from bot.domain.access import Actor
from bot.domain.cadence import minute_of, rule_of
from bot.domain.campaigns import (
    LONGEST_LATE,
    LONGEST_OPEN,
    LONGEST_REMINDER,
    MAX_QUESTIONS,
    SHORTEST_LATE,
    Audience,
    AudienceKind,
    Campaign,
    CampaignQuestion,
    Where,
)
from bot.domain.errors import Refusal
from bot.services import campaign_rows as rows
from bot.services.campaigns import CampaignsService, question_columns
from db.engine import AsyncSession
from db.queries import campaigns as queries


@dataclass(frozen=True, slots=True)
class How:
    """How people are asked, as it was typed: days and hours are texts."""

    where: Where
    anonymous: bool
    remind_after_days: str
    open_days: str
    late_hours: str


@dataclass(frozen=True, slots=True)
class CampaignEditing:
    """One method a part of the card. Each raises `Refusal` for what cannot be, and changes nothing then."""

    campaigns: CampaignsService

    async def rename(self, actor: Actor, campaign_id: int, name: str) -> Campaign:
        """Another name."""
        return await self.campaigns.change(actor, campaign_id, name=rules.named(name))

    async def set_when(self, actor: Actor, campaign_id: int, cadence: str, time: str) -> Campaign:
        """How often, in words or as a rule, and at what time of the local day."""
        rule, minute, today = rule_of(cadence), minute_of(time), self.campaigns.clock().date()
        campaign = await self.campaigns.get(actor, campaign_id)
        if rule.text == campaign.rule:
            return await self.campaigns.change(actor, campaign_id, minute=minute)
        rule.check(today)
        return await self.campaigns.change(actor, campaign_id, rule=rule.text, minute=minute, starts_on=today)

    async def set_audience(self, actor: Actor, campaign_id: int, audience: Audience) -> Campaign:
        """Other people."""
        campaign = await self.campaigns.get(actor, campaign_id)
        if audience.kind is AudienceKind.ROLE and campaign.server_id is None:
            raise Refusal("campaigns.role_in_server")
        columns = {"audience": audience.kind, "audience_value": audience.value}
        return await self.campaigns.change(actor, campaign_id, **columns)

    async def set_how(self, actor: Actor, campaign_id: int, how: How) -> Campaign:
        """Where, with names or without, a reminder, and for how long."""
        remind = _number(how.remind_after_days, 1, LONGEST_REMINDER) if how.remind_after_days.strip() else None
        open_days = _number(how.open_days, 1, LONGEST_OPEN)
        late_hours = _number(how.late_hours, SHORTEST_LATE, LONGEST_LATE)
        if late_hours > open_days * 24:
            raise Refusal("campaigns.late_beyond_close")
        columns = {"place": how.where, "anonymous": how.anonymous, "remind_after_days": remind}
        return await self.campaigns.change(actor, campaign_id, **columns, open_days=open_days, late_hours=late_hours)

    async def set_digest(self, actor: Actor, campaign_id: int, channel_id: int | None) -> Campaign:
        """Where the digest goes; with none, to the coordinators' channel."""
        return await self.campaigns.change(actor, campaign_id, digest_channel_id=channel_id)

    async def save_question(
        self, actor: Actor, campaign_id: int, question: CampaignQuestion, instead_of: int | None = None
    ) -> Campaign:
        """One more question, or another one in its place. Raises `Refusal` for a sixth."""
        async with self.campaigns.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            old = _question(campaign, instead_of) if instead_of is not None else None
            if old is None and len(campaign.questions) >= MAX_QUESTIONS:
                raise Refusal("campaigns.too_many_questions", limit=MAX_QUESTIONS)
            position = old.position if old else max((each.position for each in campaign.questions), default=-1) + 1
            if old is not None:
                await queries.take_question(session, old.id, self.campaigns.clock())
            await queries.add_question(session, **question_columns(campaign_id, question, position))
            return await self._touched(session, campaign)

    async def drop_question(self, actor: Actor, campaign_id: int, question_id: int) -> Campaign:
        """One question less. What was answered to it stays in the report."""
        async with self.campaigns.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            await queries.take_question(session, _question(campaign, question_id).id, self.campaigns.clock())
            return await self._touched(session, campaign)

    async def _touched(self, session: AsyncSession, campaign: Campaign) -> Campaign:
        await queries.change(session, campaign.id, campaign.version)
        return await rows.read(session, campaign.id)


def _question(campaign: Campaign, question_id: int) -> CampaignQuestion:
    for question in campaign.questions:
        if question.id == question_id:
            return question
    raise Refusal("campaigns.question_gone")


def _number(typed: str, low: int, high: int) -> int:
    """A whole number within its bounds. Raises `Refusal` for anything else."""
    text = typed.strip()
    if not text.isdecimal() or len(text) > len(str(high)) or not low <= int(text) <= high:
        raise Refusal("campaigns.number", refused=typed, number=text[:20], low=low, high=high)
    return int(text)
