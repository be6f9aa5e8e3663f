"""Case studies, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _first()
    _then()


def _first() -> None:
    op.create_table(
        "case_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_words")),
        sa.UniqueConstraint("word", name=op.f("uq_case_words_word")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_mirrors",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_case_mirrors_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_case_mirrors")),
    )
    op.create_table(
        "case_postings",
        sa.Column("word_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"], ["case_words.id"], name=op.f("fk_case_postings_word_id_case_words"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word_id", "block", name=op.f("pk_case_postings")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("author_user_id", sa.BigInteger(), nullable=True),
        sa.Column("author_name", sa.String(length=100), nullable=True),
        sa.Column("owner_user_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_name", sa.String(length=100), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("city_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("nameless_city", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("population", sa.String(length=12), nullable=True),
        sa.Column("cost", sa.String(length=12), nullable=True),
        sa.Column("duration", sa.String(length=12), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("summary", sa.String(length=300), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("pilot_owner", sa.String(length=100), nullable=True),
        sa.Column("pilot_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pilot_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("grown_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cost IN ('staff', 'to_10k', 'to_100k', 'to_1m', 'over_1m')", name=op.f("ck_cases_cost")),
        sa.CheckConstraint(
            "duration IN ('to_3_months', 'to_12_months', 'to_3_years', 'longer')", name=op.f("ck_cases_duration")
        ),
        sa.CheckConstraint("kind IN ('case', 'debrief')", name=op.f("ck_cases_kind")),
        sa.CheckConstraint("outcome IN ('worked', 'partly', 'failed', 'open')", name=op.f("ck_cases_outcome")),
        sa.CheckConstraint(
            "population IN ('small_town', 'town', 'small_city', 'city', 'large_city', 'metropolis')",
            name=op.f("ck_cases_population"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'rejected', 'published', 'withdrawn', 'retired')",
            name=op.f("ck_cases_state"),
        ),
        sa.CheckConstraint("status IN ('idea', 'pilot', 'running', 'stopped', 'scaled')", name=op.f("ck_cases_status")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_cases_city_id_cities"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["grown_from"], ["cases.id"], name=op.f("fk_cases_grown_from_cases"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_cases_server_id_servers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("uid", name=op.f("uq_cases_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_author_user_id"), ["author_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_city_id"), ["city_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_owner_user_id"), ["owner_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_server_id"), ["server_id"], unique=False)
        batch_op.create_index("ix_cases_state_published_at", ["state", "published_at"], unique=False)
        batch_op.create_index("ix_cases_state_verify_by", ["state", "verify_by"], unique=False)

    op.create_table(
        "hand_overs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_hand_overs_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.create_index("ix_hand_overs_server_id_user_id", ["server_id", "user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_overs_user_id"), ["user_id"], unique=False)

    op.create_table(
        "topic_followers",
        sa.Column("topic_id", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_followers_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "user_id", name=op.f("pk_topic_followers")),
    )
    with op.batch_alter_table("topic_followers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_followers_user_id"), ["user_id"], unique=False)

    op.create_table(
        "adaptations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.String(length=100), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("city_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kept", sa.String(length=1000), nullable=False),
        sa.Column("changed", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_adaptations_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"], name=op.f("fk_adaptations_city_id_cities"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adaptations")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("adaptations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adaptations_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adaptations_city_id"), ["city_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adaptations_user_id"), ["user_id"], unique=False)


def _then() -> None:
    op.create_table(
        "case_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_files_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_files_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('wanted', 'posted', 'lost', 'removed')", name=op.f("ck_case_posts_state")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_posts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_case_posts_server_id_servers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_posts")),
        sa.UniqueConstraint("case_id", "server_id", name=op.f("uq_case_posts_case_id_server_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_case_posts_thread_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_posts_server_id"), ["server_id"], unique=False)

    op.create_table(
        "case_topics",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.String(length=100), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_topics_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_case_topics_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "topic_id", name=op.f("pk_case_topics")),
    )
    with op.batch_alter_table("case_topics", schema=None) as batch_op:
        batch_op.create_index("ix_case_topics_topic_id_case_id", ["topic_id", "case_id"], unique=False)

    op.create_table(
        "case_versions",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("by_user_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_versions_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_versions")),
    )
    with op.batch_alter_table("case_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_versions_by_user_id"), ["by_user_id"], unique=False)

    op.create_table(
        "case_votes",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_votes_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_votes")),
    )
    op.create_table(
        "hand_over_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hand_over_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("offered_to", sa.BigInteger(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('case', 'question', 'adaptation', 'topic')", name=op.f("ck_hand_over_items_kind")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_overs.id"],
            name=op.f("fk_hand_over_items_hand_over_id_hand_overs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_items")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hand_over_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_items_hand_over_id"), ["hand_over_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_items_offered_to"), ["offered_to"], unique=False)

    op.create_table(
        "adaptation_news",
        sa.Column("adaptation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('worked', 'partly', 'failed', 'open')", name=op.f("ck_adaptation_news_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["adaptation_id"],
            ["adaptations.id"],
            name=op.f("fk_adaptation_news_adaptation_id_adaptations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("adaptation_id", "months", name=op.f("pk_adaptation_news")),
    )
