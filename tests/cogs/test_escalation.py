"""An alert that a city does not answer, by clicks: direct messages, who is asked next, the card, the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import simcord
from sqlalchemy import insert, select, update

from bot.domain.escalation import FIRST
from db.tables import AlertRow, City, OnCall, Server, ServerCity
from tests.cogs.answers import answer
from tests.cogs.asking import pressable as labels
from tests.cogs.conftest import World, speak
from tests.cogs.delivering import deliver
from tests.cogs.inviting import expert


async def furnish(world: World) -> tuple[Any, Any]:
    """Lyon with a crisis channel, and the coordinators' channel."""
    crisis = world.server.create_text_channel("crisis")
    office = world.server.create_text_channel("office")
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server)
            .where(Server.id == world.server.id)
            .values(crisis_channel_id=crisis.id, coordinators_channel_id=office.id)
        )
        await session.execute(insert(City).values(id=1, name="Lyon", country="FR", zone="Europe/Paris"))
        await session.execute(insert(ServerCity).values(server_id=world.server.id, city_id=1))
    return crisis, office


async def put_on(world: World, actor: simcord.MemberActor, duty: str) -> None:
    columns = {"server_id": world.server.id, "city_id": 1, "user_id": actor.id, "duty": duty}
    async with world.application.database.begin() as session:
        await session.execute(insert(OnCall).values(**columns, added_by=1, added_at=world.application.clock()))


async def sent(world: World, office: Any, family: str) -> int:
    """An alert or a drill to the own server, on its way."""
    await world.coordinator.slash(world.room, f"{family} new", event="flood", audience="server")
    async with world.application.database.read() as session:
        number = await session.scalar(select(AlertRow.id).order_by(AlertRow.id.desc()).limit(1))
    assert number is not None
    form = await world.coordinator.click(office.history()[-1], custom_id=f"{family}:send:{number}")
    await world.coordinator.submit_modal(form, {"count": "1"})
    await deliver(world)
    return number


async def first_wait(world: World, number: int) -> timedelta:
    return FIRST[(await world.application.services.crisis.get(number)).severity]


def card_of(office: Any, number: int) -> str:
    """The card, wherever it stands in the channel."""
    cards = [each for each in office.history() if len(each.embeds) == 2 and str(number) in str(each.embeds[0].title)]
    return str(cards[-1].embeds[0].to_dict())


async def test_a_silent_city_until_a_deputy_answers_in_her_direct_messages(world: World) -> None:
    crisis, office = await furnish(world)
    deputy = await expert(world, "deputy", topic=None)
    speak(deputy, "es")
    await put_on(world, world.alumna, "on_call")
    await put_on(world, deputy, "deputy")
    number = await sent(world, office, "alert")
    assert deputy.user.dm_channel.history()[-1].content.startswith("Flood ·")
    wait = await first_wait(world, number)

    await deliver(world, after=wait)
    asked = crisis.history()[-1]
    assert "Nobody who answers for these cities has acknowledged" in asked.content
    assert f"Lyon: <@{world.alumna.id}>" in asked.content
    assert [each.id for each in asked.mentions] == [world.alumna.id]
    assert labels(asked) == ["Received", "We need help", "We can help"]
    await deliver(world, after=timedelta(seconds=5))
    assert "asked the people on call" in card_of(office, number)

    await deliver(world, after=wait)
    direct = deputy.user.dm_channel.history()[-1]
    assert "Deputies, please step in" in direct.content
    form = await deputy.user.click(direct, label="We need help")
    await deputy.user.submit_modal(form, {"what": ["boats"], "quantity": "2", "place": "Quai"})
    await deliver(world, after=timedelta(seconds=5))
    shown = card_of(office, number)
    assert "without an answer" not in shown
    assert "Lyon: boats 2 Quai" in shown
    said = answer(await deputy.user.click(direct, label="Received"))
    assert "noted" in said.content or "anotado" in said.content
    before = len(crisis.history())
    await deliver(world, after=wait * 8)
    assert len(crisis.history()) == before

    log = answer(await world.coordinator.slash(world.room, "alert log", number=number))
    assert len(log.attachments) == 2
    card = next(each for each in reversed(office.history()) if f"alert:cancel:{number}" in str(each.components))
    sure = answer(await world.coordinator.click(card, custom_id=f"alert:cancel:{number}"))
    await world.coordinator.click(sure, custom_id=f"alert:cancel:yes:{number}")
    await deliver(world)
    for message in (*deputy.user.dm_channel.history(), *crisis.history()[1:]):
        assert message.content.startswith("FALSE ALARM"), "nobody reads it unwarned"
        assert labels(message) == []


async def test_coordinators_take_a_city_on_that_nobody_is_on_call_for(world: World) -> None:
    crisis, office = await furnish(world)
    number = await sent(world, office, "alert")
    await deliver(world, after=await first_wait(world, number))
    asked = next(each for each in reversed(office.history()) if "reach them by other means" in each.content)
    assert "Lyon (Lyon alumni)" in asked.content
    assert len(asked.embeds) == 1
    said = answer(await world.alumna.click(asked, label="I take care of it"))
    assert "Only the coordinators" in said.content
    world.env.errors.clear()
    said = answer(await world.coordinator.click(asked, label="I take care of it"))
    assert "you take care of: Lyon" in said.content
    said = answer(await world.network_coordinator.click(asked, label="I take care of it"))
    assert "nothing left to do" in said.content
    world.env.errors.clear()
    assert len(crisis.history()) == 1


async def test_a_drill_practises_it_and_says_so_first_and_last(world: World) -> None:
    crisis, office = await furnish(world)
    direct = await expert(world, "direct", topic=None)
    await put_on(world, direct, "on_call")
    number = await sent(world, office, "drill")
    await deliver(world, after=await first_wait(world, number))
    for message in (*direct.user.dm_channel.history(), *crisis.history()):
        lines = message.content.splitlines()
        assert "DRILL" in lines[0]
        assert "DRILL" in lines[-1]
    assert "We practise what happens when nobody answers" in crisis.history()[-1].content
    wrong = await direct.user.click(direct.user.dm_channel.history()[-1], label="Received")
    assert "noted" in answer(wrong).content
    await deliver(world, after=timedelta(hours=5))
    assert len(crisis.history()) == 2
    sure = answer(await world.coordinator.click(office.history()[-1], custom_id=f"drill:end:{number}"))
    await world.coordinator.click(sure, custom_id=f"drill:end:yes:{number}")
    await deliver(world)
    assert "is over" in direct.user.dm_channel.history()[-1].content
