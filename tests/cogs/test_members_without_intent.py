"""Without Discord's members intent: what is missing is said, and learnt when people use the bot."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import Application, build
from bot.services.ports import Clock
from config.settings import Settings
from tests.cogs.conftest import Template, World
from tests.cogs.test_members import known, seen


@pytest.fixture
async def application(tmp_path: Path, topics_template: Template, clock: Clock) -> AsyncIterator[Application]:
    """The whole program, as an administrator runs it who was not granted the intent."""
    file = tmp_path / "twincord.db"
    shutil.copyfile(topics_template.file, file)
    settings = Settings(database_url=SecretStr(f"sqlite:///{file}"), shard_count=1, members_intent=False)
    async with build(settings, clock=clock, known=topics_template.known) as built:
        yield built


async def test_the_log_says_what_is_missing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.application.bot.reload_extension("cogs.members")
    assert "no members intent" in capsys.readouterr().out


async def test_membership_is_learnt_when_she_uses_the_bot(world: World) -> None:
    newcomer = world.person("Newcomer", world.alumni_role)
    await known(world, newcomer.id)
    await world.env.settle()
    assert await seen(world) == []
    await newcomer.slash(world.room, "help")
    assert await seen(world) == [(newcomer.id, True, True)]


async def test_membership_is_learnt_at_the_start_even_so(world: World) -> None:
    await known(world, world.alumna.id)
    cog: Any = world.application.bot.get_cog("Members")
    await cog.on_guild_available(world.env.bot.get_guild(world.server.id))
    assert await seen(world) == [(world.alumna.id, True, True)]
