"""Messages that follow an alert."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "alert_follow_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("audience_value", sa.String(length=210), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "audience IN ('city', 'server', 'region', 'country', 'network')", name=op.f("ck_alert_follow_ups_audience")
        ),
        sa.CheckConstraint("kind IN ('update', 'escalate', 'report', 'stands')", name=op.f("ck_alert_follow_ups_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'returned', 'rejected', 'discarded', 'sent')",
            name=op.f("ck_alert_follow_ups_state"),
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_follow_ups_alert_id_alerts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_alert_follow_ups_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_follow_ups")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert_follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_follow_ups_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_follow_ups_server_id"), ["server_id"], unique=False)
        batch_op.create_index(
            "uq_alert_follow_ups_open",
            ["alert_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'pending', 'returned')"),
            postgresql_where=sa.text("state IN ('draft', 'pending', 'returned')"),
        )
