"""The composition root: builds everything once and passes it by constructor. Nothing else reads the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from db.engine import Database
from db.migrations import upgrade

from bot.client import Twincord
from bot.i18n import Catalogues
from bot.services.access import AccessService
from bot.services.ports import Clock
from bot.services.registry import Services
from bot.services.work import Work
from config.settings import Settings


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that runs, for whoever starts it: the command line, the demo, a test."""

    settings: Settings
    clock: Clock
    database: Database
    catalogues: Catalogues
    services: Services
    bot: Twincord


def build_services(database: Database, catalogues: Catalogues, clock: Clock) -> Services:
    """The services over a database that is already at its newest migration."""
    work = Work(database)
    return Services(access=AccessService(work, catalogues))


@asynccontextmanager
async def build(
    settings: Settings, *, clock: Clock = utc_now, extensions: list[str] | None = None
) -> AsyncIterator[Application]:
    """Open the database, bring it to its newest migration, and build the bot over it; close it all at the end.

    Raises `CatalogueError`, and the errors of `db.errors`.
    """
    catalogues = Catalogues.load(settings.locales_folder)
    database = Database(settings.database_url.get_secret_value())
    try:
        await upgrade(database)
        services = build_services(database, catalogues, clock)
        bot = Twincord(
            services,
            catalogues,
            members_intent=settings.members_intent,
            shard_count=settings.shard_count,
            extensions=extensions,
        )
        yield Application(settings, clock, database, catalogues, services, bot)
    finally:
        await database.close()
