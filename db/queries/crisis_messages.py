"""The CAP messages of an alert's chain, on record as they were published or imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import (
    AlertMessage,
)


class MessageRow(NamedTuple):
    """A CAP message on record."""

    id: int
    alert_id: int
    msg_type: str
    sender: str
    identifier: str
    sent: datetime
    document: str


_MESSAGE = tuple(getattr(AlertMessage, name) for name in MessageRow._fields)


async def add_message(session: AsyncSession, columns: Mapping[str, Any]) -> None:
    """Put a CAP message on record."""
    await session.execute(insert(AlertMessage).values(**columns))


async def messages(session: AsyncSession, alert_id: int) -> Sequence[MessageRow]:
    """The CAP messages of an alert's chain, the oldest first."""
    rows = await session.execute(select(*_MESSAGE).where(AlertMessage.alert_id == alert_id).order_by(AlertMessage.id))
    return [MessageRow(*row) for row in rows]


async def message_by_reference(
    session: AsyncSession, sender: str, identifier: str, sent: datetime
) -> MessageRow | None:
    """The message on record that a reference names."""
    row = (
        await session.execute(
            select(*_MESSAGE).where(
                AlertMessage.sender == sender, AlertMessage.identifier == identifier, AlertMessage.sent == sent
            )
        )
    ).one_or_none()
    return None if row is None else MessageRow(*row)
