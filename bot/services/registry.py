"""All services of the house, built once by `bot.app` and handed to the client."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.access import AccessService
from bot.services.answers import AnswersService
from bot.services.crisis import CrisisService
from bot.services.crisis_cap import CapService
from bot.services.crisis_desk import CrisisDesk
from bot.services.expertise import ExpertiseService
from bot.services.experts import ExpertsService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.network import NetworkService
from bot.services.outbox import OutboxService
from bot.services.privacy import PrivacyService
from bot.services.questions import QuestionsService
from bot.services.reports import ReportsService
from bot.services.roster import RosterService
from bot.services.servers import ServersService
from bot.services.topics import TopicsService
from bot.services.unmatched import UnmatchedService
from bot.services.vocabulary import VocabularyService


@dataclass(frozen=True, slots=True)
class Services:
    """One field a noun; each cog's `setup(bot)` takes what it needs from here."""

    access: AccessService
    network: NetworkService
    servers: ServersService
    members: MembersService
    memberships: MembershipsService
    privacy: PrivacyService
    roster: RosterService
    topics: TopicsService
    vocabulary: VocabularyService
    unmatched: UnmatchedService
    reports: ReportsService
    experts: ExpertsService
    expertise: ExpertiseService
    questions: QuestionsService
    answers: AnswersService
    crisis: CrisisService
    crisis_desk: CrisisDesk
    cap: CapService
    outbox: OutboxService
