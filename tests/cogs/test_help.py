"""/help shows what this person may do here, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import simcord

from tests.cogs.answers import answer
from tests.cogs.conftest import World, speak


def said(result: simcord.InteractionResult) -> list[Any]:
    """The answer, and what followed it."""
    return [result.response, *result.followups]


def shown(result: simcord.InteractionResult) -> str:
    """What stands in the cards."""
    return "\n".join(field.value for each in said(result) for field in each.embeds[0].fields)


async def test_an_alumna_sees_members_commands_as_links(world: World) -> None:
    text = shown(await world.alumna.slash(world.room, "help"))

    assert "</expert find:" in text
    assert "network" not in text


@pytest.mark.parametrize(("who", "sees"), [("stranger", False), ("coordinator", True), ("network_coordinator", True)])
async def test_who_sees_finding_people(world: World, who: str, sees: bool) -> None:
    text = shown(await getattr(world, who).slash(world.room, "help"))

    assert ("expert find" in text) is sees


async def test_it_is_in_her_language(world: World) -> None:
    speak(world.alumna, "es-ES")

    result = await world.alumna.slash(world.room, "help")

    assert answer(result).embeds[0].title == "Lo que puede hacer aquí"
    assert "Ver lo que puede hacer aquí" in shown(result)


async def test_in_a_direct_message_it_lists_what_works_there(world: World) -> None:
    user = world.alumna.user
    await user.send_dm("hello")
    result = await user.slash("help")

    assert "</help:" in shown(result)


async def test_a_long_list_goes_on_in_further_messages_each_within_discords_limit(world: World) -> None:
    for language in ("en-US", "fr", "es-ES"):
        speak(world.network_coordinator, language)
        result = await world.network_coordinator.slash(world.room, "help")
        messages = said(result)
        assert len(messages) > 1
        assert all(len(each.embeds[0]) <= 6000 and len(each.embeds[0].fields) <= 25 for each in messages)
        assert {each.embeds[0].footer.text is not None for each in messages[:-1]} == {False}
        assert messages[-1].embeds[0].footer.text
