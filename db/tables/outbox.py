"""What the bot says on its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

DELIVERY_STATES = ("pending", "sending", "sent", "refused", "expired", "cancelled", "unknown")
TARGET_KINDS = ("channel", "member", "direct")


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
