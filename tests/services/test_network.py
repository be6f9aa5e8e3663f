"""Joining with a code, leaving, and those who coordinate the network; on either engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.access import Actor, Host
from bot.domain.errors import Forbidden, Refusal
from bot.domain.servers import ChannelUse
from bot.i18n import Catalogues
from bot.services.network import NetworkService
from bot.services.servers import ServersService
from bot.services.work import Work
from config import FOLDER
from db.engine import Database
from db.queries import audit
from db.queries.audit import AuditRow
from tests.clock import BEGINNING, SettableClock

LYON, PORTO = 10, 11
HOST = Host()
COORDINATOR = Actor(user_id=1, name="Ana", language="en", is_network_coordinator=True)
ADMINISTRATOR = Actor(user_id=2, name="Ben", language="en", server_id=LYON, is_administrator=True)
STRANGER = Actor(user_id=3, name="Cai", language="en", server_id=LYON)


@pytest.fixture(scope="session")
def catalogues() -> Catalogues:
    """The real ones."""
    return Catalogues.load(Path(FOLDER) / "locales")


@pytest.fixture
def network(database: Database, clock: SettableClock, catalogues: Catalogues) -> NetworkService:
    """The service over an empty database."""
    return NetworkService(Work(database), clock, catalogues)


async def audited(network: NetworkService) -> list[AuditRow]:
    """What stands in the audit, the oldest first."""
    async with network.work.read() as session:
        return list(reversed(await audit.latest(session)))


async def refused(network: NetworkService, code: str, actor: Actor | Host = ADMINISTRATOR, server: int = LYON) -> str:
    """The sentence with which joining was refused."""
    with pytest.raises(Refusal) as refusal:
        await network.join(actor, code, server, "Lyon alumni", "fr-FR")
    return refusal.value.message_id


async def test_joining_with_a_code(network: NetworkService) -> None:
    code = await network.invite(COORDINATOR)
    assert code.expires_at == BEGINNING + timedelta(days=7)
    await network.join(ADMINISTRATOR, code.text, LYON, "Lyon alumni\n", "fr-FR")
    (server,) = await network.servers(COORDINATOR)
    assert (server.id, server.name, server.language) == (LYON, "Lyon alumni", "fr")
    assert (server.joined_at, server.left_at, server.cities, server.members) == (BEGINNING, None, (), 0)
    assert [(row.action, row.actor_id, row.server_id, row.subject) for row in await audited(network)] == [
        ("network.invite", 1, None, None),
        ("server.join", 2, LYON, "Lyon alumni"),
    ]


async def test_the_code_itself_is_kept_nowhere(network: NetworkService, database: Database) -> None:
    code = await network.invite(HOST)
    if database.file is not None:
        raw = database.file.read_bytes() + database.file.with_name(database.file.name + "-wal").read_bytes()
        assert code.text.encode() not in raw
        assert code.text.replace("-", "").encode() not in raw
    assert all(code.text not in str(row) for row in await audited(network))


async def test_a_language_without_a_catalogue_becomes_english(network: NetworkService) -> None:
    await network.join(HOST, (await network.invite(HOST)).text, LYON, "Lviv", "uk")
    assert [server.language for server in await network.servers(HOST)] == ["en"]


async def test_a_code_that_does_not_work(network: NetworkService, clock: SettableClock) -> None:
    assert await refused(network, "what?") == "codes.malformed"
    assert await refused(network, "0000-0000-0000-0000") == "codes.unknown"
    code = (await network.invite(HOST)).text
    clock.advance(timedelta(days=7))
    assert await refused(network, code) == "codes.expired"
    fresh = (await network.invite(HOST)).text
    await network.join(ADMINISTRATOR, fresh, LYON, "Lyon alumni", "fr")
    assert await refused(network, fresh, HOST, PORTO) == "codes.used"
    assert [row.action for row in await audited(network)] == ["network.invite", "network.invite", "server.join"]


async def test_a_code_is_not_spent_on_a_server_that_is_here_already(network: NetworkService) -> None:
    await network.join(HOST, (await network.invite(HOST)).text, LYON, "Lyon alumni", "fr")
    code = (await network.invite(HOST)).text
    assert await refused(network, code) == "network.already_joined"
    await network.join(HOST, code, PORTO, "Porto alumni", "pt")
    assert [server.name for server in await network.servers(HOST)] == ["Lyon alumni", "Porto alumni"]


async def test_of_many_who_use_one_code_at_once_one_wins(network: NetworkService) -> None:
    code = (await network.invite(HOST)).text
    tries = (network.join(HOST, code, server, "Somewhere", "en") for server in range(100, 108))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert results.count(None) == 1
    assert {error.message_id for error in results if isinstance(error, Refusal)} == {"codes.used"}
    assert len(await network.servers(HOST)) == 1


async def test_guessing_is_stopped_by_person_and_by_server(network: NetworkService, clock: SettableClock) -> None:
    code = (await network.invite(HOST)).text
    for guess in range(5):
        assert await refused(network, f"0000-0000-0000-000{guess}") == "codes.unknown"
    assert await refused(network, code) == "codes.too_many_guesses"
    friend = Actor(user_id=9, name="Dee", language="en", server_id=LYON, is_administrator=True)
    assert await refused(network, code, friend) == "codes.too_many_guesses"
    elsewhere = Actor(user_id=2, name="Ben", language="en", server_id=PORTO, is_administrator=True)
    assert await refused(network, code, elsewhere, PORTO) == "codes.too_many_guesses"
    clock.advance(timedelta(minutes=16))
    await network.join(ADMINISTRATOR, code, LYON, "Lyon alumni", "fr")


async def test_who_may_let_a_server_join(network: NetworkService) -> None:
    code = (await network.invite(HOST)).text
    with pytest.raises(Forbidden, match=r"access\.server_not_joined"):
        await network.join(STRANGER, code, LYON, "Lyon alumni", "fr")
    with pytest.raises(Refusal, match=r"access\.administrator_only"):
        await network.join(ADMINISTRATOR, code, PORTO, "Porto alumni", "pt")
    assert not await network.servers(HOST)


async def test_a_server_that_left_needs_a_code_and_finds_everything_as_it_was(
    network: NetworkService, clock: SettableClock, catalogues: Catalogues
) -> None:
    servers = ServersService(network.work, clock, catalogues, gazetteer=None)  # type: ignore[arg-type]
    await network.join(HOST, (await network.invite(HOST)).text, LYON, "Lyon alumni", "fr")
    await servers.set_channel(HOST, LYON, ChannelUse.CRISIS, 50)
    left = clock.advance(timedelta(days=1))
    assert await network.leave(LYON)
    assert not await network.leave(LYON)
    assert not await network.leave(PORTO)
    assert await servers.find(LYON) is None
    assert [server.left_at for server in await network.servers(HOST)] == [left]
    assert await refused(network, "0000-0000-0000-0000") == "codes.unknown"
    await network.join(ADMINISTRATOR, (await network.invite(HOST)).text, LYON, "Lyon ancien·ne·s", "en")
    back = await servers.find(LYON)
    assert back is not None
    assert (back.name, back.language, back.joined_at) == ("Lyon ancien·ne·s", "fr", BEGINNING)
    assert back.channels == {ChannelUse.CRISIS: 50}
    assert (await audited(network))[-1].action == "server.rejoin"


async def test_appointing_and_dismissing(network: NetworkService, clock: SettableClock) -> None:
    await network.appoint(HOST, 1)
    later = clock.advance(timedelta(hours=1))
    await network.appoint(COORDINATOR, 5)
    found = await network.coordinators(COORDINATOR)
    assert [(one.user_id, one.appointed_by, one.appointed_at) for one in found] == [(1, None, BEGINNING), (5, 1, later)]
    with pytest.raises(Refusal, match=r"network\.already_coordinator"):
        await network.appoint(HOST, 5)
    await network.dismiss(COORDINATOR, 5)
    with pytest.raises(Refusal, match=r"network\.not_coordinator"):
        await network.dismiss(COORDINATOR, 5)
    with pytest.raises(Refusal, match=r"network\.last_coordinator"):
        await network.dismiss(COORDINATOR, 1)
    await network.dismiss(HOST, 1)
    assert not await network.coordinators(HOST)
    await network.appoint(HOST, 5)
    assert [(row.action, row.actor_id, row.subject) for row in await audited(network)] == [
        ("network.appoint", None, "1"),
        ("network.appoint", 1, "5"),
        ("network.dismiss", 1, "5"),
        ("network.dismiss", None, "1"),
        ("network.appoint", None, "5"),
    ]


async def test_two_who_dismiss_each_other_at_once_leave_one(network: NetworkService) -> None:
    await network.appoint(HOST, 1)
    await network.appoint(HOST, 5)
    other = Actor(user_id=5, name="Eva", language="en", is_network_coordinator=True)
    await asyncio.gather(network.dismiss(COORDINATOR, 5), network.dismiss(other, 1), return_exceptions=True)
    assert len(await network.coordinators(HOST)) == 1


async def test_only_network_coordinators_and_the_host(network: NetworkService) -> None:
    for actor in (
        ADMINISTRATOR,
        Actor(user_id=4, name="Coordinator here", language="en", server_id=LYON, server_joined=True, is_member=True),
    ):
        for asking in (
            network.invite(actor),
            network.servers(actor),
            network.coordinators(actor),
            network.appoint(actor, 4),
            network.dismiss(actor, 1),
        ):
            with pytest.raises(Forbidden):
                await asking
    assert not await audited(network)
