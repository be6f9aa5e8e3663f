"""What campaigns ask, and ask once more."""

from __future__ import annotations

from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import prompts as render


async def prompt(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To a member, or to all who are asked in a channel."""
    ask = await desk.services.prompting.ask(delivery)
    if isinstance(ask, Dropped):
        return ask
    t = desk.translator(delivery.language)
    text, view = render.prompt(t, ask, direct=delivery.target.is_direct, delivery_id=delivery.id)
    return Outgoing(text, view=view)


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.CHECKIN: prompt, DeliveryKind.CHECKIN_AGAIN: prompt}
