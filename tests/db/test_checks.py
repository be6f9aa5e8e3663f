"""The CHECK constraints of the database and the enums of the domain say the same words."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.domain.campaigns import AudienceKind, CampaignState, PeriodState, PromptState, Purpose, QuestionType, Where
from bot.domain.case_content import CaseKind, CaseOutcome, CaseStatus, CostBand, DurationBand
from bot.domain.case_posts import PostState
from bot.domain.cases import CaseState
from bot.domain.cities import PopulationBand
from bot.domain.crisis import AlertAudience, AlertState
from bot.domain.crisis_answers import AlertAnswer
from bot.domain.crisis_chain import FollowUpKind, FollowUpState
from bot.domain.crisis_consent import PingPolicy
from bot.domain.escalation import EscalationEnd, Rung
from bot.domain.hand_overs import HandOverKind
from bot.domain.invitations import InvitationState, Origin
from bot.domain.members import CodePurpose, Level
from bot.domain.oncall import Duty
from bot.domain.outbox import DeliveryState, TargetKind
from bot.domain.questions import QuestionState
from bot.services.topics import PREFERRED, SYNONYM
from db.engine import Database
from db.tables import Base

WORDS: dict[tuple[str, str], set[str]] = {
    ("expertise", "level"): set(Level),
    ("one_time_codes", "purpose"): set(CodePurpose),
    ("topic_labels", "kind"): {PREFERRED, SYNONYM},
    ("questions", "state"): set(QuestionState),
    ("invitations", "state"): set(InvitationState),
    ("invitations", "origin"): set(Origin),
    ("endorsements", "not_oneself"): set(),
    ("deliveries", "state"): set(DeliveryState),
    ("deliveries", "target"): set(TargetKind),
    ("campaigns", "state"): set(CampaignState),
    ("campaigns", "audience"): set(AudienceKind),
    ("campaigns", "place"): set(Where),
    ("campaign_questions", "type"): set(QuestionType),
    ("campaign_questions", "purpose"): set(Purpose),
    ("periods", "state"): set(PeriodState),
    ("prompts", "state"): set(PromptState),
    ("cases", "state"): set(CaseState),
    ("cases", "kind"): set(CaseKind),
    ("cases", "status"): set(CaseStatus),
    ("cases", "outcome"): set(CaseOutcome),
    ("cases", "population"): set(PopulationBand),
    ("cases", "cost"): set(CostBand),
    ("cases", "duration"): set(DurationBand),
    ("case_posts", "state"): set(PostState),
    ("adaptation_news", "outcome"): set(CaseOutcome),
    ("hand_over_items", "kind"): set(HandOverKind),
    ("alerts", "state"): set(AlertState),
    ("alerts", "audience"): set(AlertAudience),
    ("alert_follow_ups", "kind"): set(FollowUpKind),
    ("alert_follow_ups", "state"): set(FollowUpState),
    ("alert_follow_ups", "audience"): set(AlertAudience),
    ("alert_answers", "kind"): set(AlertAnswer),
    ("alert_consents", "ping"): set(PingPolicy),
    ("on_call", "duty"): set(Duty),
    ("escalations", "rung"): set(Rung),
    ("escalations", "ended_why"): set(EscalationEnd),
    ("escalation_steps", "rung"): set(Rung),
}


def allowed(constraint: str) -> set[str]:
    """The words in quotes of a constraint's SQL, however an engine writes it down."""
    return set(re.findall(r"'([^']*)'", constraint))


def test_every_constraint_has_its_enum() -> None:
    found = {
        (table.name, str(constraint.name).removeprefix(f"ck_{table.name}_")): allowed(str(constraint.sqltext))
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert found == WORDS


async def test_the_database_has_the_same_constraints(database: Database) -> None:
    async with database.read() as session:
        connection = await session.connection()
        found = await connection.run_sync(
            lambda sync: {
                (table, str(each["name"]).removeprefix(f"ck_{table}_")): allowed(each["sqltext"])
                for table in Base.metadata.tables
                for each in inspect(sync).get_check_constraints(table)
            }
        )
    assert found == WORDS


@pytest.mark.parametrize(
    "words", [Level, CodePurpose, QuestionState, InvitationState, Origin, DeliveryState, TargetKind]
)
def test_words_fit_their_columns(words: type[StrEnum]) -> None:
    for (table, column), allowed_words in WORDS.items():
        if allowed_words == set(words):
            length = Base.metadata.tables[table].columns[column].type.length  # type: ignore[attr-defined]
            assert max(map(len, allowed_words)) <= length


async def test_another_word_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(
                text(
                    "INSERT INTO one_time_codes (purpose, digest, created_at, expires_at) "
                    "VALUES ('guess', 'x', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
                )
            )
