"""A small network on an in-memory Discord: the real bot, a real database, people who click."""

from __future__ import annotations

import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
import simcord.actors
import simcord.interactions
from pydantic import SecretStr
from simcord.backend.errors import BackendError
from simcord.backend.ops.channels import ChannelMixin
from sqlalchemy import insert

from bot.app import Application, Known, build
from bot.client import Twincord
from bot.domain.errors import TwincordError
from bot.services.ports import Clock
from config.settings import Settings
from db.tables import NetworkCoordinator, Server

LOCALES: dict[int, str] = {}
"""The client's language of each user; simcord gives everybody en-US."""


@pytest.fixture(autouse=True)
def _locales(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = simcord.interactions.base_payload

    def with_locale(*args: Any, **kwargs: Any) -> Any:
        record, payload = plain(*args, **kwargs)
        payload["locale"] = LOCALES.get(kwargs["user_id"], "en-US")
        return record, payload

    LOCALES.clear()
    monkeypatch.setattr(simcord.interactions, "base_payload", with_locale)


@pytest.fixture(autouse=True)
def _threads_under_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message has one thread, and Discord refuses a second one with 160004; simcord would put it in the first one's
    place. Discord's own line in the channel about a thread comes only where the message is not the newest."""
    plain = ChannelMixin.create_thread

    def once(backend: Any, parent_id: int, name: str, owner_id: int, **how: Any) -> Any:
        message_id = how.get("message_id")
        if message_id in backend.channels:
            raise BackendError(400, 160004, "A thread has already been created for this message")
        newest = message_id is not None and message_id == max(backend.messages[parent_id])
        thread = plain(backend, parent_id, name, owner_id, **{**how, "broadcast": not newest})
        if newest:
            backend.announce_thread_create(thread)
        return thread

    monkeypatch.setattr(ChannelMixin, "create_thread", once)


@pytest.fixture(scope="session", autouse=True)
def _patient() -> Iterator[None]:
    """A busy machine is not a failure: simcord gives up after 5 seconds otherwise.

    For the whole session, because fixtures of plugins may make an environment before those of a test are asked.
    """
    defaults: Any = simcord.Env.__init__.__kwdefaults__
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(defaults, "settle_timeout", 60.0)
        yield


@dataclass(frozen=True)
class Template:
    """A migrated SQLite file that has the topics, to be copied, and what was read of it: reading takes a while."""

    file: Path
    known: Known


@pytest.fixture(scope="session")
async def topics_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """See `Template`."""
    file = tmp_path_factory.mktemp("topics") / "template.db"
    shutil.copyfile(sqlite_template, file)
    settings = Settings(database_url=SecretStr(f"sqlite:///{file}"), shard_count=1)
    async with build(settings, extensions=[]) as built:
        template = Template(file, Known(built.catalogues, built.services.topics.index))
    # All that was read stays until the end: the collector need not look at it again after every few tests.
    gc.collect()
    gc.freeze()
    return template


@pytest.fixture
async def application(tmp_path: Path, topics_template: Template, clock: Clock) -> AsyncIterator[Application]:
    """The whole program over a fresh database with the topics, not yet connected."""
    file = tmp_path / "twincord.db"
    shutil.copyfile(topics_template.file, file)
    settings = Settings(database_url=SecretStr(f"sqlite:///{file}"), shard_count=1, members_intent=True)
    async with build(settings, clock=clock, known=topics_template.known) as built:
        yield built


@pytest.fixture
def simcord_bot(application: Application) -> Twincord:
    """What simcord's plugin runs."""
    return application.bot


@dataclass
class World:
    """A joined server with its people, and how to make more of them.

    `server` is joined, its alumni role and coordinator role set. `alumna` holds the alumni role, `coordinator` both
    roles, `network_coordinator` was appointed, `administrator` may manage the server, `stranger` holds nothing.
    """

    env: simcord.Env
    application: Application
    server: simcord.GuildHandle
    room: simcord.ChannelHandle
    alumni_role: simcord.RoleHandle
    coordinator_role: simcord.RoleHandle
    alumna: simcord.MemberActor
    coordinator: simcord.MemberActor
    network_coordinator: simcord.MemberActor
    administrator: simcord.MemberActor
    stranger: simcord.MemberActor
    names: int = field(default=0)

    def person(self, name: str, *roles: simcord.RoleHandle, locale: str = "en-US") -> simcord.MemberActor:
        """Another person in the server, whose Discord speaks `locale`."""
        actor = self.server.add_member(self.env.create_user(name), roles=list(roles))
        LOCALES[actor.id] = locale
        return actor


def speak(actor: simcord.MemberActor | simcord.UserHandle, locale: str) -> None:
    """From now on this person's Discord speaks `locale`, such as "fr"."""
    LOCALES[actor.id] = locale


async def join(application: Application, server_id: int, **columns: Any) -> None:
    """Put a server into the network straight away (what a code and /setup do has tests of its own)."""
    values = {"name": "Server", "language": "en", "joined_at": application.clock(), **columns}
    async with application.database.begin() as session:
        await session.execute(insert(Server).values(id=server_id, **values))


async def appoint(application: Application, user_id: int) -> None:
    """Make somebody a network coordinator straight away."""
    async with application.database.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=user_id, appointed_at=application.clock()))


@pytest.fixture
async def world(simcord_env: simcord.Env, application: Application) -> AsyncIterator[World]:
    """See `World`. At the end, whatever the bot raised that is not a refusal fails the test."""
    env = simcord_env
    server = env.create_guild("Lyon alumni")
    room = server.create_text_channel("general")
    alumni_role = server.create_role("Alumni")
    coordinator_role = server.create_role("Coordinators", permissions=discord.Permissions(manage_threads=True))
    managers = server.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    people: dict[str, Any] = {
        name: server.add_member(env.create_user(name), roles=roles)
        for name, roles in {
            "alumna": [alumni_role],
            "coordinator": [alumni_role, coordinator_role],
            "network_coordinator": [alumni_role, coordinator_role],
            "administrator": [managers],
            "stranger": [],
        }.items()
    }
    await join(
        application,
        server.id,
        name="Lyon alumni",
        alumni_role_id=alumni_role.id,
        coordinator_role_id=coordinator_role.id,
    )
    await appoint(application, people["network_coordinator"].id)
    yield World(env, application, server, room, alumni_role, coordinator_role, **people)
    if not env.check_errors:
        return
    bugs = [error for error in env.errors if not isinstance(getattr(error, "original", error), TwincordError)]
    assert not bugs
