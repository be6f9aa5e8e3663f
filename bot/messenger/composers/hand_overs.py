"""What is said about hand-overs."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, mark
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import case_news, hand_overs


async def card(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To coordinators: what somebody left behind, if anything of it is still to be given."""
    try:
        found = await desk.services.hand_overs.get(delivery.subject)
    except Refusal:
        return Dropped("hand_over_gone")
    server = await desk.services.servers.find(found.server_id)
    if server is None or not found.open_items:
        return Dropped("nothing_left")
    t = desk.translator(server.language)
    text, view = hand_overs.card(t, found, desk.services.topics.index, mark(delivery.id))
    return Outgoing(text, view=view)


async def offer(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To who is asked to take something, if it is still offered to her. `payload` has her Discord id."""
    user_id = int(delivery.payload["to"])
    item = await desk.services.hand_overs.offered(delivery.subject, user_id)
    if item is None:
        return Dropped("not_offered")
    found = await desk.services.hand_overs.get(item.hand_over_id)
    t = desk.translator(delivery.language)
    text, view = hand_overs.offer(t, item, found.name, desk.services.topics.index, mark(delivery.id))
    if delivery.instead_of is not None:
        text = case_news.in_place_of(t, user_id, text)
    return Outgoing(text, view=view)


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.HAND_OVER: card, DeliveryKind.HAND_OVER_OFFER: offer}
