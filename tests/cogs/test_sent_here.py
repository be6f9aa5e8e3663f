"""A server leaves the broadcast whenever it wants to, and sees who sent what to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cogs.alerts import draft, furnish, send
from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak
from tests.cogs.delivering import deliver, states


async def consent(world: World, who: Any) -> Any:
    """The card: by its command, or for whoever only manages the server from that of /setup."""
    if who is not world.administrator:
        return answer(await who.slash(world.room, "consent"))
    setup = answer(await who.slash(world.room, "setup"))
    return answer(await who.click(setup, custom_id="consent:card"))


async def look(world: World, who: Any, family: str) -> Any:
    """The list, from the card."""
    card = await consent(world, who)
    return answer(await who.click(card, custom_id=f"consent:sent:{family}:0"))


async def broadcast(world: World, office: Any, audience: str = "server", family: str = "alert") -> int:
    number, card = await draft(world, office, f"{family} new", audience)
    await send(world, card, number, "1" if audience == "server" else "2", family)
    return number


async def test_who_sent_what_who_approved_it_and_how_it_ended(world: World) -> None:
    _, office, _ = await furnish(world)
    assert "No alert has been sent" in (await look(world, world.administrator, "alert")).embeds[0].description
    number = await broadcast(world, office, "network")
    await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}")
    await deliver(world)
    drill = await broadcast(world, office, family="drill")
    await deliver(world)
    shown = await look(world, world.administrator, "alert")
    (field,) = shown.embeds[0].fields
    assert field.name == f"Alert {number} · Flood: Lyon"
    assert f"By <@{world.coordinator.id}>, from Lyon alumni" in field.value
    assert f"Approved by <@{world.network_coordinator.id}>" in field.value
    assert "it stands at: being broadcast" in field.value
    assert "Channels told here: 1 of 1" in field.value
    assert shown.flags.ephemeral

    drills = await look(world, world.coordinator, "drill")
    assert [field.name for field in drills.embeds[0].fields] == [f"Drill {drill} · Practice: Flood, Lyon"]
    assert "DRILLS" in drills.embeds[0].title
    speak(world.administrator, "fr")
    assert "Les alertes" in (await look(world, world.administrator, "alert")).embeds[0].title


async def test_pages_take_each_others_place_and_none_is_beyond_the_last(world: World) -> None:
    _, office, _ = await furnish(world)
    numbers = [await broadcast(world, office) for _ in range(6)]
    await deliver(world)
    first = await look(world, world.coordinator, "alert")
    assert len(first.embeds[0].fields) == 5
    assert labels(first) == ["Older"]
    shown = answer(await world.coordinator.click(first, custom_id="consent:sent:alert:1:turn"))
    assert shown.id == first.id
    assert [field.name.split(" · ")[0] for field in shown.embeds[0].fields] == [f"Alert {numbers[0]}"]
    assert labels(shown) == ["Newer"]
    assert shown.embeds[0].footer.text == "Page 2 of 2"


async def test_what_was_only_drafted_is_nobodys_business_yet(world: World) -> None:
    _, office, _ = await furnish(world)
    await draft(world, office)
    assert (await look(world, world.administrator, "alert")).embeds[0].fields == []


@pytest.mark.parametrize("left", ["while it was pending", "on its way"])
async def test_a_server_that_leaves_is_dropped_and_the_card_and_the_list_say_so(world: World, left: str) -> None:
    crisis, office, far = await furnish(world)
    number = await broadcast(world, office, "network")

    async def leave() -> None:
        card = await consent(world, world.administrator)
        await world.administrator.click(card, custom_id="consent:part")

    async def approve() -> None:
        await world.network_coordinator.click(office.history()[-1], custom_id=f"alert:approve:{number}")

    for step in (leave, approve) if left == "while it was pending" else (approve, leave):
        await step()
    await deliver(world)
    await deliver(world, after=timedelta(seconds=5))
    assert crisis.history() == []
    assert len(far.history()) == 1
    assert (await states(world)).count(("alert", "sent")) == 1
    head = str(office.history()[-1].embeds[0].to_dict())
    assert "Lyon alumni: dropped (the server does not consent to it)" in head
    (field,) = (await look(world, world.administrator, "alert")).embeds[0].fields
    assert "Channels told here: 0 of 1 (the server does not consent to it)" in field.value
