"""Who answers for a city when it is alerted, and what became of asking them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, one_of
from db.types import Id, Snowflake

DUTIES = ("on_call", "deputy")
RUNGS = ("on_call", "deputies", "network")
ESCALATION_ENDS = ("acknowledged", "over", "left")


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


class EscalationRow(Base):
    """A city whose on-call people and coordinators have not acknowledged an alert yet, or had not.

    `city_id` is null where a server speaks for no city: then it stands for the server. `told`: those who answer for it
    were written to directly, which comes right after the channels. `taken` counts the steps of the
    ladder (`bot.domain.escalation`); `rung` is the last one, at `escalated_at`. `due_at` is when the next one is due;
    null where nobody else is asked.
    """

    __tablename__ = "escalations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), index=True)
    channel_id: Mapped[int] = mapped_column(Snowflake)
    told: Mapped[bool]
    taken: Mapped[int]
    rung: Mapped[str | None] = mapped_column(String(8))
    escalated_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(12))
    __table_args__ = (
        one_of("rung", RUNGS),
        one_of("ended_why", ESCALATION_ENDS),
        Index("ix_escalations_due_at", "due_at"),
    )


class EscalationStep(Base):
    """A step that was taken, for the account: whom a city's silence was told to, and when."""

    __tablename__ = "escalation_steps"
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rung: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    __table_args__ = (one_of("rung", RUNGS),)


class AlertEdit(Base):
    """A message that somebody got who answers for a city, or that asked about one, says how its alert ended.

    `said` is the alert's state then: an all-clear may be followed by the word that it was a false alarm.
    """

    __tablename__ = "alert_edits"
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True)
    said: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
