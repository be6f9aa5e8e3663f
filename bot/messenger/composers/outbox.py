"""What the outbox itself has to say."""

from __future__ import annotations

from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import deliveries as render


async def undelivered(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To the coordinators: a channel or a member cannot be reached. `subject` is the refusal's id."""
    refusal = await desk.services.outbox.refusal(delivery.subject)
    if refusal is None:
        return Dropped("mended")
    return Outgoing(render.undelivered(desk.translator(delivery.language), refusal))


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.UNDELIVERED: undelivered}
