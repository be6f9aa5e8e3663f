"""Which threads are to be opened when, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.crisis import AlertAudience, AlertDeed
from bot.domain.crisis_consent import Consent
from bot.domain.crisis_threads import ThreadRefusal, ToOpen
from bot.domain.outbox import Again, DeliveryKind, NewDelivery, Sent, Target
from bot.services.crisis_threads import CrisisThreads
from bot.services.outbox import post
from db.engine import Database
from db.tables import Server
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, COLLEAGUE, ELSEWHERE, HOME, House, crisis_house


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    return await crisis_house(database, clock)


def threads_of(house: House) -> CrisisThreads:
    return CrisisThreads(house.outbox.work, house.clock, house.crisis)


async def found(threads: CrisisThreads) -> list[int]:
    """The channels in which threads are to be opened, in their order; each is left alone once it was named."""
    left: list[ToOpen] = []
    while (one := await threads.next([each.key for each in left])) is not None:
        left.append(one)
    return [each.channel_id for each in left]


async def test_only_once_the_last_channel_was_told(house: House) -> None:
    threads = threads_of(house)
    await house.sent()
    assert await found(threads) == []
    *first, last = await house.outbox.take("us", 10)
    for each in first:
        await house.outbox.settle(each, Sent(each.id, each.target.id))
    assert await found(threads) == []
    await house.outbox.settle(last, Again(house.clock() + timedelta(minutes=3), house.clock(), "503"))
    assert await found(threads) == []  # it was tried: it waits, however late the next try is
    house.clock.advance(timedelta(minutes=3))
    await house.speak()
    assert await found(threads) == [9010, 9020, 9030]


async def test_what_is_to_be_said_later_keeps_no_thread_waiting_and_what_is_urgent_does(house: House) -> None:
    threads = threads_of(house)
    alert = await house.sent()
    await house.speak()
    now = house.clock()
    later = NewDelivery(
        DeliveryKind.ALERT_OVERRIDE, alert.id, Target.channel(9011, HOME), "later", not_before=now + timedelta(hours=1)
    )
    async with house.database.begin() as session:
        await post(session, [later], now)
    assert len(await found(threads)) == 3
    other = await house.crisis.draft(AUTHOR, "storm", AlertAudience.SERVER, drill=False)
    await house.crisis.confirm(AUTHOR, other.id, "1")
    assert await found(threads) == []
    await house.speak()
    assert len(await found(threads)) == 4


async def test_a_real_alert_does_not_wait_for_a_drill(house: House) -> None:
    threads = threads_of(house)
    await house.sent()
    await house.speak()
    await house.sent(drill=True)
    assert len(await found(threads)) == 3


async def test_what_is_on_record_is_not_to_be_opened_again_and_comes_with_its_reason(house: House) -> None:
    threads = threads_of(house)
    alert = await house.sent()
    await house.speak()
    one = await threads.next()
    assert one is not None
    await threads.opened(one, 77)
    await threads.refused(one, 50013)  # too late: it is there
    two = await threads.next()
    assert two is not None
    await threads.refused(two, 160006)
    assert await found(threads) == [9030]
    kept = [(each.channel_id, each.thread_id, each.refusal) for each in (await house.desk.progress(alert)).threads]
    assert kept == [(9010, 77, None), (9020, None, ThreadRefusal.FULL)]
    _, happened = await house.desk.log(AUTHOR, alert.id)
    assert {"thread.opened", "thread.refused"} <= {each.kind for each in happened}


async def test_not_where_the_alert_is_over_nor_where_the_server_left(house: House) -> None:
    threads = threads_of(house)
    alert = await house.sent()
    await house.speak()
    await house.desk.set_consent(ELSEWHERE, Consent(takes_part=False))
    assert await found(threads) == [9010, 9030]
    async with house.database.begin() as session:
        await session.execute(update(Server).where(Server.id == HOME).values(left_at=house.clock()))
    assert await found(threads) == [9030]
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    await house.speak()
    assert await found(threads) == []


async def test_the_end_follows_into_the_thread_once(house: House) -> None:
    threads = threads_of(house)
    alert = await house.sent()
    await house.speak()
    one = await threads.next()
    assert one is not None
    await threads.opened(one, 77)
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.END)
    await house.speak()
    (end,) = await house.outbox.take("us", 10)
    assert (end.kind, end.target.id, end.language) == (DeliveryKind.ALERT_THREAD_END, 77, "fr")
    assert await threads.ended(end) is not None
    await house.crisis.decide(COLLEAGUE, alert.id, AlertDeed.CANCEL)
    assert await threads.ended(end) is None  # a false alarm is said instead
