"""An alert of ours as a CAP message, and an alert of others as a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.cap.values import (
    DEFAULT_LANGUAGE,
    Area,
    Info,
    Message,
    MsgType,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from bot.domain.crisis import (
    DESCRIPTION_LIMIT,
    HEADLINE_LIMIT,
    HOURS,
    INSTRUCTION_LIMIT,
    Alert,
    AlertState,
    AlertText,
)
from bot.domain.text import tidy

HOURS_UNSAID = 12
"""For how long an imported alert holds that does not say until when."""
RESTRICTION = "Servers of the network that consented to it"


def identity(alert: Alert, number: int, at: datetime) -> tuple[str, str]:
    """The sender and identifier of the `number`th message about an alert."""
    server = alert.server_id or 0
    return f"twincord-{server}", f"{'drill' if alert.drill else 'alert'}-{alert.id}-{number}-{at:%Y%m%dT%H%M%S}"


def message_of(
    alert: Alert,
    texts: Mapping[str, AlertText],
    msg_type: MsgType,
    at: datetime,
    references: Sequence[Reference] = (),
    *,
    over: bool = False,
) -> Message:
    """What is said about an alert at this moment. The all-clear is an Update that is `over`."""
    sender, identifier = identity(alert, len(references) + 1, at)
    drafted = alert.state in {AlertState.DRAFT, AlertState.PENDING, AlertState.RETURNED, AlertState.REJECTED}
    status = Status.EXERCISE if alert.drill else Status.DRAFT if drafted else Status.ACTUAL
    infos = tuple(
        Info(
            categories=(alert.category,),
            event=text.event,
            urgency=Urgency.PAST if over else alert.urgency,
            severity=Severity.MINOR if over else alert.severity,
            certainty=alert.certainty,
            language=language,
            response_types=(ResponseType.ALL_CLEAR,) if over and msg_type is MsgType.UPDATE else (ResponseType.ASSESS,),
            expires=None if over else alert.expires_at,
            headline=text.headline or None,
            description=text.description or None,
            instruction=text.instruction or None,
            areas=(Area(alert.place),),
        )
        for language, text in sorted(texts.items())
    )
    return Message(
        identifier=identifier,
        sender=sender,
        sent=at,
        status=status,
        msg_type=msg_type,
        scope=Scope.RESTRICTED,
        restriction=RESTRICTION,
        note=_note(alert, texts, msg_type),
        references=tuple(references),
        infos=infos,
    )


def _note(alert: Alert, texts: Mapping[str, AlertText], msg_type: MsgType) -> str | None:
    """CAP 1.2, 3.2.1: an exercise is named in the note, and a cancel explained."""
    if alert.drill:
        return identity(alert, 1, alert.created_at)[1]
    if msg_type is not MsgType.CANCEL:
        return None
    return (texts.get(alert.language) or next(iter(texts.values()))).description


def texts_of(message: Message) -> dict[str, AlertText]:
    """What a CAP message says in each of its languages, the first <info> of each; cut to what a card holds.

    The whole of it stays in the document.
    """
    found: dict[str, AlertText] = {}
    for info in message.infos:
        language = (info.language or DEFAULT_LANGUAGE).split("-", maxsplit=1)[0].lower()
        found.setdefault(
            language,
            AlertText(
                event=_cut(info.event, 200),
                headline=_cut(info.headline or info.event, HEADLINE_LIMIT),
                description=_cut(info.description or "", DESCRIPTION_LIMIT, lines=True),
                instruction=_cut(info.instruction or "", INSTRUCTION_LIMIT, lines=True),
            ),
        )
    plain = message.note or message.identifier
    return found or {"en": AlertText(_cut(message.identifier, 200), _cut(plain, HEADLINE_LIMIT), "", "")}


def _cut(said: str, limit: int, *, lines: bool = False) -> str:
    text = tidy(said, lines=lines)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def hours_of(message: Message, now: datetime) -> int:
    """For how long it holds from `now`: of what an alert may last, what comes nearest to its <expires>."""
    ends = [info.expires for info in message.infos if info.expires is not None]
    left = (max(ends) - now) / timedelta(hours=1) if ends else HOURS_UNSAID
    return min(HOURS, key=lambda each: abs(each - left))


def place_of(message: Message) -> str:
    """Where an imported alert is about."""
    areas = dict.fromkeys(area.description for info in message.infos for area in info.areas)
    return _cut(", ".join(areas), 200) or "–"
