"""To coordinators: something came in from others as CAP, and waits for one of them."""

from __future__ import annotations

from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import alert_imports as render


async def imported(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """What it says, unless somebody has taken it on meanwhile."""
    news = await desk.services.cap.news(delivery.subject, int(delivery.payload["number"]))
    if news.first and news.alert.server_id is not None:
        return Dropped("taken_on")
    said, embed, view = render.imported(desk.translator(delivery.language), news, delivery.id)
    return Outgoing(content=said, embeds=(embed,), view=view)


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.ALERT_IMPORT: imported}
