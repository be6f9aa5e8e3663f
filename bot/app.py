"""The composition root: builds everything once and passes it by constructor. Nothing else reads the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from bot import health
from bot.client import Twincord
from bot.client.connecting import settle, stay_connected
from bot.domain.cap.checking import Checker
from bot.domain.cities import Gazetteer
from bot.domain.errors import Refusal, Unavailable
from bot.i18n import Catalogues
from bot.messenger import Desk, Pacer, Sender, pacing
from bot.messenger.composers import COMPOSERS
from bot.messenger.touching_up import TouchingUp
from bot.services.access import AccessService
from bot.services.answers import AnswersService
from bot.services.cities import load_gazetteer
from bot.services.crisis import CrisisService
from bot.services.crisis_cap import CapService
from bot.services.crisis_desk import CrisisDesk
from bot.services.database import DatabaseService, DatabaseState
from bot.services.expertise import ExpertiseService
from bot.services.experts import ExpertsService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.network import NetworkService
from bot.services.outbox import OutboxService
from bot.services.ports import Clock
from bot.services.privacy import PrivacyService
from bot.services.questions import QuestionsService
from bot.services.registry import Services
from bot.services.reports import ReportsService
from bot.services.roster import RosterService
from bot.services.servers import ServersService
from bot.services.topics import TopicsService
from bot.services.unmatched import UnmatchedService
from bot.services.vocabulary import VocabularyService
from bot.services.work import Work
from bot.ticker import Ticker
from config import FOLDER
from config.errors import SettingsError
from config.settings import Settings
from db.engine import Database
from db.errors import DatabaseError
from db.lock import SpeakerLock
from db.migrations import upgrade

log = structlog.get_logger("twincord")

EXPECTED_ERRORS = (Refusal, DatabaseError, SettingsError)
"""What this program raises on purpose: each has `message_id` and `parameters` of the sentence for a person."""


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything but the bot: what the command line works with, beside a running bot or without one."""

    settings: Settings
    clock: Clock
    database: Database
    catalogues: Catalogues
    services: Services


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that runs, for whoever starts it: the command line, the demo, a test."""

    settings: Settings
    clock: Clock
    database: Database
    catalogues: Catalogues
    services: Services
    bot: Twincord
    speaker: SpeakerLock
    sender: Sender
    ticker: Ticker


def read_catalogues(settings: Settings) -> Catalogues:
    """Our own catalogues, and over them those of the settings, which may lack what a newer version says.

    Raises `CatalogueError`.
    """
    return Catalogues.load(FOLDER / "locales", settings.locales_folder)


def build_services(database: Database, catalogues: Catalogues, clock: Clock, gazetteer: Gazetteer) -> Services:
    """The services over a database that is already at its newest migration."""
    work = Work(database)
    topics = TopicsService(work, clock)
    memberships = MembershipsService(work, clock)
    members = MembersService(work, clock, catalogues, topics, gazetteer)
    outbox = OutboxService(work, clock)
    crisis = CrisisService(work, clock, catalogues)
    crisis_desk = CrisisDesk(work, clock, catalogues, crisis)
    crisis_desk.listen(outbox)
    return Services(
        access=AccessService(work, catalogues),
        network=NetworkService(work, clock, catalogues),
        servers=ServersService(work, clock, catalogues, gazetteer),
        members=members,
        memberships=memberships,
        privacy=PrivacyService(work, clock, memberships),
        roster=RosterService(work, clock, catalogues, topics, gazetteer),
        topics=topics,
        vocabulary=VocabularyService(work, clock, topics),
        unmatched=UnmatchedService(work, clock, topics),
        reports=ReportsService(work, clock, topics),
        experts=ExpertsService(work, topics, clock),
        expertise=ExpertiseService(work, clock, members),
        questions=QuestionsService(work, topics, clock),
        answers=AnswersService(work, clock),
        crisis=crisis,
        crisis_desk=crisis_desk,
        cap=CapService(work, clock, crisis),
        outbox=outbox,
    )


def cap_checker() -> Checker:
    """What knows the schema of CAP 1.2."""
    return Checker((FOLDER / "cap" / "CAP-v1.2.xsd").read_bytes())


def build_ticker(services: Services, sender: Sender, touching_up: TouchingUp) -> Ticker:
    """What does by itself whatever is due, each with a `run_due` (`bot.ticker`). The sender goes last."""
    ticker = Ticker(services.outbox.clock, services.outbox.work.bell)
    ticker.register("outbox", sender.run_due)
    ticker.register("crisis", touching_up.run_due)
    return ticker


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[DatabaseService]:
    """The database as a whole, in whatever state it is. Raises the errors of `db.errors`."""
    database = Database(settings.database_url.get_secret_value())
    try:
        yield DatabaseService(database)
    finally:
        await database.close()


@asynccontextmanager
async def open_house(
    settings: Settings, *, clock: Clock = utc_now, migrate: bool = True, furnished: bool = True
) -> AsyncIterator[House]:
    """The services without a bot, whether or not one runs beside. Unless told to `migrate`, nothing is changed.

    Where it is not `furnished`, no topic and no city can be found: reading them takes half a second. Raises
    `CatalogueError`, and the errors of `db.errors`: DatabaseInUse where migrations are missing while a bot runs, which
    would no longer know its tables.
    """
    catalogues = read_catalogues(settings)
    async with open_database(settings) as whole:
        if migrate:
            await bring_up_to_date(whole)
        if furnished:
            services = await _furnish(settings, whole.database, catalogues, clock)
        else:
            services = build_services(whole.database, catalogues, clock, Gazetteer(()))
        yield House(settings, clock, whole.database, catalogues, services)


async def bring_up_to_date(whole: DatabaseService) -> DatabaseState:
    """Run the migrations that are missing, if no bot runs on the database; returns how it stood before."""
    before = await whole.state()
    if not before.current:
        async with whole.speaker_lock():
            await whole.upgrade()
    return before


@asynccontextmanager
async def build(
    settings: Settings, *, clock: Clock = utc_now, extensions: list[str] | None = None, alone: bool = False
) -> AsyncIterator[Application]:
    """Open the database, bring it to its newest migration, and build the bot over it; close it all at the end.

    `alone` first makes sure that no other bot speaks for this database. Raises `CatalogueError`, and the errors of
    `db.errors`.
    """
    catalogues = read_catalogues(settings)
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url.get_secret_value())
        stack.push_async_callback(database.close)
        speaker = SpeakerLock(database)
        if alone:
            await stack.enter_async_context(speaker)
        await upgrade(database)
        services = await _furnish(settings, database, catalogues, clock)
        bot = Twincord(
            services,
            catalogues,
            members_intent=settings.members_intent,
            shard_count=settings.shard_count,
            extensions=extensions,
            http_trace=pacing(Pacer()),
        )
        sender = Sender(bot, services.outbox, Desk(services, catalogues, bot), COMPOSERS)
        ticker = build_ticker(services, sender, TouchingUp(services, catalogues, bot))
        yield Application(settings, clock, database, catalogues, services, bot, speaker, sender, ticker)


async def run(settings: Settings, stop: asyncio.Event, *, clock: Clock = utc_now) -> None:
    """Run the bot on Discord until `stop` is set.

    Raises one of `EXPECTED_ERRORS` where it cannot start or go on: no token, a wrong one, a missing intent, another bot
    on the same database, the lock lost.
    """
    if settings.token is None:
        raise Refusal("run.token_missing")
    async with build(settings, clock=clock, alone=True) as application, AsyncExitStack() as stack:
        bot, t = application.bot, application.catalogues.translator(settings.language)
        services = application.services

        async def say_ready() -> None:
            log.info(t("run.ready", n=len(bot.guilds)))

        bot.add_listener(say_ready, "on_ready")
        if settings.health_port is not None:
            observed = health.Health(bot, t, _ping(application.database), bot.errors.counts)
            host = settings.health_host
            port = await stack.enter_async_context(health.serving(observed, host, settings.health_port))
            log.info(t("run.health_page", address=f"http://{host}:{port}/readyz"))
        stack.push_async_callback(settle, 0.0)  # nothing may ask the database once it is closed
        await stack.enter_async_context(bot)
        await services.outbox.take_over(application.sender.owner)
        bot.on_logged_in = application.ticker.start
        stack.push_async_callback(_hush, application)
        connected = stay_connected(bot, settings.token.get_secret_value(), t)
        await _until_over(connected, stop, application.speaker)
        log.info(t("run.stopping"))
        await settle()


async def _hush(application: Application) -> None:
    """Finish what is being sent, and begin nothing."""
    await asyncio.gather(application.sender.stop(), application.ticker.stop())


async def _until_over(connected: Coroutine[Any, Any, None], stop: asyncio.Event, speaker: SpeakerLock) -> None:
    """Until the connection ends, we are told to stop, or another bot may speak in our place."""
    talking = asyncio.create_task(connected, name="discord")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    losing = asyncio.create_task(speaker.lost(), name="speaker")
    try:
        await asyncio.wait({talking, stopping, losing}, return_when=asyncio.FIRST_COMPLETED)
        if talking.done():
            await talking
        elif losing.done():
            raise Refusal("run.lock_lost")
    finally:
        for task in (talking, stopping, losing):
            task.cancel()
        await asyncio.gather(talking, stopping, losing, return_exceptions=True)


@cache
def _gazetteer(file: Path) -> Gazetteer:
    # It never changes while the program runs, and building it takes a third of a second.
    return load_gazetteer(file)


async def _furnish(settings: Settings, database: Database, catalogues: Catalogues, clock: Clock) -> Services:
    gazetteer = await asyncio.to_thread(_gazetteer, FOLDER / "cities.tsv.gz")
    services = build_services(database, catalogues, clock, gazetteer)
    await services.topics.synchronise(settings.topics_file)
    return services


def _ping(database: Database) -> Callable[[], Awaitable[None]]:
    async def ping() -> None:
        try:
            await database.ping()
        except DatabaseError as error:
            raise Unavailable(error.message_id, **error.parameters) from error

    return ping
