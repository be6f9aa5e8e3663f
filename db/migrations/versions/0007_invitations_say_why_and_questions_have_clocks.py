"""Invitations say why, and may fail to reach somebody; questions have clocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import COUNTED

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "question_clocks",
        sa.Column(
            "question_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_clocks_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_clocks")),
    )
    with op.batch_alter_table("question_clocks") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_clocks_due_at"), ["due_at"], unique=False)

    with op.batch_alter_table("invitations", table_kwargs=COUNTED) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=8), server_default="asker", nullable=False))
        batch_op.add_column(sa.Column("why", sa.JSON(), server_default="{}", nullable=False))
        batch_op.drop_constraint(batch_op.f("ck_invitations_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_invitations_state"), "state IN ('sent', 'accepted', 'declined', 'referred', 'unsent')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_invitations_origin"), "origin IN ('asker', 'referral', 'clock')"
        )
        batch_op.drop_index("ix_invitations_member_id_sent_at")
        batch_op.create_index("ix_invitations_member_id_sent_at", ["member_id", "sent_at", "state"], unique=False)
