"""What a case said before, as a reader sees it."""

from __future__ import annotations

from tests.cogs.answers import answer
from tests.cogs.asking import member
from tests.cogs.conftest import World, speak
from tests.cogs.writing import SHORT, actor, published


async def test_who_changed_it_when_and_each_to_read(world: World) -> None:
    await member(world, world.alumna, "Ana")
    await published(world)
    page = answer(await world.coordinator.slash(world.room, "case view", case="1"))
    assert "Earlier versions" not in str(page.components)
    cases = world.application.services.cases
    await cases.save(actor(world, world.alumna), 1, {"title": "Fees by roof", "results": "20 % less."})
    for number in range(10):
        await cases.save(actor(world, world.alumna), 1, {"summary": f"Change {number}"})
    page = answer(await world.coordinator.slash(world.room, "case view", case="1"))
    assert "Earlier versions" in str(page.components)
    listed = answer(await world.coordinator.click(page, custom_id="case:versions:1:0"))
    assert "12 versions" in listed.content
    first, *_ = [line for line in listed.content.splitlines() if line.startswith("Version ")]
    assert first.startswith("Version 12 · ")
    assert first.endswith(" · Ana (as it stands now)")
    assert "Version 2 ·" not in listed.content
    listed = answer(await world.coordinator.click(listed, custom_id="case:versions:1:1:f"))
    assert [line[:10] for line in listed.content.splitlines() if line.startswith("Version ")] == [
        "Version 2 ",
        "Version 1 ",
    ]
    read = answer(await world.coordinator.select(listed, ["1"], custom_id="case:version:1"))
    assert read.content.startswith("Version 1 · ")
    assert read.embeds[0].title == SHORT["title"]
    read = answer(await world.coordinator.click(read, custom_id="case:versioned:1:1:1:f"))
    assert "12 % less run-off." in read.content
    now = answer(await world.coordinator.click(read, custom_id="case:read:1:0"))
    assert now.embeds[0].title == "Fees by roof"


async def test_in_her_language_and_to_her_alone(world: World) -> None:
    await published(world)
    cases = world.application.services.cases
    await cases.save(actor(world, world.alumna), 1, {"title": "Fees by roof"})
    speak(world.coordinator, "fr")
    page = answer(await world.coordinator.slash(world.room, "case view", case="1"))
    before = len(world.room.history())
    listed = answer(await world.coordinator.click(page, custom_id="case:versions:1:0"))
    assert "Elle existe en 2 versions" in listed.content
    assert len(world.room.history()) == before
