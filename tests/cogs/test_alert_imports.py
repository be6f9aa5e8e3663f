"""Something comes in from others: coordinators are told in their channel, and one of them takes it on with a tap."""

from __future__ import annotations

from tests.cogs.alerts import furnish
from tests.cogs.answers import answer
from tests.cogs.asking import pressable as labels
from tests.cogs.conftest import World
from tests.cogs.delivering import deliver, states
from tests.domain.cap.files import CHECKER, GOOD, spoilt


async def take_in(world: World, data: bytes) -> int:
    message = CHECKER.check(data).message
    assert message is not None
    return (await world.application.services.cap.take_in(message, data)).alert_id


async def test_an_import_is_told_of_taken_on_and_followed(world: World) -> None:
    crisis, office, far = await furnish(world)
    number = await take_in(world, GOOD.encode())
    await deliver(world)
    (news,) = office.history()
    assert news.content.startswith("Crue · severe · Lyon (imported from elsewhere; nothing was sent.")
    assert labels(news) == ["Take it on", "CAP file"]
    assert crisis.history() == far.history() == []
    file = answer(await world.coordinator.click(news, custom_id=f"alert:cap:{number}"))
    assert [each.filename for each in file.attachments] == [f"alert-{number}.xml"]
    await world.coordinator.click(news, label="Take it on")
    card = office.history()[-1]
    assert labels(card)[:2] == ["How long…", "For whom…"]
    late = answer(await world.network_coordinator.click(news, label="Take it on"))
    assert "is not an import that waits" in late.content
    world.env.errors.clear()
    reference = "<references>desk@example.org,A-1,2026-11-25T02:00:00-00:00</references>"
    update = spoilt(
        ("A-1", "A-2"),
        ("<msgType>Alert", "<msgType>Update"),
        ("</scope>", f"</scope>{reference}"),
        ("<severity>Severe", "<severity>Extreme"),
    )
    await take_in(world, update)
    await deliver(world)
    assert "A message of the type Update came in" in office.history()[-1].content
    assert office.history()[1].content.startswith("For coordinators. The message is: Crue · extreme")
    assert await states(world) == [("alert_import", "sent"), ("alert_import", "sent")]


async def test_an_exercise_looks_like_a_drill_and_waits_under_drill(world: World) -> None:
    _, office, _ = await furnish(world)
    number = await take_in(
        world, spoilt(("<status>Actual", "<status>Exercise"), ("</scope>", "</scope><note>x</note>"))
    )
    await deliver(world)
    (news,) = office.history()
    assert "DRILL, nothing is real" in news.content
    wrong = answer(await world.coordinator.slash(world.room, "alert imported", number=number))
    assert "no such alert" in wrong.content
    world.env.errors.clear()
    await world.coordinator.click(news, label="Take it on")
    assert "a DRILL" in office.history()[-1].content


async def test_nobody_is_told_of_what_was_taken_on_already(world: World) -> None:
    _, office, _ = await furnish(world)
    number = await take_in(world, GOOD.encode())
    await world.coordinator.slash(world.room, "alert imported", number=number)
    await deliver(world)
    assert len(office.history()) == 1
    assert await states(world) == [("alert_import", "cancelled")]
