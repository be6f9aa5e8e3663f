"""Drafts: what is frozen at the confirmation, whom it is for by then, and when somebody is asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.domain.cap.values import Hazard, Severity, Urgency
from bot.domain.crisis import AlertAudience, AlertDeed, AlertState
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Refusal
from bot.services.alert_drafts import AlertDraftsService
from db.engine import Database
from db.tables import Server
from tests.clock import SettableClock
from tests.domain.cap.files import CHECKER
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, NETWORK, THIRD, House, crisis_house


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
    until = house.clock() + timedelta(seconds=30)
    assert await house.desk.take_cards(until) == []
    await house.desk.set_consent(NETWORK, Consent(takes_part=False))
    assert [each.id for each in await house.desk.take_cards(until)] == [alert.id]
    found, progress, _ = await house.desk.standing(alert)
    assert found is not None
    assert (len(found.targets), progress) == (2, None)


WRITTEN = {"headline": "Crue", "description": "Le quai est fermé.", "instruction": "Montez."}


async def returned(house: House) -> int:
    alert = await house.network()
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.RETURN, "Say which quay.")
    return alert.id


async def test_what_was_returned_asks_nobody_again_unless_it_was_changed(house: House) -> None:
    number = await returned(house)
    with pytest.raises(Refusal) as refused:
        await house.crisis.confirm(AUTHOR, number, "3")
    assert refused.value.message_id == "crisis.nothing_changed"
    await house.crisis.write(AUTHOR, number, "fr", WRITTEN)
    done = await house.crisis.confirm(AUTHOR, number, "3")
    assert (done.state, set(done.frozen)) == (AlertState.PENDING, {"fr"})
    await house.crisis.decide(COLLEAGUE, number, AlertDeed.RETURN, "Still not.")
    with pytest.raises(Refusal):
        await house.crisis.confirm(AUTHOR, number, "3")


@pytest.mark.parametrize(
    "change",
    [{"severity": Severity.EXTREME}, {"category": Hazard.RESCUE}, {"urgency": Urgency.FUTURE}, {"hours": 24}],
    ids=lambda change: next(iter(change)),
)
async def test_another_fact_asks_again(house: House, change: dict[str, Any]) -> None:
    number = await returned(house)
    await house.crisis.set(AUTHOR, number, **change)
    assert (await house.crisis.confirm(AUTHOR, number, "3")).state is AlertState.PENDING


async def test_another_audience_asks_again_and_counts_anew(house: House) -> None:
    number = await returned(house)
    await join_late(house)
    with pytest.raises(Refusal) as refused:  # a later joiner is no change of the author's
        await house.crisis.confirm(AUTHOR, number, "4")
    assert refused.value.message_id == "crisis.nothing_changed"
    drafts = AlertDraftsService(house.crisis)
    alert = await drafts.set_where(AUTHOR, number, audience="country:FR", event="Inondation", place="Lyon")
    assert (alert.audience, alert.audience_value, alert.event) == (AlertAudience.COUNTRY, "FR", None)
    assert (await house.crisis.confirm(AUTHOR, number, "1")).state is AlertState.PENDING
    assert [each.channel_id for each in (await house.crisis.reach(await house.crisis.get(number))).targets] == [9010]


async def test_event_place_and_audience_are_the_authors_to_change(house: House) -> None:
    drafts = AlertDraftsService(house.crisis)
    number = (await house.crisis.draft(AUTHOR, "flood", AlertAudience.SERVER, drill=False)).id
    alert = await house.crisis.get(number)
    assert [each.key for each in await drafts.audiences(alert)] == [
        "server",
        "city:1",
        "region:FR:ARA",
        "country:FR",
        "network",
    ]
    alert = await drafts.set_where(AUTHOR, number, audience="city:1", event="Dam broken", place="Villeurbanne")
    assert alert.text("es")[0].headline == "Dam broken: Villeurbanne"  # what stands ready follows
    await house.crisis.write(AUTHOR, number, "fr", WRITTEN)
    alert = await drafts.set_where(AUTHOR, number, audience="city:1", event="Inondation", place="Lyon")
    assert (alert.event, alert.text("fr")[0].event, alert.text("fr")[0].headline) == (None, "Inondation", "Crue")
    for actor, audience, sentence in (
        (COLLEAGUE, "network", "crisis.author_only"),
        (ELSEWHERE, "network", "crisis.not_your_server"),
        (AUTHOR, "city:99", "crisis.no_city"),
    ):
        with pytest.raises(Refusal) as refused:
            await drafts.set_where(actor, number, audience=audience, event="x", place="y")
        assert refused.value.message_id == sentence
    await house.crisis.confirm(AUTHOR, number, "1")
    with pytest.raises(Refusal):
        await drafts.set_where(AUTHOR, number, audience="network", event="x", place="y")


async def test_the_category_goes_into_the_cap_message(house: House) -> None:
    alert = await house.crisis.draft(AUTHOR, "flood", AlertAudience.SERVER, drill=False)
    assert alert.category is Hazard.MET
    await house.crisis.set(AUTHOR, alert.id, category=Hazard.INFRA)
    await house.crisis.confirm(AUTHOR, alert.id, "1")
    message = CHECKER.check(await house.cap.export(alert.id)).message
    assert message is not None
    assert {info.categories for info in message.infos} == {(Hazard.INFRA,)}
