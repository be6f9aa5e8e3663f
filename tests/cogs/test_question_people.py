"""Find people, the button on a question's post: whom to invite, and what was asked before."""

from __future__ import annotations

from bot.domain.members import Level
from tests.cogs.answers import answer, fields
from tests.cogs.asking import ask, forum, press, top
from tests.cogs.conftest import World
from tests.cogs.inviting import expert, options
from tests.cogs.test_experts import person


async def test_the_asker_sees_people_for_her_question_and_nobody_else_does(world: World) -> None:
    place = await forum(world)
    await person(world, "Ana Sousa", "participatory-budgeting", Level.EXPERT)
    await ask(world)
    (thread,) = place.threads

    hers = answer(await world.alumna.click(top(thread), label="Find people"))
    assert hers.ephemeral
    assert hers.embeds[0].title == "People for your question"
    assert "Ana Sousa" in hers.embeds[0].description
    assert "Why: expert in participatory budgeting" in hers.embeds[0].description
    assert [label for label, _ in options(hers)] == ["Ana Sousa"]

    others = answer(await world.coordinator.click(top(thread), label="Find people"))
    assert others.ephemeral
    assert not others.embeds
    assert "Ana Sousa" not in others.content


async def test_earlier_questions_like_it_with_links_and_without_who_asked(world: World) -> None:
    place = await forum(world)
    await ask(world, world.coordinator, nameless=True, title="Budget participatif : par où commencer ?")
    await ask(world, world.coordinator, title="Trams", body="Which ones?", topic="trams")
    await ask(world)
    thread = next(one for one in place.threads if one.name == "Who has done participatory budgeting?")
    shown = fields(await press(world, world.alumna, thread, "people"))["Earlier questions like this one"]
    assert "Budget participatif" in shown
    assert "https://discord.com/channels/" in shown
    assert "Trams" not in shown
    assert "coordinator" not in shown
    assert str(world.coordinator.id) not in shown


async def test_the_board_turns_its_pages_and_says_when_nobody_fits(world: World) -> None:
    place = await forum(world)
    await ask(world)
    (thread,) = place.threads
    nobody = await press(world, world.alumna, thread, "people")
    assert "Nobody else who knows about “participatory budgeting”" in nobody.embeds[0].description
    for number in range(7):
        await expert(world, f"Person {number}", direct=False)
    board = await press(world, world.alumna, thread, "people")
    assert len(options(board)) == 5
    await world.alumna.click(board, label="Next")
    assert "**6. Person 5**" in board.embeds[0].description
    assert len(options(board)) == 2


async def test_without_a_topic_she_is_told_how_to_name_one(world: World) -> None:
    place = await forum(world)
    await ask(world, title="Hello everybody", body="qwzxv plmk")
    (thread,) = place.threads
    board = await press(world, world.alumna, thread, "people")
    assert "Name a topic with the Edit button" in board.embeds[0].description
