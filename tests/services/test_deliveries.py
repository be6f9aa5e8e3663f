"""Refusals and what follows from them; how the outbox is, and trying again; on either engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.access import Actor, Host
from bot.domain.cities import Gazetteer
from bot.domain.errors import Forbidden
from bot.domain.outbox import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    InDoubt,
    NewDelivery,
    Outcome,
    Priority,
    RefusalReason,
    Refused,
    Sent,
    Target,
)
from bot.domain.servers import ChannelUse
from bot.i18n import Catalogues
from bot.services.deliveries import DeliveriesService
from bot.services.direct import DirectService
from bot.services.outbox import OutboxService, post
from bot.services.servers import ServersService
from bot.services.work import Work
from db.engine import Database
from db.tables import AuditEntry, City, DeliveryRow, Member, Membership, RefusalRow, Server, ServerCity
from tests.clock import SettableClock
from tests.services.house import LOCALES

LYON, LVIV = 900_000_000_000_000_001, 900_000_000_000_000_002
CHECKIN, CITY, COORDINATORS = 31, 32, 33
ANNA = Actor(user_id=11, name="Anna", language="en", server_id=LYON, server_joined=True, is_member=True)
COORDINATOR = Actor(
    user_id=12, name="Cleo", language="en", server_id=LYON, server_joined=True, is_server_coordinator=True
)
NETWORK = Actor(user_id=13, name="Nora", language="en", is_network_coordinator=True)
KIND = DeliveryKind.QUESTION_NEWS


@pytest.fixture
async def outbox(database: Database, clock: SettableClock) -> OutboxService:
    """Two servers; Anna, who lives in a city of the first and allowed direct messages."""
    now = clock()
    async with database.begin() as session:
        for server_id, name in ((LYON, "Lyon"), (LVIV, "Lviv")):
            values: dict[str, Any] = {"id": server_id, "name": name, "language": "fr", "joined_at": now}
            channels = {"checkin_channel_id": CHECKIN, "coordinators_channel_id": COORDINATORS}
            await session.execute(insert(Server).values(**values, **(channels if server_id == LYON else {})))
        await session.execute(insert(City).values(id=1, name="Lyon", country="FR", zone="Europe/Paris"))
        await session.execute(insert(ServerCity).values(server_id=LYON, city_id=1, checkin_channel_id=CITY))
        person: dict[str, Any] = {"display_name": "Anna", "zone": "UTC", "created_at": now, "updated_at": now}
        direct = {"direct_messages_at": now, "direct_channel_id": 51, "confirmed_at": now}
        await session.execute(insert(Member).values(id=1, user_id=11, city_id=1, **person, **direct))
        await session.execute(insert(Membership).values(server_id=LYON, member_id=1, alumni=True, joined_at=now))
    return OutboxService(Work(database), clock)


async def one(outbox: OutboxService, target: Target, key: str = "a", **more: Any) -> Delivery:
    """A delivery that was written down and taken."""
    async with outbox.work.begin() as session:
        await post(session, [NewDelivery(KIND, 7, target, key, **more)], outbox.clock())
    return next(each for each in await outbox.take("me", 9) if each.dedupe_key == key)


async def settled(outbox: OutboxService, target: Target, outcome: Outcome, key: str = "a", **more: Any) -> Delivery:
    delivery = await one(outbox, target, key, **more)
    await outbox.settle(delivery, outcome)
    return delivery


async def waiting(outbox: OutboxService) -> list[tuple[Any, ...]]:
    async with outbox.work.read() as session:
        columns = (DeliveryRow.kind, DeliveryRow.channel_id, DeliveryRow.instead_of, DeliveryRow.payload)
        found = await session.execute(select(*columns).where(DeliveryRow.state == "pending").order_by(DeliveryRow.id))
        return [tuple(row) for row in found]


async def change(outbox: OutboxService, table: Any, **columns: Any) -> None:
    async with outbox.work.begin() as session:
        await session.execute(table.__table__.update().values(**columns))


@pytest.mark.parametrize("code", [50007, 50278])
async def test_a_member_who_cannot_be_reached_is_spoken_to_in_her_citys_channel(
    outbox: OutboxService, code: int
) -> None:
    until = outbox.clock() + timedelta(hours=1)
    target = Target.member(1)
    delivery = await settled(outbox, target, Refused(code, 51), fallback=True, payload={"x": 1}, not_after=until)
    assert (await outbox.place(delivery)).refused == code
    told, instead = await waiting(outbox)
    assert told[:2] == ("undelivered", COORDINATORS)
    assert instead == (KIND, CITY, 1, {"x": 1})
    again = await settled(outbox, target, Refused(code, remembered=True), "b", fallback=True)
    assert again.target == target
    assert [row[1] for row in await waiting(outbox)] == [CITY], "told once; spoken to again"


async def test_without_a_channel_of_her_city_it_is_the_servers(outbox: OutboxService) -> None:
    await change(outbox, ServerCity, checkin_channel_id=None)
    await settled(outbox, Target.member(1), Refused(0), fallback=True)
    assert await waiting(outbox) == [(KIND, CHECKIN, 1, {})], "not allowed: nothing to remember, nobody to tell"


async def test_nothing_is_said_in_her_stead_unasked(outbox: OutboxService) -> None:
    await settled(outbox, Target.member(1), Refused(50007, 51))
    assert [row[0] for row in await waiting(outbox)] == ["undelivered"]


@pytest.mark.parametrize(("code", "remembered"), [(50001, 1), (50013, 1), (10003, 1), (50035, 0), (200000, 0)])
async def test_what_is_remembered_of_a_channel(outbox: OutboxService, code: int, remembered: int) -> None:
    target = Target.channel(5, LYON)
    delivery = await settled(outbox, target, Refused(code, 5))
    assert len(await waiting(outbox)) == remembered
    assert (await outbox.place(delivery)).refused == (code if remembered else None)
    await settled(outbox, target, Sent(9, 5), "b")
    assert (await outbox.place(delivery)).refused is None


async def test_the_coordinators_channel_is_not_told_of_itself(outbox: OutboxService) -> None:
    await settled(outbox, Target.channel(COORDINATORS, LYON), Refused(50001, COORDINATORS))
    await settled(outbox, Target.channel(6, LVIV), Refused(50001, 6), "b")
    await settled(outbox, Target.direct(7), Refused(50007, 7), "c")
    assert await waiting(outbox) == []


async def test_a_refused_channel_is_probed_after_an_hour_and_for_an_alert_at_once(
    outbox: OutboxService, clock: SettableClock
) -> None:
    delivery = await settled(outbox, Target.channel(5, LYON), Refused(50001, 5))
    place = await outbox.place(delivery)
    assert not place.may_be_probed(clock(), Priority.ORDINARY)
    assert place.may_be_probed(clock(), Priority.ALERT)
    assert place.may_be_probed(clock.advance(timedelta(hours=1)), Priority.ORDINARY)
    await settled(outbox, Target.channel(5, LYON), Refused(50013, 5), "b")
    assert not (await outbox.place(delivery)).may_be_probed(clock(), Priority.ORDINARY)
    await settled(outbox, Target.channel(5, LYON), Refused(10003, 5), "c")
    assert not (await outbox.place(delivery)).may_be_probed(clock(), Priority.ALERT)


async def test_what_bars_a_place(outbox: OutboxService, clock: SettableClock) -> None:
    member, channel = await one(outbox, Target.member(1)), await one(outbox, Target.channel(5, LYON), "b")
    alert = await one(outbox, Target.member(1), "c", priority=Priority.ALERT)

    async def barred() -> list[str | None]:
        return [(await outbox.place(each)).barred for each in (member, alert, channel)]

    assert await barred() == [None, None, None]
    await change(outbox, Member, paused_until=clock() + timedelta(days=1))
    assert await barred() == ["paused", None, None]
    await change(outbox, Member, paused_until=None)
    await change(outbox, Membership, left_at=clock())
    assert await barred() == ["member_left", "member_left", None]
    await change(outbox, Server, left_at=clock())
    assert (await barred())[2] == "server_left"
    async with outbox.work.begin() as session:
        await session.execute(Member.__table__.delete())  # type: ignore[attr-defined]
    assert (await outbox.place(member)).barred == "member_gone"


async def test_allowing_direct_messages_begins_anew(outbox: OutboxService, clock: SettableClock) -> None:
    direct = DirectService(outbox.work, clock)
    delivery = await settled(outbox, Target.member(1), Refused(50007, 51))
    stopped = await direct.stop(ANNA)
    assert stopped is not None
    assert stopped.direct_messages_at is None
    assert (await outbox.place(delivery)).channel_id is None
    profile = await direct.allow(ANNA, 52)
    assert profile.direct_messages_at == clock()
    place = await outbox.place(delivery)
    assert (place.channel_id, place.refused) == (52, None)
    assert await direct.stop(NETWORK) is None


async def test_how_the_outbox_is(outbox: OutboxService, clock: SettableClock) -> None:
    deliveries = DeliveriesService(outbox.work, clock)
    await settled(outbox, Target.member(1), Refused(50007, 51))
    await settled(outbox, Target.channel(5, LYON), InDoubt("unreadable"), "b")
    await settled(outbox, Target.channel(6, LVIV), Refused(10003, 6), "c")
    await settled(outbox, Target.direct(7), Refused(50007, 7), "d")
    async with outbox.work.begin() as session:
        later = NewDelivery(KIND, 7, Target.channel(5, LYON), "e", not_before=clock() + timedelta(hours=1))
        await post(session, [later], clock())
    since = clock()
    clock.advance(timedelta(minutes=5))
    lyon = await deliveries.status(COORDINATOR)
    assert (lyon.waiting, lyon.later, lyon.oldest) == (0, 1, None)
    assert lyon.refused == {RefusalReason.CLOSED: 1}
    assert lyon.states[DeliveryState.UNKNOWN] == 1
    assert [(each.member, each.channel_id) for each in lyon.troubled] == [(None, 5), ("Anna", None)]
    everything = await deliveries.status(NETWORK)
    assert everything.refused == {RefusalReason.CLOSED: 2, RefusalReason.GONE: 1}
    assert [each.channel_id for each in everything.troubled] == [None, 6, 5, None], "nobody sees a direct channel"
    assert (await deliveries.figures()).kinds == everything.kinds
    clock.advance(timedelta(hours=1))
    assert (await deliveries.status(COORDINATOR)).oldest == since + timedelta(hours=1)
    with pytest.raises(Forbidden):
        await deliveries.status(ANNA)


async def test_trying_again(outbox: OutboxService, clock: SettableClock) -> None:
    deliveries = DeliveriesService(outbox.work, clock)
    rung: list[datetime] = []
    refused = await settled(outbox, Target.channel(5, LYON), Refused(50001, 5))
    await settled(outbox, Target.channel(5, LYON), InDoubt("unreadable"), "b")
    await settled(outbox, Target.channel(6, LVIV), Refused(50001, 6), "c")
    await settled(outbox, Target.channel(5, LYON), Refused(50001, 5), "late", not_after=clock())
    await settled(outbox, Target.member(1), Refused(0), "instead", fallback=True)
    outbox.work.bell.listen(lambda: rung.append(clock()))
    clock.advance(timedelta(minutes=1))
    assert await deliveries.retry(COORDINATOR, uncertain=False) == 1
    assert len(rung) == 1
    assert (await outbox.place(refused)).refused is None
    assert await deliveries.retry(COORDINATOR, uncertain=True) == 1
    assert await deliveries.retry(COORDINATOR, uncertain=True) == 0
    assert await deliveries.retry(NETWORK, uncertain=True) == 1
    taken = [each for each in await outbox.take("me", 20) if each.kind is KIND and each.instead_of is None]
    assert [(each.dedupe_key, each.attempts, each.in_doubt_since) for each in taken] == [
        (key, 1, None) for key in ("a", "b", "c")
    ]
    async with outbox.work.read() as session:
        entries = (await session.execute(select(AuditEntry.actor_id, AuditEntry.action, AuditEntry.details))).all()
        left = list(await session.scalars(select(RefusalRow.channel_id)))
    assert [tuple(entry) for entry in entries] == [
        (actor, "deliveries.retry", {"number": 1, "uncertain": uncertain})
        for actor, uncertain in ((12, False), (12, True), (13, True))
    ]
    assert left == []
    with pytest.raises(Forbidden):
        await deliveries.retry(ANNA, uncertain=False)


async def test_what_was_settled_long_ago_is_swept(outbox: OutboxService, clock: SettableClock) -> None:
    await settled(outbox, Target.channel(5, LYON), Sent(9, 5))
    await outbox.sweep(clock.advance(timedelta(days=179)))
    await one(outbox, Target.channel(5, LYON), "b")
    assert await outbox.sweep(clock.advance(timedelta(days=2))) == clock() + timedelta(days=1)
    async with outbox.work.read() as session:
        assert list(await session.scalars(select(DeliveryRow.dedupe_key))) == ["b"]


async def test_choosing_a_channel_anew_forgets_its_refusal(outbox: OutboxService, clock: SettableClock) -> None:
    servers = ServersService(outbox.work, clock, Catalogues.load(LOCALES), Gazetteer(()))
    for channel in (5, 6):
        delivery = await settled(outbox, Target.channel(channel, LYON), Refused(50001, channel), str(channel))
        assert (await outbox.place(delivery)).refused == 50001
        if channel == 5:
            await servers.set_channel(Host(), LYON, ChannelUse.CRISIS, channel)
        else:
            await servers.set_city_channels(Host(), LYON, 1, crisis=None, checkin=channel)
        assert (await outbox.place(delivery)).refused is None
