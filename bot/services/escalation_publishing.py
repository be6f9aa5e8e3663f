"""What is said to those who answer for cities, beside the crisis channels: written into the outbox, in the transaction
that decides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.cap.values import MsgType
from bot.domain.crisis import Alert
from bot.domain.crisis_consent import ServerPlace, goes_on
from bot.domain.escalation import Rung
from bot.domain.oncall import Duty
from bot.domain.outbox import DeliveryKind, NewDelivery, Priority, Target
from bot.services import crisis_rows as rows
from bot.services.outbox import post, withdraw
from db.engine import AsyncSession
from db.queries import crisis_places, escalation, oncall

DIRECTLY = {False: DeliveryKind.ALERT_ON_CALL, True: DeliveryKind.DRILL_ON_CALL}
FOLLOWING = {False: DeliveryKind.ALERT_ON_CALL_UPDATE, True: DeliveryKind.DRILL_ON_CALL_UPDATE}
UNANSWERED = {False: DeliveryKind.ALERT_UNANSWERED, True: DeliveryKind.DRILL_UNANSWERED}
"""Each by whether it is a drill."""
BESIDE_ENDS = (DeliveryKind.ALERT_ON_CALL_END, DeliveryKind.ALERT_ON_CALL_CANCEL, DeliveryKind.DRILL_ON_CALL_END)
LATEST_END = timedelta(days=7)
RUNG_OF = {Duty.ON_CALL: Rung.ON_CALL, Duty.DEPUTY: Rung.DEPUTIES}


def tell_directly(
    alert: Alert,
    cities: Iterable[escalation.CityRow],
    people: Iterable[oncall.PersonRow],
    places: Mapping[int, ServerPlace],
) -> list[NewDelivery]:
    """The on-call people and deputies of these cities get the alert as a direct message, once each, if they allow
    it."""
    wanted = {(row.server_id, row.city_id) for row in cities}
    first: dict[int, oncall.PersonRow] = {}
    for row in people:
        concerned = (row.server_id, row.city_id) in wanted and row.left_at is None
        if concerned and row.direct and row.member_id is not None:
            first.setdefault(row.member_id, row)
    return [
        NewDelivery(
            DIRECTLY[alert.drill],
            alert.id,
            Target.member(member_id),
            f"alert:{alert.id}:on_call:{member_id}",
            language=row.language or places[row.server_id].language,
            priority=Priority.DRILL if alert.drill else Priority.ALERT,
            not_after=alert.expires_at,
            payload={"server": row.server_id, "city": row.city_id},
            sequence=f"alert:{alert.id}",
        )
        for member_id, row in first.items()
    ]


async def tell_what_follows(
    session: AsyncSession, alert: Alert, follow_up_id: int, now: datetime, *, urgent: bool
) -> None:
    """Whoever was told directly, or may have been, hears what follows. `urgent`: it is no situation report."""
    real = Priority.ALERT if urgent else Priority.ESCALATION
    kind = FOLLOWING[alert.drill]
    said = [
        NewDelivery(
            kind,
            alert.id,
            Target.member(row.member_id),
            f"alert:{alert.id}:{kind}:{follow_up_id}:{row.member_id}",
            language=row.language,
            priority=Priority.DRILL if alert.drill else real,
            not_after=alert.expires_at or now + LATEST_END,
            payload={**row.payload, "follow_up": follow_up_id},
            sequence=f"alert:{alert.id}",
        )
        for row in await escalation.told_beside(session, alert.id, [DIRECTLY[alert.drill]])
        if row.member_id is not None
    ]
    await post(session, said, now)


async def tell_end(session: AsyncSession, alert: Alert, msg_type: MsgType, now: datetime) -> None:
    """What was not begun is not begun any more; whoever was told beside the crisis channels, or may have been, hears
    that it is over."""
    begun = (DIRECTLY[alert.drill], UNANSWERED[alert.drill])
    await withdraw(session, (*begun, FOLLOWING[alert.drill], DeliveryKind.ALERT_ON_CALL_END), alert.id, now)
    channels = {each.channel_id for each in await rows.targets(session, alert.id)}
    kind, priority = _end_of(alert, msg_type)
    said = []
    for row in await escalation.told_beside(session, alert.id, begun):
        target = _target(row)
        if target is None or row.channel_id in channels:
            continue
        end = NewDelivery(
            kind,
            alert.id,
            target,
            f"alert:{alert.id}:{kind}:{target}",
            language=row.language,
            priority=priority,
            not_after=now + LATEST_END,
            sequence=f"alert:{alert.id}",
        )
        said.append(end)
    await post(session, said, now)


async def ask(
    session: AsyncSession,
    alert: Alert,
    asked: Mapping[Rung, Sequence[escalation.CityRow]],
    people: Sequence[oncall.PersonRow],
    places: Mapping[int, ServerPlace],
) -> list[NewDelivery]:
    """What is said about cities that stand on these rungs now: one message for each channel and person."""
    said: list[NewDelivery] = []
    for rung in Rung:
        cities = asked.get(rung)
        if not cities:
            continue
        if rung is Rung.NETWORK:
            said += await _ask_network(session, alert, cities, places)
        else:
            said += _ask_channels(alert, rung, cities, places)
            said += _ask_directly(alert, rung, cities, people, places)
    return said


def _ask_channels(
    alert: Alert, rung: Rung, cities: Sequence[escalation.CityRow], places: Mapping[int, ServerPlace]
) -> Iterable[NewDelivery]:
    """In the cities' crisis channels, one message for each channel."""
    grouped: dict[tuple[int, int], list[escalation.CityRow]] = {}
    for row in cities:
        grouped.setdefault((row.server_id, row.channel_id), []).append(row)
    for (server_id, channel_id), found in grouped.items():
        yield _asking(alert, rung, Target.channel(channel_id, server_id), found, places[server_id].language)


def _ask_directly(
    alert: Alert,
    rung: Rung,
    cities: Sequence[escalation.CityRow],
    people: Iterable[oncall.PersonRow],
    places: Mapping[int, ServerPlace],
) -> Iterable[NewDelivery]:
    """To those with this duty who allow direct messages, one message for each person."""
    by_city = {(row.server_id, row.city_id): row for row in cities}
    grouped: dict[int, list[escalation.CityRow]] = {}
    languages: dict[int, str] = {}
    for row in people:
        city = by_city.get((row.server_id, row.city_id))
        if city is None or not row.direct or row.left_at is not None or RUNG_OF[Duty(row.duty)] is not rung:
            continue
        assert row.member_id is not None
        grouped.setdefault(row.member_id, []).append(city)
        languages[row.member_id] = row.language or places[row.server_id].language
    for member_id, found in grouped.items():
        yield _asking(alert, rung, Target.member(member_id), found, languages[member_id])


async def _ask_network(
    session: AsyncSession,
    alert: Alert,
    cities: Sequence[escalation.CityRow],
    places: Mapping[int, ServerPlace],
) -> list[NewDelivery]:
    """Network coordinators directly, if they allow it. In the coordinators' channels: of the alert's own server and of
    those where a network coordinator is who cannot be written to, about all cities; of a city's server, about its own.
    """
    coordinators = await escalation.network_coordinators(session)
    said = [
        _asking(alert, Rung.NETWORK, Target.member(each.member_id), cities, each.language)
        for each in coordinators
        if each.direct and each.member_id is not None
    ]
    offices = {
        row.id: row.coordinators_channel_id
        for row in await crisis_places.places(session)
        if row.coordinators_channel_id is not None
        and (row.id == alert.server_id or goes_on(places[row.id].consent, drill=alert.drill))
    }
    everything = {alert.server_id} if alert.server_id in offices else set()
    homes = await escalation.servers_of(session, [each.user_id for each in coordinators if not each.direct])
    for servers in homes.values():
        with_office = sorted(servers & offices.keys())
        if with_office and not servers & everything:
            everything.add(with_office[0])
    for server_id, channel_id in offices.items():
        found = [row for row in cities if server_id in everything or row.server_id == server_id]
        if found:
            target = Target.channel(channel_id, server_id)
            said.append(_asking(alert, Rung.NETWORK, target, found, places[server_id].language))
    return said


def _asking(
    alert: Alert, rung: Rung, target: Target, cities: Sequence[escalation.CityRow], language: str | None
) -> NewDelivery:
    first = min(cities, key=lambda row: row.id)
    return NewDelivery(
        UNANSWERED[alert.drill],
        alert.id,
        target,
        f"alert:{alert.id}:unanswered:{rung}:{first.id}:{first.taken}:{target}",
        language=language,
        priority=Priority.DRILL if alert.drill else Priority.ESCALATION,
        not_after=alert.expires_at,
        payload={
            "rung": rung.value,
            "cities": [row.id for row in cities],
            "server": first.server_id,
            "city": first.city_id or 0,
        },
        sequence=f"alert:{alert.id}",
    )


def _end_of(alert: Alert, msg_type: MsgType) -> tuple[DeliveryKind, Priority]:
    if alert.drill:
        return DeliveryKind.DRILL_ON_CALL_END, Priority.DRILL
    if msg_type is MsgType.CANCEL:
        return DeliveryKind.ALERT_ON_CALL_CANCEL, Priority.CANCEL
    return DeliveryKind.ALERT_ON_CALL_END, Priority.ALERT


def _target(row: escalation.ToldRow) -> Target | None:
    if row.member_id is not None:
        return Target.member(row.member_id)
    if row.channel_id is not None and row.server_id is not None:
        return Target.channel(row.channel_id, row.server_id)
    return None
