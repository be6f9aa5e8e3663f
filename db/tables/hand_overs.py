"""What people left behind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

HAND_OVER_KINDS = ("case", "question", "adaptation", "topic")


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
