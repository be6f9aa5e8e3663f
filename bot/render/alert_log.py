"""The timeline of an alert as two files: one to be read, in words, and one to be worked with, with the same ids in
every language.

Words stand in tables: a deed, a kind of answer or a reason that has none fails a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import discord

from bot.domain.alert_log import NOBODY, LogEntry, Source
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import Alert, AlertAudience
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.crisis_threads import refusal_of
from bot.domain.escalation import Rung
from bot.domain.hazards import HazardTerm
from bot.domain.outbox import UNSETTLED, DeliveryKind, DeliveryState, reason_of
from bot.i18n import Translator
from bot.render.parts import Attachment, cut
from bot.render.tables import csv_file

MOST: Final = 8_000_000
"""So many bytes both files have together, at most, of the newest entries: Discord takes 10 MiB."""
LINE: Final = 4000
CODES: Final = 10_000
"""Discord's own codes begin here; below they are those of HTTP."""
COLUMNS: Final = ("at", "kind", "said", "who_id", "who", "where", "channel_id", "cities", "details")

DEEDS: Final[Mapping[str, str]] = {
    "alert.draft": "alert_log.draft",
    "alert.edit": "alert_log.edit",
    "alert.confirm": "alert_log.confirm",
    "alert.approve": "alert_log.approve",
    "alert.return": "alert_log.return",
    "alert.reject": "alert_log.reject",
    "alert.override": "alert_log.override",
    "alert.discard": "alert_log.discard",
    "alert.end": "alert_log.end",
    "alert.cancel": "alert_log.cancel",
    "alert.expire": "alert_log.expire",
    "alert.follow_draft": "alert_log.follow_draft",
    "alert.follow_edit": "alert_log.follow_edit",
    "alert.follow_confirm": "alert_log.follow_confirm",
    "alert.follow_approve": "alert_log.follow_approve",
    "alert.follow_return": "alert_log.follow_return",
    "alert.follow_reject": "alert_log.follow_reject",
    "alert.follow_override": "alert_log.follow_override",
    "alert.follow_discard": "alert_log.follow_discard",
    "alert.stands": "alert_log.stands",
    "alert.import": "alert_log.import",
    "alert.adopt": "alert_log.adopt",
    "alert.take_on": "oncall.log_take_on",
}
"""What somebody did, by the audit's word for it."""
STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.PENDING: "alert_log.waits",
    DeliveryState.SENDING: "alert_log.waits",
    DeliveryState.SENT: "alert_log.told",
    DeliveryState.REFUSED: "alert_log.refused",
    DeliveryState.EXPIRED: "alert_log.expired",
    DeliveryState.CANCELLED: "alert_log.dropped",
    DeliveryState.UNKNOWN: "alert_log.unknown",
}
"""What became of a delivery."""
ANSWERS: Final[Mapping[AlertAnswer, str]] = {
    AlertAnswer.RECEIVED: "alert_log.received",
    AlertAnswer.NEED: "alert_log.need",
    AlertAnswer.OFFER: "alert_log.offer",
}
STEPS: Final[Mapping[Rung, str]] = {
    Rung.ON_CALL: "oncall.log_on_call",
    Rung.DEPUTIES: "oncall.log_deputies",
    Rung.NETWORK: "oncall.log_network",
}
"""Who was asked about a city that had not acknowledged."""
WHYS: Final[Mapping[str, str]] = {
    "no_consent": "alert_log.no_consent",
    "left": "alert_log.server_left",
    "server_left": "alert_log.server_left",
    "over": "alert_log.over",
    "taken_on": "alert_imports.taken_on",
    "acknowledged": "oncall.log_acknowledged",
    "not_on_call": "oncall.log_not_on_call",
    "never_told": "alert_log.never_told",
    "withdrawn": "alert_log.over",
    "member_gone": "alert_log.member_left",
    "member_left": "alert_log.member_left",
    "paused": "alert_log.paused",
    "not_allowed": "alert_log.not_allowed",
}
"""Why something was not to be said any more, by the word that the composer or the outbox has for it."""
LABELS: Final[Mapping[str, str]] = {
    "event": "alert_log.event",
    "audience": "alert_log.audience",
    "language": "alert_log.language",
    "severity": "alert_log.severity",
    "category": "alert_drafts.category",
    "urgency": "alert_log.urgency",
    "certainty": "alert_log.certainty",
    "hours": "alert_log.hours",
    "channels": "alert_log.channels",
    "reason": "alert_log.reason",
    "identifier": "alert_log.identifier",
    "sender": "alert_log.sender",
    "type": "alert_log.type",
    "kind": "alert_log.kind",
    "follow_up": "alert_log.follow_up",
    "cities": "oncall.log_cities",
    "quantity": "alert_log.quantity",
    "place": "alert_log.place",
}
"""What a deed's details are called. Others are shown under the name that the record has for them."""
ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    "event": HazardTerm,
    "audience": AlertAudience,
    "category": Hazard,
    "severity": Severity,
    "urgency": Urgency,
    "certainty": Certainty,
    "kind": FollowUpKind,
}
BEGUN: Final = {DeliveryKind.ALERT, DeliveryKind.DRILL}
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#!])|(?<=:)(?=//)|(?<=www)(?=\.)")
Clean = Callable[[str], str]


def files(t: Translator, alert: Alert, happened: Sequence[LogEntry], zone: str) -> list[discord.File]:
    """The timeline in her language, with times in her zone, and as a table with times in UTC."""
    name = f"{'drill' if alert.drill else 'alert'}-{alert.id}"
    about = (
        t("alert_log.file_drill", number=str(alert.id)) if alert.drill else t("alert_log.file", number=str(alert.id))
    )
    shown = _newest(t, happened)
    text = "\n".join(_text(t, alert, shown, len(happened) - len(shown), zone))
    rows = [_row(t, each) for each in shown]
    return [Attachment(text.encode(), f"{name}.md", about), csv_file(f"{name}.csv", about, COLUMNS, rows)]


def _newest(t: Translator, happened: Sequence[LogEntry]) -> Sequence[LogEntry]:
    """As many as two files hold that Discord takes."""
    size = 0
    for left, each in enumerate(reversed(happened)):
        size += sum(len(str(cell).encode()) + 3 for cell in _row(t, each)) + len(said(t, each, harmless).encode()) + 12
        if size > MOST:
            return happened[-left:] if left else ()
    return happened


def said(t: Translator, each: LogEntry, clean: Clean = str) -> str:
    """One entry in a sentence. `clean` makes what people typed harmless where it is to be shown."""
    match each.source:
        case Source.DEED:
            return _deed(t, each, clean)
        case Source.DELIVERY:
            return _delivery(t, each, clean)
        case Source.ANSWER:
            return _answer(t, each, clean)
        case Source.MESSAGE:
            return _message(t, each, clean)
        case Source.THREAD:
            return _thread(t, each, clean)
        case Source.STEP:
            return _step(t, each, clean)


def why(t: Translator, problem: str | None, code: str | None = None) -> str:
    """Why something was not said, in words: the record's word for it, or Discord's code."""
    if problem is not None and problem in WHYS:
        return t(WHYS[problem])
    found = code or problem or "–"
    return t.of(reason_of(int(found))) if found.isdecimal() and int(found) >= CODES else found


def _deed(t: Translator, each: LogEntry, clean: Clean) -> str:
    who = _who(t, each, clean)
    if each.where and each.who:  # neither the host nor nobody acts from a server
        who = t("alert_log.from", who=who, server=clean(each.where))
    sentence = t(DEEDS[each.kind], who=who) if each.kind in DEEDS else t("alert_log.other", who=who, what=each.kind)
    details = _details(t, each.details, clean)
    return f"{sentence} ({details})" if details else sentence


def _delivery(t: Translator, each: LogEntry, clean: Clean) -> str:
    where = clean(each.where)
    if each.cities:
        where = t("alert_log.cities", where=where, cities=t.list(map(clean, each.cities)))
    if each.who is not None:
        where = t("alert_log.directly", who=_who(t, each, clean))
    state, what = DeliveryState(each.word), t.of(each.delivery) if each.delivery else each.kind
    reason = clean(why(t, each.details.get("why"), each.details.get("code")))
    return t(STATES[state], where=where or "–", what=what, why=reason)


def _message(t: Translator, each: LogEntry, clean: Clean) -> str:
    text = " · ".join(
        clean(each.details[name]) for name in ("headline", "description", "instruction") if name in each.details
    )
    return t("alert_log.message", what=t.of(FollowUpKind(each.word)), who=_who(t, each, clean), text=text)


def _answer(t: Translator, each: LogEntry, clean: Clean) -> str:
    details = dict(each.details)
    kind = details.pop("what", None)
    parts = [t.of(HelpKind(kind))] if kind else []
    parts += [_details(t, details, clean)] if details else []
    who, city = _who(t, each, clean), clean(each.where)
    return t(ANSWERS[AlertAnswer(each.word)], who=who, city=city, help=" · ".join(parts))


def _thread(t: Translator, each: LogEntry, clean: Clean) -> str:
    code = each.details.get("code")
    if code is None:
        return t("threads.log_opened", where=clean(each.where))
    return t("threads.log_refused", where=clean(each.where), why=refusal_of(int(code)))


def _step(t: Translator, each: LogEntry, clean: Clean) -> str:
    where = t.list(map(clean, each.cities)) if each.cities else clean(each.where)
    return t(STEPS[Rung(each.word)], city=where)


def _who(t: Translator, each: LogEntry, clean: Clean) -> str:
    if each.who is None:
        return t("alert_log.host")
    if each.who == NOBODY:
        return t("alert_log.nobody")
    return clean(each.name) if each.name else f"<@{each.who}>"


def _details(t: Translator, details: Mapping[str, str], clean: Clean) -> str:
    lines = (
        t("alert_log.detail", name=t(LABELS[name]) if name in LABELS else name, value=_value(t, name, value, clean))
        for name, value in details.items()
    )
    return " · ".join(lines)


def _value(t: Translator, name: str, value: str, clean: Clean) -> str:
    words = ENUMS.get(name)
    if words is not None and value in list(words):
        return t.of(words(value))
    return t.language_name(value) if name == "language" else clean(value)


def _text(t: Translator, alert: Alert, happened: Sequence[LogEntry], left_out: int, zone: str) -> Iterable[str]:
    """A heading, how it stands, then a heading for each day."""
    number = str(alert.id)
    title = t("crisis.number_drill", number=number) if alert.drill else t("crisis.number", number=number)
    yield f"# {title}: {harmless(alert.text(t.language)[0].headline)}"
    yield ""
    if alert.drill:
        yield f"**{t('alert_log.drill')}**  "
    yield f"{t('alert_log.state', state=alert.state)}  "
    yield f"{_counted(t, happened)}  "
    yield t("alert_log.zone", zone=zone)
    if left_out:
        yield f"\n{t('alert_log.left_out', n=left_out)}"
    day = None
    for each in happened:
        if day != (day := t.date(each.at, zone)):
            yield f"\n## {day}\n"
        yield f"- {_clock(each.at, zone)} {cut(said(t, each, harmless), LINE)}"
    yield ""


def _counted(t: Translator, happened: Sequence[LogEntry]) -> str:
    begun = [each for each in happened if each.delivery in BEGUN]
    told = sum(DeliveryState(each.word) is DeliveryState.SENT for each in begun)
    waiting = sum(DeliveryState(each.word) in UNSETTLED for each in begun)
    answers = [each for each in happened if each.source is Source.ANSWER]
    return " · ".join(
        (
            t("crisis.told", n=told),
            t("crisis.refused", n=len(begun) - told - waiting),
            t("alert_log.received_by", n=len({each.who for each in answers if each.word == AlertAnswer.RECEIVED})),
            t("alert_log.needs", n=sum(each.word == AlertAnswer.NEED for each in answers)),
            t("alert_log.offers", n=sum(each.word == AlertAnswer.OFFER for each in answers)),
        )
    )


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def _row(t: Translator, each: LogEntry) -> tuple[object, ...]:
    details = json.dumps(dict(each.details), ensure_ascii=False, sort_keys=True) if each.details else ""
    who = str(each.who) if each.who else ""
    channel = str(each.channel_id or "")
    cities = " · ".join(each.cities)
    words = cut(said(t, each), LINE)
    return (each.at.isoformat(), each.kind, words, who, each.name or "", each.where, channel, cities, details)


def harmless(text: str) -> str:
    """What somebody typed, for a Markdown file: on one line, no markup, no link, no HTML."""
    return _MARKUP.sub(lambda found: f"\\{found.group()}", " ".join(text.split()))
