"""What alerts begin with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

CATEGORIES = {
    "Met": ("flood", "storm", "heatwave", "cold"),
    "Fire": ("wildfire", "fire"),
    "Geo": ("earthquake", "landslide", "tsunami"),
    "Env": ("drought",),
    "Security": ("cyber_attack", "security"),
    "Infra": ("power_outage", "water_supply"),
    "Health": ("epidemic",),
    "CBRNE": ("chemical",),
    "Safety": ("displacement",),
    "Transport": ("transport",),
}
"""What each hazard's alerts were published as until now."""


def upgrade() -> None:
    op.create_table(
        "alert_templates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=True),
        sa.Column("hazard", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_alert_templates_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_templates")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert_templates", schema=None) as batch_op:
        batch_op.create_index(
            "uq_alert_templates_hazard",
            ["hazard"],
            unique=True,
            sqlite_where=sa.text("server_id IS NULL"),
            postgresql_where=sa.text("server_id IS NULL"),
        )
        batch_op.create_index("uq_alert_templates_server_id_hazard", ["server_id", "hazard"], unique=True)
    op.add_column("alerts", sa.Column("category", sa.String(length=10), server_default="Other", nullable=False))
    op.add_column("alerts", sa.Column("templated", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("alerts", sa.Column("returned_as", sa.String(length=64), nullable=True))
    alerts = sa.table("alerts", sa.column("category"), sa.column("hazard"))
    for category, hazards in CATEGORIES.items():
        op.execute(alerts.update().where(alerts.c.hazard.in_(hazards)).values(category=category))
