"""What comes in from others as CAP: the columns of a draft, and who is told that it is here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.alert_imports import ImportNews
from bot.domain.cap.reading import message_of, parse
from bot.domain.cap.values import Certainty, Hazard, Message, Severity, Urgency
from bot.domain.crisis import Alert
from bot.domain.crisis_cap import hours_of, place_of, texts_of
from bot.domain.errors import Refusal
from bot.domain.outbox import DeliveryKind, NewDelivery, Priority, Target
from bot.i18n import Catalogues
from bot.services import crisis_rows as rows
from bot.services.outbox import post
from db.engine import AsyncSession
from db.queries import crisis_messages, crisis_places

LATEST_NEWS = timedelta(days=1)
"""After so long nobody is told any more that something came in."""


def content(catalogues: Catalogues, message: Message, now: datetime) -> dict[str, Any]:
    """What a message says, as the columns of a draft. The whole of it stays in its document."""
    texts = texts_of(message)
    info = message.infos[0] if message.infos else None
    spoken = [each for each in texts if each in catalogues.languages]
    language = next(iter(spoken or texts))
    return {
        "event": texts[language].event,
        "category": (info.categories[0] if info else Hazard.OTHER).value,
        "place": place_of(message),
        "severity": (info.severity if info else Severity.UNKNOWN).value,
        "urgency": (info.urgency if info else Urgency.UNKNOWN).value,
        "certainty": (info.certainty if info else Certainty.UNKNOWN).value,
        "language": language,
        "hours": hours_of(message, now),
        "texts": rows.kept_texts(texts),
    }


async def tell_coordinators(session: AsyncSession, alert_id: int, now: datetime) -> None:
    """The newest message of an alert came in: its server's coordinators are told, everybody's while nobody has taken
    it on."""
    alert = await rows.find(session, alert_id)
    number = len(await crisis_messages.messages(session, alert_id))
    deliveries = [
        NewDelivery(
            DeliveryKind.ALERT_IMPORT,
            alert_id,
            Target.channel(place.coordinators_channel_id, place.id),
            f"alert:{alert_id}:import:{number}:{place.id}",
            language=place.language,
            priority=Priority.DRILL if alert.drill else Priority.ESCALATION,
            not_after=now + LATEST_NEWS,
            payload={"number": number},
        )
        for place in await crisis_places.places(session)
        if place.coordinators_channel_id is not None and alert.server_id in {None, place.id}
    ]
    await post(session, deliveries, now)


async def news(session: AsyncSession, alert: Alert, number: int) -> ImportNews:
    """The `number`th message of an alert. Raises `Refusal` where there is none."""
    found = await crisis_messages.messages(session, alert.id)
    if not 0 < number <= len(found):
        raise Refusal("crisis.no_message", number=str(number), count=str(len(found)))
    message = message_of(parse(found[number - 1].document.encode()))
    return ImportNews(alert, message.msg_type, texts_of(message), first=number == 1 and alert.imported)
