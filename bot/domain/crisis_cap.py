"""An alert of ours as a CAP message, and an alert of others as a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.cap.values import (
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
    INSTRUCTION_LIMIT,
    Alert,
    AlertState,
    AlertText,
)
from bot.domain.text import tidy

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
) -> Message:
    """What is said about an alert at this moment. The all-clear is an Update; nothing is said after a Cancel."""
    sender, identifier = identity(alert, len(references) + 1, at)
    over = msg_type is not MsgType.ALERT
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
            response_types=(ResponseType.ALL_CLEAR,) if msg_type is MsgType.UPDATE else (ResponseType.ASSESS,),
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
        note=identity(alert, 1, alert.created_at)[1] if alert.drill else None,
        references=tuple(references),
        infos=infos,
    )


def texts_of(message: Message, known: Sequence[str]) -> dict[str, AlertText]:
    """What a CAP message says in the languages that we speak, else in its own first one; cut to what a card holds.

    The whole of it stays in the document.
    """
    found: dict[str, AlertText] = {}
    for info in message.infos:
        language = (info.language or "en").split("-", maxsplit=1)[0].lower()
        if language not in known and found:
            continue
        found.setdefault(
            language,
            AlertText(
                event=tidy(info.event)[:200],
                headline=tidy(info.headline or info.event)[:HEADLINE_LIMIT],
                description=tidy(info.description or "", lines=True)[:DESCRIPTION_LIMIT],
                instruction=tidy(info.instruction or "", lines=True)[:INSTRUCTION_LIMIT],
            ),
        )
    return found or {"en": AlertText(message.identifier[:200], (message.note or message.identifier)[:160], "", "")}


def place_of(message: Message) -> str:
    """Where an imported alert is about."""
    areas = dict.fromkeys(area.description for info in message.infos for area in info.areas)
    return tidy(", ".join(areas))[:200] or "–"
