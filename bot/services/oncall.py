"""Each city's on-call people and deputies: chosen by its server's coordinators, told of it, free to step back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.access import Actor, Right
from bot.domain.errors import Forbidden, Refusal
from bot.domain.oncall import (
    Change,
    Chosen,
    Duty,
    Listed,
    OnCallCity,
    OnCallPerson,
    OnCallReach,
    change,
    check_chosen,
)
from bot.domain.outbox import DeliveryKind, NewDelivery, Target
from bot.domain.servers import RoleUse, Server, SpokenCity
from bot.services.outbox import post
from bot.services.ports import Clock
from bot.services.servers import ServersService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, refusals
from db.queries import oncall as queries


@dataclass(frozen=True, slots=True)
class OnCallService:
    """A server's coordinators keep the lists of the cities that it speaks for, and nobody else's."""

    work: Work
    clock: Clock
    servers: ServersService

    async def card(self, actor: Actor, city_id: int | None = None) -> OnCallCity:
        """A city's list; without a city, that of the server's first.

        Raises `Forbidden` for whoever does not coordinate this server, `Refusal` where it does not speak for the city.
        """
        server = await self.servers.here(actor, Right.SERVER_COORDINATOR)
        city = _spoken(server, city_id)
        async with self.work.read() as session:
            return await _card(session, server, city)

    async def choose(self, actor: Actor, city_id: int, duty: Duty, people: Sequence[Chosen]) -> OnCallCity:
        """Let just these people have a duty for a city; with nobody the list is empty. Whoever is new learns of it.

        Raises like `card`, and `Refusal` where somebody cannot answer an alert, or where there are too many.
        """
        server = await self.servers.here(actor, Right.SERVER_COORDINATOR)
        city = _spoken(server, city_id)
        check_chosen(people, server.roles.get(RoleUse.ALUMNI))
        async with self.work.begin() as session:
            now_listed = await queries.of_city(session, server.id, city.id)
            known = [(row.user_id, Duty(row.duty)) for row in now_listed]
            changed = change(known, duty, (each.user_id for each in people))
            await queries.take_off(session, server.id, city.id, changed.taken_off)
            await self._put_on(session, actor, city, duty, changed)
            return await _card(session, server, city)

    async def take_off(self, actor: Actor, city_id: int, user_ids: Collection[int]) -> OnCallCity:
        """Take off a city's list whoever left the server, and these people. Raises like `card`."""
        server = await self.servers.here(actor, Right.SERVER_COORDINATOR)
        city = _spoken(server, city_id)
        async with self.work.begin() as session:
            rows = await queries.of_city(session, server.id, city.id)
            gone = tuple(row.user_id for row in rows if row.left_at is not None or row.user_id in user_ids)
            await queries.take_off(session, server.id, city.id, gone)
            await self._note(session, actor, city, {"taken_off": [str(each) for each in gone]})
            return await _card(session, server, city)

    async def step_back(self, actor: Actor, place_id: int) -> Listed:
        """She takes herself off a list; her server's coordinators learn that a place is free, and not whose it was.

        Raises `Refusal` where she is not on it any more, `Forbidden` for anybody else.
        """
        now = self.clock()
        async with self.work.begin() as session:
            listed = await _listed(session, place_id)
            if listed is None:
                raise Refusal("oncall.not_listed")
            if listed.user_id != actor.user_id:
                raise Forbidden("oncall.not_yours")
            await queries.remove(session, place_id)
            await audit.record(
                session,
                at=now,
                actor_id=actor.user_id,
                server_id=listed.server_id,
                action="oncall.step_back",
                subject=str(listed.city_id),
                details={"duty": listed.duty.value},
            )
            near = await refusals.coordinators_of_server(session, listed.server_id)
            if near is not None:
                free = NewDelivery(
                    DeliveryKind.ON_CALL_FREE,
                    listed.city_id,
                    Target.channel(near.channel_id, near.server_id),
                    f"on_call:free:{place_id}:{now.isoformat()}",
                    language=near.language,
                    payload={"duty": listed.duty.value},
                )
                await post(session, [free], now)
        return listed

    async def listed(self, place_id: int) -> Listed | None:
        """Somebody's place on a list, if she is still on it: asked at the moment of telling her."""
        async with self.work.read() as session:
            return await _listed(session, place_id)

    async def list_of(self, server_id: int, city_id: int) -> OnCallCity | None:
        """A city's list as it is now, for telling coordinators; None where the server no longer speaks for it."""
        server = await self.servers.find(server_id)
        city = next((each for each in server.cities if each.id == city_id), None) if server else None
        if server is None or city is None:
            return None
        async with self.work.read() as session:
            return await _card(session, server, city)

    async def _put_on(self, session: AsyncSession, actor: Actor, city: SpokenCity, duty: Duty, changed: Change) -> None:
        now = self.clock()
        assert actor.server_id is not None
        for user_id in changed.put_on:
            hers = {"server_id": actor.server_id, "city_id": city.id, "user_id": user_id}
            since = {"added_by": actor.user_id, "added_at": now}
            await queries.put_on(session, {**hers, **since, "duty": duty.value})
        rows = {row.user_id: row for row in await queries.of_city(session, actor.server_id, city.id)}
        where = await queries.place_to_say(session, actor.server_id, city.id)
        told = [_told(rows[user_id], where, now.isoformat()) for user_id in changed.put_on]
        await post(session, [each for each in told if each is not None], now)
        if changed.put_on or changed.taken_off:
            on, off = ([str(each) for each in group] for group in (changed.put_on, changed.taken_off))
            await self._note(session, actor, city, {"duty": duty.value, "put_on": on, "taken_off": off})

    async def _note(
        self, session: AsyncSession, actor: Actor, city: SpokenCity, details: Mapping[str, str | list[str]]
    ) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=actor.server_id,
            action="oncall.choose",
            subject=str(city.id),
            details=dict(details),
        )


def _told(row: queries.PersonRow, where: queries.PlaceRow, since: str) -> NewDelivery | None:
    """That somebody is on a list now: directly where she allows it, or else in a channel of her city."""
    key = f"on_call:{row.id}:{since}"
    if row.member_id is not None and row.direct:
        target, language = Target.member(row.member_id), row.language or where.language
        return NewDelivery(DeliveryKind.ON_CALL_LISTED, row.id, target, key, language=language, fallback=True)
    if where.channel_id is None:
        return None
    channel = Target.channel(where.channel_id, row.server_id)
    return NewDelivery(DeliveryKind.ON_CALL_LISTED, row.id, channel, key, language=where.language)


def person_of(row: queries.PersonRow) -> OnCallPerson:
    """Somebody on a list, with how she can be reached."""
    if row.left_at is not None:
        reach = OnCallReach.LEFT
    elif not row.direct:
        reach = OnCallReach.CHANNEL
    else:
        reach = OnCallReach.CLOSED if row.refused else OnCallReach.DIRECT
    return OnCallPerson(row.user_id, Duty(row.duty), reach)


async def _card(session: AsyncSession, server: Server, city: SpokenCity) -> OnCallCity:
    people = tuple(map(person_of, await queries.of_city(session, server.id, city.id)))
    return OnCallCity(city.id, city.name, people, tuple((each.id, each.name) for each in server.cities))


async def _listed(session: AsyncSession, place_id: int) -> Listed | None:
    row = await queries.listed(session, place_id)
    return None if row is None else Listed(*row[:-1], Duty(row.duty))


def _spoken(server: Server, city_id: int | None) -> SpokenCity:
    if not server.cities:
        raise Refusal("oncall.no_cities")
    for city in server.cities:
        if city_id in {city.id, None}:
            return city
    raise Refusal("servers.city_not_here")
