"""Whom a message that follows an alert reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.crisis import Alert, AlertAudience, AlertTarget
from bot.domain.crisis_chain import FollowUp, FollowUpKind, FollowUpState
from bot.domain.crisis_consent import CityPlace, LeftOut, Reach, ServerPlace, accepts, goes_on
from bot.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class FollowUpReach:
    """Whom a message reaches: channels of the alert, channels that an escalation adds, and who is left out and why."""

    told: tuple[AlertTarget, ...]
    added: tuple[AlertTarget, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def channels(self) -> int:
        """How many channels."""
        return len(self.told) + len(self.added)


def reach_of(
    follow_up: FollowUp, targets: Sequence[AlertTarget], wider: Reach, places: Iterable[ServerPlace], *, drill: bool
) -> FollowUpReach:
    """Whom it reaches now. `targets`: the channels of the alert; `wider`: whom the escalation as such would reach.

    Once it is confirmed nobody is added any more; a server that withdrew its consent meanwhile is left out.
    """
    known = {each.id: each for each in places}
    told = [each for each in targets if each.server_id in known and goes_on(known[each.server_id].consent, drill=drill)]
    dropped = [each for each in targets if each not in told]
    added: list[AlertTarget] = []
    if follow_up.kind is FollowUpKind.ESCALATE and follow_up.state in {FollowUpState.DRAFT, FollowUpState.RETURNED}:
        there = {each.channel_id for each in targets}
        added = [each for each in wider.targets if each.channel_id not in there]
    elif follow_up.kind is FollowUpKind.ESCALATE:
        for each in follow_up.added:
            place = known.get(each.server_id)
            fine = place is not None and accepts(place.consent, follow_up.severity, drill=drill)
            (added if fine else dropped).append(each)
    left_out = {each.server_name: LeftOut(each.server_name, "crisis.left_out_consent") for each in dropped}
    if follow_up.kind is FollowUpKind.ESCALATE:
        told_servers = {each.server_name for each in told}
        left_out |= {each.name: each for each in wider.left_out if each.name not in told_servers}
    return FollowUpReach(tuple(told), tuple(added), tuple(left_out.values()))


def widened(alert: Alert, audience: AlertAudience, cities: Sequence[CityPlace]) -> str | None:
    """What narrows a wider audience, seen from where the alert is; `cities` are those of its server.

    Raises `Refusal` where that is unknown.
    """
    if audience is alert.audience:
        return alert.audience_value
    if audience in {AlertAudience.SERVER, AlertAudience.NETWORK}:
        return None
    if alert.audience is AlertAudience.REGION and alert.audience_value:
        return alert.audience_value.split(":", maxsplit=1)[0]
    named = [each for each in cities if alert.audience_value == str(each.id) or alert.place == each.name]
    city = next(iter(named or cities), None)
    if city is None or (audience is AlertAudience.REGION and not city.region):
        raise Refusal("crisis.no_city")
    return f"{city.country}:{city.region}" if audience is AlertAudience.REGION else city.country
