"""An alert and a drill from the command to the log, by clicks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.access import Actor
from bot.domain.crisis_consent import Consent
from db.tables import Server
from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer
from tests.cogs.asking import pressable as labels
from tests.cogs.conftest import World, join
from tests.cogs.delivering import deliver, states


async def test_an_alert_from_the_command_to_the_false_alarm(world: World) -> None:
    crisis, office, far = await furnish(world)
    number, card = await draft(world, office)
    assert "2 channels" in str(card.embeds[0].to_dict())
    assert card.embeds[1].title == "Flood: Lyon"
    await world.coordinator.select(card, ["Extreme"], custom_id=f"alert:severity:{number}")
    said = await send(world, card, number, "3")
    assert "Nothing was sent" in said.content
    said = await send(world, card, number, "2")
    assert "Another coordinator must approve" in said.content
    assert labels(office.history()[-1])[0] == "Approve and send"
    own = answer(await world.coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}"))
    assert "somebody else must look" in own.content
    world.env.errors.clear()
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}")
    await deliver(world)
    assert crisis.history()[-1].content.startswith("Flood · extreme · Lyon")
    assert far.history()[-1].content.startswith("Inundación · extrema · Lyon")
    assert labels(far.history()[-1]) == ["Recibido", "Necesitamos ayuda", "Podemos ayudar"]

    noted = answer(await world.alumna.click(crisis.history()[-1], label="Received"))
    assert "noted" in noted.content
    await deliver(world, after=timedelta(seconds=5))
    assert "Lyon: 1" in str(office.history()[-1].embeds[0].to_dict())

    sure = answer(await world.coordinator.click(office.history()[-1], custom_id=f"alert:cancel:{number}"))
    await world.coordinator.click(sure, custom_id=f"alert:cancel:yes:{number}")
    await deliver(world, after=timedelta(seconds=5))
    first, last = crisis.history()[-2:]
    assert last.content == "FALSE ALARM: Flood, Lyon"
    assert first.content == "FALSE ALARM: Flood, Lyon"
    assert labels(first) == []
    assert far.history()[-1].content == "FALSA ALARMA: Inundación, Lyon"
    log = answer(await world.coordinator.slash(world.room, "alert log", number=number))
    assert [file.filename for file in log.attachments] == [f"alert-{number}.md", f"alert-{number}.csv"]
    text = (await log.attachments[0].read()).decode()
    assert "Porto alumni was told: an alert" in text
    assert f"<@{world.coordinator.id}> (Lyon alumni) called it off: a false alarm" in text


async def test_a_drill_says_so_first_and_last_and_is_no_alert(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number, card = await draft(world, office, "drill new", "server")
    await send(world, card, number, "1", "drill")
    await deliver(world)
    lines = crisis.history()[-1].content.splitlines()
    assert "DRILL" in lines[0]
    assert "DRILL" in lines[-1]
    assert crisis.history()[-1].embeds[0].title.startswith("[DRILL]")
    assert labels(office.history()[-1])[:3] == ["End the drill", "Log", "CAP file"]
    wrong = answer(await world.coordinator.slash(world.room, "alert log", number=number))
    assert "no such alert" in wrong.content
    world.env.errors.clear()
    sure = answer(await world.coordinator.click(office.history()[-1], custom_id=f"drill:end:{number}"))
    await world.coordinator.click(sure, custom_id=f"drill:end:yes:{number}")
    await deliver(world, after=timedelta(seconds=5))
    assert "is over" in crisis.history()[-1].content
    assert await states(world) == [("drill", "sent"), ("drill_end", "sent"), ("drill_thread_end", "sent")]


async def test_a_server_sets_its_consent(world: World) -> None:
    await furnish(world)
    shown = answer(await world.coordinator.slash(world.room, "consent"))
    await world.coordinator.click(shown, custom_id="consent:part")
    consent = await world.application.services.crisis_desk.consent(world.server.id)
    assert consent.takes_part is False


async def test_without_a_coordinators_channel_nothing_is_drafted(world: World) -> None:
    said = answer(await world.coordinator.slash(world.room, "alert new", event="flood", audience="server"))
    assert "/setup" in said.content
    world.env.errors.clear()


async def test_a_pending_card_shows_who_withdrew_and_does_not_count_who_came_later(world: World) -> None:
    _, office, far = await furnish(world)
    number, card = await draft(world, office)
    await send(world, card, number, "2")
    late = world.env.create_guild("Lviv alumni")
    await join(world.application, late.id, name="Lviv alumni", crisis_channel_id=late.create_text_channel("crisis").id)
    porto = Actor(9, "Rui", "pt", server_id=far.guild.id, server_joined=True, is_server_coordinator=True)
    await world.application.services.crisis_desk.set_consent(porto, Consent(takes_part=False))
    await deliver(world)
    shown = str(office.history()[-1].embeds[0].to_dict())
    assert "one channel" in shown
    assert "Porto alumni: has withdrawn its consent since" in shown
    assert "Lviv alumni: came after the confirmation" in shown
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}")
    await deliver(world)
    assert far.history() == []


@pytest.mark.parametrize(("status", "code"), [(429, 30046), (400, 50083), (403, 50001)])
async def test_a_card_that_cannot_be_edited_any_more_is_put_up_afresh(world: World, status: int, code: int) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    world.env.inject_error("PATCH", f"/channels/{office.id}/messages/{card.id}", status=status, code=code, message="no")
    await send(world, card, number, "2")
    fresh = office.history()[-1]
    assert fresh.id != card.id
    assert labels(fresh)[0] == "Approve and send"
    world.env.inject_error(
        "PATCH", f"/channels/{office.id}/messages/{fresh.id}", status=status, code=code, message="no"
    )
    await world.network_coordinator.click(fresh, custom_id=f"alert:approve:{number}")
    assert labels(office.history()[-1])[0] == "All clear"


async def test_nothing_is_sent_from_a_card_that_another_one_has_replaced(world: World) -> None:
    crisis, office, _ = await furnish(world)
    number, card = await draft(world, office)
    await send(world, card, number, "2")
    old = office.history()[-1]
    form = await world.network_coordinator.click(old, custom_id=f"alert:return:{number}")
    world.env.inject_error("PATCH", f"/channels/{office.id}/messages/{old.id}", status=429, code=30046, message="no")
    await world.network_coordinator.submit_modal(form, {"reason": "Which quay?"})
    fresh = office.history()[-1]
    form = await world.coordinator.click(fresh, custom_id=f"alert:text:en:{number}")
    await world.coordinator.submit_modal(form, {"headline": "Quay", "description": "Quay Victor", "instruction": "Go."})
    await send(world, office.history()[-1], number, "2")
    assert labels(old)[0] == "Approve and send"  # it still stands there, with the text that was returned
    said = answer(await world.network_coordinator.click(old, custom_id=f"alert:approve:{number}"))
    assert said.content.startswith("This card is old")
    assert f"/{fresh.id}" in said.content
    world.env.errors.clear()
    await deliver(world)
    assert crisis.history() == []
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}")
    await deliver(world)
    assert crisis.history()[-1].embeds[0].title == "Quay"


async def test_a_card_whose_channel_is_gone_stands_in_the_one_that_is_chosen_now(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office, audience="server")
    await send(world, card, number, "1")
    other = world.server.create_text_channel("new office")
    async with world.application.database.begin() as session:
        await session.execute(
            update(Server).where(Server.id == world.server.id).values(coordinators_channel_id=other.id)
        )
    gone = f"/channels/{office.id}/messages/{card.id}"
    world.env.inject_error("PATCH", gone, status=404, code=10003, message="gone")
    await deliver(world, after=timedelta(seconds=5))
    assert labels(other.history()[-1])[0] == "All clear"


async def test_going_on_alone_is_offered_once_nobody_has_come_for_two_minutes(world: World) -> None:
    _, office, _ = await furnish(world)
    number, card = await draft(world, office)
    await send(world, card, number, "2")
    assert "Send alone…" not in labels(office.history()[-1])
    await deliver(world, after=timedelta(minutes=2))
    assert "Send alone…" in labels(office.history()[-1])
    form = await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:override:{number}")
    await world.network_coordinator.submit_modal(form, {"reason": "The dam"})
    assert "Send alone…" not in labels(office.history()[-1])
