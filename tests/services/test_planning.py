"""Planning on a database: each member once a period at her own time, whatever happens in between."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.calendar import begins, ends, moment, too_late
from bot.domain.campaigns import Where
from bot.services.planning import PlanningService
from bot.services.work import Work
from db.engine import Database
from db.tables import Campaign, DeliveryRow, Period, Prompt
from tests.clock import SettableClock
from tests.services.campaign_house import CHANNEL, COORDINATOR, DAY, HOUR, CampaignHouse

ZONES = ("Pacific/Kiritimati", "Asia/Tokyo", "Asia/Kathmandu", "Europe/Paris", "America/New_York", "Pacific/Niue")
TODAY = date(2026, 3, 3)
NEXT = date(2026, 4, 7)
HALF_PAST_NINE = 570


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> CampaignHouse:
    house = CampaignHouse(database, clock)
    await house.add_server()
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    return house


def paris(day: date) -> datetime:
    return moment(day, HALF_PAST_NINE, "Europe/Paris")


async def test_each_is_asked_once_a_period_at_her_own_time(house: CampaignHouse) -> None:
    for zone in ZONES:
        await house.add(zone, zone)
    await house.campaign()
    await house.live(ends(TODAY, HALF_PAST_NINE) + DAY)
    await house.jump(ends(NEXT, HALF_PAST_NINE))
    expected = [
        (zone, day.isoformat(), moment(day, HALF_PAST_NINE, zone), "planned") for day in (TODAY, NEXT) for zone in ZONES
    ]
    assert await house.prompts() == expected
    sent = [(who, at) for kind, who, at in await house.deliveries() if kind == "checkin"]
    first = [(zone, at) for zone, _, at, _ in expected[: len(ZONES)]]
    assert sent == first + [(zone, house.clock()) for zone in ZONES]


async def test_a_chunk_that_fails_is_done_again_and_nobody_twice(house: CampaignHouse) -> None:
    for number in range(7):
        await house.add(f"P{number}")
    await house.campaign()
    house.clock.now = paris(TODAY)
    for steps in range(4):
        planning = Interrupted(Work(house.database), house.clock, 2, steps)
        with pytest.raises(ZeroDivisionError):
            await planning.run_due(house.clock())
    await house.planning.run_due(house.clock())
    assert Counter(who for _, who, _ in await house.deliveries()) == {f"P{number}": 1 for number in range(7)}
    assert len(await house.prompts()) == 7


class Interrupted(PlanningService):
    """Ends in the middle of its work, inside a transaction, after so many of them."""

    def __init__(self, work: Work, clock: SettableClock, chunk: int, steps: int) -> None:
        super().__init__(Dying(work.database, steps), clock, chunk)  # type: ignore[arg-type]


class Dying:
    """A unit of work whose transaction number `steps` fails at its end: nothing of it is kept."""

    def __init__(self, database: Database, steps: int) -> None:
        self.work, self.steps = Work(database), steps
        self.read = self.work.read

    def begin(self) -> object:
        self.steps -= 1
        return self.work.begin() if self.steps >= 0 else _failing(self.work)


def _failing(work: Work) -> object:
    @asynccontextmanager
    async def transaction():  # type: ignore[no-untyped-def]
        async with work.begin() as session:
            yield session
            raise ZeroDivisionError

    return transaction()


async def test_two_that_plan_at_once_share_the_work(house: CampaignHouse) -> None:
    for number in range(9):
        await house.add(f"P{number}")
    await house.campaign()
    house.clock.now = paris(TODAY)
    other = PlanningService(Work(house.database), house.clock, 2)
    await asyncio.gather(*(each.run_due(house.clock()) for each in (house.planning, other, house.planning)))
    assert sorted(Counter(who for _, who, _ in await house.deliveries()).values()) == [1] * 9
    assert len(await house.prompts()) == 9


async def test_whoever_moves_on_the_day_is_asked_once(house: CampaignHouse) -> None:
    for name, zone in (("West", "Asia/Tokyo"), ("East", "America/New_York"), ("Stays", "Europe/Paris")):
        await house.add(name, zone)
    await house.campaign()
    await house.live(moment(TODAY, HALF_PAST_NINE, "Asia/Tokyo") + HOUR / 2)
    await house.set("West", zone="America/New_York")
    await house.set("East", zone="Asia/Tokyo")
    await house.live(ends(TODAY, HALF_PAST_NINE) + DAY)
    assert Counter(name for name, _, _, _ in await house.prompts()) == {"West": 1, "East": 1, "Stays": 1}
    assert Counter(who for _, who, _ in await house.deliveries()) == {"West": 1, "East": 1, "Stays": 1}


async def test_after_downtime_within_the_bound_it_goes_out_once(house: CampaignHouse) -> None:
    await house.add("Ana")
    await house.campaign(late_hours=48, remind_after_days=None)
    house.clock.now = paris(TODAY) + 47 * HOUR
    await house.planning.run_due(house.clock())
    assert [(who, at) for _, who, at in await house.deliveries()] == [("Ana", house.clock())]
    await house.jump(paris(TODAY) + 5 * DAY - HOUR * 20)
    assert len(await house.deliveries()) == 1


async def test_for_whom_it_is_too_late_that_is_recorded(house: CampaignHouse) -> None:
    await house.add("Tokyo", "Asia/Tokyo")
    await house.add("York", "America/New_York")
    await house.campaign(late_hours=6)
    house.clock.now = moment(TODAY, HALF_PAST_NINE, "America/New_York") + HOUR
    await house.planning.run_due(house.clock())
    assert await house.states() == {"Tokyo": "missed", "York": "planned"}
    assert [who for _, who, _ in await house.deliveries()] == ["York"]


async def test_after_months_away_only_what_is_not_too_late_is_asked(house: CampaignHouse) -> None:
    await house.add("Ana")
    campaign = await house.campaign(rule="FREQ=DAILY", late_hours=14 * 24, open_days=20)
    house.clock.now = paris(date(2026, 9, 20)) + HOUR
    await house.planning.run_due(house.clock())
    async with house.database.read() as session:
        query = select(Period.day, Period.state).where(Period.campaign_id == campaign.id).order_by(Period.day)
        found = [tuple(row) for row in await session.execute(query)]
    assert [day for day, _ in found] == [date(2026, 3, 1) + timedelta(days=n) for n in range(204 + 1)][: len(found)]
    assert Counter(state for _, state in found)["missed"] >= 200
    # Of those that are not over everywhere she gets the newest that has come where she lives.
    assert [(name, day) for name, day, _, state in await house.prompts() if state == "planned"] == [
        ("Ana", "2026-09-20")
    ]
    assert len(await house.deliveries()) == 1


async def test_it_begins_where_the_day_begins_and_ends_where_it_ends(house: CampaignHouse) -> None:
    await house.add("Ana")
    campaign = await house.campaign()
    assert campaign.next_at == begins(TODAY, HALF_PAST_NINE)
    assert await house.planning.run_due(house.clock()) == begins(TODAY, HALF_PAST_NINE)
    await house.jump(ends(TODAY, HALF_PAST_NINE))
    assert (await house.campaigns.get(COORDINATOR, campaign.id)).next_day == NEXT
    async with house.database.read() as session:
        row = (await session.execute(select(Period.plan_at, Period.closes_at, Period.late_until))).one()
    assert tuple(row) == (None, ends(TODAY, HALF_PAST_NINE) + 14 * DAY, ends(TODAY, HALF_PAST_NINE) + 16 * DAY)


async def test_one_post_in_each_channel_for_those_who_are_not_written_to(house: CampaignHouse) -> None:
    lyon = await house.add_city("Lyon", "Europe/Paris", channel_id=CHANNEL + 1)
    porto = await house.add_city("Porto", "Europe/Lisbon")
    await house.add("Direct", city_id=lyon)
    for number in range(3):
        await house.add(f"Lyon{number}", city_id=lyon, direct=False)
    await house.add("Porto", "Europe/Lisbon", city_id=porto, direct=False)
    await house.campaign()
    await house.jump(paris(TODAY), moment(TODAY, HALF_PAST_NINE, "Europe/Lisbon"), ends(TODAY, HALF_PAST_NINE))
    assert [(who, at) for _, who, at in await house.deliveries()] == [
        ("Direct", paris(TODAY)),
        (str(CHANNEL + 1), paris(TODAY)),
        (str(CHANNEL), moment(TODAY, HALF_PAST_NINE, "Europe/Lisbon")),
    ]
    assert set((await house.states()).values()) == {"planned"}


async def test_everybody_in_the_channel_where_the_campaign_says_so(house: CampaignHouse) -> None:
    await house.add("Ana")
    await house.add("Bo", direct=False)
    await house.campaign(place=Where.CHANNEL)
    await house.jump(ends(TODAY, HALF_PAST_NINE))
    assert [who for _, who, _ in await house.deliveries()] == [str(CHANNEL)]


async def test_whom_nothing_reaches_is_on_record(database: Database, clock: SettableClock) -> None:
    house = CampaignHouse(database, clock)
    await house.add_server(channel_id=None)
    await house.add("Ana", direct=False)
    await house.add("Bo")
    await house.campaign()
    await house.jump(ends(TODAY, HALF_PAST_NINE))
    assert await house.states() == {"Ana": "unreachable", "Bo": "planned"}


async def test_who_is_paused_left_or_wants_no_more_is_not_asked(house: CampaignHouse) -> None:
    for name in ("Paused", "Left", "Unconfirmed", "Ana"):
        await house.add(name)
    await house.campaign()
    await house.set("Paused", paused_until=house.clock() + 30 * DAY)
    await house.set("Unconfirmed", confirmed_at=None)
    await house.leave("Left")
    await house.jump(ends(TODAY, HALF_PAST_NINE))
    assert await house.states() == {"Ana": "planned"}


async def test_one_reminder_for_those_who_have_not_answered(house: CampaignHouse) -> None:
    for name in ("Silent", "Answered", "Skipped"):
        await house.add(name)
    for name in ("Here", "There"):
        await house.add(name, direct=False)
    await house.campaign(remind_after_days=4)
    await house.jump(paris(TODAY))
    await house.set_prompt("Answered", answered=True)
    await house.set_prompt("Skipped", state="skipped")
    await house.jump(paris(TODAY) + 4 * DAY, paris(TODAY) + 13 * DAY)
    again = [(who, at) for kind, who, at in await house.deliveries() if kind == "checkin_again"]
    assert again == [("Silent", paris(TODAY) + 4 * DAY), (str(CHANNEL), paris(TODAY) + 4 * DAY)]


async def test_what_was_put_off_comes_back_then_and_is_not_reminded_of(house: CampaignHouse) -> None:
    await house.add("Ana")
    await house.campaign()
    await house.jump(paris(TODAY))
    await house.set_prompt("Ana", snoozed=True, again_at=paris(TODAY) + 2 * DAY)
    await house.jump(*(paris(TODAY) + n * DAY for n in (2, 4, 13)))
    assert [(kind, at) for kind, _, at in await house.deliveries()] == [
        ("checkin", paris(TODAY)),
        ("checkin_again", paris(TODAY) + 2 * DAY),
    ]


async def test_a_paused_campaign_plans_nothing_and_does_not_catch_up(house: CampaignHouse) -> None:
    await house.add("Ana")
    campaign = await house.campaign()
    await house.jump(begins(TODAY, HALF_PAST_NINE) + HOUR)
    await house.campaigns.switch(COORDINATOR, campaign.id, on=False)
    await house.jump(paris(TODAY) + 20 * DAY)
    assert await house.deliveries() == []
    switched = await house.campaigns.switch(COORDINATOR, campaign.id, on=True)
    assert switched.next_day == NEXT
    await house.jump(ends(NEXT, HALF_PAST_NINE))
    assert [(day, state) for _, day, _, state in await house.prompts()] == [
        ("2026-03-03", "missed"),
        ("2026-04-07", "planned"),
    ]


async def test_a_rule_that_has_ended_asks_no_more(house: CampaignHouse) -> None:
    await house.add("Ana")
    campaign = await house.campaign(rule="FREQ=DAILY;COUNT=2")
    await house.jump(*(house.clock() + n * DAY for n in (0.5, 1.5, 2.5, 9)))
    assert [day for _, day, _, _ in await house.prompts()] == ["2026-03-01", "2026-03-02"]
    assert (await house.campaigns.get(COORDINATOR, campaign.id)).next_day is None


@pytest.mark.parametrize("seed", range(4))
async def test_moves_and_downtime_by_chance(sqlite_database: Database, clock: SettableClock, seed: int) -> None:
    """Whatever happens: for each period that was opened, each member has one prompt, and it was sent at most once."""
    chance = random.Random(seed)
    zones = ["Pacific/Kiritimati", "Asia/Kolkata", "Europe/Kyiv", "America/St_Johns", "Pacific/Niue", "Etc/GMT+12"]
    house = CampaignHouse(sqlite_database, clock, chunk=chance.choice([1, 2, 50]))
    await house.add_server()
    clock.now = datetime(2026, chance.randrange(1, 13), chance.randrange(1, 28), chance.randrange(24), tzinfo=UTC)
    for number in range(4):
        await house.add(f"P{number}", chance.choice(zones))
    rule = chance.choice(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"])
    await house.campaign(rule=rule, minute=chance.randrange(1440), late_hours=chance.choice([6, 48, 200]), open_days=30)
    for _ in range(12):
        if chance.random() < 0.5:
            clock.now += timedelta(hours=chance.random() * 70)
        else:
            await house.live(clock.now + timedelta(hours=chance.random() * 40))
        await house.set(f"P{chance.randrange(4)}", zone=chance.choice(zones))
    await house.planning.run_due(clock.now)
    await house.live(clock.now + 2 * DAY)
    await check(house)


async def check(house: CampaignHouse) -> None:
    """Every period that is planned to its end has each member once; nothing that was missed was sent."""
    async with house.database.read() as session:
        periods = (
            await session.execute(
                select(Period.id, Period.day, Period.minute, Period.next_day, Period.plan_at, Period.state)
            )
        ).all()
        late = timedelta(hours=(await session.scalars(select(Campaign.late_hours))).one())
        prompts = (await session.execute(select(Prompt.period_id, Prompt.member_id, Prompt.state, Prompt.due_at))).all()
        sent = Counter(
            (subject, member)
            for subject, member in (
                await session.execute(
                    select(DeliveryRow.subject, DeliveryRow.member_id).where(DeliveryRow.kind == "checkin")
                )
            ).all()
        )
    assert periods
    asked = Counter((each.period_id, each.member_id) for each in prompts)
    assert set(asked.values()) <= {1}
    assert set(sent.values()) <= {1}
    assert set(sent) == {(each.period_id, each.member_id) for each in prompts if each.state == "planned"}
    for period in periods:
        if period.plan_at is None:
            expected = set() if period.state == "missed" else set(house.people.values())
            assert {member for of, member in asked if of == period.id} == expected
        for each in prompts:
            if each.period_id == period.id:
                assert begins(period.day, period.minute) <= each.due_at <= ends(period.day, period.minute)
                assert each.due_at <= too_late(period.day, period.minute, "Etc/GMT+12", late, period.next_day)
