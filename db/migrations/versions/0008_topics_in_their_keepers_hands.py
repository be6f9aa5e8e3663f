"""Topics in their keepers' hands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "topic_moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("endorser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("monthly_cap", sa.Integer(), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_from", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorser_id"], ["members.id"], name=op.f("fk_topic_moves_endorser_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_topic_moves_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["topics.id"], name=op.f("fk_topic_moves_source_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_moves")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_topic_moves_endorser_id"), "topic_moves", ["endorser_id"], unique=False)
    op.create_index(op.f("ix_topic_moves_member_id"), "topic_moves", ["member_id"], unique=False)
    op.create_index(op.f("ix_topic_moves_source_id"), "topic_moves", ["source_id"], unique=False)

    op.add_column("unmatched_queries", sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False))
