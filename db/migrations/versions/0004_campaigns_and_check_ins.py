"""Campaigns and check-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=45), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("audience_value", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=True),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("late_hours", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("digest_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('everyone', 'cohort', 'country', 'city', 'topic', 'role')", name=op.f("ck_campaigns_audience")
        ),
        sa.CheckConstraint("place IN ('direct', 'channel')", name=op.f("ck_campaigns_place")),
        sa.CheckConstraint("state IN ('paused', 'active')", name=op.f("ck_campaigns_state")),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_campaigns_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("campaigns") as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaigns_server_id"), ["server_id"], unique=False)

    op.create_table(
        "campaign_opt_outs",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_opt_outs_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_campaign_opt_outs_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "campaign_id", name=op.f("pk_campaign_opt_outs")),
    )
    with op.batch_alter_table("campaign_opt_outs") as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_opt_outs_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "campaign_questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=True),
        sa.Column("text", sa.String(length=45), nullable=True),
        sa.Column("hint", sa.String(length=100), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('forward', 'stuck', 'tried', 'expert')", name=op.f("ck_campaign_questions_purpose")
        ),
        sa.CheckConstraint("type IN ('text', 'choice', 'scale', 'yes_no')", name=op.f("ck_campaign_questions_type")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_questions_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_questions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("campaign_questions") as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_questions_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "held_roles",
        sa.Column("role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_held_roles_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_held_roles_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "member_id", name=op.f("pk_held_roles")),
    )
    with op.batch_alter_table("held_roles") as batch_op:
        batch_op.create_index(batch_op.f("ix_held_roles_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_roles_server_id"), ["server_id"], unique=False)

    op.create_table(
        "periods",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("plan_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed', 'missed')", name=op.f("ck_periods_state")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_periods_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sa.UniqueConstraint("campaign_id", "day", "number", name=op.f("uq_periods_campaign_id_day_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("periods") as batch_op:
        batch_op.create_index(batch_op.f("ix_periods_plan_at"), ["plan_at"], unique=False)
        batch_op.create_index("ix_periods_state_closes_at", ["state", "closes_at"], unique=False)

    op.create_table(
        "prompts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed", sa.Boolean(), nullable=False),
        sa.Column("asked_again", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'missed', 'unreachable', 'skipped')", name=op.f("ck_prompts_state")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_prompts_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_prompts_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_prompts_period_id_periods"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint(
            "campaign_id", "period_id", "member_id", name=op.f("uq_prompts_campaign_id_period_id_member_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("prompts") as batch_op:
        batch_op.create_index(batch_op.f("ix_prompts_again_at"), ["again_at"], unique=False)
        batch_op.create_index("ix_prompts_member_id_period_id", ["member_id", "period_id"], unique=False)
        batch_op.create_index("ix_prompts_period_id_member_id", ["period_id", "member_id"], unique=False)

    op.create_table(
        "responses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("cohort", sa.String(length=100), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("prompted", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_responses_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_responses_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_responses_period_id_periods"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("period_id", "member_id", name=op.f("uq_responses_period_id_member_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("responses") as batch_op:
        batch_op.create_index(batch_op.f("ix_responses_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_member_id"), ["member_id"], unique=False)

    op.create_table(
        "response_answers",
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_response_answers_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["campaign_questions.id"],
            name=op.f("fk_response_answers_question_id_campaign_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_response_answers_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", name=op.f("pk_response_answers")),
    )
    with op.batch_alter_table("response_answers") as batch_op:
        batch_op.create_index(batch_op.f("ix_response_answers_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_answers_question_id"), ["question_id"], unique=False)

    op.create_table(
        "shared_quotes",
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_shared_quotes_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_shared_quotes_period_id_periods"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["campaign_questions.id"],
            name=op.f("fk_shared_quotes_question_id_campaign_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_shared_quotes_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", name=op.f("pk_shared_quotes")),
    )
    with op.batch_alter_table("shared_quotes") as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_quotes_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shared_quotes_period_id"), ["period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shared_quotes_question_id"), ["question_id"], unique=False)

    op.create_table(
        "case_starts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_case_starts_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_case_starts_response_id_responses"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_starts")),
        sa.UniqueConstraint("response_id", name=op.f("uq_case_starts_response_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_starts") as batch_op:
        batch_op.create_index(batch_op.f("ix_case_starts_member_id"), ["member_id"], unique=False)
