"""How ready servers are for an alert: what is on record of them, with what Discord shows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Actor, Right
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Refusal
from bot.domain.readiness import LastDrill, OnCallOf, Readiness, Standing, judge, worst_first
from bot.domain.servers import Server
from bot.services import crisis_rows
from bot.services.oncall import person_of
from bot.services.ports import Clock, Eyes
from bot.services.servers import ServersService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import oncall
from db.queries import readiness as queries


@dataclass(frozen=True, slots=True)
class ReadinessService:
    """Nothing is changed. `eyes`, which each question brings along, shows what Discord has of a server."""

    work: Work
    clock: Clock
    servers: ServersService

    async def one(self, actor: Actor, eyes: Eyes, server_id: int | None = None) -> Readiness:
        """How ready a server is; without one, hers.

        Raises `Forbidden` for whoever neither coordinates nor manages it, `Refusal` where it is not in the network.
        """
        actor.require(Right.COORDINATOR_OR_ADMINISTRATOR)
        wanted = actor.server_id if server_id is None else server_id
        if wanted != actor.server_id:
            actor.require(Right.NETWORK_COORDINATOR)
        server = await self.servers.find(wanted) if wanted is not None else None
        if server is None:
            raise Refusal("readiness.unknown_server")
        return (await self._judged([server], eyes))[0]

    async def all(self, actor: Actor, eyes: Eyes) -> list[Readiness]:
        """Every server of the network, the worst first. Raises `Forbidden` unless she coordinates the network."""
        actor.require(Right.NETWORK_COORDINATOR)
        async with self.work.read() as session:
            places = await crisis_rows.places(session)
        found = [await self.servers.find(place.id) for place in places]
        return worst_first(await self._judged([server for server in found if server is not None], eyes))

    async def _judged(self, servers: Sequence[Server], eyes: Eyes) -> list[Readiness]:
        ids = [server.id for server in servers]
        async with self.work.read() as session:
            consents = {place.id: place.consent for place in await crisis_rows.places(session)}
            drills = await _drills(session, ids)
            people = await oncall.of_servers(session, ids)
        judged = []
        for server in servers:
            consent = consents.get(server.id, Consent(takes_part=False))
            standing = Standing(
                server=server,
                consent=consent,
                seen=await eyes(server, consent.role_id),
                drill=drills.get(server.id),
                on_call=tuple(_on_call(row) for row in people if row.server_id == server.id),
            )
            judged.append(judge(standing, self.clock()))
        return judged


def _on_call(row: oncall.PersonRow) -> OnCallOf:
    person = person_of(row)
    return OnCallOf(row.city_id, person.duty, person.reach)


async def _drills(session: AsyncSession, server_ids: Sequence[int]) -> Mapping[int, LastDrill]:
    """The newest drill of each server; where a server speaks for no city, it answers for itself."""
    rows = await queries.drills(session, server_ids)
    heard = await queries.acknowledged(session, {row.alert_id for row in rows})
    cities: dict[int, list[str]] = {}
    when: dict[int, tuple[int, datetime]] = {}
    for row in rows:
        cities.setdefault(row.server_id, []).extend(row.cities)
        if row.at is not None:
            when[row.server_id] = (row.alert_id, row.at)
    found = {}
    for server_id, (alert_id, at) in when.items():
        own = {city for alert, server, city in heard if (alert, server) == (alert_id, server_id)}
        named = tuple(dict.fromkeys(cities[server_id]))
        found[server_id] = LastDrill(at, named or tuple(own) or ("–",), frozenset(own))
    return found
