"""A server's set-up: its channels, roles, language and cities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.access import Actor, Host, Right
from bot.domain.cities import City, Gazetteer
from bot.domain.errors import Forbidden, Refusal
from bot.domain.members import zone_named
from bot.domain.servers import MOST_PEOPLE, ChannelUse, RoleUse, Server, SpokenCity, check_roles
from bot.domain.text import clean, tidy
from bot.i18n import Catalogues
from bot.services.network import SERVER_NAME_LIMIT
from bot.services.ports import Clock
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import audit, cities, refusals
from db.queries import servers as queries

CITY_NAME_LIMIT = 200
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""What CLDR names among the territories, and is none."""


@dataclass(frozen=True, slots=True)
class OtherCity:
    """A city that GeoNames does not have, as somebody described it."""

    name: str
    country: str
    population: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class ServersService:
    """What administrators and coordinators of one server set up in it."""

    work: Work
    clock: Clock
    catalogues: Catalogues
    gazetteer: Gazetteer

    async def find(self, server_id: int) -> Server | None:
        """A server of the network as it is set up; None where it is not in it now."""
        async with self.work.read() as session:
            return await _server(session, server_id)

    async def here(self, actor: Actor, right: Right = Right.ADMINISTRATOR) -> Server:
        """The server that she speaks in, which asks `right` of her. Raises `Refusal` where it is not in the network."""
        actor.require(right)
        found = await self.find(actor.server_id) if actor.server_id is not None else None
        if found is None:
            raise Forbidden("access.server_not_joined")
        return found

    async def set_channel(self, actor: Actor | Host, server_id: int, use: ChannelUse, channel_id: int | None) -> None:
        """Choose the channel for a use, or none. Whether Discord has it is the caller's to see (`bot.domain.setup`)."""
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id)
            await queries.set_channel(session, server_id=server_id, use=use, channel_id=channel_id)
            await refusals.forget_channels(session, [channel_id])
            await self._note(
                session, actor, server_id, "server.channel", use, before=server.channels.get(use), after=channel_id
            )

    async def set_role(self, actor: Actor | Host, server_id: int, use: RoleUse, role_id: int | None) -> None:
        """Choose the role for a use, or none. Raises `Refusal` where it is the role for the other use."""
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id)
            check_roles({**server.roles, use: role_id})
            await queries.set_role(session, server_id=server_id, use=use, role_id=role_id)
            await self._note(session, actor, server_id, "server.role", use, before=server.roles.get(use), after=role_id)

    async def set_language(self, actor: Actor | Host, server_id: int, language: str) -> None:
        """The language of what everybody in the server reads. Raises `Refusal` for one without a catalogue."""
        if language not in self.catalogues.languages:
            raise Refusal("servers.no_such_language", language=language)
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id)
            await queries.set_language(session, server_id=server_id, language=language)
            await self._note(
                session, actor, server_id, "server.language", language, before=server.language, after=language
            )

    async def rename(self, server_id: int, name: str) -> None:
        """The server has another name on Discord."""
        name = tidy(name)[:SERVER_NAME_LIMIT]
        async with self.work.begin() as session:
            if name and await queries.server(session, server_id) is not None:
                await queries.rename(session, server_id=server_id, name=name)

    def suggest_cities(self, text: str, limit: int = 25) -> Sequence[City]:
        """Cities of GeoNames that somebody who typed this may mean, in any script, the likeliest first."""
        return self.gazetteer.suggest(text, limit)

    def only_city(self, text: str) -> int | None:
        """The GeoNames id of the one city that is called just this; None where there are several, or none."""
        found = self.gazetteer.find(text)
        return found[0].geonames_id if len(found) == 1 else None

    async def add_city(self, actor: Actor | Host, server_id: int, geonames_id: int) -> SpokenCity:
        """The server speaks for a city of GeoNames. Raises `Refusal` where it does already, or there is none."""
        city = self.gazetteer.get(geonames_id)
        if city is None:
            raise Refusal("servers.no_such_city")
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id, Right.COORDINATOR_OR_ADMINISTRATOR)
            city_id = await cities.ensure(
                session,
                geonames_id=geonames_id,
                name=city.name,
                country=city.country,
                region=city.region or None,
                population=city.population or None,
                zone=city.zone,
            )
            return await self._speak_for(session, actor, server, city_id)

    async def add_other_city(self, actor: Actor | Host, server_id: int, city: OtherCity) -> SpokenCity:
        """The server speaks for a city that GeoNames lacks; one of that name and country is put on record once.

        Raises `Refusal` where a part of it cannot be used, or the server speaks for it already.
        """
        described = self._checked(city)
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id, Right.COORDINATOR_OR_ADMINISTRATOR)
            known = await cities.others(session, described.country)
            folded = described.name.casefold()
            city_id = next((each for each, name in known if name.casefold() == folded), None)
            if city_id is None:
                city_id = await cities.create(
                    session,
                    name=described.name,
                    country=described.country,
                    region=None,
                    population=described.population,
                    zone=described.zone,
                )
            return await self._speak_for(session, actor, server, city_id)

    async def remove_city(self, actor: Actor | Host, server_id: int, city_id: int) -> SpokenCity:
        """The server no longer speaks for a city. The city stays on record, with the members who live there."""
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id, Right.COORDINATOR_OR_ADMINISTRATOR)
            city = _spoken(server, city_id)
            await queries.remove_city(session, server_id=server_id, city_id=city_id)
            await self._note(session, actor, server_id, "city.remove", city.name, city=city_id)
        return city

    async def set_city_channels(
        self, actor: Actor | Host, server_id: int, city_id: int, *, crisis: int | None, checkin: int | None
    ) -> SpokenCity:
        """The channels that a city has for itself in this server; None for the server's own."""
        async with self.work.begin() as session:
            server = await _changing(session, actor, server_id, Right.COORDINATOR_OR_ADMINISTRATOR)
            city = _spoken(server, city_id)
            await queries.set_city_channels(
                session, server_id=server_id, city_id=city_id, crisis_id=crisis, checkin_id=checkin
            )
            await refusals.forget_channels(session, [crisis, checkin])
            await self._note(
                session, actor, server_id, "city.channels", city.name, city=city_id, crisis=crisis, checkin=checkin
            )
        return replace(city, crisis_channel_id=crisis, checkin_channel_id=checkin)

    async def _speak_for(self, session: AsyncSession, actor: Actor | Host, server: Server, city_id: int) -> SpokenCity:
        if any(city.id == city_id for city in server.cities):
            raise Refusal("servers.city_already", name=_spoken(server, city_id).name)
        await queries.add_city(session, server_id=server.id, city_id=city_id)
        city = await cities.city(session, city_id)
        assert city is not None
        await self._note(session, actor, server.id, "city.add", city.name, city=city_id)
        return SpokenCity(*city)

    def _checked(self, city: OtherCity) -> OtherCity:
        country = tidy(city.country).upper()
        if country in NO_COUNTRIES or self.catalogues.translator("en").country(country) == country:
            raise Refusal("servers.no_such_country", country=city.country)
        if city.population is not None and not 0 < city.population <= MOST_PEOPLE:
            raise Refusal("servers.population", population=str(city.population))
        return OtherCity(clean(city.name, limit=CITY_NAME_LIMIT), country, city.population, zone_named(city.zone))

    async def _note(
        self,
        session: AsyncSession,
        actor: Actor | Host,
        server_id: int,
        action: str,
        subject: str,
        **details: int | str | None,
    ) -> None:
        await audit.record(
            session,
            at=self.clock(),
            actor_id=actor.user_id,
            server_id=server_id,
            action=action,
            subject=subject,
            details={name: str(value) if isinstance(value, int) else value for name, value in details.items()},
        )


async def _changing(
    session: AsyncSession, actor: Actor | Host, server_id: int, right: Right = Right.ADMINISTRATOR
) -> Server:
    """The server that is about to be changed. Raises `Forbidden` unless this person may, in this very server.

    What coordinators may do, a network coordinator may do for any server.
    """
    if isinstance(actor, Actor):
        actor.require(right)
        elsewhere = actor.server_id != server_id
        if elsewhere and not (right is Right.COORDINATOR_OR_ADMINISTRATOR and actor.is_network_coordinator):
            raise Forbidden("access.coordinator_or_administrator_only")
    server = await _server(session, server_id)
    if server is None:
        raise Forbidden("access.server_not_joined")
    return server


async def _server(session: AsyncSession, server_id: int) -> Server | None:
    row = await queries.server(session, server_id)
    if row is None or row.left_at is not None:
        return None
    return Server(
        id=row.id,
        name=row.name,
        language=row.language,
        joined_at=row.joined_at,
        channels={ChannelUse(use): found for use, found in row.channels.items() if found is not None},
        roles={RoleUse(use): found for use, found in row.roles.items() if found is not None},
        cities=tuple(SpokenCity(*city) for city in await queries.cities(session, server_id)),
    )


def _spoken(server: Server, city_id: int) -> SpokenCity:
    for city in server.cities:
        if city.id == city_id:
            return city
    raise Refusal("servers.city_not_here")
