"""People."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base
from db.types import Id, Snowflake


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
