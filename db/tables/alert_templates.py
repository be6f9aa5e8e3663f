"""What coordinators keep for alerts about a hazard."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base
from db.types import Id


class AlertTemplateRow(Base):
    """What a server's alerts about a hazard begin with, or without a `server_id` everybody's
    (`bot.domain.alert_templates`). `version` counts up with each change."""

    __tablename__ = "alert_templates"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    server_id: Mapped[int | None] = mapped_column(ForeignKey("servers.id", ondelete="CASCADE"))
    hazard: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(10))
    severity: Mapped[str] = mapped_column(String(10))
    urgency: Mapped[str] = mapped_column(String(10))
    certainty: Mapped[str] = mapped_column(String(10))
    hours: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int]
    __table_args__ = (
        Index("uq_alert_templates_server_id_hazard", "server_id", "hazard", unique=True),
        # To both engines a null differs from every other one, so that the network's own need an index of their own.
        Index(
            "uq_alert_templates_hazard",
            "hazard",
            unique=True,
            sqlite_where=text("server_id IS NULL"),
            postgresql_where=text("server_id IS NULL"),
        ),
    )
