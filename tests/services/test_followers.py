"""Following a question, and who is told; on either engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.errors import Refusal
from bot.domain.outbox import Delivery, DeliveryKind, Refused, Target
from bot.services.followers import FollowersService
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import Database
from db.tables import Question, Server
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, somebody

RUI = somebody(2, "Rui")
DIRECT = {ANNA.user_id: 51, RUI.user_id: 52}


@pytest.fixture
async def work(database: Database, clock: SettableClock) -> Work:
    async with database.begin() as session:
        await session.execute(insert(Server).values(id=SERVER, name="Lyon", language="fr", joined_at=clock()))
        values: dict[str, Any] = {"server_id": SERVER, "nameless": True, "title": "Title", "body": "Body"}
        more: dict[str, Any] = {"language": "en", "state": "open", "asked_at": clock(), "thread_id": 7}
        await session.execute(insert(Question).values(id=1, **values, **more))
    return Work(database)


@pytest.fixture
async def followers(work: Work, clock: SettableClock) -> FollowersService:
    service = FollowersService(work, clock)
    for actor in (ANNA, RUI, RUI):
        await service.follow(actor, 1, DIRECT[actor.user_id])
    return service


@pytest.fixture
def outbox(work: Work, clock: SettableClock, followers: FollowersService) -> OutboxService:
    return OutboxService(work, clock)


async def told(outbox: OutboxService) -> list[Delivery]:
    return await outbox.take("me", 9)


async def test_everybody_but_the_writer_is_told(followers: FollowersService, outbox: OutboxService) -> None:
    assert await followers.tell(1, 500, leave_out=ANNA.user_id) == 1
    (news,) = await told(outbox)
    assert (news.target, news.payload) == (Target.direct(52), {"message_id": 500})


async def test_who_was_told_a_moment_ago_is_left_alone(
    followers: FollowersService, outbox: OutboxService, clock: SettableClock
) -> None:
    assert await followers.tell(1, 500, leave_out=ANNA.user_id) == 1
    assert [await followers.tell(1, 501, leave_out=None), await followers.tell(1, 502, leave_out=None)] == [1, 0]
    clock.advance(timedelta(minutes=15))
    assert await followers.tell(1, 503, leave_out=None) == 2


async def test_who_stopped_is_not_told(followers: FollowersService) -> None:
    assert await followers.follows(1, 51)
    assert await followers.unfollow(ANNA.user_id, 1)
    assert not await followers.unfollow(ANNA.user_id, 1)
    assert not await followers.follows(1, 51)
    assert await followers.tell(1, 500, leave_out=None) == 1
    assert await followers.tell(2, 500, leave_out=None) == 0


async def test_who_closed_her_messages_is_dropped_and_may_come_back(
    followers: FollowersService, outbox: OutboxService
) -> None:
    await followers.tell(1, 500, leave_out=ANNA.user_id)
    outbox.on_settled(DeliveryKind.QUESTION_NEWS, followers.on_settled)
    (news,) = await told(outbox)
    await outbox.settle(news, Refused(50007, 52))
    assert not await followers.follows(1, 52)
    assert (await outbox.place(news)).refused == 50007
    await followers.follow(RUI, 1, 52)
    assert (await outbox.place(news)).refused is None


async def test_a_question_that_is_not_there(followers: FollowersService) -> None:
    with pytest.raises(Refusal, match=r"questions\.unknown"):
        await followers.check(ANNA, 5)
    with pytest.raises(Refusal, match=r"questions\.unknown"):
        await followers.follow(ANNA, 5, 51)
