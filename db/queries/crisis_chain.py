"""The messages that follow an alert."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import AlertFollowUp


class FollowUpRow(NamedTuple):
    """A message that follows an alert, with the names of the table."""

    id: int
    alert_id: int
    kind: str
    state: str
    author_id: int | None
    server_id: int
    severity: str
    urgency: str
    certainty: str
    audience: str
    audience_value: str | None
    language: str
    hours: int | None
    texts: dict[str, Any]
    frozen: dict[str, Any]
    added: list[dict[str, Any]]
    created_at: datetime
    submitted_at: datetime | None
    approved_by: int | None
    reason: str | None
    sent_at: datetime | None
    card_channel_id: int | None
    card_message_id: int | None


_COLUMNS = tuple(getattr(AlertFollowUp, name) for name in FollowUpRow._fields)


async def create(session: AsyncSession, columns: Mapping[str, Any]) -> int:
    """A new one; its id."""
    created: int | None = await session.scalar(insert(AlertFollowUp).values(**columns).returning(AlertFollowUp.id))
    assert created is not None
    return created


async def find(session: AsyncSession, follow_up_id: int) -> FollowUpRow | None:
    """One of them."""
    row = (await session.execute(select(*_COLUMNS).where(AlertFollowUp.id == follow_up_id))).one_or_none()
    return None if row is None else FollowUpRow(*row)


async def of_alert(session: AsyncSession, alert_id: int, states: Collection[str]) -> Sequence[FollowUpRow]:
    """Those of an alert in these states, in the order in which they were sent, else begun."""
    rows = await session.execute(
        select(*_COLUMNS)
        .where(AlertFollowUp.alert_id == alert_id, AlertFollowUp.state.in_(states))
        .order_by(AlertFollowUp.sent_at, AlertFollowUp.id)
    )
    return [FollowUpRow(*row) for row in rows]


async def change(session: AsyncSession, follow_up_id: int, **columns: Any) -> None:
    """Change these columns."""
    await session.execute(update(AlertFollowUp).where(AlertFollowUp.id == follow_up_id).values(**columns))


async def discard_open(session: AsyncSession, alert_id: int) -> None:
    """The alert is over: nothing is written about it any more."""
    await session.execute(
        update(AlertFollowUp)
        .where(AlertFollowUp.alert_id == alert_id, AlertFollowUp.state.in_(("draft", "pending", "returned")))
        .values(state="discarded")
    )
