"""What a message that follows an alert begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.access import Actor
from bot.domain.crisis import DESCRIPTION_LIMIT, HEADLINE_LIMIT, INSTRUCTION_LIMIT, Alert, AlertText
from bot.domain.crisis_chain import FollowUpKind, FollowUpState
from bot.domain.text import clean
from bot.i18n import Catalogues
from bot.services.crisis_texts import event_of


def said(catalogues: Catalogues, alert: Alert, language: str, text: Mapping[str, str]) -> AlertText:
    """Her words, checked. A situation report has no instruction."""
    instruction = text.get("instruction")
    return AlertText(
        event=event_of(catalogues, alert, language),
        headline=clean(text["headline"], limit=HEADLINE_LIMIT),
        description=clean(text["description"], limit=DESCRIPTION_LIMIT, lines=True),
        instruction="" if instruction is None else clean(instruction, limit=INSTRUCTION_LIMIT, lines=True),
    )


def columns_of(alert: Alert, actor: Actor, kind: FollowUpKind, language: str, now: datetime) -> dict[str, Any]:
    """The columns of a new one that says what the alert says."""
    return {
        "alert_id": alert.id,
        "kind": kind.value,
        "state": FollowUpState.DRAFT.value,
        "author_id": actor.user_id,
        "server_id": actor.server_id,
        "severity": alert.severity.value,
        "urgency": alert.urgency.value,
        "certainty": alert.certainty.value,
        "audience": alert.audience.value,
        "audience_value": alert.audience_value,
        "language": language,
        "hours": None,
        "texts": {},
        "frozen": {},
        "added": [],
        "created_at": now,
    }
