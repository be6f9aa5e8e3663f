"""Who may use what: every command, menu, button, select and form of the running bot, for each kind of person.

The lists come from the live tree and from what the cogs registered: whatever has no row here fails. Discord's own
hiding of commands is switched off, so that what refuses is our side.
"""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.client import Action, Form
from bot.client.tree import AnyCommand
from tests.cogs.conftest import World
from tests.cogs.permissions import ACTIONS, COMMANDS, FORMS, PERSONS, Place, Row, place_of

REFUSALS = (
    "access.server_not_joined",
    "access.member_only",
    "access.server_coordinator_only",
    "access.network_coordinator_only",
    "access.coordinator_or_administrator_only",
    "access.administrator_only",
    "crisis.not_your_server",
    "crisis.author_only",
    "crisis.another_person",
)


def commands_of(bot: Any) -> dict[str, AnyCommand]:
    """Every command and menu that can be invoked, by its full name."""
    leaves = {
        command.qualified_name: command
        for command in bot.tree.walk_commands()
        if not isinstance(command, discord.app_commands.Group)
    }
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        leaves |= {menu.name: menu for menu in bot.tree.get_commands(type=kind)}
    return leaves


def actions_of(bot: Any) -> dict[str, type[Action]]:
    """Every button and select that the bot answers, by the name of its class."""
    return {kind.__name__: kind for kind in bot._connection._view_store._dynamic_items.values()}


def forms() -> dict[str, type[Form]]:
    """Every form of the house."""

    def below(kind: type[Form]) -> list[type[Form]]:
        return [one for child in kind.__subclasses__() for one in (child, *below(child))]

    return {kind.__name__: kind for kind in below(Form) if kind.__module__.startswith(("cogs.", "bot.client."))}


def refused(world: World, result: Any) -> bool:
    """Whether the answer is one of the sentences that say who may."""
    t = world.application.catalogues.translator("en")
    said = [message.content for message in (result.response, *result.followups) if message is not None]
    return any(t(refusal) in content for refusal in REFUSALS for content in said)


async def test_everything_has_a_row(world: World) -> None:
    bot = world.application.bot

    assert set(commands_of(bot)) == set(COMMANDS)
    assert set(actions_of(bot)) == set(ACTIONS)
    assert set(forms()) == set(FORMS)


async def test_commands_of_coordinators_are_hidden_from_others(world: World) -> None:
    """What a member may not use stands under top-level names that Discord hides from her."""
    for name, row in COMMANDS.items():
        command = commands_of(world.application.bot)[name]
        if isinstance(command, discord.app_commands.ContextMenu):
            continue
        root = command.root_parent or command
        assert (root.default_permissions is None) == ("alumna" in row.may), name


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.simcord(check_errors=False)
async def test_commands(world: World, who: str) -> None:
    place = await place_of(world, who)
    wrong = []
    for name, row in COMMANDS.items():
        show_all(world, place, name)
        result = await invoke(world, place, name, row)
        if refused(world, result) is (who in row.may):
            wrong.append(f"{name}: {who} {'was refused' if who in row.may else 'was let in'}")
    assert not wrong


def show_all(world: World, place: Place, name: str) -> None:
    """Switch Discord's hiding of this command off."""
    identity = world.application.bot.command_ids.get(name.partition(" ")[0])
    if identity is not None:
        world.env.backend.set_command_permissions(
            place.server.id, identity, [{"id": str(place.server.id), "type": 1, "permission": True}]
        )


async def invoke(world: World, place: Place, name: str, row: Row) -> Any:
    """Use a command with the options of its row."""
    options = {option: row.value(place, value) for option, value in row.options.items()}
    command = commands_of(world.application.bot)[name]
    if not isinstance(command, discord.app_commands.ContextMenu):
        return await place.actor.slash(place.room, name, **options)
    target: Any = place.alumna
    if command.type is discord.AppCommandType.message:
        target = await place.alumna.send(place.room, "Who has done stormwater fees?")
    return await place.actor.context_menu(place.room, name, target)


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.simcord(check_errors=False)
async def test_buttons_and_selects(world: World, who: str) -> None:
    place = await place_of(world, who)
    channel = world.application.bot.get_channel(place.room.id)
    assert isinstance(channel, discord.TextChannel)
    wrong = []
    for name, row in ACTIONS.items():
        view = discord.ui.View(timeout=None)
        view.add_item(row.item())
        view.stop()
        message = await channel.send(name, view=view)
        result = await row.use(place, message)
        if refused(world, result) is (who in row.may):
            wrong.append(f"{name}: {who} {'was refused' if who in row.may else 'was let in'}")
    assert not wrong


async def test_forms_ask_for_the_right_of_their_row(world: World) -> None:
    found = forms()
    for name, right in FORMS.items():
        assert found[name].right is right, name
