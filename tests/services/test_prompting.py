"""At the moment of sending, and after it: who is no longer to be asked, and where else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.calendar import moment
from bot.domain.outbox import Again, Delivery, Dropped, Late, Refused, Sent
from bot.domain.prompts import Ask
from db.engine import Database
from db.tables import Campaign, CampaignOptOut, Membership, Period, RefusalRow
from tests.clock import SettableClock
from tests.services.campaign_house import CHANNEL, COORDINATOR, DAY, HOUR, CampaignHouse

DUE = moment(date(2026, 3, 3), 570, "Europe/Paris")


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> CampaignHouse:
    """Ana is written to, Bo is asked in the channel, and both are to be asked now."""
    house = CampaignHouse(database, clock, chunk=50)
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    await house.add_server()
    await house.add("Ana", language="es")
    await house.add("Bo", direct=False)
    await house.campaign()
    await house.jump(DUE)
    return house


async def ana(house: CampaignHouse) -> Delivery:
    (found,) = [each for each in await house.taken() if each.target.is_direct]
    return found


async def channel(house: CampaignHouse) -> Delivery:
    (found,) = [each for each in await house.taken() if not each.target.is_direct]
    return found


async def test_what_is_said(house: CampaignHouse) -> None:
    delivery = await ana(house)
    ask = await house.prompting.ask(delivery)
    assert isinstance(ask, Ask)
    assert (delivery.language, ask.server, ask.zone, ask.again) == ("es", "Lyon", "Europe/Paris", False)
    assert ask.period.day == date(2026, 3, 3)
    assert len(ask.campaign.questions) == 1


async def test_the_channel_is_asked_in_the_servers_language(house: CampaignHouse) -> None:
    delivery = await channel(house)
    assert (delivery.language, delivery.target.id) == ("fr", CHANNEL)
    assert isinstance(await house.prompting.ask(delivery), Ask)


@pytest.mark.parametrize("way", ["left", "paused", "opted_out", "answered", "skipped"])
async def test_who_is_no_longer_to_be_asked_between_planning_and_sending(house: CampaignHouse, way: str) -> None:
    delivery = await ana(house)
    match way:
        case "left":
            await house.leave("Ana")
        case "paused":
            await house.set("Ana", paused_until=house.clock() + DAY)
        case "opted_out":
            async with house.database.begin() as session:
                campaign_id = await session.scalar(select(Campaign.id))
                row = {"member_id": house.people["Ana"], "campaign_id": campaign_id, "since": house.clock()}
                await session.execute(insert(CampaignOptOut).values(**row))
        case "answered":
            await house.set_prompt("Ana", answered=True)
        case "skipped":
            await house.set_prompt("Ana", state="skipped")
    outcome = await house.prompting.ask(delivery)
    assert isinstance(outcome, Dropped)
    await house.settle(delivery, outcome)
    expected = {"answered": "planned", "skipped": "skipped"}.get(way, "unreachable")
    assert (await house.states())["Ana"] == expected


async def test_a_campaign_that_is_paused_deleted_or_over_asks_nobody(house: CampaignHouse) -> None:
    delivery = await ana(house)
    async with house.database.begin() as session:
        await session.execute(update(Campaign).values(state="paused"))
    assert await house.prompting.ask(delivery) == Dropped("campaign_paused")
    async with house.database.begin() as session:
        await session.execute(update(Campaign).values(state="active"))
        await session.execute(update(Period).values(closes_at=house.clock()))
    assert await house.prompting.ask(delivery) == Dropped("period_over")
    async with house.database.begin() as session:
        await session.execute(delete(Campaign))
    assert await house.prompting.ask(delivery) == Dropped("campaign_gone")


async def test_nobody_is_left_to_be_asked_in_a_channel(house: CampaignHouse) -> None:
    delivery = await channel(house)
    await house.set_prompt("Bo", answered=True)
    assert await house.prompting.ask(delivery) == Dropped("nobody_waits")


async def test_whom_discord_refuses_is_asked_in_the_channel(house: CampaignHouse) -> None:
    await house.set_prompt("Bo", answered=True)
    async with house.database.begin() as session:
        await session.execute(update(Membership).where(Membership.member_id == house.people["Bo"]).values(alumni=False))
    delivery = await ana(house)
    await house.settle(delivery, Refused(50007, 1))
    assert (await house.states())["Ana"] == "planned"
    assert [who for _, who, _ in await house.deliveries()] == ["Ana", str(CHANNEL)]


async def test_a_deleted_channel_leaves_its_people_unasked(house: CampaignHouse) -> None:
    await house.settle(await channel(house), Refused(10003, CHANNEL))
    assert await house.states() == {"Ana": "planned", "Bo": "unreachable"}


async def test_who_is_planned_after_the_channel_was_refused_is_not_put_there(house: CampaignHouse) -> None:
    async with house.database.begin() as session:
        await session.execute(insert(RefusalRow).values(channel_id=CHANNEL, code=10003, at=house.clock()))
    await house.add("Cy", "America/New_York", direct=False)
    await house.jump(DUE + 12 * HOUR)
    assert (await house.states())["Cy"] == "unreachable"


async def test_what_was_too_late_was_missed_and_what_was_sent_stays(house: CampaignHouse) -> None:
    taken = {each.target.is_direct: each for each in await house.taken()}
    await house.settle(taken[False], Sent(1, CHANNEL))
    await house.settle(taken[True], Late())
    assert await house.states() == {"Ana": "missed", "Bo": "planned"}


async def test_a_try_that_comes_again_changes_nothing(house: CampaignHouse) -> None:
    await house.settle(await ana(house), Again(house.clock() + HOUR, None, "503"))
    assert await house.states() == {"Ana": "planned", "Bo": "planned"}


async def test_what_was_started_by_hand_goes_on_while_the_calendar_stands_still(house: CampaignHouse) -> None:
    (campaign,) = await house.campaigns.list(COORDINATOR)
    await house.campaigns.switch(COORDINATOR, campaign.id, on=False)
    await house.taken()
    campaign = await house.campaigns.get(COORDINATOR, campaign.id)
    assert (await house.campaigns.run(COORDINATOR, campaign.id, campaign.version)).reached == 2
    await house.planning.run_due(house.clock())
    assert isinstance(await house.prompting.ask(await ana(house)), Ask)
