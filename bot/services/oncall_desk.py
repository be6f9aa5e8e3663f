"""What a sender asks that is about to speak to those who answer for cities: may it still be said, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_consent import ServerPlace, accepts, goes_on, may_ping
from bot.domain.escalation import CityAsked, Rung
from bot.domain.oncall import Duty, OnCallFor
from bot.domain.outbox import Delivery, TargetKind
from bot.services import crisis_rows as rows
from bot.services.crisis import CrisisService
from bot.services.escalation_publishing import RUNG_OF
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import escalation as queries
from db.queries import members, oncall


@dataclass(frozen=True, slots=True)
class DirectAlert:
    """The alert as somebody reads it who answers for a city."""

    alert: Alert
    on_call: OnCallFor


@dataclass(frozen=True, slots=True)
class Asking:
    """A message about cities that have not acknowledged. `network`: the network coordinators whom it names; those who
    answer for a city stand with it. `ping`: all of them may be pinged."""

    alert: Alert
    rung: Rung
    cities: tuple[CityAsked, ...]
    network: tuple[int, ...]
    on_call: OnCallFor
    ping: bool


@dataclass(frozen=True, slots=True)
class OnCallDesk:
    """Looks at everything anew at the moment of sending."""

    work: Work
    clock: Clock
    crisis: CrisisService

    async def direct(self, delivery: Delivery) -> DirectAlert | str:
        """The alert for one person who answers for a city, or why it is not to be said: a word for coordinators."""
        alert = await self.crisis.get(delivery.subject)
        on_call = OnCallFor(delivery.payload["server"], delivery.payload["city"] or None)
        async with self.work.read() as session:
            place = await _place(session, on_call.server_id)
            listed = await queries.answers_for(session, alert.id, delivery.target.id)
            paused = alert.drill and await self._paused(session, delivery.target.id)
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        if place is None:
            return "left"
        if not accepts(place.consent, alert.severity, drill=alert.drill):
            return "no_consent"
        if not listed:
            return "not_on_call"
        return "paused" if paused else DirectAlert(alert, on_call)

    async def asking(self, delivery: Delivery) -> Asking | str:
        """What is asked about cities that still have not acknowledged, or why it is not to be said."""
        alert = await self.crisis.get(delivery.subject)
        rung = Rung(delivery.payload["rung"])
        on_call = OnCallFor(delivery.payload["server"], delivery.payload["city"] or None)
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        async with self.work.read() as session:
            silent = await queries.silent(session, alert.id, set(delivery.payload["cities"]))
            consenting = {
                place.id: place for place in await rows.places(session) if goes_on(place.consent, drill=alert.drill)
            }
            still = [row for row in silent if row.server_id in consenting]
            if not still:
                return "no_consent" if silent else "acknowledged"
            people = {} if rung is Rung.NETWORK else await _people(session, rung, still)
            network = await _network(session) if rung is Rung.NETWORK else {}
            if delivery.target.kind is TargetKind.MEMBER:
                concerned = {user_id for found in people.values() for user_id in found} | network.keys()
                row = await members.by_id(session, delivery.target.id)
                if row is None or row.user_id not in concerned:
                    return "not_on_call"
                if alert.drill and await self._paused(session, delivery.target.id):
                    return "paused"
        here = delivery.target.server_id
        cities = tuple(CityAsked(row.city or row.server, row.server, people.get(row.id, ())) for row in still)
        named = tuple(user_id for user_id, servers in network.items() if here in servers)
        return Asking(alert, rung, cities, named, on_call, self._ping(alert, consenting.get(here or 0)))

    async def _paused(self, session: AsyncSession, member_id: int) -> bool:
        """A drill leaves alone whoever paused; a real alert does not."""
        row = await members.by_id(session, member_id)
        return row is not None and row.paused_until is not None and row.paused_until > self.clock()

    def _ping(self, alert: Alert, place: ServerPlace | None) -> bool:
        return place is not None and may_ping(
            place.consent, alert.severity, alert.urgency, self.clock(), drill=alert.drill
        )


async def _people(session: AsyncSession, rung: Rung, silent: Sequence[queries.SilentRow]) -> dict[int, tuple[int, ...]]:
    """Those who have the duty of a rung, by city."""
    found: dict[int, tuple[int, ...]] = {}
    by_city = {(row.server_id, row.city_id): row.id for row in silent}
    for row in await oncall.of_servers(session, {each.server_id for each in silent}):
        city = by_city.get((row.server_id, row.city_id))
        if city is not None and row.left_at is None and RUNG_OF[Duty(row.duty)] is rung:
            found[city] = (*found.get(city, ()), row.user_id)
    return found


async def _network(session: AsyncSession) -> dict[int, frozenset[int]]:
    """Network coordinators, with the servers that each is in."""
    coordinators = [each.user_id for each in await queries.network_coordinators(session)]
    homes = await queries.servers_of(session, coordinators)
    return {user_id: homes.get(user_id, frozenset()) for user_id in coordinators}


async def _place(session: AsyncSession, server_id: int) -> ServerPlace | None:
    return next((each for each in await rows.places(session) if each.id == server_id), None)
