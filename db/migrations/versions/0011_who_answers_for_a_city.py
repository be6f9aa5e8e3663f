"""Who answers for a city."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "on_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.String(length=8), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("duty IN ('on_call', 'deputy')", name=op.f("ck_on_call_duty")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_on_call_city_id_cities"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_on_call_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call")),
        sa.UniqueConstraint("server_id", "city_id", "user_id", name=op.f("uq_on_call_server_id_city_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_on_call_city_id"), "on_call", ["city_id"], unique=False)
    op.create_index(op.f("ix_on_call_user_id"), "on_call", ["user_id"], unique=False)
