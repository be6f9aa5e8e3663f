"""Rows about the messages that follow an alert, as values of the domain."""

from __future__ import annotations

from bot.domain.crisis import Alert, AlertTarget
from bot.domain.crisis_chain import OPEN, FollowUp, FollowUpKind, FollowUpState, present
from bot.domain.errors import Refusal
from bot.services import crisis_rows as rows
from db.engine import AsyncSession
from db.queries import crisis_chain as queries


def follow_up_of(row: queries.FollowUpRow) -> FollowUp:
    """A message that follows an alert."""
    plain = row._asdict()
    plain.update(
        kind=FollowUpKind(row.kind),
        state=FollowUpState(row.state),
        **rows.said_of(row),
        added=tuple(AlertTarget(**{**each, "cities": tuple(each["cities"])}) for each in row.added),
    )
    return FollowUp(**plain)


async def find(session: AsyncSession, follow_up_id: int) -> FollowUp:
    """One of them. Raises `Refusal` where there is none."""
    row = await queries.find(session, follow_up_id)
    if row is None:
        raise Refusal("crisis_chain.unknown", number=str(follow_up_id))
    return follow_up_of(row)


async def sent(session: AsyncSession, alert_id: int) -> list[FollowUp]:
    """Those of an alert that were sent, the oldest first."""
    return [follow_up_of(row) for row in await queries.of_alert(session, alert_id, [FollowUpState.SENT])]


async def open_one(session: AsyncSession, alert_id: int) -> FollowUp | None:
    """The one that is being written or looked at."""
    found = await queries.of_alert(session, alert_id, list(OPEN))
    return follow_up_of(found[0]) if found else None


async def present_alert(session: AsyncSession, alert_id: int) -> Alert:
    """An alert as it stands, with what was changed since it went out. Raises `Refusal` where there is none."""
    return present(await rows.find(session, alert_id), await sent(session, alert_id))
