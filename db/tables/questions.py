"""Questions, and what is around them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

QUESTION_STATES = ("open", "answered", "removed")
INVITATION_STATES = ("sent", "accepted", "declined", "referred", "unsent")
INVITATION_ORIGINS = ("asker", "referral", "clock")


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
