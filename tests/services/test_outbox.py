"""Deliveries on record: written, taken, settled; on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.domain.outbox import (
    Again,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Dropped,
    NewDelivery,
    Priority,
    Refused,
    Sent,
    Target,
)
from bot.services.outbox import OutboxService, post, withdraw
from bot.services.work import Work
from db.engine import Database
from db.tables import DeliveryRow, Server
from tests.clock import SettableClock

SERVER = 900_000_000_000_000_001
KIND = DeliveryKind.QUESTION_NEWS


@pytest.fixture
async def outbox(database: Database, clock: SettableClock) -> OutboxService:
    async with database.begin() as session:
        await session.execute(insert(Server).values(id=SERVER, name="Lyon", language="fr", joined_at=clock()))
    return OutboxService(Work(database), clock)


def new(key: str, target: Target | int = 1, **columns: object) -> NewDelivery:
    place = Target.channel(target, SERVER) if isinstance(target, int) else target
    return NewDelivery(KIND, 7, place, key, **columns)  # type: ignore[arg-type]


async def write(outbox: OutboxService, *deliveries: NewDelivery) -> None:
    async with outbox.work.begin() as session:
        await post(session, deliveries, outbox.clock())


async def rows(outbox: OutboxService, *columns: str) -> list[tuple[object, ...]]:
    async with outbox.work.read() as session:
        query = select(*(getattr(DeliveryRow, name) for name in columns)).order_by(DeliveryRow.id)
        return [tuple(row) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class Held:
    """An alert of which nobody knows whether it arrived, and that waits ten minutes."""

    outbox: OutboxService
    taken: Delivery

    async def fail(self, error: str = "500", minutes: int = 10) -> None:
        now = self.outbox.clock()
        assert await self.outbox.settle(self.taken, Again(now + timedelta(minutes=minutes), now, error))

    async def take(self) -> list[str]:
        return keys(await self.outbox.take("us", 9))


@pytest.fixture
async def held(outbox: OutboxService) -> Held:
    await write(outbox, new("alert", priority=Priority.ALERT, sequence="alert:1"))
    (taken,) = await outbox.take("us", 1)
    return Held(outbox, taken)


def cancel() -> NewDelivery:
    return new("cancel", priority=Priority.CANCEL, sequence="alert:1")


def keys(taken: list[Delivery]) -> list[str]:
    return [each.dedupe_key for each in taken]


async def test_what_was_taken_comes_back_as_it_was_written(outbox: OutboxService, clock: SettableClock) -> None:
    until = clock() + timedelta(hours=1)
    rung = []
    outbox.work.bell.listen(lambda: rung.append(1))
    await write(outbox, new("a", language="fr", not_after=until, payload={"message_id": 5}, priority=Priority.DRILL))
    assert rung == [1]
    (taken,) = await outbox.take("me", 10)
    assert (taken.kind, taken.subject, taken.target) == (KIND, 7, Target.channel(1, SERVER))
    assert (taken.language, taken.not_after, taken.payload) == ("fr", until, {"message_id": 5})
    assert (taken.priority, taken.attempts, taken.owner) == (Priority.DRILL, 1, "me")
    assert taken.in_doubt_since is None
    assert await rows(outbox, "state", "in_doubt_since") == [("sending", clock())]


async def test_a_key_is_used_once_in_one_batch_and_later(outbox: OutboxService) -> None:
    await write(outbox, new("a"), new("a"), new("b"))
    await write(outbox, new("b"), new("c"))
    assert await rows(outbox, "dedupe_key") == [("a",), ("b",), ("c",)]


async def test_an_undone_decision_says_nothing(outbox: OutboxService) -> None:
    rung = []
    outbox.work.bell.listen(lambda: rung.append(1))

    async def decide_and_fail() -> None:
        async with outbox.work.begin() as session:
            await post(session, [new("a")], outbox.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await decide_and_fail()
    assert await rows(outbox, "id") == []
    assert rung == []


async def test_what_goes_first(outbox: OutboxService) -> None:
    await write(
        outbox,
        new("ordinary direct", Target.direct(9)),
        new("ordinary", 1),
        new("alert direct", Target.direct(9), priority=Priority.ALERT),
        new("alert", 2, priority=Priority.ALERT),
        new("cancel", 3, priority=Priority.CANCEL),
    )
    order = ["cancel", "alert", "alert direct", "ordinary", "ordinary direct"]
    assert keys(await outbox.take("me", 2)) == order[:2]
    assert keys(await outbox.take("me", 9)) == order[2:]


async def test_a_sequence_keeps_its_order_at_each_target(outbox: OutboxService, clock: SettableClock) -> None:
    for target in (1, 2):
        await write(
            outbox,
            new(f"alert {target}", target, sequence="alert:7", priority=Priority.ALERT),
            new(f"cancel {target}", target, sequence="alert:7", priority=Priority.CANCEL),
        )
    one, two = await outbox.take("me", 9)
    assert keys([one, two]) == ["alert 1", "alert 2"]
    assert await outbox.take("me", 9) == []
    await outbox.settle(one, Sent(5, 1))
    assert keys(await outbox.take("me", 9)) == ["cancel 1"]
    await outbox.settle(two, Again(clock() + timedelta(seconds=9), clock(), "503"))
    assert await outbox.take("me", 9) == []
    assert await outbox.next_due() == clock() + timedelta(seconds=9)
    clock.advance(timedelta(seconds=9))
    (two,) = await outbox.take("me", 9)
    await outbox.settle(two, Refused(50001))
    assert keys(await outbox.take("me", 9)) == ["cancel 2"]


async def test_a_lease_is_fenced_by_its_owner(outbox: OutboxService, clock: SettableClock) -> None:
    await write(outbox, new("a"))
    (first,) = await outbox.take("one", 9)
    clock.advance(outbox.lease - timedelta(seconds=1))
    assert await outbox.take("two", 9) == []
    clock.advance(timedelta(seconds=1))
    (second,) = await outbox.take("two", 9)
    assert second.in_doubt_since == first.taken_at
    assert second.attempts == 2
    assert not await outbox.settle(first, Sent(5, 1))
    assert await outbox.settle(second, Sent(6, 1))
    assert not await outbox.settle(second, Dropped("again"))
    assert await rows(outbox, "state", "message_id") == [("sent", 6)]


async def test_what_a_dead_speaker_had_taken_is_free_at_once(outbox: OutboxService) -> None:
    await write(outbox, new("a"))
    await outbox.take("dead", 9)
    await outbox.take_over("me")
    assert keys(await outbox.take("me", 9)) == ["a"]
    await outbox.take_over("me")
    assert await outbox.take("me", 9) == []


async def test_put_back_as_it_was(outbox: OutboxService) -> None:
    await write(outbox, new("a"))
    before = await rows(outbox, "state", "attempts", "in_doubt_since", "owner")
    (taken,) = await outbox.take("me", 9)
    await outbox.put_back(taken)
    assert await rows(outbox, "state", "attempts", "in_doubt_since", "owner") == before


async def test_withdrawing_leaves_what_may_have_been_said(outbox: OutboxService, clock: SettableClock) -> None:
    await write(outbox, new("tried"), new("waiting"))
    (taken,) = await outbox.take("me", 1)
    await outbox.settle(taken, Again(clock(), clock(), "503"))
    async with outbox.work.begin() as session:
        assert await withdraw(session, [KIND], 7, clock()) == 1
    assert await rows(outbox, "dedupe_key", "state") == [("tried", "pending"), ("waiting", "cancelled")]


async def test_a_hook_sees_what_is_settled_for_good(outbox: OutboxService, clock: SettableClock) -> None:
    seen = []

    async def hook(session: object, delivery: Delivery, outcome: object, now: object) -> None:
        seen.append((delivery.dedupe_key, outcome))

    outbox.on_settled(KIND, hook)
    await write(outbox, new("a"))
    (taken,) = await outbox.take("me", 1)
    await outbox.settle(taken, Again(clock(), None, "429"))
    (taken,) = await outbox.take("me", 1)
    await outbox.settle(taken, Sent(5, 1))
    assert seen == [("a", Sent(5, 1))]
    assert await rows(outbox, "state") == [(DeliveryState.SENT,)]


async def test_what_holds_up_something_more_urgent_is_looked_for_at_once(held: Held) -> None:
    await held.fail()
    await write(held.outbox, new("news", 2), new("update", priority=Priority.ALERT, sequence="alert:1"))
    assert await held.take() == ["news"]  # an update is no more urgent than its alert
    await write(held.outbox, new("other", 2, priority=Priority.CANCEL), cancel())
    assert await rows(held.outbox, "dedupe_key", "priority") == [
        ("alert", Priority.CANCEL),
        ("news", Priority.ORDINARY),
        ("update", Priority.ALERT),
        ("other", Priority.CANCEL),
        ("cancel", Priority.CANCEL),
    ]
    assert await held.take() == ["alert", "other"]


async def test_so_is_what_was_being_sent_when_the_more_urgent_came(held: Held, clock: SettableClock) -> None:
    await write(held.outbox, cancel())
    assert await held.take() == []
    await held.fail()
    clock.advance(timedelta(seconds=2))
    assert await held.take() == ["alert"]


async def test_what_discord_counts_is_not_hurried(held: Held, clock: SettableClock) -> None:
    await write(held.outbox, cancel())
    await held.fail("429", minutes=3)
    clock.advance(timedelta(minutes=2))
    assert await held.take() == []
    clock.advance(timedelta(minutes=1))
    assert await held.take() == ["alert"]


async def test_what_was_never_tried_keeps_its_time(outbox: OutboxService, clock: SettableClock) -> None:
    later = clock() + timedelta(hours=1)
    await write(outbox, new("later", not_before=later, priority=Priority.ALERT, sequence="alert:1"), cancel())
    assert await rows(outbox, "dedupe_key", "due_at") == [("later", later), ("cancel", clock())]
