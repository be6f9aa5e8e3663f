"""What is said to those who answer for cities: that they are on a list, an alert, and that a city is silent."""

from __future__ import annotations

from bot.domain.escalation import Rung
from bot.domain.oncall import Duty
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, mark
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import crisis, escalation
from bot.render import crisis_chain as chain
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


async def alert(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The alert or the drill, or what follows it, to one person directly."""
    found = await desk.services.oncall_desk.direct(delivery)
    if isinstance(found, str):
        return Dropped(found)
    t = desk.translator(delivery.language)
    return Outgoing(
        content=chain.content(t, found.alert, found.follow_up) if found.follow_up else crisis.content(t, found.alert),
        embeds=(crisis.embed(t, found.alert),),
        view=crisis.answers(t, found.alert, delivery.id, found.on_call),
    )


async def end(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """That it is over, to whoever was told beside the crisis channels."""
    found = await desk.services.crisis.get(delivery.subject)
    content, embed = crisis.ending(desk.translator(delivery.language), found)
    return Outgoing(content=content, embeds=(embed,))


async def unanswered(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """That cities have not acknowledged, to those concerned; with the alert where it does not stand above."""
    found = await desk.services.oncall_desk.asking(delivery)
    if isinstance(found, str):
        return Dropped(found)
    t = desk.translator(delivery.language)
    text, named = escalation.text(t, found.alert, found.rung, found.cities, found.network)
    beside = delivery.target.is_direct or found.rung is Rung.NETWORK
    if found.rung is Rung.NETWORK:
        view = escalation.take_on(t, found.alert, delivery.id)
    else:
        on_call = found.on_call if delivery.target.is_direct else None
        view = crisis.answers(t, found.alert, delivery.id, on_call)
    return Outgoing(
        content=text,
        embeds=(crisis.embed(t, found.alert),) if beside else (),
        view=view,
        mentions=pinging(users=named if found.ping else ()),
    )


COMPOSERS: dict[DeliveryKind, Compose] = {
    DeliveryKind.ON_CALL_LISTED: listed,
    DeliveryKind.ON_CALL_FREE: free,
    DeliveryKind.ALERT_ON_CALL: alert,
    DeliveryKind.DRILL_ON_CALL: alert,
    DeliveryKind.ALERT_ON_CALL_UPDATE: alert,
    DeliveryKind.DRILL_ON_CALL_UPDATE: alert,
    DeliveryKind.ALERT_ON_CALL_END: end,
    DeliveryKind.ALERT_ON_CALL_CANCEL: end,
    DeliveryKind.DRILL_ON_CALL_END: end,
    DeliveryKind.ALERT_UNANSWERED: unanswered,
    DeliveryKind.DRILL_UNANSWERED: unanswered,
}
