"""How ready servers are, as far as it is on record, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cities import Gazetteer
from bot.domain.crisis import AlertAudience, AlertDeed
from bot.domain.crisis_consent import Consent
from bot.domain.errors import Forbidden, Refusal
from bot.domain.readiness import Aspect, Readiness
from bot.domain.servers import Server
from bot.domain.setup import Seen
from bot.services.readiness import ReadinessService
from bot.services.servers import ServersService
from db.engine import Database
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, HOME, NETWORK, OTHER, THIRD, House, crisis_house


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


async def blind(_server: Server, _role_id: int | None) -> Seen | None:
    """Discord shows nothing."""
    return None


def service(house: House) -> ReadinessService:
    work = house.outbox.work
    return ReadinessService(
        work, house.clock, ServersService(work, house.clock, house.crisis.catalogues, Gazetteer(()))
    )


def sentence(found: Readiness, aspect: Aspect) -> str:
    return found.of(aspect)[0].message_id


async def drill(house: House) -> int:
    """A drill to the whole network, told."""
    alert = await house.sent(drill=True)
    await house.speak()
    return alert.id


async def test_the_newest_drill_counts_and_each_server_answers_for_itself(house: House) -> None:
    ready = service(house)
    assert sentence(await ready.one(AUTHOR, blind), Aspect.DRILL) == "readiness.drill_never"
    first = await drill(house)
    await house.desk.receive(COLLEAGUE, first)
    assert sentence(await ready.one(AUTHOR, blind), Aspect.DRILL) == "readiness.drill_fine"
    second = await drill(house)
    silent = (await ready.one(AUTHOR, blind)).of(Aspect.DRILL)[0]
    assert (silent.message_id, silent.parameters["cities"]) == ("readiness.drill_silent", ("Lyon",))
    await house.desk.receive(ELSEWHERE, second)
    assert sentence(await ready.one(AUTHOR, blind), Aspect.DRILL) == "readiness.drill_silent"
    await house.desk.receive(AUTHOR, second)
    assert sentence(await ready.one(AUTHOR, blind), Aspect.DRILL) == "readiness.drill_fine"


async def test_what_was_not_sent_and_what_was_real_is_no_drill(house: House) -> None:
    await house.sent()
    await house.speak()
    await house.crisis.draft(AUTHOR, "flood", AlertAudience.NETWORK, drill=True)
    waiting = await house.network(drill=True)
    await house.crisis.decide(COLLEAGUE, waiting.id, AlertDeed.REJECT, "Not today")
    assert sentence(await service(house).one(AUTHOR, blind), Aspect.DRILL) == "readiness.drill_never"


async def test_who_sees_which_server(house: House) -> None:
    ready = service(house)
    assert (await ready.one(AUTHOR, blind)).server_id == HOME
    assert (await ready.one(NETWORK, blind, THIRD)).server_id == THIRD
    for actor in (AUTHOR, ELSEWHERE):
        with pytest.raises(Forbidden):
            await ready.all(actor, blind)
    with pytest.raises(Forbidden):
        await ready.one(AUTHOR, blind, OTHER)
    with pytest.raises(Forbidden):
        await ready.one(replace(AUTHOR, is_server_coordinator=False), blind)
    with pytest.raises(Refusal):
        await ready.one(NETWORK, blind, 12345)
    assert (
        await ready.one(replace(AUTHOR, is_server_coordinator=False, is_administrator=True), blind)
    ).server_id == HOME


async def test_all_servers_come_the_worst_first(house: House) -> None:
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    found = await service(house).all(NETWORK, blind)
    # At home nobody is on call; the other one left; the third has nothing to mend but that Discord does not show it.
    assert [each.server_id for each in found] == [HOME, OTHER, THIRD]
    assert sentence(found[1], Aspect.CONSENT) == "readiness.consent_left"
