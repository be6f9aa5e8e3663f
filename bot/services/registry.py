"""All services of the house, built once by `bot.app` and handed to the client."""

from __future__ import annotations

from dataclasses import dataclass

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
from bot.services.crisis import CrisisService
from bot.services.crisis_cap import CapService
from bot.services.crisis_chain import CrisisChain
from bot.services.crisis_desk import CrisisDesk
from bot.services.crisis_threads import CrisisThreads
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
from bot.services.privacy import PrivacyService
from bot.services.prompting import PromptingService
from bot.services.questions import QuestionsService
from bot.services.readiness import ReadinessService
from bot.services.relays import RelaysService
from bot.services.reports import ReportsService
from bot.services.roster import RosterService
from bot.services.sent_here import SentHereService
from bot.services.servers import ServersService
from bot.services.topics import TopicsService
from bot.services.unanswered import UnansweredService
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
    crisis_chain: CrisisChain
    crisis_threads: CrisisThreads
    sent_here: SentHereService
    readiness: ReadinessService
    cap: CapService
    alert_drafts: AlertDraftsService
    alert_templates: AlertTemplatesService
    invitations: InvitationsService
    relays: RelaysService
    unanswered: UnansweredService
    oncall: OnCallService
    oncall_desk: OnCallDesk
    escalation: EscalationService
    outbox: OutboxService
    followers: FollowersService
    deliveries: DeliveriesService
    direct: DirectService
    campaigns: CampaignsService
    campaign_editing: CampaignEditing
    audiences: AudiencesService
    planning: PlanningService
    prompting: PromptingService
    cases: CasesService
    adaptations: AdaptationsService
    case_care: CaseCareService
    case_exchange: CaseExchangeService
    case_import: CaseImportService
    case_posts: CasePostsService
    hand_overs: HandOversService
    case_search: CaseSearchService
    checkins: CheckinsService
    checkin_sharing: CheckinSharingService
    checkin_reports: CheckinReportsService
