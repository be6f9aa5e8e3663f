"""What is said about the lists of who answers for a city."""

from __future__ import annotations

from bot.domain.oncall import Duty
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, mark
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import oncall as render
from bot.render.parts import pinging


async def listed(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To somebody: she is on a list, if she still is. In a channel she is named, and pinged."""
    place = await desk.services.oncall.listed(delivery.subject)
    if place is None:
        return Dropped("not_listed")
    in_channel = not delivery.target.is_direct
    text, view = render.listed(desk.translator(delivery.language), place, mark(delivery.id), by_name=in_channel)
    return Outgoing(text, view=view, mentions=pinging(users=[place.user_id] if in_channel else []))


async def free(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To coordinators: somebody stepped back. The subject is the city."""
    assert delivery.target.server_id is not None
    city = await desk.services.oncall.list_of(delivery.target.server_id, delivery.subject)
    if city is None:
        return Dropped("not_spoken_for")
    duty = Duty(delivery.payload["duty"])
    return Outgoing(render.free(desk.translator(delivery.language), city, duty))


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.ON_CALL_LISTED: listed, DeliveryKind.ON_CALL_FREE: free}
