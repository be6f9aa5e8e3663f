"""The lists of cities: kept by their server's coordinators, told to whoever is on them, left with one button."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.cities import Gazetteer
from bot.domain.errors import Forbidden, Refusal
from bot.domain.oncall import Chosen, Duty, OnCallReach
from bot.i18n import Catalogues
from bot.services.oncall import OnCallService
from bot.services.servers import ServersService
from bot.services.work import Work
from db.engine import Database
from db.tables import AuditEntry, City, DeliveryRow, Member, Membership, OnCall, RefusalRow, Server, ServerCity
from tests.clock import SettableClock
from tests.services.house import LOCALES

HOME, OTHER, ROLE = 901, 902, 77
COORDINATOR = Actor(1, "Anna", "fr", server_id=HOME, server_joined=True, is_member=True, is_server_coordinator=True)
ELSEWHERE = replace(COORDINATOR, user_id=4, server_id=OTHER)
ALUMNA = replace(COORDINATOR, user_id=10, is_server_coordinator=False)
LYON, GHENT = 1, 2


@dataclass(frozen=True, slots=True)
class House:
    database: Database
    clock: SettableClock
    oncall: OnCallService

    async def choose(self, duty: Duty, *user_ids: int, city: int = LYON, actor: Actor = COORDINATOR) -> Any:
        people = [Chosen(each, f"U{each}", frozenset({ROLE})) for each in user_ids]
        return await self.oncall.choose(actor, city, duty, people)

    async def member(self, user_id: int, *, direct: bool = True, left: bool = False) -> int:
        now = self.clock()
        async with self.database.begin() as session:
            member_id: int | None = await session.scalar(
                insert(Member)
                .values(
                    user_id=user_id,
                    display_name=f"U{user_id}",
                    zone="UTC",
                    language="es",
                    created_at=now,
                    updated_at=now,
                    direct_messages_at=now if direct else None,
                    direct_channel_id=user_id * 100 if direct else None,
                )
                .returning(Member.id)
            )
            place = {"server_id": HOME, "member_id": member_id, "alumni": True, "joined_at": now}
            await session.execute(insert(Membership).values(**place, left_at=now if left else None))
        assert member_id is not None
        return member_id

    async def said(self) -> list[tuple[Any, ...]]:
        columns = (DeliveryRow.kind, DeliveryRow.member_id, DeliveryRow.channel_id, DeliveryRow.language)
        async with self.database.read() as session:
            return [tuple(row) for row in await session.execute(select(*columns).order_by(DeliveryRow.id))]

    async def write(self, statement: Any) -> None:
        async with self.database.begin() as session:
            await session.execute(statement)


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    work, catalogues = Work(database), Catalogues.load(LOCALES)
    async with database.begin() as session:
        for server in (HOME, OTHER):
            await session.execute(
                insert(Server).values(
                    id=server,
                    name=f"S{server}",
                    language="fr",
                    joined_at=clock(),
                    alumni_role_id=ROLE,
                    crisis_channel_id=server * 10,
                    coordinators_channel_id=server * 10 + 1,
                )
            )
        for city, name, country in ((LYON, "Lyon", "FR"), (GHENT, "Gent", "BE")):
            await session.execute(insert(City).values(id=city, name=name, country=country, zone="UTC"))
        await session.execute(insert(ServerCity).values(server_id=HOME, city_id=LYON))
        await session.execute(insert(ServerCity).values(server_id=HOME, city_id=GHENT, checkin_channel_id=5))
        await session.execute(insert(ServerCity).values(server_id=OTHER, city_id=LYON))
    servers = ServersService(work, clock, catalogues, Gazetteer(()))
    return House(database, clock, OnCallService(work, clock, servers))


async def test_each_is_told_directly_or_in_a_channel_of_her_city_and_once(house: House) -> None:
    direct, shy = await house.member(10), await house.member(11, direct=False)
    card = await house.choose(Duty.ON_CALL, 10, 11, 12)
    assert [each.user_id for each in card.of(Duty.ON_CALL)] == [10, 11, 12]
    told = [("on_call_listed", direct, None, "es"), ("on_call_listed", None, 9010, "fr")]
    assert await house.said() == [*told, told[1]]
    assert shy
    await house.choose(Duty.ON_CALL, 10, 11, 12)
    assert len(await house.said()) == 3
    house.clock.advance(timedelta(minutes=1))
    card = await house.choose(Duty.DEPUTY, 11)
    assert [(each.user_id, each.duty) for each in card.people] == [
        (10, Duty.ON_CALL),
        (12, Duty.ON_CALL),
        (11, Duty.DEPUTY),
    ]
    assert len(await house.said()) == 4, "she has another duty now"
    await house.choose(Duty.ON_CALL, 12, city=GHENT)
    assert (await house.said())[-1][2] == 5, "where the city has a channel for what is no alarm"


async def test_how_each_can_be_reached(house: House) -> None:
    await house.member(10)
    closed = await house.member(11)
    await house.member(12, left=True)
    await house.write(insert(RefusalRow).values(member_id=closed, code=50007, at=house.clock()))
    card = await house.choose(Duty.ON_CALL, 10, 11, 12, 13)
    assert {each.user_id: each.reach for each in card.people} == {
        10: OnCallReach.DIRECT,
        11: OnCallReach.CLOSED,
        12: OnCallReach.LEFT,
        13: OnCallReach.CHANNEL,
    }
    card = await house.oncall.take_off(COORDINATOR, LYON, [13])
    assert {each.user_id for each in card.people} == {10, 11}


async def test_lists_belong_to_a_server_and_its_coordinators(house: House) -> None:
    await house.choose(Duty.ON_CALL, 10)
    assert (await house.oncall.card(ELSEWHERE)).people == ()
    with pytest.raises(Forbidden):
        await house.choose(Duty.ON_CALL, 10, actor=ALUMNA)
    with pytest.raises(Forbidden):
        await house.oncall.card(ALUMNA)
    with pytest.raises(Refusal) as refused:
        await house.choose(Duty.ON_CALL, 10, city=GHENT, actor=ELSEWHERE)
    assert refused.value.message_id == "servers.city_not_here"
    with pytest.raises(Refusal):
        await house.oncall.choose(COORDINATOR, LYON, Duty.ON_CALL, [Chosen(9, "No member", frozenset())])
    assert (await house.oncall.card(COORDINATOR, LYON)).cities == ((GHENT, "Gent"), (LYON, "Lyon"))


async def test_she_steps_back_and_coordinators_learn_that_a_place_is_free(house: House) -> None:
    await house.choose(Duty.ON_CALL, 10)
    async with house.database.read() as session:
        place = await session.scalar(select(OnCall.id))
    assert place is not None
    with pytest.raises(Forbidden):
        await house.oncall.step_back(replace(ALUMNA, user_id=11), place)
    assert (await house.oncall.step_back(ALUMNA, place)).city == "Lyon"
    assert (await house.said())[-1] == ("on_call_free", None, 9011, "fr")
    with pytest.raises(Refusal):
        await house.oncall.step_back(ALUMNA, place)
    assert await house.oncall.listed(place) is None
    left = await house.oncall.list_of(HOME, LYON)
    assert left is not None
    assert left.people == ()
    async with house.database.read() as session:
        assert list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
            "oncall.choose",
            "oncall.step_back",
        ]


async def test_nobody_is_told_of_a_place_in_a_server_that_left(house: House) -> None:
    await house.choose(Duty.ON_CALL, 10)
    async with house.database.read() as session:
        place = await session.scalar(select(OnCall.id))
    assert place is not None
    assert await house.oncall.listed(place) is not None
    await house.write(update(Server).where(Server.id == HOME).values(left_at=house.clock()))
    assert await house.oncall.listed(place) is None
    assert await house.oncall.list_of(HOME, LYON) is None
