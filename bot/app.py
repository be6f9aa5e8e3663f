"""The composition root: builds everything once and passes it by constructor. Nothing else reads the settings."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import structlog

from bot import health
from bot.client import Twincord, case_posting
from bot.client.connecting import settle, stay_connected
from bot.client.moving import Mover
from bot.domain.cap.checking import Checker
from bot.domain.cities import Gazetteer
from bot.domain.errors import Refusal, Unavailable
from bot.domain.nights import Night
from bot.domain.outbox import DeliveryKind
from bot.domain.topics import TopicIndex
from bot.domain.unanswered import Schedule
from bot.i18n import Catalogues
from bot.messenger import Desk, Pacer, Sender, pacing
from bot.messenger.composers import COMPOSERS
from bot.messenger.threads import Threads
from bot.messenger.touching_up import TouchingUp
from bot.messenger.touching_up_beside import TouchingUpBeside
from bot.services.access import AccessService
from bot.services.adaptations import AdaptationsService
from bot.services.alert_drafts import AlertDraftsService
from bot.services.alert_templates import AlertTemplatesService
from bot.services.answers import AnswersService
from bot.services.audiences import AudiencesService
from bot.services.campaign_editing import CampaignEditing
from bot.services.campaigns import CampaignsService
from bot.services.case_care import CaseCareService
from bot.services.case_exchange import CaseExchangeService
from bot.services.case_import import CaseImportService
from bot.services.case_posts import CasePostsService
from bot.services.case_search import CaseSearchService
from bot.services.cases import CasesService
from bot.services.checkin_reports import CheckinReportsService
from bot.services.checkin_sharing import CheckinSharingService
from bot.services.checkins import CheckinsService
from bot.services.cities import load_gazetteer
from bot.services.crisis import CrisisService
from bot.services.crisis_cap import CapService
from bot.services.crisis_chain import CrisisChain
from bot.services.crisis_desk import CrisisDesk
from bot.services.crisis_threads import CrisisThreads
from bot.services.database import DatabaseService, DatabaseState
from bot.services.deliveries import DeliveriesService
from bot.services.direct import DirectService
from bot.services.escalation import EscalationService
from bot.services.expertise import ExpertiseService
from bot.services.experts import ExpertsService
from bot.services.followers import FollowersService
from bot.services.hand_overs import HandOversService
from bot.services.invitations import InvitationsService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.network import NetworkService
from bot.services.oncall import OnCallService
from bot.services.oncall_desk import OnCallDesk
from bot.services.outbox import OutboxService
from bot.services.planning import PlanningService
from bot.services.ports import Clock
from bot.services.privacy import PrivacyService
from bot.services.prompting import PromptingService
from bot.services.questions import QuestionsService
from bot.services.readiness import ReadinessService
from bot.services.registry import Services
from bot.services.relays import RelaysService
from bot.services.reports import ReportsService
from bot.services.roster import RosterService
from bot.services.sent_here import SentHereService
from bot.services.servers import ServersService
from bot.services.topics import TopicsService
from bot.services.unanswered import UnansweredService
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


@dataclass(frozen=True, slots=True)
class Known:
    """What another program that was built over the same state has read: its catalogues, and its database's topics.

    For whoever builds many over copies of one migrated database, as tests do: reading takes half a second each time.
    """

    catalogues: Catalogues
    topics: TopicIndex


def read_catalogues(settings: Settings) -> Catalogues:
    """Our own catalogues, and over them those of the settings, which may lack what a newer version says.

    Raises `CatalogueError`.
    """
    return Catalogues.load(FOLDER / "locales", settings.locales_folder)


def build_services(
    settings: Settings, database: Database, catalogues: Catalogues, clock: Clock, gazetteer: Gazetteer
) -> Services:
    """The services over a database that is already at its newest migration."""
    work = Work(database)
    schedule, night = schedule_of(settings), Night(settings.night_begins, settings.night_ends)
    topics = TopicsService(work, clock)
    memberships = MembershipsService(work, clock)
    members = MembersService(work, clock, catalogues, topics, gazetteer)
    expertise = ExpertiseService(work, clock, members)
    outbox = OutboxService(work, clock)
    experts = ExpertsService(work, topics, clock)
    invitations = InvitationsService(work, topics, experts, clock)
    outbox.on_settled(DeliveryKind.INVITATION, invitations.settled)
    campaigns = CampaignsService(work, clock)
    prompting = PromptingService(work, clock)
    outbox.on_settled(DeliveryKind.CHECKIN, prompting.settled)
    hand_overs = HandOversService(work, topics, clock)
    followers = FollowersService(work, clock)
    outbox.on_settled(DeliveryKind.QUESTION_NEWS, followers.on_settled)
    crisis = CrisisService(work, clock, catalogues)
    crisis_desk = CrisisDesk(work, clock, catalogues, crisis)
    crisis_desk.listen(outbox)
    servers = ServersService(work, clock, catalogues, gazetteer)
    return Services(
        access=AccessService(work, catalogues),
        network=NetworkService(work, clock, catalogues),
        servers=servers,
        members=members,
        memberships=memberships,
        privacy=PrivacyService(work, clock, memberships),
        roster=RosterService(work, clock, catalogues, topics, gazetteer),
        topics=topics,
        experts=experts,
        expertise=expertise,
        questions=QuestionsService(work, topics, clock, schedule),
        answers=AnswersService(work, clock, schedule),
        invitations=invitations,
        relays=RelaysService(work, clock),
        unanswered=UnansweredService(work, topics, experts, clock, schedule, night),
        vocabulary=VocabularyService(work, clock, topics),
        unmatched=UnmatchedService(work, clock, topics),
        reports=ReportsService(work, clock, topics),
        crisis=crisis,
        crisis_desk=crisis_desk,
        crisis_chain=CrisisChain(work, clock, catalogues),
        crisis_threads=CrisisThreads(work, clock, crisis),
        sent_here=SentHereService(work, crisis),
        readiness=ReadinessService(work, clock, servers),
        cap=CapService(work, clock, crisis),
        alert_drafts=AlertDraftsService(crisis),
        alert_templates=AlertTemplatesService(work, clock),
        oncall=OnCallService(work, clock, servers),
        oncall_desk=OnCallDesk(work, clock, crisis),
        escalation=EscalationService(work, clock),
        outbox=outbox,
        followers=followers,
        deliveries=DeliveriesService(work, clock),
        direct=DirectService(work, clock),
        campaigns=campaigns,
        campaign_editing=CampaignEditing(campaigns),
        audiences=AudiencesService(work, topics, catalogues),
        planning=PlanningService(work, clock),
        prompting=prompting,
        cases=CasesService(work, topics, clock, gazetteer),
        adaptations=AdaptationsService(work, clock, gazetteer),
        case_care=CaseCareService(work, topics, clock, hand_overs),
        case_exchange=CaseExchangeService(work, topics),
        case_import=CaseImportService(work, topics, clock, gazetteer),
        hand_overs=hand_overs,
        case_posts=CasePostsService(work, topics, clock),
        case_search=CaseSearchService(work, topics),
        checkins=CheckinsService(work, clock, expertise),
        checkin_reports=CheckinReportsService(work, clock),
        checkin_sharing=CheckinSharingService(work, clock),
    )


def cap_checker() -> Checker:
    """What knows the schema of CAP 1.2."""
    return Checker((FOLDER / "cap" / "CAP-v1.2.xsd").read_bytes())


def schedule_of(settings: Settings) -> Schedule:
    """When questions that nobody answers move by themselves."""
    return Schedule(
        timedelta(hours=settings.unanswered_one_hours),
        timedelta(hours=settings.unanswered_more_hours),
        timedelta(hours=settings.unanswered_everyone_hours),
        timedelta(hours=settings.unanswered_coordinators_hours),
    )


def build_ticker(services: Services, sender: Sender, bot: Twincord, touching_up: TouchingUp) -> Ticker:
    """What does by itself whatever is due, each with a `run_due` (`bot.ticker`). The sender goes last."""
    ticker = Ticker(services.outbox.clock, services.outbox.work.bell)
    ticker.register("topics", services.topics.run_due)
    ticker.register("unanswered", Mover(bot).run_due)
    ticker.register("campaigns", services.planning.run_due)
    ticker.register("cases", services.case_care.run_due)
    ticker.register("case index", services.case_search.run_due)
    ticker.register("case posts", partial(case_posting.run_due, bot))
    ticker.register("checkins", services.checkin_reports.run_due)
    ticker.register("sweep", services.outbox.sweep)
    ticker.register("escalation", services.escalation.run_due)
    ticker.register("outbox", sender.run_due)
    ticker.register("crisis", touching_up.run_due)
    ticker.register("beside", TouchingUpBeside(touching_up.desk).run_due)
    ticker.register("crisis threads", Threads(services.crisis_threads, bot.catalogues, bot).run_due)
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
            services = build_services(settings, whole.database, catalogues, clock, Gazetteer(()))
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
    settings: Settings,
    *,
    clock: Clock = utc_now,
    extensions: list[str] | None = None,
    alone: bool = False,
    known: Known | None = None,
) -> AsyncIterator[Application]:
    """Open the database, bring it to its newest migration, and build the bot over it; close it all at the end.

    `alone` first makes sure that no other bot speaks for this database. What is `known` is not read again. Raises
    `CatalogueError`, and the errors of `db.errors`.
    """
    catalogues = known.catalogues if known else read_catalogues(settings)
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url.get_secret_value())
        stack.push_async_callback(database.close)
        speaker = SpeakerLock(database)
        if alone:
            await stack.enter_async_context(speaker)
        if known is None:
            await upgrade(database)
        services = await _furnish(settings, database, catalogues, clock, known)
        bot = Twincord(
            services,
            catalogues,
            members_intent=settings.members_intent,
            shard_count=settings.shard_count,
            extensions=extensions,
            http_trace=pacing(Pacer(settings.requests_per_second)),
        )
        sender = Sender(bot, services.outbox, Desk(services, catalogues, bot), COMPOSERS)
        ticker = build_ticker(services, sender, bot, TouchingUp(services, catalogues, bot))
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
            observed = health.Health(
                bot, t, _ping(application.database), bot.errors.counts, deliveries=services.deliveries.figures
            )
            host = settings.health_host
            port = await stack.enter_async_context(health.serving(observed, host, settings.health_port))
            log.info(t("run.health_page", address=f"http://{host}:{port}/readyz"))
        stack.push_async_callback(settle, 0.0)  # nothing may ask the database once it is closed
        await stack.enter_async_context(bot)
        await services.outbox.take_over(application.sender.owner)

        def begin() -> None:
            # A look at all that is kept for good takes over 60 ms, in which what is sent bunches: 51 requests then
            # fall into one of Discord's seconds.
            gc.collect()
            gc.freeze()
            application.ticker.start()

        bot.on_logged_in = begin
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


async def _furnish(
    settings: Settings, database: Database, catalogues: Catalogues, clock: Clock, known: Known | None = None
) -> Services:
    gazetteer = await asyncio.to_thread(_gazetteer, FOLDER / "cities.tsv.gz")
    services = build_services(settings, database, catalogues, clock, gazetteer)
    if known is None:
        await services.topics.synchronise(settings.topics_file)
    else:
        services.topics.adopt(known.topics)
    return services


def _ping(database: Database) -> Callable[[], Awaitable[None]]:
    async def ping() -> None:
        try:
            await database.ping()
        except DatabaseError as error:
            raise Unavailable(error.message_id, **error.parameters) from error

    return ping
