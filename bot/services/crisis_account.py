"""How an alert goes, and its timeline: deeds, deliveries, answers."""

from __future__ import annotations

from collections import Counter

from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_answers import AlertAnswer, Happening, Help, HelpKind, Progress, Told
from bot.domain.outbox import DeliveryState
from bot.services import crisis_rows as rows
from bot.services.crisis_publishing import BEGIN, ENDS
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
    return Progress(tuple(told), dict(received), tuple(helps))


async def timeline(session: AsyncSession, alert_id: int) -> tuple[Happening, ...]:
    """Who did what when, each delivery, each answer; the oldest first."""
    deeds = await crisis_answers.deeds(session, alert_id)
    names = {each.channel_id: each.server_name for each in await rows.targets(session, alert_id)}
    told = await crisis_told.told(session, alert_id, (*BEGIN, *ENDS))
    happened = [Happening(at, action, who, "", reason) for at, action, who, _, reason in deeds]
    for row in told:
        where = names.get(row.channel_id, str(row.channel_id))
        detail = row.problem or (str(row.code) if row.code else "")
        happened.append(Happening(row.settled_at or row.posted_at, f"{row.kind}.{row.state}", None, where, detail))
    for answer in await crisis_answers.answers(session, alert_id):
        detail = " · ".join(each for each in (answer.what, answer.quantity, answer.place) if each)
        happened.append(Happening(answer.at, f"answer.{answer.kind}", answer.user_id, answer.city, detail))
    return tuple(sorted(happened, key=lambda each: each.at))


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
