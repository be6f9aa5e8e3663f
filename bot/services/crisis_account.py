"""How an alert goes: channel by channel, by city, needs and offers."""

from __future__ import annotations

from collections import Counter

from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_answers import AlertAnswer, FollowedUp, Help, HelpKind, Progress, Told
from bot.domain.outbox import DeliveryState
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.crisis_publishing import BEGIN, ENDS, FOLLOWING
from bot.services.crisis_threads import of_alert
from bot.services.escalation import silent
from db.engine import AsyncSession
from db.queries import crisis_answers, crisis_told


async def progress_of(session: AsyncSession, alert: Alert) -> Progress:
    """How an alert goes."""
    targets = await rows.targets(session, alert.id)
    kinds = (*BEGIN,) if alert.state is AlertState.BROADCASTING else (*BEGIN, *ENDS)
    last = {row.channel_id: row for row in await crisis_told.told(session, alert.id, kinds)}
    answers = await crisis_answers.answers(session, alert.id)
    told = []
    for target in targets:
        row = last.get(target.channel_id)
        state = DeliveryState(row.state) if row else DeliveryState.PENDING
        why = (row.problem or (str(row.code) if row.code else None)) if row else None
        told.append(Told(target.server_name, target.cities, state, why, row.settled_at if row else None))
    received = Counter(row.city for row in answers if row.kind == AlertAnswer.RECEIVED)
    helps = [_help(row) for row in reversed(answers) if row.kind != AlertAnswer.RECEIVED]
    return Progress(
        tuple(told),
        dict(received),
        tuple(helps),
        await _latest(session, alert),
        await silent(session, alert),
        await of_alert(session, alert.id),
    )


async def _latest(session: AsyncSession, alert: Alert) -> FollowedUp | None:
    followed = await chain.sent(session, alert.id)
    if not followed:
        return None
    last = followed[-1]
    told = await crisis_told.told(session, alert.id, FOLLOWING)
    states = Counter(DeliveryState(row.state) for row in told if row.payload.get("follow_up") == last.id)
    return FollowedUp(last.kind, last.sent_at or alert.created_at, dict(states))


def _help(row: crisis_answers.AnswerRow) -> Help:
    return Help(
        AlertAnswer(row.kind),
        HelpKind(row.what or HelpKind.OTHER),
        row.quantity or "",
        row.place or "",
        row.name or "",
        row.city,
        row.at,
    )
