"""Threads under alerts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base
from db.types import Snowflake


class AlertThread(Base):
    """The thread under an alert's message in a channel: `thread_id`, or the `code` with which Discord refused it.

    It is not tried again: without a row it is still to be opened.
    """

    __tablename__ = "alert_threads"
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    thread_id: Mapped[int | None] = mapped_column(Snowflake)
    code: Mapped[int | None]
    at: Mapped[datetime]
