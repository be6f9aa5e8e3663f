"""Alerts, drills and consent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

ALERT_STATES = ("draft", "pending", "returned", "rejected", "broadcasting", "completed", "cancelled")
ALERT_AUDIENCES = ("city", "server", "region", "country", "network")
ALERT_ANSWERS = ("received", "need", "offer")
FOLLOW_UP_KINDS = ("update", "escalate", "report", "stands")
FOLLOW_UP_STATES = ("draft", "pending", "returned", "rejected", "discarded", "sent")
PING_POLICIES = ("none", "role", "everyone")


class AlertRow(Base):
    """An alert or a drill (`bot.domain.crisis`). `texts` is what its author wrote, by language, or
    what a template says while it is `templated`; `frozen` what goes out. `returned_as`: the fingerprint of what was
    returned.

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
    category: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(10))
    urgency: Mapped[str] = mapped_column(String(10))
    certainty: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(8))
    audience_value: Mapped[str | None] = mapped_column(String(210))
    language: Mapped[str] = mapped_column(String(8))
    hours: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    templated: Mapped[bool]
    frozen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(Snowflake)
    reason: Mapped[str | None] = mapped_column(Text)
    returned_as: Mapped[str | None] = mapped_column(String(64))
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


class AlertFollowUp(Base):
    """A message that follows an alert (`bot.domain.crisis_chain`). `hours` is null where the alert's end stays.

    `added`: the channels that an escalation reaches beyond the alert's. One is open at a time.
    """

    __tablename__ = "alert_follow_ups"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(9))
    author_id: Mapped[int | None] = mapped_column(Snowflake)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    severity: Mapped[str] = mapped_column(String(10))
    urgency: Mapped[str] = mapped_column(String(10))
    certainty: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(8))
    audience_value: Mapped[str | None] = mapped_column(String(210))
    language: Mapped[str] = mapped_column(String(8))
    hours: Mapped[int | None]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    frozen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    added: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(Snowflake)
    reason: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    card_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    card_message_id: Mapped[int | None] = mapped_column(Snowflake)
    __table_args__ = (
        one_of("kind", FOLLOW_UP_KINDS),
        one_of("state", FOLLOW_UP_STATES),
        one_of("audience", ALERT_AUDIENCES),
        Index(
            "uq_alert_follow_ups_open",
            "alert_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'pending', 'returned')"),
            postgresql_where=text("state IN ('draft', 'pending', 'returned')"),
        ),
    )
