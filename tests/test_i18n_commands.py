"""What Discord shows of every command, in every language: names that it takes, descriptions that fit, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.app import build
from bot.client import Twincord
from bot.client.twincord import cog_names
from bot.i18n import COMMAND, Catalogues
from config import FOLDER
from config.settings import load_settings

CATALOGUES = Catalogues.load(FOLDER / "locales")
LANGUAGES = CATALOGUES.languages
NAME_LIMIT = 32
DESCRIPTION_LIMIT = 100
COMMAND_LIMIT = 8000
"""Discord's reference, "Application Commands": all names, descriptions and values of one command together."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A name or a description that people see. `place` is the command's path in English."""

    place: str
    text: str
    kind: str


@pytest.fixture(scope="module")
async def tree(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[app_commands.CommandTree[Twincord]]:
    """The tree of the real bot, with every cog loaded."""
    folder: Path = tmp_path_factory.mktemp("tree")
    async with build(load_settings(database_url=f"sqlite:///{folder}/twincord.db")) as application:
        bot = application.bot
        async with bot:
            for name in cog_names():
                await bot.load_extension(name)
            yield bot.tree


@pytest.fixture(scope="module")
def shown(tree: app_commands.CommandTree[Twincord]) -> Sequence[Shown]:
    """Everything that people see of all commands."""
    found = [one for command in tree.get_commands() for one in of_command(command)]
    for kind in (discord.AppCommandType.user, discord.AppCommandType.message):
        found += [Shown(menu.name, menu.name, "menu") for menu in tree.get_commands(type=kind)]
    return found


def of_command(command: Any) -> Iterator[Shown]:
    """A command, or a group with all that is in it."""
    if isinstance(command, app_commands.ContextMenu):
        return
    place = command.qualified_name
    yield Shown(place, command.name, "name")
    yield Shown(place, command.description, "description")
    if isinstance(command, app_commands.Group):
        for child in command.commands:
            yield from of_command(child)
        return
    for option in command.parameters:
        yield Shown(f"{place} {option.display_name}", str(option.display_name), "name")
        yield Shown(f"{place} {option.display_name}", str(option.description), "description")
        for choice in option.choices:
            yield Shown(f"{place} {option.display_name}", choice.name, "choice")


def said(language: str, text: str) -> str:
    """A word of the code in a language; empty where that language lacks it."""
    return CATALOGUES.command(language, text) or ""


def test_there_are_commands(shown: Sequence[Shown]) -> None:
    assert {"help", "setup", "profile", "expert", "network", "privacy"} <= {one.place for one in shown}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(shown: Sequence[Shown], language: str) -> None:
    assert sorted({f"{one.place}: {one.text}" for one in shown if not said(language, one.text)}) == []


def test_english_says_what_the_code_says(shown: Sequence[Shown]) -> None:
    assert [one.text for one in shown if said("en", one.text) not in {"", one.text}] == []


def test_nothing_is_translated_that_no_command_says(shown: Sequence[Shown]) -> None:
    texts = {one.text for one in shown}
    left = {text for context, text in CATALOGUES.messages["en"] if context == COMMAND} - texts
    assert sorted(left) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_names_to_discord(shown: Sequence[Shown], language: str) -> None:
    r"""Discord's reference: `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lower-case where the script has cases."""
    wrong = [
        f"{one.place}: {name}"
        for one in shown
        if one.kind == "name" and (name := said(language, one.text))
        if len(name) > NAME_LIMIT
        or name != name.lower()
        or not all(character.isalnum() or character in "-_'" for character in name)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_choices_and_menus_fit(shown: Sequence[Shown], language: str) -> None:
    limits = {"description": DESCRIPTION_LIMIT, "choice": DESCRIPTION_LIMIT, "menu": NAME_LIMIT}
    long = [
        f"{one.place}: {len(said(language, one.text))}"
        for one in shown
        if one.kind in limits and len(said(language, one.text)) > limits[one.kind]
    ]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_there_twice_among_its_neighbours(shown: Sequence[Shown], language: str) -> None:
    names = Counter(
        (one.place.rpartition(" ")[0], said(language, one.text)) for one in shown if one.kind in {"name", "menu"}
    )
    assert [where for where, count in names.items() if count > 1 and where[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_is_not_too_long_in_all(shown: Sequence[Shown], language: str) -> None:
    sizes: Counter[str] = Counter()
    for one in shown:
        sizes[one.place.partition(" ")[0]] += max(len(said(language, one.text)), len(one.text))
    assert [command for command, size in sizes.items() if size > COMMAND_LIMIT] == []
