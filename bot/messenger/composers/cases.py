"""What is said about cases. What no longer stands as it did when it was written down is not said."""

from __future__ import annotations

from bot.domain.adaptations import Adaptation
from bot.domain.case_content import CaseKind
from bot.domain.cases import Case, CaseState
from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Dropped, TargetKind, mark
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import case_news as render

GONE = Dropped("case_gone")
CHANGED = Dropped("case_changed")


async def submitted(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To coordinators: a case waits, if it still does."""
    case = await _case(desk, delivery.subject)
    if case is None or case.state is not CaseState.SUBMITTED:
        return CHANGED
    server = await desk.services.servers.find(delivery.target.server_id or 0)
    if server is None:
        return Dropped("server_left")
    text, view = render.submitted(desk.translator(server.language), case, mark(delivery.id))
    return Outgoing(text, view=view)


async def decided(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To its owner: what was decided, if nothing has happened since."""
    case = await _case(desk, delivery.subject)
    if case is None or case.state.value != delivery.payload["state"]:
        return CHANGED
    text, view = render.decided(desk.translator(delivery.language), case, mark(delivery.id))
    return Outgoing(text, view=view)


async def adapted(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To its owner: another city took it up. `subject` is the adaptation."""
    adaptation, case = await _adaptation(desk, delivery.subject)
    if adaptation is None or case is None:
        return GONE
    text, view = render.adapted(desk.translator(delivery.language), case, adaptation, mark(delivery.id))
    return Outgoing(text, view=view)


async def asked(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To who told of an adaptation. `payload` has the months."""
    adaptation, case = await _adaptation(desk, delivery.subject)
    if adaptation is None or case is None or adaptation.user_id is None:
        return GONE
    t = desk.translator(delivery.language)
    text, view = render.asked(t, case, adaptation, int(delivery.payload["months"]), mark(delivery.id))
    return Outgoing(_placed(desk, delivery, adaptation.user_id, text), view=view)


async def verify(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To its owner, or to the coordinators where nobody looks after it: does it still hold?"""
    case = await _case(desk, delivery.subject)
    if case is None or case.state is not CaseState.PUBLISHED:
        return CHANGED
    owner = case.owner_user_id
    to_coordinators = delivery.target.kind is TargetKind.CHANNEL and delivery.instead_of is None
    if to_coordinators is not (owner is None):
        return CHANGED
    server = await desk.services.servers.find(delivery.target.server_id) if delivery.target.server_id else None
    t = desk.translator(server.language if server and to_coordinators else delivery.language)
    text, view = render.verify(t, case, mark(delivery.id))
    return Outgoing(text if owner is None else _placed(desk, delivery, owner, text), view=view)


async def pilot(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To the owner of a debrief: what came of its pilot?"""
    case = await _case(desk, delivery.subject)
    debrief = case is not None and case.content.kind is CaseKind.DEBRIEF and case.state is CaseState.PUBLISHED
    if case is None or not debrief or case.owner_user_id is None:
        return CHANGED
    text, view = render.pilot(desk.translator(delivery.language), case, mark(delivery.id))
    return Outgoing(_placed(desk, delivery, case.owner_user_id, text), view=view)


async def digest(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To a follower: those of the new cases that still stand, of the topics that she still follows. Never empty."""
    services = desk.services
    topics = await services.case_care.still_follows(delivery.subject, delivery.payload["topics"])
    found = [await _case(desk, int(one)) for one in delivery.payload["cases"]]
    cases = [
        case
        for case in found
        if case is not None and case.state is CaseState.PUBLISHED and topics.intersection(case.content.topics)
    ]
    if not cases:
        return Dropped("nothing_new")
    links = await services.case_posts.links([case.id for case in cases], None)
    text, view = render.digest(desk.translator(delivery.language), cases, links, mark(delivery.id))
    return Outgoing(text, view=view)


async def _case(desk: Desk, case_id: int) -> Case | None:
    try:
        return (await desk.services.case_posts.shown(case_id)).case
    except Refusal:
        return None


async def _adaptation(desk: Desk, adaptation_id: int) -> tuple[Adaptation | None, Case | None]:
    adaptation = await desk.services.adaptations.find(adaptation_id)
    return adaptation, await _case(desk, adaptation.case_id) if adaptation else None


def _placed(desk: Desk, delivery: Delivery, user_id: int, text: str) -> str:
    if delivery.instead_of is None:
        return text
    return render.in_place_of(desk.translator(delivery.language), user_id, text)


COMPOSERS: dict[DeliveryKind, Compose] = {
    DeliveryKind.CASE_SUBMITTED: submitted,
    DeliveryKind.CASE_DECIDED: decided,
    DeliveryKind.CASE_ADAPTED: adapted,
    DeliveryKind.ADAPTATION_ASKED: asked,
    DeliveryKind.CASE_VERIFY: verify,
    DeliveryKind.CASE_PILOT: pilot,
    DeliveryKind.CASE_DIGEST: digest,
}
