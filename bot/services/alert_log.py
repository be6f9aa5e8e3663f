"""The timeline of one alert, from the audit, the outbox and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.alert_log import LOGGED, LogEntry
from db.engine import AsyncSession
from db.queries import alert_log as queries
from db.queries import crisis_threads, escalation


async def timeline(session: AsyncSession, alert_id: int) -> tuple[LogEntry, ...]:
    """Who did what when, each delivery, each answer; the oldest first."""
    happened = [_deed(row) for row in await queries.deeds(session, alert_id)]
    happened += [_delivery(row) for row in await queries.deliveries(session, alert_id, LOGGED)]
    happened += [_message(row) for row in await queries.messages(session, alert_id)]
    happened += [_answer(row) for row in await queries.answers(session, alert_id)]
    happened += [_thread(row) for row in await crisis_threads.of_alert(session, alert_id)]
    happened += [_step(row) for row in await escalation.steps(session, alert_id)]
    return tuple(sorted(happened, key=lambda each: each.at))


def _deed(row: queries.DeedRow) -> LogEntry:
    return LogEntry(row.at, row.action, row.who, row.name, row.server or "", details=_said(row.details))


def _delivery(row: queries.DeliveryLogRow) -> LogEntry:
    return LogEntry(
        row.settled_at or row.at,
        f"delivery.{row.kind}.{row.state}",
        row.who,
        row.name,
        row.server or "",
        row.channel_id,
        tuple(row.cities or ()),
        _said({"why": row.problem, "code": row.code}),
    )


def _message(row: queries.MessageLogRow) -> LogEntry:
    text = row.texts.get(row.language) or next(iter(row.texts.values()))
    words = {name: text[name] for name in ("headline", "description", "instruction")}
    return LogEntry(row.at, f"message.{row.kind}", row.who, row.name, row.server, details=_said(words))


def _answer(row: queries.AnswerLogRow) -> LogEntry:
    about = {"what": row.what, "quantity": row.quantity, "place": row.place}
    return LogEntry(row.at, f"answer.{row.kind}", row.who, row.name, row.city, details=_said(about))


def _thread(row: crisis_threads.ThreadRow) -> LogEntry:
    kind = "thread.refused" if row.thread_id is None else "thread.opened"
    return LogEntry(
        row.at, kind, None, None, row.server, row.thread_id or row.channel_id, details=_said({"code": row.code})
    )


def _step(row: escalation.StepRow) -> LogEntry:
    cities = (row.city,) if row.city else ()
    return LogEntry(row.at, f"step.{row.rung}", where=row.server, cities=cities)


def _said(details: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in details.items() if value not in (None, "")}
