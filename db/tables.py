"""The tables. Known to `db` alone; everything else speaks to `db.queries`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Id, Snowflake, UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LEVELS = ("interested", "practitioner", "expert")
LABEL_KINDS = ("preferred", "synonym")
CODE_PURPOSES = ("join", "claim")
QUESTION_STATES = ("open", "answered", "removed")
INVITATION_STATES = ("sent", "accepted", "declined", "referred", "unsent")
INVITATION_ORIGINS = ("asker", "referral", "clock")
DELIVERY_STATES = ("pending", "sending", "sent", "refused", "expired", "cancelled", "unknown")
TARGET_KINDS = ("channel", "member", "direct")
CAMPAIGN_STATES = ("paused", "active")
AUDIENCES = ("everyone", "cohort", "country", "city", "topic", "role")
PLACES = ("direct", "channel")
QUESTION_TYPES = ("text", "choice", "scale", "yes_no")
PURPOSES = ("forward", "stuck", "tried", "expert")
PERIOD_STATES = ("open", "closed", "missed")
PROMPT_STATES = ("planned", "missed", "unreachable", "skipped")
CASE_STATES = ("draft", "submitted", "returned", "rejected", "published", "withdrawn", "retired")
CASE_KINDS = ("case", "debrief")
CASE_STATUSES = ("idea", "pilot", "running", "stopped", "scaled")
OUTCOMES = ("worked", "partly", "failed", "open")
POPULATION_BANDS = ("small_town", "town", "small_city", "city", "large_city", "metropolis")
COST_BANDS = ("staff", "to_10k", "to_100k", "to_1m", "over_1m")
DURATION_BANDS = ("to_3_months", "to_12_months", "to_3_years", "longer")
CASE_POST_STATES = ("wanted", "posted", "lost", "removed")
ALERT_STATES = ("draft", "pending", "returned", "rejected", "broadcasting", "completed", "cancelled")
ALERT_AUDIENCES = ("city", "server", "region", "country", "network")
ALERT_ANSWERS = ("received", "need", "offer")
PING_POLICIES = ("none", "role", "everyone")
HAND_OVER_KINDS = ("case", "question", "adaptation", "topic")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK constraint that keeps a column to the words of an enum of the domain."""
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=column)


class Base(DeclarativeBase):
    """What all tables share: names for constraints, and aware times."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own way


class Server(Base):
    """A Discord guild that joined the network; it stays, with `left_at`, when the bot is removed."""

    __tablename__ = "servers"
    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    questions_forum_id: Mapped[int | None] = mapped_column(Snowflake)
    cases_forum_id: Mapped[int | None] = mapped_column(Snowflake)
    crisis_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    checkin_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    coordinators_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    coordinator_role_id: Mapped[int | None] = mapped_column(Snowflake)
    alumni_role_id: Mapped[int | None] = mapped_column(Snowflake)


class City(Base):
    """A city whose administration takes part. `geonames_id` is null for one that GeoNames does not have."""

    __tablename__ = "cities"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    geonames_id: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(200))
    population: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_cities_country_name", "country", "name"),)


class ServerCity(Base):
    """A server speaks for a city, which may have channels of its own in it."""

    __tablename__ = "server_cities"
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), primary_key=True)
    crisis_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    checkin_channel_id: Mapped[int | None] = mapped_column(Snowflake)


class NetworkCoordinator(Base):
    """Someone who acts for the whole network. `appointed_by` is null where the host did it."""

    __tablename__ = "network_coordinators"
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    appointed_by: Mapped[int | None] = mapped_column(Snowflake)
    appointed_at: Mapped[datetime]


class OneTimeCode(Base):
    """A code that works once: a server joins with one, an imported person claims her row with one.

    Only the SHA-256 of a code is kept: who reads the database cannot use it.
    """

    __tablename__ = "one_time_codes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int | None] = mapped_column(Snowflake)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(Snowflake)
    __table_args__ = (one_of("purpose", CODE_PURPOSES),)


class Member(Base):
    """A person of the network. `user_id` is null until an imported person claims her row.

    Nobody imported is suggested or messaged before `confirmed_at`. `direct_messages_at` is when she allowed direct
    messages, and `direct_channel_id` the channel that was opened then.
    """

    __tablename__ = "members"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    reference: Mapped[str | None] = mapped_column(String(200), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    post: Mapped[str | None] = mapped_column(String(200))
    cohort: Mapped[str | None] = mapped_column(String(100))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"), index=True)
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    imported_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    direct_messages_at: Mapped[datetime | None]
    direct_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MemberLanguage(Base):
    """A language that a member speaks, as an ISO 639 code."""

    __tablename__ = "member_languages"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)


class Membership(Base):
    """A member is in a server. `alumni` says whether she holds its alumni role, as last seen."""

    __tablename__ = "memberships"
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    alumni: Mapped[bool]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Topic(Base):
    """A concept of city government. Ids are those of `config/topics.csv`."""

    __tablename__ = "topics"
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    cofog: Mapped[str] = mapped_column(String(8))
    sdg: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(40))
    source_uri: Mapped[str | None] = mapped_column(String(300))
    hidden: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("topics.id"), index=True)


class TopicLabel(Base):
    """What a topic is called in one language: one preferred label, any number of synonyms.

    `ours` marks what coordinators added here: reading the file anew leaves it alone.
    """

    __tablename__ = "topic_labels"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(200))
    ours: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (UniqueConstraint("topic_id", "language", "label"), one_of("kind", LABEL_KINDS))


class Expertise(Base):
    """A member knows about a topic, at a level."""

    __tablename__ = "expertise"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = mapped_column(String(12))
    confirmed_at: Mapped[datetime | None]
    open: Mapped[bool] = mapped_column(default=True, server_default=true())
    monthly_cap: Mapped[int | None]
    paused_until: Mapped[datetime | None]
    __table_args__ = (
        one_of("level", LEVELS),
        # Finding people reads from its end: those of a topic and level who confirmed it last. With the last three
        # columns that needs no look at the table, which lies all over the disk.
        Index(
            "ix_expertise_topic_id_level_confirmed_at",
            *("topic_id", "level", "confirmed_at", "member_id", "open", "paused_until"),
        ),
    )


class Endorsement(Base):
    """A member vouches for another one's knowledge of a topic: once per person and topic, never for herself."""

    __tablename__ = "endorsements"
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    endorser_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    endorsed_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("member_id <> endorser_id", name="not_oneself"),
        Index("ix_endorsements_topic_id_member_id", "topic_id", "member_id"),
    )


class TopicMove(Base):
    """A row that went from a topic to the one that it was merged into, so that it can go back.

    `kind` is the table. `dropped`: it was there already, and the source's was taken away; then its other columns are
    kept here, and `raised_from` is the level that the one that stayed had before. `row_id` or `user_id` is what else
    identifies the row of a table that tells of no member.
    """

    __tablename__ = "topic_moves"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    endorser_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    row_id: Mapped[int | None] = mapped_column(Id)
    user_id: Mapped[int | None] = mapped_column(Snowflake)
    dropped: Mapped[bool]
    level: Mapped[str | None] = mapped_column(String(12))
    confirmed_at: Mapped[datetime | None]
    open: Mapped[bool | None]
    monthly_cap: Mapped[int | None]
    paused_until: Mapped[datetime | None]
    raised_from: Mapped[str | None] = mapped_column(String(12))


class UnmatchedQuery(Base):
    """A query that matched no topic, without the person who asked it. `language` is that of the answer she got;
    `unsure` says that the bot had guesses, and asked which was meant."""

    __tablename__ = "unmatched_queries"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8))
    times: Mapped[int]
    unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("text", "language"),)


class Question(Base):
    """A question in a server's questions forum. A nameless one keeps its asker, and shows her to nobody.

    `thread_id` is null until the post stands; `asker_user_id` is null once she had her data deleted.
    """

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    asker_user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    asker_name: Mapped[str | None] = mapped_column(String(100))
    nameless: Mapped[bool]
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(8))
    thread_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    asked_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    __table_args__ = (one_of("state", QUESTION_STATES), Index("ix_questions_topic_id_asked_at", "topic_id", "asked_at"))


class Answer(Base):
    """An answer in a question's thread that was relayed from elsewhere, or credited.

    `member_id` is null once its author had her data deleted. `text` is kept only for relayed ones.
    """

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    message_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    text: Mapped[str | None] = mapped_column(Text)
    relayed: Mapped[bool]
    given_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class Thanks(Base):
    """Somebody thanked a member for help with a question, once each."""

    __tablename__ = "thanks"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    giver_user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    given_at: Mapped[datetime]


class Invitation(Base):
    """A member was asked whether she would answer a question; once per question and member.

    `place_id` is the channel that it was sent to (a direct message's, or her city's check-in channel). `why` says what
    spoke for her: her topic, her level, reasons.
    """

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    referred_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(String(8), default="asker", server_default="asker")
    why: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    place_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("question_id", "member_id"),
        # Counting how often she was asked of late reads nothing but this.
        Index("ix_invitations_member_id_sent_at", "member_id", "sent_at", "state"),
        one_of("state", INVITATION_STATES),
        one_of("origin", INVITATION_ORIGINS),
    )


class QuestionClock(Base):
    """When a question that nobody answers moves by itself, and with which step: `step` is null when all are taken,
    `due_at` while the clock stands."""

    __tablename__ = "question_clocks"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    step: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)


class Follower(Base):
    """Somebody who is told of news in a question's thread: a nameless asker, or who pressed Follow.

    `direct_channel_id` is the channel in which she was written to when she did.
    """

    __tablename__ = "followers"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    direct_channel_id: Mapped[int | None] = mapped_column(Snowflake)


class DeliveryRow(Base):
    """Something that the bot says on its own (`bot.domain.outbox`).

    A target is a channel, a member, or a direct channel; `server_id` is the server whose coordinators see it. `due_at`
    is when it may be sent, or tried again. `owner` has it until `leased_until`. `fingerprints` are those of texts that
    are in doubt. `place_id` and `message_id` say where Discord has it.
    """

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[int] = mapped_column(Id)
    target: Mapped[str] = mapped_column(String(8))
    server_id: Mapped[int | None] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    channel_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    language: Mapped[str | None] = mapped_column(String(8))
    priority: Mapped[int]
    direct: Mapped[bool]
    fallback: Mapped[bool]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    order_key: Mapped[str | None] = mapped_column(String(120))
    due_at: Mapped[datetime]
    not_after: Mapped[datetime | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None]
    in_doubt_since: Mapped[datetime | None]
    fingerprints: Mapped[str | None] = mapped_column(String(64))
    place_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    code: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(200))
    posted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        one_of("state", DELIVERY_STATES),
        one_of("target", TARGET_KINDS),
        Index("ix_deliveries_state_priority_direct_id", "state", "priority", "direct", "id"),
        Index("ix_deliveries_state_due_at", "state", "due_at"),
        Index("ix_deliveries_order_key_id", "order_key", "id"),
        Index("ix_deliveries_kind_subject", "kind", "subject"),
    )


class RefusalRow(Base):
    """Discord refused a channel or a member's direct messages: nothing is sent there until that changed.

    `code` is Discord's.
    """

    __tablename__ = "refusals"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), unique=True)
    code: Mapped[int]
    at: Mapped[datetime]


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


class HeldRole(Base):
    """A member was last seen with a role that is some campaign's audience. Of other roles nothing is kept."""

    __tablename__ = "held_roles"
    role_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)


class Case(Base):
    """A case study or debrief. `owner_user_id` looks after it; ids and names are null once she had her data deleted.

    `version` counts what was said, `revision` whatever its posts show, so that a post knows whether it is up to date.
    """

    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    server_id: Mapped[int | None] = mapped_column(ForeignKey("servers.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(8))
    author_user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    author_name: Mapped[str | None] = mapped_column(String(100))
    owner_user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    owner_name: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str | None] = mapped_column(String(8))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id", ondelete="SET NULL"), index=True)
    nameless_city: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(8))
    start_year: Mapped[int | None]
    population: Mapped[str | None] = mapped_column(String(12))
    cost: Mapped[str | None] = mapped_column(String(12))
    duration: Mapped[str | None] = mapped_column(String(12))
    title: Mapped[str | None] = mapped_column(String(100))
    summary: Mapped[str | None] = mapped_column(String(300))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    links: Mapped[list[str]] = mapped_column(JSON, default=list)
    pilot_owner: Mapped[str | None] = mapped_column(String(100))
    pilot_on: Mapped[datetime | None]
    pilot_asked_at: Mapped[datetime | None]
    version: Mapped[int]
    revision: Mapped[int]
    comment: Mapped[str | None] = mapped_column(String(1000))
    decided_by: Mapped[int | None] = mapped_column(Snowflake, index=True)
    grown_from: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    verify_by: Mapped[datetime | None]
    verify_asked_at: Mapped[datetime | None]
    __table_args__ = (
        one_of("state", CASE_STATES),
        one_of("kind", CASE_KINDS),
        one_of("status", CASE_STATUSES),
        one_of("outcome", OUTCOMES),
        one_of("population", POPULATION_BANDS),
        one_of("cost", COST_BANDS),
        one_of("duration", DURATION_BANDS),
        Index("ix_cases_state_published_at", "state", "published_at"),
        Index("ix_cases_state_verify_by", "state", "verify_by"),
    )


class CaseTopic(Base):
    """What a case is about: up to three topics, the first one first."""

    __tablename__ = "case_topics"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int]
    __table_args__ = (Index("ix_case_topics_topic_id_case_id", "topic_id", "case_id"),)


class CaseFile(Base):
    """A file with a case. Its bytes are kept: addresses of attachments expire."""

    __tablename__ = "case_files"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    description: Mapped[str] = mapped_column(String(300))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]


class CaseVersion(Base):
    """What a published case said at one time, whole."""

    __tablename__ = "case_versions"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]]
    by_user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    at: Mapped[datetime]


class CasePost(Base):
    """A case in one server's forum. `shown` is the revision that the post last said; `parts` are its other messages."""

    __tablename__ = "case_posts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    thread_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    shown: Mapped[int]
    __table_args__ = (UniqueConstraint("case_id", "server_id"), one_of("state", CASE_POST_STATES))


class CaseMirror(Base):
    """A server that wants other servers' cases in its forum too."""

    __tablename__ = "case_mirrors"
    server_id: Mapped[int] = mapped_column(
        ForeignKey("servers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]


class CaseVote(Base):
    """Somebody found a case useful, once."""

    __tablename__ = "case_votes"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    given_at: Mapped[datetime]


class CaseWord(Base):
    """A word by which cases are found, or a filter such as `status:running`."""

    __tablename__ = "case_words"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    word: Mapped[str] = mapped_column(String(120), unique=True)


class CasePosting(Base):
    """Which cases of one block (65,536 ids) have a word, and how much it says of each: see `bot.domain.case_search`."""

    __tablename__ = "case_postings"
    word_id: Mapped[int] = mapped_column(ForeignKey("case_words.id", ondelete="CASCADE"), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[bytes] = mapped_column(LargeBinary)


class Adaptation(Base):
    """Another city's use of a case. It outlives the case's posts, and its author's data."""

    __tablename__ = "adaptations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    user_name: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str | None] = mapped_column(String(8))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id", ondelete="SET NULL"), index=True)
    year: Mapped[int]
    kept: Mapped[str] = mapped_column(String(1000))
    changed: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class AdaptationNews(Base):
    """What came of an adaptation after so many months; `told_at` is null until its owner has answered."""

    __tablename__ = "adaptation_news"
    adaptation_id: Mapped[int] = mapped_column(ForeignKey("adaptations.id", ondelete="CASCADE"), primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(8))
    text: Mapped[str | None] = mapped_column(String(1000))
    __table_args__ = (one_of("outcome", OUTCOMES),)


class TopicFollower(Base):
    """Somebody who is told of new cases of a topic, at most once a day. `told_until`: what came later is new to her."""

    __tablename__ = "topic_followers"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False, index=True)
    language: Mapped[str] = mapped_column(String(8))
    told_until: Mapped[datetime]


class HandOver(Base):
    """What somebody left behind when she left the network, for one server's coordinators."""

    __tablename__ = "hand_overs"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(Snowflake, index=True)
    name: Mapped[str | None] = mapped_column(String(100))
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_hand_overs_server_id_user_id", "server_id", "user_id"),)


class HandOverItem(Base):
    """A thing to be given to somebody else. `offered_to` has been asked, and has it once `accepted_at` is set."""

    __tablename__ = "hand_over_items"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_overs.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    offered_to: Mapped[int | None] = mapped_column(Snowflake, index=True)
    offered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    __table_args__ = (one_of("kind", HAND_OVER_KINDS),)


class AlertRow(Base):
    """An alert or a drill (`bot.domain.crisis`). `texts` is what its author wrote, by language; `frozen` what goes out.

    `server_id` is null for one that was imported and that no server has taken on. `card_due_at` is when the
    coordinators' card is to be brought up to date.
    """

    __tablename__ = "alerts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    drill: Mapped[bool]
    imported: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    server_id: Mapped[int | None] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(Snowflake)
    hazard: Mapped[str] = mapped_column(String(20))
    event: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(10))
    urgency: Mapped[str] = mapped_column(String(10))
    certainty: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(8))
    audience_value: Mapped[str | None] = mapped_column(String(210))
    language: Mapped[str] = mapped_column(String(8))
    hours: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    frozen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(Snowflake)
    reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    card_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    card_message_id: Mapped[int | None] = mapped_column(Snowflake)
    card_due_at: Mapped[datetime | None]
    __table_args__ = (
        one_of("state", ALERT_STATES),
        one_of("audience", ALERT_AUDIENCES),
        Index("ix_alerts_card_due_at", "card_due_at"),
        Index("ix_alerts_state_expires_at", "state", "expires_at"),
    )


class AlertMessage(Base):
    """A CAP message of an alert's chain, as it was published or imported: never changed."""

    __tablename__ = "alert_messages"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    msg_type: Mapped[str] = mapped_column(String(8))
    sender: Mapped[str] = mapped_column(String(300))
    identifier: Mapped[str] = mapped_column(String(300))
    sent: Mapped[datetime]
    document: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("sender", "identifier", "sent"),)


class AlertTargetRow(Base):
    """A channel that an alert was confirmed for. `edited_at`: its message says how the alert ended, or cannot."""

    __tablename__ = "alert_targets"
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    cities: Mapped[list[str]] = mapped_column(JSON)
    edited_at: Mapped[datetime | None]


class AlertAnswerRow(Base):
    """Somebody received an alert, needs help or can help. `city` is hers, or the channel's."""

    __tablename__ = "alert_answers"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int] = mapped_column(Snowflake, index=True)
    name: Mapped[str | None] = mapped_column(String(100))
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    city: Mapped[str] = mapped_column(String(200))
    what: Mapped[str | None] = mapped_column(String(12))
    quantity: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime]
    __table_args__ = (one_of("kind", ALERT_ANSWERS),)


class AlertConsent(Base):
    """What a server lets alerts do in it; without a row all of it, as on joining. `quiet_*` are minutes of its day."""

    __tablename__ = "alert_consents"
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), primary_key=True)
    takes_part: Mapped[bool]
    severities: Mapped[str] = mapped_column(String(60))
    ping: Mapped[str] = mapped_column(String(8))
    role_id: Mapped[int | None] = mapped_column(Snowflake)
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64))
    drills: Mapped[bool]
    __table_args__ = (one_of("ping", PING_POLICIES),)


class AuditEntry(Base):
    """Something that a coordinator, an administrator or the host did. `actor_id` is null for the host."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    server_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


for _table in Base.metadata.tables.values():
    # An id is never given twice, as on PostgreSQL: a button under an old message still carries a deleted row's.
    if _table.autoincrement_column is not None:
        _table.dialect_kwargs["sqlite_autoincrement"] = True
