"""Who answers for a city when it is alerted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

DUTIES = ("on_call", "deputy")


class OnCall(Base):
    """Somebody is on a city's list in a server, with one duty. She need not have a profile."""

    __tablename__ = "on_call"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(Snowflake, index=True)
    duty: Mapped[str] = mapped_column(String(8))
    added_by: Mapped[int] = mapped_column(Snowflake)
    added_at: Mapped[datetime]
    __table_args__ = (one_of("duty", DUTIES), UniqueConstraint("server_id", "city_id", "user_id"))
