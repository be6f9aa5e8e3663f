"""A server's channels, roles, language and cities; on either engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.access import Actor, Host
from bot.domain.cities import Gazetteer, PopulationBand, band_of
from bot.domain.errors import Forbidden, Refusal
from bot.domain.servers import ChannelUse, CityChannels, RoleUse, Server, channels_for
from bot.i18n import Catalogues
from bot.services.cities import load_gazetteer
from bot.services.network import NetworkService
from bot.services.servers import OtherCity, ServersService
from bot.services.work import Work
from config import FOLDER
from db.engine import Database
from db.queries import audit
from tests.clock import SettableClock

LYON, PORTO = 10, 11
LYON_CITY, LVIV_CITY = 2996944, 702550
HOST = Host()
ADMINISTRATOR = Actor(user_id=2, name="Ben", language="en", server_id=LYON, server_joined=True, is_administrator=True)
COORDINATOR = replace(ADMINISTRATOR, user_id=3, is_administrator=False, is_server_coordinator=True)
MEMBER = replace(ADMINISTRATOR, user_id=4, is_administrator=False, is_member=True)
OF_THE_NETWORK = replace(MEMBER, user_id=5, is_network_coordinator=True)
VILLAGE = OtherCity("Saint-Germain-au-Mont-d'Or", "fr", 3_000, "europe/paris")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The real one."""
    return load_gazetteer(Path(FOLDER) / "cities.tsv.gz")


@pytest.fixture
async def servers(database: Database, clock: SettableClock, gazetteer: Gazetteer) -> ServersService:
    """The service over a network of two servers."""
    catalogues = Catalogues.load(Path(FOLDER) / "locales")
    network = NetworkService(Work(database), clock, catalogues)
    for server, name in ((LYON, "Lyon alumni"), (PORTO, "Porto alumni")):
        await network.join(HOST, (await network.invite(HOST)).text, server, name, "fr")
    return ServersService(network.work, clock, catalogues, gazetteer)


async def found(servers: ServersService, server_id: int = LYON) -> Server:
    """A server as it is on record."""
    server = await servers.find(server_id)
    assert server is not None
    return server


async def actions(servers: ServersService) -> list[tuple[str, int | None, int | None, str | None]]:
    """What the audit has beyond the joining."""
    async with servers.work.read() as session:
        rows = list(reversed(await audit.latest(session)))
    return [
        (row.action, row.actor_id, row.server_id, row.subject)
        for row in rows
        if row.action not in {"network.invite", "server.join"}
    ]


async def test_channels_roles_and_language(servers: ServersService) -> None:
    for number, use in enumerate(ChannelUse):
        await servers.set_channel(ADMINISTRATOR, LYON, use, 100 + number)
    await servers.set_role(ADMINISTRATOR, LYON, RoleUse.COORDINATOR, 200)
    await servers.set_role(ADMINISTRATOR, LYON, RoleUse.ALUMNI, 201)
    await servers.set_language(ADMINISTRATOR, LYON, "es")
    server = await found(servers)
    assert server.channels == {use: 100 + number for number, use in enumerate(ChannelUse)}
    assert server.roles == {RoleUse.COORDINATOR: 200, RoleUse.ALUMNI: 201}
    assert server.language == "es"
    await servers.set_channel(ADMINISTRATOR, LYON, ChannelUse.CASES, None)
    assert ChannelUse.CASES not in (await found(servers)).channels
    assert (await found(servers, PORTO)).channels == {}
    written = await actions(servers)
    assert written[0] == ("server.channel", 2, LYON, "questions")
    assert [action for action, *_ in written] == ["server.channel"] * 5 + ["server.role"] * 2 + [
        "server.language",
        "server.channel",
    ]


async def test_the_audit_says_what_it_was_before(servers: ServersService) -> None:
    await servers.set_channel(HOST, LYON, ChannelUse.CRISIS, 2**62)
    await servers.set_channel(ADMINISTRATOR, LYON, ChannelUse.CRISIS, 7)
    async with servers.work.read() as session:
        newest = (await audit.latest(session))[0]
    assert newest.details == {"before": str(2**62), "after": "7"}


async def test_a_role_does_not_stand_for_both(servers: ServersService) -> None:
    await servers.set_role(HOST, LYON, RoleUse.COORDINATOR, 200)
    with pytest.raises(Refusal, match=r"servers\.same_role"):
        await servers.set_role(ADMINISTRATOR, LYON, RoleUse.ALUMNI, 200)
    assert (await found(servers)).roles == {RoleUse.COORDINATOR: 200}


async def test_a_language_that_nobody_translated(servers: ServersService) -> None:
    with pytest.raises(Refusal, match=r"servers\.no_such_language"):
        await servers.set_language(ADMINISTRATOR, LYON, "tlh")


async def test_who_may_set_a_server_up(servers: ServersService) -> None:
    for actor in (MEMBER, COORDINATOR, OF_THE_NETWORK):
        with pytest.raises(Forbidden, match=r"access\.administrator_only"):
            await servers.set_channel(actor, LYON, ChannelUse.CRISIS, 1)
    for change in (
        servers.set_channel(ADMINISTRATOR, PORTO, ChannelUse.CRISIS, 1),
        servers.set_role(ADMINISTRATOR, PORTO, RoleUse.ALUMNI, 1),
        servers.set_language(ADMINISTRATOR, PORTO, "en"),
        servers.add_city(COORDINATOR, PORTO, LYON_CITY),
        servers.add_city(ADMINISTRATOR, PORTO, LYON_CITY),
    ):
        with pytest.raises(Forbidden):
            await change
    with pytest.raises(Forbidden, match=r"access\.server_not_joined"):
        await servers.set_language(HOST, 99, "en")
    assert not await actions(servers)


async def test_what_a_coordinator_may_do_a_network_coordinator_does_anywhere(servers: ServersService) -> None:
    await servers.add_city(OF_THE_NETWORK, PORTO, LVIV_CITY)
    assert [city.name for city in (await found(servers, PORTO)).cities] == ["Lviv"]
    with pytest.raises(Forbidden):
        await servers.add_city(MEMBER, LYON, LVIV_CITY)


async def test_a_city_of_geonames(servers: ServersService) -> None:
    assert servers.suggest_cities("Львів")[0].geonames_id == LVIV_CITY
    assert servers.only_city("Львів") == LVIV_CITY
    assert servers.only_city("Springfield") is None
    lyon = await servers.add_city(COORDINATOR, LYON, LYON_CITY)
    assert (lyon.name, lyon.country, lyon.zone) == ("Lyon", "FR", "Europe/Paris")
    assert band_of(lyon.population) is PopulationBand.LARGE_CITY
    assert (await found(servers)).cities == (lyon,)
    with pytest.raises(Refusal, match=r"servers\.city_already"):
        await servers.add_city(ADMINISTRATOR, LYON, LYON_CITY)
    with pytest.raises(Refusal, match=r"servers\.no_such_city"):
        await servers.add_city(ADMINISTRATOR, LYON, 1)
    assert (await servers.add_city(HOST, PORTO, LYON_CITY)).id == lyon.id
    assert await actions(servers) == [("city.add", 3, LYON, "Lyon"), ("city.add", None, PORTO, "Lyon")]


async def test_a_city_that_geonames_lacks(servers: ServersService) -> None:
    village = await servers.add_other_city(COORDINATOR, LYON, VILLAGE)
    assert (village.geonames_id, village.country, village.zone) == (None, "FR", "Europe/Paris")
    with pytest.raises(Refusal, match=r"servers\.city_already"):
        await servers.add_other_city(COORDINATOR, LYON, replace(VILLAGE, name=VILLAGE.name.upper()))
    assert (await servers.add_other_city(HOST, PORTO, VILLAGE)).id == village.id
    assert (await servers.add_other_city(HOST, PORTO, replace(VILLAGE, country="BE"))).id != village.id


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"country": "XX"}, "servers.no_such_country"),
        ({"country": "EU"}, "servers.no_such_country"),
        ({"country": ""}, "servers.no_such_country"),
        ({"country": "@everyone"}, "servers.no_such_country"),
        ({"zone": "Mars/Olympus"}, "members.zone_unknown"),
        ({"population": 0}, "servers.population"),
        ({"population": 10**12}, "servers.population"),
        ({"name": "\u202e \u200b"}, "text.empty"),
        ({"name": "x" * 201}, "text.too_long"),
    ],
)
async def test_a_description_that_cannot_be_right(
    servers: ServersService, wrong: dict[str, str | int], sentence: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        await servers.add_other_city(HOST, LYON, replace(VILLAGE, **wrong))  # type: ignore[arg-type]
    assert refusal.value.message_id == sentence
    assert not await actions(servers)


async def test_a_citys_own_channels(servers: ServersService) -> None:
    lyon = await servers.add_city(HOST, LYON, LYON_CITY)
    await servers.set_channel(HOST, LYON, ChannelUse.CRISIS, 50)
    await servers.set_channel(HOST, LYON, ChannelUse.CHECKIN, 51)
    await servers.set_city_channels(COORDINATOR, LYON, lyon.id, crisis=77, checkin=None)
    assert channels_for(await found(servers), lyon.id) == CityChannels(77, 51)
    await servers.set_city_channels(COORDINATOR, LYON, lyon.id, crisis=None, checkin=None)
    assert channels_for(await found(servers), lyon.id) == CityChannels(50, 51)
    assert [action for action, *_ in await actions(servers)][-2:] == ["city.channels"] * 2


async def test_a_city_less(servers: ServersService) -> None:
    lyon = await servers.add_city(HOST, LYON, LYON_CITY)
    await servers.remove_city(COORDINATOR, LYON, lyon.id)
    assert not (await found(servers)).cities
    for change in (
        servers.remove_city(COORDINATOR, LYON, lyon.id),
        servers.set_city_channels(COORDINATOR, LYON, lyon.id, crisis=1, checkin=1),
    ):
        with pytest.raises(Refusal, match=r"servers\.city_not_here"):
            await change
    assert (await servers.add_city(HOST, LYON, LYON_CITY)).id == lyon.id


async def test_here_is_the_server_that_she_speaks_in(servers: ServersService) -> None:
    assert (await servers.here(ADMINISTRATOR)).id == LYON
    for actor in (replace(ADMINISTRATOR, server_id=None), replace(ADMINISTRATOR, server_id=99)):
        with pytest.raises(Forbidden, match=r"access\.server_not_joined"):
            await servers.here(actor)


async def test_a_new_name(servers: ServersService) -> None:
    await servers.rename(LYON, " Lyon\u202e & friends ")
    await servers.rename(LYON, "\u200b")
    await servers.rename(99, "Nowhere")
    assert (await found(servers)).name == "Lyon & friends"
    assert await servers.find(99) is None
