"""The tables, a module a noun. Known to `db` alone; everything else speaks to `db.queries`."""

from __future__ import annotations

from db.tables.alert_templates import AlertTemplateRow
from db.tables.audit import AuditEntry
from db.tables.base import Base
from db.tables.campaigns import (
    Campaign,
    CampaignOptOut,
    CampaignQuestion,
    CaseStart,
    Period,
    Prompt,
    Response,
    ResponseAnswer,
    SharedQuote,
)
from db.tables.cases import (
    Adaptation,
    AdaptationNews,
    Case,
    CaseFile,
    CaseMirror,
    CasePost,
    CasePosting,
    CaseTopic,
    CaseVersion,
    CaseVote,
    CaseWord,
)
from db.tables.crisis import AlertAnswerRow, AlertConsent, AlertFollowUp, AlertMessage, AlertRow, AlertTargetRow
from db.tables.crisis_threads import AlertThread
from db.tables.hand_overs import HandOver, HandOverItem
from db.tables.members import Member, MemberLanguage, Membership
from db.tables.network import City, HeldRole, NetworkCoordinator, OneTimeCode, Server, ServerCity
from db.tables.oncall import AlertEdit, EscalationRow, EscalationStep, OnCall
from db.tables.outbox import DeliveryRow, RefusalRow
from db.tables.questions import Answer, Follower, Invitation, Question, QuestionClock, Thanks
from db.tables.topics import LEVELS, Endorsement, Expertise, Topic, TopicFollower, TopicLabel, TopicMove, UnmatchedQuery

__all__ = [
    "LEVELS",
    "Adaptation",
    "AdaptationNews",
    "AlertAnswerRow",
    "AlertConsent",
    "AlertEdit",
    "AlertFollowUp",
    "AlertMessage",
    "AlertRow",
    "AlertTargetRow",
    "AlertTemplateRow",
    "AlertThread",
    "Answer",
    "AuditEntry",
    "Base",
    "Campaign",
    "CampaignOptOut",
    "CampaignQuestion",
    "Case",
    "CaseFile",
    "CaseMirror",
    "CasePost",
    "CasePosting",
    "CaseStart",
    "CaseTopic",
    "CaseVersion",
    "CaseVote",
    "CaseWord",
    "City",
    "DeliveryRow",
    "Endorsement",
    "EscalationRow",
    "EscalationStep",
    "Expertise",
    "Follower",
    "HandOver",
    "HandOverItem",
    "HeldRole",
    "Invitation",
    "Member",
    "MemberLanguage",
    "Membership",
    "NetworkCoordinator",
    "OnCall",
    "OneTimeCode",
    "Period",
    "Prompt",
    "Question",
    "QuestionClock",
    "RefusalRow",
    "Response",
    "ResponseAnswer",
    "Server",
    "ServerCity",
    "SharedQuote",
    "Thanks",
    "Topic",
    "TopicFollower",
    "TopicLabel",
    "TopicMove",
    "UnmatchedQuery",
]

for _table in Base.metadata.tables.values():
    # An id is never given twice, as on PostgreSQL: a button under an old message still carries a deleted row's.
    if _table.autoincrement_column is not None:
        _table.dialect_kwargs["sqlite_autoincrement"] = True
