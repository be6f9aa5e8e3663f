"""/topic, from a query in vain to a name that finds it, and back."""

from __future__ import annotations

from tests.cogs.answers import answer, labels
from tests.cogs.conftest import World, speak
from tests.cogs.test_profile import words

TOPIC = "social-housing"


async def test_a_query_in_vain_becomes_a_name_with_one_button(world: World) -> None:
    keeper = world.network_coordinator
    refused = answer(await world.alumna.slash(world.room, "expert find", topic="xqzzt qwx"))
    assert "no topic like" in refused.content
    listed = answer(await keeper.slash(world.room, "topic unmatched"))
    assert "“xqzzt qwx” (English): once" in words(listed)
    await keeper.select(listed, ["1"], custom_id="topic:query")
    assert "Nothing of ours" in labels(listed)
    form = await keeper.click(listed, label="Other words or topic")
    await keeper.submit_modal(form, {"words": "xqzzt", "topic": "social housing"})
    assert "The name is saved" in words(listed)
    found = answer(await world.alumna.slash(world.room, "expert find", topic="xqzzt"))
    assert "social housing" in words(found)

    await keeper.select(listed, [_value(listed)], custom_id=f"topic:unname:{TOPIC}")
    assert "taken away" in words(listed)
    assert "no topic like" in answer(await world.alumna.slash(world.room, "expert find", topic="xqzzt")).content


async def test_a_doubtful_topic_in_the_form_gives_the_text_back(world: World) -> None:
    keeper = world.network_coordinator
    await world.alumna.slash(world.room, "expert find", topic="xqzzt qwx")
    listed = answer(await keeper.slash(world.room, "topic unmatched"))
    await keeper.select(listed, ["1"], custom_id="topic:query")
    form = await keeper.click(listed, label="Other words or topic")
    refused = answer(await keeper.submit_modal(form, {"words": "xqzzt", "topic": "kqjw"}))
    assert "I know no topic like “kqjw”" in refused.content
    assert "xqzzt" in refused.content


async def test_dismissing_and_putting_back(world: World) -> None:
    keeper = world.network_coordinator
    await world.alumna.slash(world.room, "expert find", topic="xqzzt qwx")
    listed = answer(await keeper.slash(world.room, "topic unmatched"))
    await keeper.select(listed, ["1"], custom_id="topic:query")
    await keeper.click(listed, label="Nothing of ours")
    assert "off the list" in words(listed)
    await keeper.click(listed, label="Back to the list")
    assert "Nothing is waiting" in words(listed)


async def test_hiding_merging_and_undoing_both(world: World) -> None:
    keeper = world.network_coordinator
    card = answer(await keeper.slash(world.room, "topic hide", topic=TOPIC))
    assert card.ephemeral
    assert "It is hidden" in words(card)
    choices = await keeper.autocomplete(world.room, "topic show", "topic", "social h")
    assert choices[0] == {"name": "social housing (hidden)", "value": TOPIC}
    await keeper.click(card, label="Show it again")
    assert "It can be found" in words(card)

    merged = answer(await keeper.slash(world.room, "topic merge", topic=TOPIC, into="affordable-housing"))
    assert "Merged into it: social housing" in words(merged)
    await keeper.click(merged, label="Take out social housing")
    assert "a topic of its own again" in words(merged)


async def test_adding_a_topic_in_french(world: World) -> None:
    keeper = world.network_coordinator
    speak(keeper, "fr")
    refused = answer(await keeper.slash(world.room, "topic add", name="Xqzztage", division="04"))
    assert "nom anglais" in refused.content
    card = answer(
        await keeper.slash(
            world.room, "topic add", name="Xqzztage", division="04", english="Xqzzting", others="qwx; kqj"
        )
    )
    assert "Xqzztage" in words(card)
    assert "qwx" in words(card)
    assert "français" in words(card)
    found = await world.alumna.autocomplete(world.room, "expert find", "topic", "xqzzti")
    assert found[0]["value"] == "xqzzting"


def _value(message: object) -> str:
    rows = message.components  # type: ignore[attr-defined]
    (chooser,) = [item for row in rows for item in row["components"] if item["type"] == 3]
    return str(chooser["options"][0]["value"])
