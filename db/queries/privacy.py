"""Everything that is kept about one person, wherever it stands.

`TRACES` lists every column that tells of a person. A test walks all tables and fails where a column that may do so is
neither here nor among its exemptions: whoever adds a table says here what becomes of its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Text, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import AuditEntry, Base, City, Member

LARGEST_SAFE_INTEGER = 2**53
"""Above it JavaScript, and much that reads JSON, rounds numbers: ids are written as text."""


class Fate(StrEnum):
    """What becomes of a row that tells of a person who wants everything deleted."""

    DELETED = "deleted"
    UNNAMED = "unnamed"
    """The row stays, and the person's id in it becomes that of nobody; a member's id becomes null."""


class Trace(NamedTuple):
    """A column that tells of a person: by her Discord id, or by her member's id (`by_member`)."""

    table: str
    column: str
    category: str
    fate: Fate = Fate.DELETED
    by_member: bool = False


TRACES = (
    Trace("members", "user_id", "profile"),
    Trace("member_languages", "member_id", "languages", by_member=True),
    Trace("expertise", "member_id", "topics", by_member=True),
    Trace("memberships", "member_id", "servers", by_member=True),
    Trace("one_time_codes", "member_id", "codes", by_member=True),
    Trace("one_time_codes", "created_by", "codes", Fate.UNNAMED),
    Trace("one_time_codes", "used_by", "codes", Fate.UNNAMED),
    Trace("network_coordinators", "user_id", "appointments"),
    Trace("network_coordinators", "appointed_by", "appointments", Fate.UNNAMED),
    Trace("endorsements", "member_id", "endorsements", by_member=True),
    Trace("endorsements", "endorser_id", "endorsements", by_member=True),
    Trace("topic_moves", "member_id", "merged_topics", by_member=True),
    Trace("topic_moves", "endorser_id", "merged_topics", by_member=True),
    Trace("topic_moves", "user_id", "merged_topics"),
    Trace("questions", "asker_user_id", "questions", Fate.UNNAMED),
    Trace("answers", "member_id", "answers", Fate.UNNAMED, by_member=True),
    Trace("thanks", "member_id", "thanks", by_member=True),
    Trace("thanks", "giver_user_id", "thanks"),
    Trace("invitations", "member_id", "invitations", by_member=True),
    Trace("invitations", "referred_by", "invitations", Fate.UNNAMED, by_member=True),
    Trace("followers", "user_id", "followed"),
    Trace("deliveries", "member_id", "messages", by_member=True),
    Trace("deliveries", "instead_of", "messages", by_member=True),
    Trace("refusals", "member_id", "unreached", by_member=True),
    Trace("campaigns", "created_by", "campaigns", Fate.UNNAMED),
    Trace("prompts", "member_id", "prompts", by_member=True),
    Trace("responses", "member_id", "responses", by_member=True),
    Trace("response_answers", "member_id", "responses", by_member=True),
    Trace("shared_quotes", "member_id", "quotes", by_member=True),
    Trace("campaign_opt_outs", "member_id", "opt_outs", by_member=True),
    Trace("case_starts", "member_id", "case_starts", by_member=True),
    Trace("held_roles", "member_id", "roles", by_member=True),
    Trace("cases", "author_user_id", "cases", Fate.UNNAMED),
    Trace("cases", "owner_user_id", "cases", Fate.UNNAMED),
    Trace("cases", "decided_by", "cases", Fate.UNNAMED),
    Trace("case_versions", "by_user_id", "cases", Fate.UNNAMED),
    Trace("case_votes", "user_id", "case_votes"),
    Trace("adaptations", "user_id", "adaptations", Fate.UNNAMED),
    Trace("topic_followers", "user_id", "topic_follows"),
    Trace("hand_overs", "user_id", "hand_overs", Fate.UNNAMED),
    Trace("hand_over_items", "offered_to", "hand_overs", Fate.UNNAMED),
    Trace("alerts", "author_id", "alerts", Fate.UNNAMED),
    Trace("alerts", "approved_by", "alerts", Fate.UNNAMED),
    Trace("alert_follow_ups", "author_id", "alerts", Fate.UNNAMED),
    Trace("alert_follow_ups", "approved_by", "alerts", Fate.UNNAMED),
    Trace("alert_answers", "user_id", "alert_answers"),
    Trace("on_call", "user_id", "on_call"),
    Trace("on_call", "added_by", "on_call", Fate.UNNAMED),
    Trace("audit", "actor_id", "actions", Fate.UNNAMED),
    Trace("audit", "subject", "actions", Fate.UNNAMED),
    Trace("audit", "details", "actions", Fate.UNNAMED),
)
NAMES = {
    ("questions", "asker_user_id"): "asker_name",
    ("cases", "author_user_id"): "author_name",
    ("cases", "owner_user_id"): "owner_name",
    ("adaptations", "user_id"): "user_name",
    ("hand_overs", "user_id"): "name",
}
"""Columns with a person's name, each beside the id with which it goes."""
SECRET = {("one_time_codes", "digest")}
"""What is in no export: with it a code could be guessed at leisure."""


ONES_OWN = {("thanks", "giver_user_id")}
"""Ids that stand in the export of the person whose they are, and of nobody else: thanks are given unseen, and perhaps
by somebody who asked without a name."""


class AuditRow(NamedTuple):
    """What of an entry of the audit may name a person."""

    id: int
    actor_id: int | None
    subject: str | None
    details: dict[str, Any]


async def rows(session: AsyncSession, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows that tell of a person, by table, each once, as columns by name, ready for JSON."""
    member_id = await session.scalar(select(Member.id).where(Member.user_id == user_id))
    found: dict[str, list[dict[str, Any]]] = {}
    for table_name in dict.fromkeys(trace.table for trace in TRACES):
        condition = _about(table_name, user_id, member_id)
        if condition is None:
            continue
        table = Base.metadata.tables[table_name]
        columns = [column for column in table.columns if (table_name, column.name) not in SECRET]
        query = select(*columns).where(condition).order_by(*table.primary_key.columns)
        read = [
            {
                column.name: None if (table_name, column.name) in ONES_OWN and value != user_id else _plain(value)
                for column, value in zip(columns, row, strict=True)
            }
            for row in await session.execute(query)
        ]
        if read:
            found[table_name] = read
    return found


async def city(session: AsyncSession, user_id: int) -> dict[str, Any] | None:
    """The city of a member, as the export spells it out."""
    row = (
        await session.execute(
            select(City.name, City.region, City.country)
            .join(Member, Member.city_id == City.id)
            .where(Member.user_id == user_id)
        )
    ).one_or_none()
    return dict(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


async def remove(session: AsyncSession, user_id: int, nobody: int) -> None:
    """Delete what is to go, and put `nobody` for her id where a row stays. Texts are left to `rewrite_audit`."""
    member_id = await session.scalar(select(Member.id).where(Member.user_id == user_id))
    for trace in reversed(TRACES):
        table = Base.metadata.tables[trace.table]
        column = table.columns[trace.column]
        identity = member_id if trace.by_member else user_id
        if identity is None or not _is_id(column):
            continue
        if trace.fate is Fate.DELETED:
            await session.execute(delete(table).where(column == identity))
        else:
            values: dict[str, Any] = {column.name: None if trace.by_member else nobody}
            if (trace.table, trace.column) in NAMES:
                values[NAMES[trace.table, trace.column]] = None
            await session.execute(update(table).where(column == identity).values(values))


async def audit_rows(session: AsyncSession, user_id: int) -> Sequence[AuditRow]:
    """The entries of the audit that name a person."""
    query = select(AuditEntry.id, AuditEntry.actor_id, AuditEntry.subject, AuditEntry.details)
    condition = _about("audit", user_id, None)
    assert condition is not None
    return [AuditRow(*row) for row in await session.execute(query.where(condition))]


async def rewrite_audit(session: AsyncSession, entries: Sequence[AuditRow]) -> None:
    """Let these entries say this."""
    for entry in entries:
        await session.execute(
            update(AuditEntry)
            .where(AuditEntry.id == entry.id)
            .values(actor_id=entry.actor_id, subject=entry.subject, details=entry.details)
        )


def _is_id(column: Column[Any]) -> bool:
    return isinstance(column.type, BigInteger) or column.type.python_type is int


def _about(table_name: str, user_id: int, member_id: int | None) -> ColumnElement[bool] | None:
    """Which rows of a table tell of a person; None where none can."""
    table = Base.metadata.tables[table_name]
    conditions: list[ColumnElement[bool]] = []
    for trace in TRACES:
        if trace.table != table_name:
            continue
        column = table.columns[trace.column]
        if trace.by_member:
            conditions += [column == member_id] if member_id is not None else []
        elif _is_id(column):
            conditions.append(column == user_id)
        else:
            conditions.append(cast(column, Text).contains(str(user_id), autoescape=True))
    return or_(*conditions) if conditions else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LARGEST_SAFE_INTEGER:
        return str(value)
    return value
