"""What is said about alerts and drills: in the channel's language, if its server still lets it be said."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import crisis as render
from bot.render import crisis_chain as chain


async def begin(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The alert, or the drill."""
    speech = await desk.services.crisis_desk.speech(delivery)
    if isinstance(speech, str):
        return Dropped(speech)
    t = desk.translator(speech.language)
    return Outgoing(
        content=render.content(t, speech.alert, speech.ping, speech.role_id),
        embeds=(render.embed(t, speech.alert),),
        view=render.answers(t, speech.alert, delivery.id),
        mentions=render.mentions(speech.ping, speech.role_id),
    )


async def follow(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """What follows it: an update, an escalation, a situation report, the word that it stands."""
    speech = await desk.services.crisis_desk.speech(delivery)
    if isinstance(speech, str):
        return Dropped(speech)
    assert speech.follow_up is not None
    t = desk.translator(speech.language)
    return Outgoing(
        content=chain.content(t, speech.alert, speech.follow_up.kind, speech.ping, speech.role_id),
        embeds=(render.embed(t, speech.alert),),
        view=render.answers(t, speech.alert, delivery.id),
        mentions=render.mentions(speech.ping, speech.role_id),
    )


async def end(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The all-clear, the false alarm, or the end of the drill; to whom it began for."""
    speech = await desk.services.crisis_desk.speech(delivery)
    if isinstance(speech, str):
        return Dropped(speech)
    content, embed = render.ending(desk.translator(speech.language), speech.alert)
    return Outgoing(content=content, embeds=(embed,))


async def override(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To coordinators: somebody sent an alert, or what follows one, alone."""
    number = delivery.payload.get("follow_up")
    if number is None:
        alert = await desk.services.crisis.get(delivery.subject)
    else:
        view = await desk.services.crisis_chain.get(number)
        alert = replace(view.shown, approved_by=view.follow_up.approved_by, reason=view.follow_up.reason)
    return Outgoing(embeds=(render.override(desk.translator(delivery.language), alert),))


async def thread_end(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The same in the thread below, in one line."""
    alert = await desk.services.crisis_threads.ended(delivery)
    if alert is None:
        return Dropped("over")
    return Outgoing(content=render.ending(desk.translator(delivery.language), alert)[0])


COMPOSERS: dict[DeliveryKind, Compose] = {
    DeliveryKind.ALERT: begin,
    DeliveryKind.DRILL: begin,
    DeliveryKind.ALERT_UPDATE: follow,
    DeliveryKind.ALERT_REPORT: follow,
    DeliveryKind.DRILL_UPDATE: follow,
    DeliveryKind.DRILL_REPORT: follow,
    DeliveryKind.ALERT_END: end,
    DeliveryKind.ALERT_CANCEL: end,
    DeliveryKind.DRILL_END: end,
    DeliveryKind.ALERT_OVERRIDE: override,
    DeliveryKind.ALERT_THREAD_END: thread_end,
    DeliveryKind.DRILL_THREAD_END: thread_end,
}
