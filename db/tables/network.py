"""Servers, cities, coordinators, and the codes that let people in."""

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

CODE_PURPOSES = ("join", "claim")


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


class HeldRole(Base):
    """A member was last seen with a role that is some campaign's audience. Of other roles nothing is kept."""

    __tablename__ = "held_roles"
    role_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
