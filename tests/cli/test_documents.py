"""The administrator's page against the program: its numbers, settings, commands and columns."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import typer

from bot.cli import app
from bot.domain.roster import COLUMNS
from bot.domain.servers import PIECES
from bot.domain.setup import NEEDS, needs_to_make
from config.settings import Settings, variable

PAGE = (Path(__file__).parents[2] / "docs" / "administrators.md").read_text(encoding="utf-8")


def permissions(*names: str) -> int:
    """Discord's number for these permissions."""
    return discord.Permissions(**dict.fromkeys(names, True)).value


def test_the_invite_links_ask_for_the_least() -> None:
    least = {str(need) for needs in NEEDS.values() for need in needs}
    making = least | {str(need) for piece in PIECES for need in needs_to_make(piece)}
    links = [int(number) for number in re.findall(r"scope=bot\+applications\.commands&permissions=(\d+)", PAGE)]
    assert links == [permissions(*least), permissions(*making)]


def test_every_setting_is_explained() -> None:
    rows = re.findall(r"^\| `(TWINCORD_\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert rows == [(variable(name), name) for name in Settings.model_fields]


def test_every_column_of_a_roster_is_explained() -> None:
    table = PAGE[PAGE.index("| column |") : PAGE.index("A file is taken in whole")]
    named = [name for row in table.strip().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == sorted(COLUMNS)


def test_every_command_that_is_named_exists() -> None:
    root: object = typer.main.get_command(app)
    for line in re.findall(r"python -m bot ([a-z][a-z ]*[a-z])", PAGE):
        command = root
        for word in line.split():
            children = getattr(command, "commands", None)
            if children is None:
                break
            assert word in children, line
            command = children[word]
