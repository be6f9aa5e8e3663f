"""All services of the house, built once by `bot.app` and handed to the client."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.access import AccessService
from bot.services.answers import AnswersService
from bot.services.expertise import ExpertiseService
from bot.services.experts import ExpertsService
from bot.services.invitations import InvitationsService
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.network import NetworkService
from bot.services.outbox import OutboxService
from bot.services.privacy import PrivacyService
from bot.services.questions import QuestionsService
from bot.services.relays import RelaysService
from bot.services.roster import RosterService
from bot.services.servers import ServersService
from bot.services.topics import TopicsService
from bot.services.unanswered import UnansweredService


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
    experts: ExpertsService
    expertise: ExpertiseService
    questions: QuestionsService
    answers: AnswersService
    invitations: InvitationsService
    relays: RelaysService
    unanswered: UnansweredService
    outbox: OutboxService
