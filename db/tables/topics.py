"""Topics, what was asked in vain, and who knows what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

LEVELS = ("interested", "practitioner", "expert")
LABEL_KINDS = ("preferred", "synonym")


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


class TopicFollower(Base):
    """Somebody who is told of new cases of a topic, at most once a day. `told_until`: what came later is new to her."""

    __tablename__ = "topic_followers"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False, index=True)
    language: Mapped[str] = mapped_column(String(8))
    told_until: Mapped[datetime]
