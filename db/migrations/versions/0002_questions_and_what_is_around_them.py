"""Questions and what is around them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import COUNTED

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "unmatched_queries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_queries")),
        sa.UniqueConstraint("text", "language", name=op.f("uq_unmatched_queries_text_language")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("asker_user_id", sa.BigInteger(), nullable=True),
        sa.Column("asker_name", sa.String(length=100), nullable=True),
        sa.Column("nameless", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("topic_id", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered', 'removed')", name=op.f("ck_questions_state")),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_questions_server_id_servers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_questions_topic_id_topics"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_questions_thread_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("questions") as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_asker_user_id"), ["asker_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_questions_server_id"), ["server_id"], unique=False)
        batch_op.create_index("ix_questions_topic_id_asked_at", ["topic_id", "asked_at"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("relayed", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_answers_member_id_members"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("message_id", name=op.f("uq_answers_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answers") as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_question_id"), ["question_id"], unique=False)

    op.create_table(
        "endorsements",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.String(length=100), nullable=False),
        sa.Column("endorser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id <> endorser_id", name=op.f("ck_endorsements_not_oneself")),
        sa.ForeignKeyConstraint(
            ["endorser_id"], ["members.id"], name=op.f("fk_endorsements_endorser_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_endorsements_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_endorsements_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "topic_id", "endorser_id", name=op.f("pk_endorsements")),
    )
    with op.batch_alter_table("endorsements") as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsements_endorser_id"), ["endorser_id"], unique=False)
        batch_op.create_index("ix_endorsements_topic_id_member_id", ["topic_id", "member_id"], unique=False)

    op.create_table(
        "followers",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_followers_question_id_questions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "user_id", name=op.f("pk_followers")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("referred_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'declined', 'referred')", name=op.f("ck_invitations_state")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_invitations_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_invitations_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["referred_by"], ["members.id"], name=op.f("fk_invitations_referred_by_members"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("question_id", "member_id", name=op.f("uq_invitations_question_id_member_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invitations") as batch_op:
        batch_op.create_index("ix_invitations_member_id_sent_at", ["member_id", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_referred_by"), ["referred_by"], unique=False)

    op.create_table(
        "thanks",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("giver_user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_thanks_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_thanks_question_id_questions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "member_id", "giver_user_id", name=op.f("pk_thanks")),
    )
    with op.batch_alter_table("thanks") as batch_op:
        batch_op.create_index(batch_op.f("ix_thanks_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("expertise") as batch_op:
        batch_op.add_column(sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("monthly_cap", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_expertise_topic_id"))
        batch_op.create_index(
            "ix_expertise_topic_id_level_confirmed_at",
            ["topic_id", "level", "confirmed_at", "member_id", "open", "paused_until"],
            unique=False,
        )

    with op.batch_alter_table("members", table_kwargs=COUNTED) as batch_op:
        batch_op.add_column(sa.Column("direct_messages_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("direct_channel_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("topic_labels", table_kwargs=COUNTED) as batch_op:
        batch_op.add_column(sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("topics") as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(length=100), nullable=True))
        batch_op.create_index(batch_op.f("ix_topics_merged_into"), ["merged_into"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_topics_merged_into_topics"), "topics", ["merged_into"], ["id"])
