"""Would she answer a question? To her alone where she allows direct messages; in a channel, that there is something."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, TargetKind
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import invitations as render
from bot.render.parts import pinging


async def invitation(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """The invitation; by now she may have paused, or the question be answered."""
    invitations = desk.services.invitations
    why_not = await invitations.unfit(delivery.subject)
    if why_not is not None:
        return Dropped(why_not)
    try:
        guest = await invitations.peek(delivery.subject)
    except Refusal:
        return Dropped("gone")
    one, question = guest.invitation, guest.question
    if delivery.target.kind is TargetKind.CHANNEL:
        server = await desk.services.servers.find(delivery.target.server_id) if delivery.target.server_id else None
        text, view = render.knock(desk.translator(server.language if server else None), one, delivery.id)
        called = [one.user_id] if one.user_id else []
        return Outgoing(text, view=view, mentions=pinging(users=called))
    t = desk.translator(one.language, delivery.language, question.language)
    text, card, view = render.invitation(t, one, question, invitations.topic_of(one, question), delivery.id)
    return Outgoing(text, embeds=[card], view=view)


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.INVITATION: invitation}
