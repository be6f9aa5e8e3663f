"""Planning: periods are opened, their prompts written down zone by zone, and put once more where they wait.

Each step is one short transaction that first takes what it is about, by comparing and setting: whoever else looked at
the same moment finds it gone. What a step decides it writes down with what is to be sent. A crash between two steps
loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import dropwhile
from typing import Any

from bot.domain.calendar import Rule, begins, ends, moments, next_look, too_late_everywhere, zones_due
from bot.domain.campaigns import Campaign, Period, PeriodState, PromptState, Where
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.prompts import Place, best_place, closing, reminder_at, window
from bot.services import outbox
from bot.services.campaign_rows import campaign_of, period_of, place_of, whom_of
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audiences, campaigns, periods
from db.queries.audiences import PersonRow
from db.queries.periods import AgainRow, PeriodRow

CHUNK = 500
"""People of one transaction: about a twentieth of a second, for which others who write wait."""
PERIODS = 100
"""Periods that are opened in one transaction; more than one only after a long absence."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one member in a period: the columns of her prompt, and what is to be sent, if anything."""

    prompt: dict[str, Any]
    delivery: NewDelivery | None


@dataclass(frozen=True, slots=True)
class PlanningService:
    """Does what is due; `run_due` is the ticker's."""

    work: Work
    clock: Clock
    chunk: int = CHUNK

    async def run_due(self, now: datetime) -> datetime | None:
        """Open, plan and remind whatever is due; returns when there is something next.

        Where nothing is due that is one look, for which nobody who writes has to wait.
        """
        while (upcoming := await self._next()) is not None and upcoming <= now:
            for step in (self._open, self._plan, self._again):
                while await step(now):
                    pass
        return upcoming

    async def _next(self) -> datetime | None:
        """When there is something to do."""
        async with self.work.read() as session:
            found = (
                await campaigns.next_at(session),
                await periods.next_plan(session),
                await periods.next_again(session),
            )
        return min((each for each in found if each is not None), default=None)

    async def _open(self, now: datetime) -> bool:
        """Open the periods of the campaign that is due first. False where none is."""
        async with self.work.begin() as session:
            found = await campaigns.due(session, now, 1)
            if not found:
                return False
            row, campaign = found[0], campaign_of(found[0])
            opened, next_day = _due_days(campaign, now)
            next_at = begins(next_day, campaign.minute) if next_day is not None else None
            assert row.next_at is not None
            if await campaigns.advance(session, row.id, row.next_at, next_day=next_day, next_at=next_at):
                await periods.open_many(session, [_opened(campaign, *each, now) for each in opened])
        return True

    async def _plan(self, now: datetime) -> bool:
        """Plan the prompts of a chunk of people. False where nothing is to be planned."""
        async with self.work.begin() as session:
            seen = await periods.to_plan(session, now)
            if seen is None:
                return False
            row = await campaigns.by_id(session, seen.campaign_id)
            assert row is not None
            campaign, period = campaign_of(row), period_of(seen)
            people = await self._people(session, campaign, period, seen, now)
            if await periods.advance(session, seen, **self._progress(seen, campaign, period, people, now)):
                planned = await _decide(session, campaign, period, people, now)
                await periods.add_prompts(session, [each.prompt for each in planned])
                await outbox.post(session, _once(each.delivery for each in planned), now)
        return True

    async def _people(
        self, session: AsyncSession, campaign: Campaign, period: Period, seen: PeriodRow, now: datetime
    ) -> Sequence[PersonRow]:
        """Who is to be asked next: in the zones that have come so far, who has no prompt yet."""
        if _over(campaign, period, now) and period.number:
            return []
        zones: Collection[str] = moments(period.day, period.minute)
        if not period.number:
            zones = zones_due(period.day, period.minute, now)
        return await audiences.without_prompt(
            session, whom_of(campaign), period.id, zones, now=now, after=seen.planned_to, most=self.chunk
        )

    def _progress(
        self, seen: PeriodRow, campaign: Campaign, period: Period, people: Sequence[PersonRow], now: datetime
    ) -> dict[str, Any]:
        """Where planning goes on: after these people, or from the beginning when the next zone has come."""
        if len(people) == self.chunk:
            return {"plan_at": seen.plan_at, "planned_to": people[-1].id}
        over = period.number or _over(campaign, period, now)
        return {"plan_at": None if over else next_look(period.day, period.minute, now), "planned_to": 0}

    async def _again(self, now: datetime) -> bool:
        """Put to a chunk of people once more what they have not answered. False where nobody waits."""
        async with self.work.begin() as session:
            rows = await periods.again(session, now, self.chunk)
            if not rows:
                return False
            ids = [row.id for row in rows]
            waiting = await periods.unanswered(session, ids, now)
            await periods.came_again(session, ids)
            await outbox.post(session, await _once_more(session, [row for row in rows if row.id in waiting]), now)
        return True


def _over(campaign: Campaign, period: Period, now: datetime) -> bool:
    """Whether nobody is asked in this period any more."""
    if period.number:
        return now >= period.opened_at + campaign.lateness
    return now >= too_late_everywhere(period.day, period.minute, period.next_day, campaign.lateness)


def _due_days(campaign: Campaign, now: datetime) -> tuple[list[tuple[date, date | None]], date | None]:
    """The days that are due, each with the one that follows, and the first that is not."""
    first = campaign.next_day
    assert first is not None
    days = dropwhile(lambda each: each < first, Rule.parse(campaign.rule).days(campaign.starts_on))
    current = next(days, None)
    found: list[tuple[date, date | None]] = []
    while current is not None and begins(current, campaign.minute) <= now and len(found) < PERIODS:
        following = next(days, None)
        found.append((current, following))
        current = following
    return found, current


def _opened(campaign: Campaign, day: date, following: date | None, now: datetime) -> dict[str, Any]:
    """The columns of a period; where it is too late in every zone, it was missed."""
    minute = campaign.minute
    next_opens = ends(following, minute) if following is not None else None
    closes_at, late_until = closing(campaign, ends(day, minute), next_opens)
    missed = now >= too_late_everywhere(day, minute, following, campaign.lateness)
    return {
        "campaign_id": campaign.id,
        "day": day,
        "number": 0,
        "minute": minute,
        "anonymous": campaign.anonymous,
        "state": PeriodState.MISSED if missed else PeriodState.OPEN,
        "opened_at": begins(day, minute),
        "next_day": following,
        "plan_at": None if missed else begins(day, minute),
        "planned_to": 0,
        "closes_at": closes_at,
        "late_until": late_until,
        "closed_at": None,
    }


async def _decide(
    session: AsyncSession, campaign: Campaign, period: Period, people: Sequence[PersonRow], now: datetime
) -> list[Planned]:
    """What becomes of each of these people."""
    direct = campaign.where is Where.DIRECT
    elsewhere = [person.id for person in people if not (direct and person.direct and person.language)]
    places = await _places(session, campaign, elsewhere)
    return [_planned(campaign, period, person, places[person.id], now) for person in people]


async def _places(
    session: AsyncSession, campaign: Campaign, member_ids: Collection[int]
) -> defaultdict[int, list[Place]]:
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for row in await audiences.places(session, campaign.server_id, member_ids):
        found[row.member_id].append(place_of(row))
    return found


def _planned(campaign: Campaign, period: Period, person: PersonRow, places: Sequence[Place], now: datetime) -> Planned:
    when = window(period, person.zone, campaign.lateness)
    prompt = {
        "campaign_id": campaign.id,
        "period_id": period.id,
        "member_id": person.id,
        "channel_id": None,
        "state": PromptState.PLANNED,
        "due_at": when.due_at,
        "answered": False,
        "again_at": None,
        "snoozed": False,
        "asked_again": 0,
    }
    if now >= when.until:
        return Planned(prompt | {"state": PromptState.MISSED}, None)
    again = {"again_at": reminder_at(period, max(when.due_at, now), campaign.remind_after_days)}
    if campaign.where is Where.DIRECT and person.direct:
        language = person.language or (places[0].language if places else None)
        return Planned(prompt | again, _to_member(campaign, period, person.id, language, when.until))
    place = best_place(places)
    if place is None:
        return Planned(prompt | {"state": PromptState.UNREACHABLE}, None)
    return Planned(prompt | again | {"channel_id": place.channel_id}, to_channel(campaign, period, place, person.zone))


def _to_member(
    campaign: Campaign, period: Period, member_id: int, language: str | None, until: datetime
) -> NewDelivery:
    return NewDelivery(
        DeliveryKind.CHECKIN,
        period.id,
        Target.member(member_id),
        f"checkin:{campaign.id}:{period.id}:member:{member_id}",
        language,
        not_after=until,
    )


def to_channel(campaign: Campaign, period: Period, place: Place, zone: str) -> NewDelivery:
    """The one post of a period in a channel: at the city's own time, where it is the city's own channel."""
    assert place.channel_id is not None
    when = window(period, place.zone or zone, campaign.lateness)
    return NewDelivery(
        DeliveryKind.CHECKIN,
        period.id,
        Target.channel(place.channel_id, place.server_id),
        f"checkin:{campaign.id}:{period.id}:channel:{place.channel_id}",
        place.language,
        not_before=when.due_at,
        not_after=when.until,
    )


def _once(deliveries: Iterable[NewDelivery | None]) -> list[NewDelivery]:
    """Those that there are, each key once."""
    return list({each.dedupe_key: each for each in deliveries if each is not None}.values())


async def _once_more(session: AsyncSession, rows: Sequence[AgainRow]) -> list[NewDelivery]:
    """Reminders, and what was put off. In a channel there is one reminder for all who are asked there."""
    found = await periods.by_ids(session, {row.period_id for row in rows})
    members = [row.member_id for row in rows if row.channel_id is not None]
    places: defaultdict[int, list[Place]] = defaultdict(list)
    for place in await audiences.places(session, None, members):
        places[place.member_id].append(place_of(place))
    deliveries = [_again_to(row, found[row.period_id], places[row.member_id]) for row in rows]
    return _once(deliveries)


def _again_to(row: AgainRow, period: PeriodRow, places: Sequence[Place]) -> NewDelivery | None:
    key = f"checkin-again:{row.period_id}"
    if row.channel_id is None:
        target, key, language = Target.member(row.member_id), f"{key}:member:{row.member_id}:{row.asked_again}", None
    else:
        place = next((each for each in places if each.channel_id == row.channel_id), None)
        if place is None or row.snoozed:
            return None
        target = Target.channel(row.channel_id, place.server_id)
        key, language = f"{key}:channel:{row.channel_id}", place.language
    return NewDelivery(
        DeliveryKind.CHECKIN_AGAIN,
        row.period_id,
        target,
        key,
        language,
        not_after=period.closes_at,
        payload={"snoozed": row.snoozed},
    )
