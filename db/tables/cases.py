"""Case studies: what is written, posted and found, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

LICENCE = "CC BY 4.0"
"""That of every case that is written here."""
CASE_STATES = ("draft", "submitted", "returned", "rejected", "published", "withdrawn", "retired")
CASE_KINDS = ("case", "debrief")
CASE_STATUSES = ("idea", "pilot", "running", "stopped", "scaled")
OUTCOMES = ("worked", "partly", "failed", "open")
POPULATION_BANDS = ("small_town", "town", "small_city", "city", "large_city", "metropolis")
COST_BANDS = ("staff", "to_10k", "to_100k", "to_1m", "over_1m")
DURATION_BANDS = ("to_3_months", "to_12_months", "to_3_years", "longer")
CASE_POST_STATES = ("wanted", "posted", "lost", "removed")


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
    licence: Mapped[str] = mapped_column(String(200), server_default=LICENCE)
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
