"""Drafts: what is frozen at the confirmation, whom it is for by then, and when somebody is asked again."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from bot.domain.cap.values import Severity
from bot.domain.crisis import AlertDeed
from bot.domain.crisis_consent import Consent
from db.engine import Database
from db.tables import Server
from tests.clock import SettableClock
from tests.services.crisis_house import COLLEAGUE, ELSEWHERE, NETWORK, THIRD, House, crisis_house


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


async def join_late(house: House, server_id: int = 904) -> None:
    async with house.database.begin() as session:
        columns = {"language": "en", "joined_at": house.clock(), "crisis_channel_id": server_id * 10}
        await session.execute(insert(Server).values(id=server_id, name=f"S{server_id}", **columns))


async def test_the_list_of_targets_is_that_of_the_confirmation(house: House) -> None:
    alert = await house.network()
    await join_late(house)
    await house.desk.set_consent(ELSEWHERE, Consent(severities=frozenset({Severity.EXTREME})))
    async with house.database.begin() as session:
        await session.execute(update(Server).where(Server.id == THIRD).values(left_at=house.clock()))
    found = await house.crisis.reach(alert)
    assert [each.channel_id for each in found.targets] == [9010]
    assert {each.name: each.why for each in found.left_out} == {
        "S902": "crisis.left_out_withdrew",
        "S903": "crisis.left_out_gone",
        "S904": "crisis.left_out_later",
    }
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)  # nobody is asked again
    assert {channel for kind, channel in await house.speak() if kind == "alert"} >= {9010}
    sent = [channel for kind, channel, state in await house.states() if kind == "alert" and state == "sent"]
    assert sent == [9010]


async def test_whoever_refused_before_and_whoever_came_later_are_told_apart(house: House) -> None:
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    alert = await house.network(channels=2)
    await join_late(house)
    async with house.database.begin() as session:
        await session.execute(insert(Server).values(id=905, name="S905", language="en", joined_at=house.clock()))
    assert {each.name: each.why for each in (await house.crisis.reach(alert)).left_out} == {
        "S902": "crisis.left_out_consent",
        "S904": "crisis.left_out_later",
        "S905": "crisis.left_out_channel",
    }


async def test_the_card_of_a_pending_alert_is_due_when_a_server_changes_its_word(house: House) -> None:
    alert = await house.network()
    await house.crisis.put_card(alert.id, 1, 2)
    assert await house.desk.cards_due() == []
    await house.desk.set_consent(NETWORK, Consent(takes_part=False))
    assert [each.id for each in await house.desk.cards_due()] == [alert.id]
    found, progress = await house.desk.standing(alert)
    assert found is not None
    assert (len(found.targets), progress) == (2, None)
