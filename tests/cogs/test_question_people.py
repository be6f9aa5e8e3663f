"""Find people, the button on a question's post."""

from __future__ import annotations

from bot.domain.members import Level
from tests.cogs.answers import answer
from tests.cogs.asking import ask, forum, top
from tests.cogs.conftest import World
from tests.cogs.test_experts import person


async def test_the_asker_sees_people_for_her_question_and_nobody_else_does(world: World) -> None:
    place = await forum(world)
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    await ask(world)
    (thread,) = place.threads

    hers = answer(await world.alumna.click(top(thread), label="Find people"))
    assert hers.ephemeral
    assert hers.embeds[0].title == "People who know about: participatory budgeting"
    assert "Ana Sousa" in hers.embeds[0].description

    others = answer(await world.coordinator.click(top(thread), label="Find people"))
    assert others.ephemeral
    assert not others.embeds
    assert "Ana Sousa" not in others.content
