"""Cities that have not acknowledged an alert: who is asked about them, until somebody who answers for them does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Actor
from bot.domain.crisis import Alert, AlertState, AlertTarget
from bot.domain.crisis_consent import ServerPlace, goes_on
from bot.domain.errors import Forbidden, Refusal
from bot.domain.escalation import Answering, EscalationEnd, Rung, Silent, Step, next_step, silences, wait
from bot.domain.oncall import Duty, OnCallFor
from bot.services import crisis_chain_rows as chain
from bot.services import crisis_rows as rows
from bot.services.escalation_publishing import UNANSWERED, ask, tell_directly
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.work import Work, wake_after
from db.engine import AsyncSession
from db.queries import audit, oncall
from db.queries import crisis as alerts
from db.queries import escalation as queries

BATCH = 200
"""Cities of one transaction: while it lasts, nothing else is put on record, and so nothing is sent."""


async def begin(session: AsyncSession, alert: Alert, targets: Iterable[AlertTarget], now: datetime) -> None:
    """The cities of these channels are to acknowledge an alert; a server without cities stands for itself.

    Those who answer for them are written to right after this transaction, in several: while this one lasts, no channel
    is told.
    """
    places = {place.id: place for place in await rows.places(session)}
    known = set(await queries.known(session, alert.id))
    added = []
    for target in targets:
        for city_id in _cities(target, places.get(target.server_id)):
            if (target.server_id, city_id) in known:
                continue
            known.add((target.server_id, city_id))
            place = {"server_id": target.server_id, "city_id": city_id, "channel_id": target.channel_id}
            added.append({"alert_id": alert.id, **place, "told": False, "taken": 0, "due_at": now})
    await queries.add(session, added)


async def hurry(session: AsyncSession, alert: Alert, now: datetime) -> None:
    """An alert may have become graver: nobody waits longer for the next step than its severity asks for."""
    for_the_last = max((row.taken for row in await queries.waiting(session, alert.id)), default=0)
    await queries.hurry(session, alert.id, now + wait(alert.severity, for_the_last))


async def acknowledge(session: AsyncSession, alert_id: int, actor: Actor, answered: OnCallFor, now: datetime) -> bool:
    """She answered an alert, in a server or for a city of it: whatever that ends is ended. Whether it was something."""
    server_id, city_id = answered.server_id, answered.city_id
    waiting = await queries.waiting(session, alert_id)
    if not waiting:
        return False
    coordinates = actor.is_network_coordinator or (actor.is_server_coordinator and actor.server_id == server_id)
    answering = Answering(await queries.duties(session, actor.user_id), server_id, coordinates, city_id)
    over = [row.id for row in waiting if silences(answering, row.server_id, row.city_id)]
    return bool(await queries.end(session, over, EscalationEnd.ACKNOWLEDGED, now))


async def silent(session: AsyncSession, alert: Alert) -> tuple[Silent, ...]:
    """The cities that have not acknowledged an alert, those about which most was done first; none once it is over."""
    if alert.state is not AlertState.BROADCASTING:
        return ()
    found = [
        Silent(
            row.id,
            row.server_id,
            row.city or row.server,
            Rung(row.rung) if row.rung else None,
            row.escalated_at,
            row.due_at,
        )
        for row in await queries.silent(session, alert.id)
    ]
    order = list(Rung)
    return tuple(sorted(found, key=lambda each: -order.index(each.rung) if each.rung else 1))


@dataclass(frozen=True, slots=True)
class EscalationService:
    """Takes the steps that are due, and lets a coordinator take cities on."""

    work: Work
    clock: Clock

    async def run_due(self, now: datetime) -> datetime | None:
        """Ask about the cities whose time has come; when the next one's comes. A due-worker (`bot.ticker`)."""
        async with self.work.read() as session:
            due = await queries.alerts_due(session, now)
        for alert_id in due:
            more = True
            while more:
                async with self.work.begin() as session:
                    more = await _advance(session, await chain.present_alert(session, alert_id), now)
        async with self.work.read() as session:
            return await queries.next_due(session)

    async def take_on(self, actor: Actor, alert_id: int, delivery_id: int) -> tuple[str, ...]:
        """A coordinator takes care of the cities that a message named: nobody else is asked about them; their names.

        A network coordinator takes all of them, a server's coordinator those of her server. Raises `Forbidden` for
        others, `Refusal` where nothing is left to take on.
        """
        now = self.clock()
        async with self.work.begin() as session:
            alert = await rows.find(session, alert_id)
            if alert.state is not AlertState.BROADCASTING:
                raise Refusal("crisis.over")
            asked = await queries.payload(session, delivery_id, set(UNANSWERED.values()), alert_id)
            named = await queries.silent(session, alert_id, set(asked.get("cities", ())))
            mine = [row for row in named if _takes(actor, row.server_id)]
            if named and not mine:
                raise Forbidden("oncall.coordinators_only")
            ended = await queries.end(session, [row.id for row in mine], EscalationEnd.ACKNOWLEDGED, now)
            names = tuple(row.city or row.server for row in mine if row.id in ended)
            if not names:
                raise Refusal("oncall.nothing_left")
            await alerts.touch_card(session, alert_id, now)
            wake_after(session)
            await audit.record(
                session,
                at=now,
                actor_id=actor.user_id,
                server_id=actor.server_id,
                action="alert.take_on",
                subject=str(alert_id),
                details={"cities": ", ".join(names)},
            )
            return names


def _takes(actor: Actor, server_id: int) -> bool:
    own = actor.server_joined and actor.is_server_coordinator and actor.server_id == server_id
    return actor.is_network_coordinator or own


def _cities(target: AlertTarget, place: ServerPlace | None) -> Sequence[int | None]:
    if place is None:
        return ()
    if not target.cities:
        return (None,)
    return [city.id for city in place.cities if city.name in target.cities]


async def _advance(session: AsyncSession, alert: Alert, now: datetime) -> bool:
    """Take the steps that are due about one alert, as many as one transaction should; whether there are more.

    Where the alert is over, none is due any more.
    """
    over = alert.state is not AlertState.BROADCASTING or (alert.expires_at is not None and alert.expires_at <= now)
    if over:
        waiting = [row.id for row in await queries.waiting(session, alert.id)]
        await queries.end(session, waiting, EscalationEnd.OVER, now)
        return False
    due = await queries.due(session, alert.id, now)
    places = {place.id: place for place in await rows.places(session)}
    left = {row.id for row in due if not _takes_part(alert, places.get(row.server_id))}
    await queries.end(session, left, EscalationEnd.LEFT, now)
    waiting_rows = [row for row in due if row.id not in left]
    people = await oncall.of_servers(session, {row.server_id for row in waiting_rows})
    new = [row for row in waiting_rows if not row.told]
    if new:
        some = _batch(new)
        await queries.begin_to_wait(session, [row.id for row in some], now + wait(alert.severity, 0))
        await post(session, tell_directly(alert, some, people, places), now)
        return len(waiting_rows) > len(some)
    asked, more = await _climb(session, alert, waiting_rows, people, now)
    await post(session, await ask(session, alert, asked, people, places), now)
    await alerts.touch_card(session, alert.id, now)
    return more


def _batch(cities: Sequence[queries.CityRow]) -> Sequence[queries.CityRow]:
    """As many as one transaction should take, and no channel's cities in two."""
    end = BATCH
    while end < len(cities) and cities[end].channel_id == cities[end - 1].channel_id:
        end += 1
    return cities[:end]


def _takes_part(alert: Alert, place: ServerPlace | None) -> bool:
    return place is not None and goes_on(place.consent, drill=alert.drill)


async def _climb(
    session: AsyncSession,
    alert: Alert,
    waiting: Sequence[queries.CityRow],
    people: Sequence[oncall.PersonRow],
    now: datetime,
) -> tuple[Mapping[Rung, Sequence[queries.CityRow]], bool]:
    """The steps of these cities, those together that are alike: which cities stand where now, and whether more are due.

    Those about which the network is asked go together, however many: one message names them all.
    """
    present = _present(people)
    steps = {
        row.id: next_step(alert.severity, row.taken, present.get((row.server_id, row.city_id or 0), frozenset()), now)
        for row in waiting
    }
    network = [row for row in waiting if (step := steps[row.id]) and step.rung is Rung.NETWORK]
    others = [row for row in waiting if (step := steps[row.id]) and step.rung is not Rung.NETWORK]
    some = _batch(others)
    groups: dict[tuple[int, Step], list[queries.CityRow]] = {}
    for row in (*network, *some):
        step = steps[row.id]
        assert step is not None
        groups.setdefault((row.taken, step), []).append(row)
    asked: dict[Rung, list[queries.CityRow]] = {}
    for (before, step), found in groups.items():
        climbed = await queries.climb(
            session,
            [row.id for row in found],
            before=before,
            taken=step.taken,
            rung=step.rung.value,
            now=now,
            due_at=step.due_at,
        )
        asked.setdefault(step.rung, []).extend(row for row in found if row.id in climbed)
    return asked, len(others) > len(some)


def _present(people: Iterable[oncall.PersonRow]) -> Mapping[tuple[int, int], Collection[Rung]]:
    """On which rungs somebody stands, by server and city: whoever left her server stands on none."""
    found: dict[tuple[int, int], set[Rung]] = {}
    for row in people:
        if row.left_at is None:
            rung = Rung.ON_CALL if row.duty == Duty.ON_CALL else Rung.DEPUTIES
            found.setdefault((row.server_id, row.city_id), set()).add(rung)
    return found
