"""Campaigns, and what came back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

CAMPAIGN_STATES = ("paused", "active")
AUDIENCES = ("everyone", "cohort", "country", "city", "topic", "role")
PLACES = ("direct", "channel")
QUESTION_TYPES = ("text", "choice", "scale", "yes_no")
PURPOSES = ("forward", "stuck", "tried", "expert")
PERIOD_STATES = ("open", "closed", "missed")
PROMPT_STATES = ("planned", "missed", "unreachable", "skipped")


class Campaign(Base):
    """Questions that are put to an audience again and again. `server_id` is null where it is the whole network's.

    `rule` is RFC 5545's, counted from `starts_on`; `minute` the minute of the day, in each member's own zone. `name` is
    null for one that ships with the program and is called in the reader's language. `next_day` is the day of the next
    period, `next_at` when its planning begins: in the zone that is ahead of all others. `version` grows with each
    change, so that a button under an old card does nothing twice.
    """

    __tablename__ = "campaigns"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    server_id: Mapped[int | None] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(String(45))
    state: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(200))
    minute: Mapped[int]
    starts_on: Mapped[date]
    audience: Mapped[str] = mapped_column(String(8))
    audience_value: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(8))
    remind_after_days: Mapped[int | None]
    open_days: Mapped[int]
    late_hours: Mapped[int]
    anonymous: Mapped[bool]
    digest_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    next_day: Mapped[date | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    version: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(Snowflake)
    created_at: Mapped[datetime]
    __table_args__ = (
        one_of("state", CAMPAIGN_STATES),
        one_of("audience", AUDIENCES),
        one_of("place", PLACES),
    )


class CampaignQuestion(Base):
    """One of a campaign's questions. Once it has been put to somebody it is never changed, only replaced: `retired_at`.

    `text` is null where the catalogue has the words, in the reader's language, for its `purpose`.
    """

    __tablename__ = "campaign_questions"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    type: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str | None] = mapped_column(String(8))
    text: Mapped[str | None] = mapped_column(String(45))
    hint: Mapped[str | None] = mapped_column(String(100))
    options: Mapped[list[str]] = mapped_column(JSON)
    required: Mapped[bool]
    retired_at: Mapped[datetime | None]
    __table_args__ = (one_of("type", QUESTION_TYPES), one_of("purpose", PURPOSES))


class Period(Base):
    """One round of a campaign: the day of its rule, the same in every zone. `number` is 0 for the rule's own, and
    counts those that somebody started by hand.

    `plan_at` is when more of its prompts are to be planned, null once all are; `planned_to` the last member of a round
    of planning that is under way. Until `closes_at` answers may be changed; until `late_until` a first one is taken.
    """

    __tablename__ = "periods"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    day: Mapped[date]
    number: Mapped[int]
    minute: Mapped[int]
    anonymous: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))
    opened_at: Mapped[datetime]
    next_day: Mapped[date | None]
    plan_at: Mapped[datetime | None] = mapped_column(index=True)
    planned_to: Mapped[int] = mapped_column(Id, default=0)
    closes_at: Mapped[datetime]
    late_until: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("campaign_id", "day", "number"),
        Index("ix_periods_state_closes_at", "state", "closes_at"),
        one_of("state", PERIOD_STATES),
    )


class Prompt(Base):
    """A member is asked in a period: once. `channel_id` is null where she is asked by direct message.

    `answered` carries no time, and nothing else that would join it to an anonymous response. `again_at` is when she is
    reminded, or where `snoozed` when she wants to be asked again; `asked_again` counts both.
    """

    __tablename__ = "prompts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    state: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime]
    answered: Mapped[bool]
    again_at: Mapped[datetime | None] = mapped_column(index=True)
    snoozed: Mapped[bool]
    asked_again: Mapped[int]
    __table_args__ = (
        UniqueConstraint("campaign_id", "period_id", "member_id"),
        Index("ix_prompts_member_id_period_id", "member_id", "period_id"),
        Index("ix_prompts_period_id_member_id", "period_id", "member_id"),
        one_of("state", PROMPT_STATES),
    )


class Response(Base):
    """What somebody answered in a period. Where the period is anonymous, `member_id` and the times are null.

    `country` and `cohort` are hers at that time, for the report.
    """

    __tablename__ = "responses"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    country: Mapped[str | None] = mapped_column(String(2))
    cohort: Mapped[str | None] = mapped_column(String(100))
    late: Mapped[bool]
    prompted: Mapped[bool]
    given_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("period_id", "member_id"),)


class ResponseAnswer(Base):
    """The answer to one question: a text, or a number (of a choice its place from 0, of yes and no 1 and 0).

    `member_id` stands here too, so that she is handed what she wrote; null where the period is anonymous.
    """

    __tablename__ = "response_answers"
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_questions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    number: Mapped[int | None]


class SharedQuote(Base):
    """An answer whose author lets it be quoted; `name` is null where without her name."""

    __tablename__ = "shared_quotes"
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_questions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(String(100))


class CampaignOptOut(Base):
    """A member no longer wants to be asked by a campaign."""

    __tablename__ = "campaign_opt_outs"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class CaseStart(Base):
    """What a member tried, from a check-in under her name: it may become a case study. `used_at`: it has."""

    __tablename__ = "case_starts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="SET NULL"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
