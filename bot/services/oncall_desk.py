"""What a sender asks that is about to speak to those who answer for cities: may it still be said, and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_chain import FollowUpKind, shown
from bot.domain.crisis_consent import Consent, accepts, goes_on, may_ping
from bot.domain.escalation import CityAsked, Rung
from bot.domain.oncall import Duty, OnCallFor
from bot.domain.outbox import Delivery, TargetKind
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.crisis import CrisisService
from bot.services.escalation_publishing import DIRECTLY, FOLLOWING, RUNG_OF, UNANSWERED
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import alert_edits, members, oncall
from db.queries import escalation as queries

EDITED_FOR = timedelta(days=14)
"""So long after an alert was to end, its messages are made to say how it did."""

AlertOver = tuple[int, str]
"""An alert that is over, by its number, and how it stands."""


@dataclass(frozen=True, slots=True)
class DirectAlert:
    """The alert as somebody reads it who answers for a city. `follow_up`: what it is where it is no first message."""

    alert: Alert
    on_call: OnCallFor
    follow_up: FollowUpKind | None = None


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
class BesideToEdit:
    """A message that does not say yet how its alert ended. `whole`: what the alert says stands in it."""

    alert: Alert
    language: str | None
    place_id: int
    message_id: int
    delivery_id: int
    whole: bool


@dataclass(frozen=True, slots=True)
class OnCallDesk:
    """Looks at everything anew at the moment of sending."""

    work: Work
    clock: Clock
    crisis: CrisisService

    async def direct(self, delivery: Delivery) -> DirectAlert | str:
        """The alert, or what follows it, for one person who answers for a city, or why it is not to be said: a word
        for coordinators."""
        on_call = OnCallFor(delivery.payload["server"], delivery.payload["city"] or None)
        number = delivery.payload.get("follow_up")
        async with self.work.read() as session:
            alert = await chain.present_alert(session, delivery.subject)
            follow_up = await chain.find(session, number) if number is not None else None
            word = await rows.word(session, on_call.server_id)
            listed = await queries.answers_for(session, alert.id, delivery.target.id)
            paused = alert.drill and await self._paused(session, delivery.target.id)
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        if word is None:
            return "left"
        drill, severity = alert.drill, alert.severity
        if not (goes_on(word[1], drill=drill) if follow_up else accepts(word[1], severity, drill=drill)):
            return "no_consent"
        if not listed:
            return "not_on_call"
        if paused:
            return "paused"
        said = shown(alert, follow_up, self.clock()) if follow_up else self.crisis.spoken(alert)
        return DirectAlert(said, on_call, follow_up.kind if follow_up else None)

    async def asking(self, delivery: Delivery) -> Asking | str:
        """What is asked about cities that still have not acknowledged, or why it is not to be said."""
        alert = await self.crisis.get(delivery.subject)
        rung = Rung(delivery.payload["rung"])
        on_call = OnCallFor(delivery.payload["server"], delivery.payload["city"] or None)
        if alert.state is not AlertState.BROADCASTING:
            return "over"
        async with self.work.read() as session:
            silent = await queries.silent(session, alert.id, set(delivery.payload["cities"]))
            words = {each: await rows.word(session, each) for each in {row.server_id for row in silent}}
            still = [row for row in silent if (word := words[row.server_id]) and goes_on(word[1], drill=alert.drill)]
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
            there = await rows.word(session, here)
        cities = tuple(CityAsked(row.city or row.server, row.server, people.get(row.id, ())) for row in still)
        named = tuple(user_id for user_id, servers in network.items() if here in servers)
        return Asking(alert, rung, cities, named, on_call, self._ping(alert, there[1] if there else None))

    async def to_edit(
        self, but: Collection[int] = (), done: Collection[AlertOver] = ()
    ) -> tuple[list[BesideToEdit], set[AlertOver]]:
        """Messages that must still say how their alert ended, first it is told below them; and the alerts about which
        nothing is left to do. Left out are the messages of some deliveries, and alerts about which all is `done`."""
        kinds = [kind for kinds in (DIRECTLY, FOLLOWING, UNANSWERED) for kind in kinds.values()]
        found: list[tuple[int, alert_edits.EditRow]] = []
        ready: set[AlertOver] = set()
        async with self.work.read() as session:
            for alert_id, state in await alert_edits.over(session, self.clock() - EDITED_FOR):
                if (alert_id, state) in done:
                    continue
                rows_of = await alert_edits.to_edit(session, alert_id, state, kinds, but)
                found += [(alert_id, row) for row in rows_of]
                if not rows_of and not but and not await alert_edits.ends_wait(session, alert_id):
                    ready.add((alert_id, state))
        alerts = {alert_id: await self.crisis.get(alert_id) for alert_id, _ in found}
        return [_to_edit(alerts[alert_id], row) for alert_id, row in found], ready

    async def edited(self, message: BesideToEdit) -> None:
        """A message says how its alert ended, or cannot be made to."""
        async with self.work.begin() as session:
            await alert_edits.edited(session, message.delivery_id, message.alert.state.value, self.clock())

    async def _paused(self, session: AsyncSession, member_id: int) -> bool:
        """A drill leaves alone whoever paused; a real alert does not."""
        row = await members.by_id(session, member_id)
        return row is not None and row.paused_until is not None and row.paused_until > self.clock()

    def _ping(self, alert: Alert, consent: Consent | None) -> bool:
        return consent is not None and may_ping(consent, alert.severity, alert.urgency, self.clock(), drill=alert.drill)


def _to_edit(alert: Alert, row: alert_edits.EditRow) -> BesideToEdit:
    whole = row.direct or row.kind not in set(UNANSWERED.values()) or row.payload.get("rung") == Rung.NETWORK
    return BesideToEdit(alert, row.language, row.place_id, row.message_id, row.id, whole)


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
