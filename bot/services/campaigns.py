"""Campaigns as coordinators set them up: made, looked at, changed, switched on and off, run, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import campaigns as rules
from bot.domain import reach as reaching
from bot.domain.access import Actor, Right
from bot.domain.calendar import begins
from bot.domain.campaigns import (
    MONTHLY,
    Audience,
    AudienceKind,
    Campaign,
    CampaignQuestion,
    CampaignState,
    PeriodState,
    Where,
    check_rights,
)
from bot.domain.errors import Refusal
from bot.domain.prompts import closing
from bot.domain.reach import Preview, Reach
from bot.services import campaign_rows as rows
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import audiences, audit, periods
from db.queries import campaigns as queries

MOST = 25
"""Campaigns of one server, and of the network: as many as a select can show."""
DEFAULTS: dict[str, Any] = {
    "rule": "FREQ=MONTHLY;BYDAY=1TU",
    "minute": 9 * 60 + 30,
    "place": Where.DIRECT,
    "remind_after_days": 4,
    "open_days": 14,
    "late_hours": 48,
    "anonymous": False,
    "digest_channel_id": None,
}
"""What nobody is asked for first."""


@dataclass(frozen=True, slots=True)
class CampaignsService:
    """One use case a method; each raises `Forbidden` where she does not coordinate whom the campaign asks."""

    work: Work
    clock: Clock

    async def create(self, actor: Actor, name: str, audience: Audience, *, whole_network: bool = False) -> Campaign:
        """A new campaign, paused, with the defaults and one question to begin with."""
        question = CampaignQuestion(rules.QuestionType.TEXT, None, purpose=rules.Purpose.FORWARD)
        return await self._create(actor, rules.named(name), audience, (question,), whole_network=whole_network)

    async def create_monthly(self, actor: Actor, *, whole_network: bool = False) -> Campaign:
        """The monthly check-in that ships with the program; the one that is there already, if there is one."""
        for campaign in await self.list(actor):
            if campaign.name is None and (campaign.server_id is None) is whole_network:
                return campaign
        return await self._create(actor, None, Audience(), MONTHLY, whole_network=whole_network)

    async def list(self, actor: Actor) -> tuple[Campaign, ...]:
        """The campaigns that she may change: those of this server, and the network's for who coordinates it."""
        actor.require(Right.SERVER_COORDINATOR)
        async with self.work.read() as session:
            found = list(await queries.of(session, actor.server_id, MOST))
            if actor.is_network_coordinator:
                found += await queries.of(session, None, MOST)
            return await rows.many(session, found)

    async def get(self, actor: Actor, campaign_id: int) -> Campaign:
        """A campaign that she may change."""
        async with self.work.read() as session:
            return await rows.allowed(session, actor, campaign_id)

    async def reach(self, actor: Actor, campaign_id: int) -> tuple[Campaign, Reach]:
        """A campaign, and whom it would ask now."""
        async with self.work.read() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            return campaign, await _reach(session, campaign, self.clock())

    async def preview(self, actor: Actor, campaign_id: int) -> Preview:
        """Its next runs, in her zone and the two others in which most of the audience live."""
        now = self.clock()
        async with self.work.read() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            lived_in = [row.zone for row in await audiences.counts(session, rows.whom_of(campaign), now)]
            first = campaign.next_day
            if campaign.state is CampaignState.PAUSED:
                first = await self._first_day(session, campaign, actor)
            runs = reaching.runs(campaign, first, reaching.zones_to_show(actor.zone, lived_in, now))
            sizes: Sequence[int] = ()
            if runs:
                sizes = await audiences.size(session, rows.whom_of(campaign), [run.times[0].at for run in runs])
            told = tuple(replace(run, people=people) for run, people in zip(runs, sizes, strict=True))
            return Preview(campaign, told, await _reach(session, campaign, now))

    async def switch(self, actor: Actor, campaign_id: int, *, on: bool) -> Campaign:
        """Let its calendar run, or stand still. Raises `Refusal` where it would ask nobody, or nothing."""
        state = CampaignState.ACTIVE if on else CampaignState.PAUSED
        async with self.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            if campaign.state is state:
                return campaign
            columns: dict[str, Any] = {"next_day": None, "next_at": None}
            if on:
                await self._check_ready(session, campaign)
                columns = await self._next(session, campaign, actor)
            return await self._write(session, actor, campaign, "switch", state=state, **columns)

    async def run(self, actor: Actor, campaign_id: int, seen: int) -> Reach:
        """Ask everybody now, once more and beside its calendar. `seen` is the version that she was shown.

        Raises `Refusal` where it was changed or run meanwhile, or would ask nobody.
        """
        now = self.clock()
        async with self.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            _check_version(campaign, seen)
            reach = await self._check_ready(session, campaign)
            closes_at, late_until = closing(campaign, now, None)
            await periods.open_by_hand(
                session,
                campaign.id,
                now.date(),
                minute=campaign.minute,
                anonymous=campaign.anonymous,
                state=PeriodState.OPEN,
                opened_at=now,
                plan_at=now,
                planned_to=0,
                closes_at=closes_at,
                late_until=late_until,
            )
            await self._write(session, actor, campaign, "run")
            return reach

    async def what_goes(self, actor: Actor, campaign_id: int) -> tuple[Campaign, int, int]:
        """A campaign, and how many prompts and responses would go with it."""
        async with self.work.read() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            return campaign, *await queries.kept(session, campaign_id)

    async def delete(self, actor: Actor, campaign_id: int, seen: int) -> Campaign:
        """A campaign goes, with everything that was asked and answered. Raises `Refusal` where it changed meanwhile."""
        async with self.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            _check_version(campaign, seen)
            await queries.remove(session, campaign_id)
            await self._unwatch(session, campaign)
            await self._note(session, actor, campaign, "delete")
            return campaign

    async def change(self, actor: Actor, campaign_id: int, **columns: Any) -> Campaign:
        """Write these columns, checked before by `bot.services.campaign_editing`; its next day is worked out anew."""
        async with self.work.begin() as session:
            campaign = await rows.allowed(session, actor, campaign_id)
            changed = await self._write(session, actor, campaign, "change", **columns)
            if columns.keys() & {"rule", "minute"} and campaign.state is CampaignState.ACTIVE:
                await queries.change(session, campaign.id, changed.version, **await self._next(session, changed, actor))
            if columns.keys() & {"audience"}:
                await self._unwatch(session, changed)
            return await rows.read(session, campaign_id)

    async def _create(
        self,
        actor: Actor,
        name: str | None,
        audience: Audience,
        asked: Sequence[CampaignQuestion],
        *,
        whole_network: bool,
    ) -> Campaign:
        server_id = None if whole_network else actor.server_id
        if server_id is None and not whole_network:
            raise Refusal("servers.in_server_only")
        check_rights(actor, server_id)
        if audience.kind is AudienceKind.ROLE and server_id is None:
            raise Refusal("campaigns.role_in_server")
        now = self.clock()
        async with self.work.begin() as session:
            if len(await queries.of(session, server_id, MOST)) >= MOST:
                raise Refusal("campaigns.too_many", limit=MOST)
            campaign_id = await queries.create(
                session,
                **DEFAULTS,
                server_id=server_id,
                name=name,
                state=CampaignState.PAUSED,
                starts_on=now.date(),
                audience=audience.kind,
                audience_value=audience.value,
                next_day=None,
                next_at=None,
                version=0,
                created_by=actor.user_id,
                created_at=now,
            )
            for position, question in enumerate(asked):
                await queries.add_question(session, **question_columns(campaign_id, question, position))
            campaign = await rows.read(session, campaign_id)
            await self._note(session, actor, campaign, "create")
            return campaign

    async def _check_ready(self, session: AsyncSession, campaign: Campaign) -> Reach:
        """Raises `Refusal` where it has no question, or would reach nobody."""
        if not campaign.questions:
            raise Refusal("campaigns.no_questions")
        reach = await _reach(session, campaign, self.clock())
        if not reach.people:
            raise Refusal("campaigns.nobody")
        if not reach.reached:
            raise Refusal("campaigns.nobody_reached")
        return reach

    async def _first_day(self, session: AsyncSession, campaign: Campaign, actor: Actor) -> Any:
        last = await queries.last_day(session, campaign.id)
        return reaching.next_day(campaign, self.clock(), actor.zone, last)

    async def _next(self, session: AsyncSession, campaign: Campaign, actor: Actor) -> dict[str, Any]:
        day = await self._first_day(session, campaign, actor)
        if day is None:
            raise Refusal("campaigns.rule_never")
        wake_after(session)
        return {"next_day": day, "next_at": begins(day, campaign.minute)}

    async def _write(
        self, session: AsyncSession, actor: Actor, campaign: Campaign, deed: str, **columns: Any
    ) -> Campaign:
        await queries.change(session, campaign.id, campaign.version, **columns)
        await self._note(session, actor, campaign, deed, **columns)
        wake_after(session)
        return await rows.read(session, campaign.id)

    async def _unwatch(self, session: AsyncSession, campaign: Campaign) -> None:
        """Of roles that are no campaign's audience any more nothing is kept."""
        if campaign.server_id is not None:
            watched = await queries.watched_roles(session, campaign.server_id)
            await queries.forget_roles(session, campaign.server_id, watched)

    async def _note(self, session: AsyncSession, actor: Actor, campaign: Campaign, deed: str, **columns: Any) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=campaign.server_id,
            action=f"campaign.{deed}",
            subject=campaign.name,
            details={"campaign": campaign.id} | {name: _plain(value) for name, value in columns.items()},
        )


def question_columns(campaign_id: int, question: CampaignQuestion, position: int) -> dict[str, Any]:
    """A question as the table has it."""
    return {
        "campaign_id": campaign_id,
        "position": position,
        "type": question.type,
        "purpose": question.purpose,
        "text": question.text,
        "hint": question.hint,
        "options": list(question.options),
        "required": question.required,
    }


def _check_version(campaign: Campaign, seen: int) -> None:
    if campaign.version != seen:
        raise Refusal("campaigns.changed_meanwhile")


async def _reach(session: AsyncSession, campaign: Campaign, now: datetime) -> Reach:
    whom = rows.whom_of(campaign)
    found = await audiences.counts(session, whom, now)
    people = sum(row.people for row in found)
    direct = sum(row.direct for row in found) if campaign.where is Where.DIRECT else 0
    nowhere = await audiences.without_place(session, whom, now, channel_only=campaign.where is Where.CHANNEL)
    return Reach(direct, people - direct - nowhere, nowhere)


def _plain(value: Any) -> Any:
    """A value as the audit keeps it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
