"""What follows an alert, by clicks and by commands, until every message says how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.render.parts import button, buttons
from db.tables import AlertFollowUp
from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer
from tests.cogs.asking import pressable as labels
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver


async def on(world: World, family: str = "alert") -> tuple[int, Any, Any, Any]:
    """An alert to the whole network that is on: its number, two crisis channels, and the coordinators'."""
    crisis, office, far = await furnish(world)
    number, card = await draft(world, office, f"{family} new")
    await send(world, card, number, "2", family)
    await world.network_coordinator.click(office.history()[-1], custom_id=f"{family}:approve:{number}")
    await deliver(world)
    return number, crisis, office, far


async def newest(world: World) -> int:
    """The number of what was begun last."""
    async with world.application.database.read() as session:
        found = await session.scalar(select(AlertFollowUp.id).order_by(AlertFollowUp.id.desc()).limit(1))
    assert found is not None
    return int(found)


def cards(office: Any) -> tuple[Any, Any]:
    """The card of the alert, and that of what follows it."""
    return office.history()[-2], office.history()[-1]


async def test_an_update_from_the_button_to_the_false_alarm(world: World) -> None:
    number, crisis, office, far = await on(world)
    first = office.history()[-1]
    assert labels(first)[4:] == ["Update…", "Escalate…", "Situation report…", "It stands"]
    form = await world.coordinator.click(first, custom_id=f"alert:update:{number}")
    words = {"headline": "The river falls", "description": "One metre less.", "instruction": "Stay upstairs."}
    said = answer(await world.coordinator.submit_modal(form, words))
    assert "nothing has been sent" in said.content
    _, card = cards(office)
    following = await newest(world)
    assert card.embeds[1].title == "The river falls"
    assert "2 channels" in str(card.embeds[0].to_dict())
    again = answer(await world.network_coordinator.click(first, custom_id=f"alert:report:{number}"))
    assert "Somebody is writing about this alert already" in again.content
    world.env.errors.clear()

    await world.coordinator.select(card, ["Minor"], custom_id=f"alert:chain:severity:{following}")
    offered = answer(await world.coordinator.click(office.history()[-1], label="Other languages"))
    form = await world.coordinator.click(offered, custom_id=f"alert:chain:text:es:{following}")
    spanish = {"headline": "El río baja", "description": "Un metro menos.", "instruction": "Quédese arriba."}
    await world.coordinator.submit_modal(form, spanish)
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:send:{following}")
    said = answer(await world.coordinator.submit_modal(form, {"count": "7"}))
    assert "Nothing was sent" in said.content
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:send:{following}")
    said = answer(await world.coordinator.submit_modal(form, {"count": "2"}))
    assert "Another coordinator must approve" in said.content
    await deliver(world)
    assert far.history()[-1].content.startswith("Inundación")
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:chain:approve:{following}")
    await deliver(world)
    assert far.history()[-1].content.startswith("ACTUALIZACIÓN · Inundación · menor · Lyon")
    assert far.history()[-1].embeds[0].title == "El río baja"
    assert crisis.history()[-1].content.startswith("UPDATE · Flood · minor · Lyon")
    assert labels(crisis.history()[-1]) == ["Received", "We need help", "We can help"]
    assert labels(office.history()[-1]) == []
    await deliver(world, after=timedelta(seconds=4))
    alert_card, _ = cards(office)
    assert "Update" in str(alert_card.embeds[0].to_dict())
    assert "told 2, on its way 0, not told 0" in str(alert_card.embeds[0].to_dict())
    assert alert_card.embeds[1].title == "The river falls"

    await world.alumna.click(crisis.history()[-1], label="Received")
    sure = answer(await world.network_coordinator.click(alert_card, custom_id=f"alert:cancel:{number}"))
    await world.network_coordinator.click(sure, label="Yes: false alarm")
    await deliver(world, after=timedelta(seconds=4))
    messages = [each.content.splitlines()[0] for each in crisis.history()]
    assert messages == ["FALSE ALARM: Flood, Lyon"] * 3


async def test_a_report_and_the_word_that_it_stands_by_command(world: World) -> None:
    number, crisis, office, far = await on(world)
    form = await world.coordinator.slash(office, "alert report")
    await world.coordinator.submit_modal(form, {"headline": "At three", "description": "Two quays are shut."})
    following = await newest(world)
    assert labels(office.history()[-1]) == ["Send…", "Change the text", "Other languages", "Discard"]
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:send:{following}")
    await world.coordinator.submit_modal(form, {"count": "2"})
    form = await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:chain:return:{following}")
    await world.network_coordinator.submit_modal(form, {"reason": "Which quays?"})
    assert "Which quays?" in str(office.history()[-1].embeds[0].to_dict())
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:text:en:{following}")
    await world.coordinator.submit_modal(form, {"headline": "At three", "description": "Quays 1 and 2 are shut."})
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:send:{following}")
    await world.coordinator.submit_modal(form, {"count": "2"})
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:chain:approve:{following}")
    await deliver(world)
    assert far.history()[-1].content.startswith("INFORME DE SITUACIÓN · Inundación · Lyon")
    assert "Quays 1 and 2 are shut." in str(far.history()[-1].embeds[0].description)
    sure = answer(await world.coordinator.slash(office, "alert stands", number=number))
    await world.coordinator.click(sure, label="It stands")
    await deliver(world)
    assert crisis.history()[-1].content.startswith("THE ALERT STANDS · Flood · severe · Lyon")
    assert "is real and still holds" in str(crisis.history()[-1].embeds[0].description)


async def test_an_escalation_by_command_and_the_all_clear(world: World) -> None:
    number, crisis, office, _ = await on(world)
    said = answer(await world.coordinator.slash(office, "alert escalate", number=number))
    assert "nothing has been sent" in said.content
    following = await newest(world)
    chosen = str(office.history()[-1].embeds[1].to_dict())
    assert "extreme" in chosen
    form = await world.coordinator.click(office.history()[-1], custom_id=f"alert:chain:send:{following}")
    await world.coordinator.submit_modal(form, {"count": "2"})
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:chain:approve:{following}")
    await deliver(world)
    assert crisis.history()[-1].content.startswith("MORE SERIOUS NOW · Flood · extreme · Lyon")
    sure = answer(await world.coordinator.slash(office, "alert all-clear"))
    await world.coordinator.click(sure, label="All clear")
    await deliver(world, after=timedelta(seconds=4))
    assert crisis.history()[-1].content.startswith("ALL CLEAR")
    late = answer(await world.coordinator.slash(office, "alert report"))
    assert "No alert is on" in late.content
    world.env.errors.clear()
    sure = answer(await world.coordinator.slash(office, "alert false-alarm"))  # a false alarm is told, however late
    await world.coordinator.click(sure, label="Yes: false alarm")
    await deliver(world)
    assert crisis.history()[-1].content.startswith("FALSE ALARM")


async def test_a_drills_messages_look_like_no_alert(world: World) -> None:
    number, crisis, office, _ = await on(world, "drill")
    form = await world.coordinator.slash(office, "drill update", number=number)
    words = {"headline": "The river falls", "description": "One metre less.", "instruction": "Stay."}
    await world.coordinator.submit_modal(form, words)
    following = await newest(world)
    form = await world.coordinator.click(office.history()[-1], custom_id=f"drill:chain:send:{following}")
    await world.coordinator.submit_modal(form, {"count": "2"})
    await world.network_coordinator.click(office.history()[-1], custom_id=f"drill:chain:approve:{following}")
    await deliver(world)
    sure = answer(await world.coordinator.slash(office, "drill goes-on"))
    await world.coordinator.click(sure, label="It goes on")
    await deliver(world)
    for message in crisis.history()[-2:]:
        lines = message.content.splitlines()
        assert "DRILL" in lines[0]
        assert lines[-1] == "🟣 This was a DRILL message. Nothing is real."
        assert message.embeds[0].colour.value == 0x5B4FC7
        assert "DRILL" in message.embeds[0].title
        assert "alert" not in str(message.embeds[0].to_dict()).lower()
    sure = answer(await world.coordinator.slash(office, "drill end"))
    await world.coordinator.click(sure, label="End the drill")
    await deliver(world)
    assert "The DRILL is over" in crisis.history()[-1].content


@pytest.mark.parametrize("deed", ["send", "languages", "discard", "approve", "reject", "text:en"])
async def test_a_drills_button_never_reaches_an_alert(world: World, deed: str) -> None:
    number, crisis, office, _ = await on(world)
    await world.coordinator.slash(office, "alert escalate", number=number)
    following = await newest(world)
    forged = buttons(button("x", f"drill:chain:{deed}:{following}"))
    channel: Any = world.env.bot.get_channel(office.id)
    message = await channel.send("forged", view=forged)
    said = answer(await world.network_coordinator.click(message, label="x"))
    assert "no such message" in said.content
    world.env.errors.clear()
    await deliver(world)
    assert len(crisis.history()) == 1


async def test_several_that_are_on_must_be_told_apart(world: World) -> None:
    number, _, office, _ = await on(world)
    second, card = await draft(world, office, audience="server")
    await send(world, card, second, "1")
    asked = answer(await world.coordinator.slash(office, "alert stands"))
    assert "Several are on" in asked.content
    world.env.errors.clear()
    found = await world.coordinator.autocomplete(office, "alert stands", "number", "")
    assert {choice["value"] for choice in found} == {number, second}
    other = answer(await world.coordinator.slash(office, "drill goes-on", number=number))
    assert "no such alert or drill" in other.content
    world.env.errors.clear()
