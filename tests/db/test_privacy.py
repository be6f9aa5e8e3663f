"""No column that tells of a person is forgotten when she asks for her data or has it deleted."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlalchemy.types import JSON, Text

from db.queries.privacy import SECRET, TRACES
from db.tables import Base

EXEMPT = {
    ("audit", "server_id"): "a Discord server",
    ("servers", "id"): "a Discord server",
    ("servers", "questions_forum_id"): "a channel",
    ("servers", "cases_forum_id"): "a channel",
    ("servers", "crisis_channel_id"): "a channel",
    ("servers", "checkin_channel_id"): "a channel",
    ("servers", "coordinators_channel_id"): "a channel",
    ("servers", "coordinator_role_id"): "a role",
    ("servers", "alumni_role_id"): "a role",
    ("members", "direct_channel_id"): "a channel, in a row that is covered",
    ("questions", "thread_id"): "a channel",
    ("questions", "message_id"): "a message",
    ("questions", "body"): "what was asked; who asked it stands beside it",
    ("answers", "message_id"): "a message",
    ("answers", "text"): "what was answered; who answered stands beside it",
    ("invitations", "place_id"): "a channel, in a row that is covered",
    ("invitations", "message_id"): "a message, in a row that is covered",
    ("invitations", "why"): "what spoke for her, in a row that is covered",
    ("followers", "direct_channel_id"): "a channel, in a row that is covered",
    ("deliveries", "channel_id"): "a channel",
    ("deliveries", "place_id"): "a channel",
    ("deliveries", "message_id"): "a message",
    ("deliveries", "payload"): "ids and words that a composer needs, and nothing that a person typed",
    ("refusals", "channel_id"): "a channel",
    ("campaigns", "digest_channel_id"): "a channel",
    ("campaign_questions", "options"): "what may be answered",
    ("prompts", "channel_id"): "a channel, in a row that is covered",
    ("response_answers", "text"): "what she answered, in a row that is covered",
    ("case_starts", "text"): "what she tried, in a row that is covered",
    ("held_roles", "role_id"): "a role, in a row that is covered",
    ("cases", "texts"): "what a case says; whose it is stands beside it",
    ("cases", "links"): "addresses",
    ("case_versions", "document"): "what a case said; it names no person",
    ("case_posts", "thread_id"): "a channel",
    ("case_posts", "message_id"): "a message",
    ("case_posts", "parts"): "messages",
    ("alerts", "texts"): "what an alert says; whose it is stands beside it",
    ("alerts", "frozen"): "what an alert says",
    ("alerts", "reason"): "why it was returned, rejected or sent alone; who did stands beside it",
    ("alerts", "card_channel_id"): "a channel",
    ("alerts", "card_message_id"): "a message",
    ("alert_templates", "texts"): "what alerts begin with",
    ("alert_messages", "document"): "what was published or imported",
    ("alert_follow_ups", "texts"): "what a message says; whose it is stands beside it",
    ("alert_follow_ups", "frozen"): "what a message says",
    ("alert_follow_ups", "added"): "channels and names of cities",
    ("alert_follow_ups", "reason"): "why it was returned, rejected or sent alone; who did stands beside it",
    ("alert_follow_ups", "card_channel_id"): "a channel",
    ("alert_follow_ups", "card_message_id"): "a message",
    ("alert_targets", "channel_id"): "a channel",
    ("alert_targets", "cities"): "names of cities",
    ("alert_consents", "role_id"): "a role",
    ("alert_threads", "channel_id"): "a channel",
    ("alert_threads", "thread_id"): "a channel",
    ("escalations", "channel_id"): "a channel",
    ("server_cities", "crisis_channel_id"): "a channel",
    ("server_cities", "checkin_channel_id"): "a channel",
}
"""Columns that hold an id or free text of Discord's, and of no person."""


def may_tell_of_a_person(column: Column[object]) -> bool:
    """Whether a column refers to a member, holds an id that Discord gave, or holds text of any kind of content."""
    if any(key.column.table.name == "members" for key in column.foreign_keys):
        return True
    if isinstance(column.type, BigInteger):
        # Ids that we count ourselves have a variant for SQLite (`db.types.Id`); ids of Discord's have none.
        counted = "sqlite" in column.type._variant_mapping
        return not column.foreign_keys and not counted
    return isinstance(column.type, JSON) or type(column.type) is Text


def test_every_column_that_may_tell_of_a_person_is_covered_or_exempt() -> None:
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if may_tell_of_a_person(column)
    }
    covered = {(trace.table, trace.column) for trace in TRACES}
    assert found - covered - EXEMPT.keys() == set(), "say in db/queries/privacy.py what becomes of these"
    assert (covered | EXEMPT.keys()) - found == set(), "these columns are gone"
    assert not covered & EXEMPT.keys()


def test_secrets_are_columns() -> None:
    for table, column in SECRET:
        assert column in Base.metadata.tables[table].columns
