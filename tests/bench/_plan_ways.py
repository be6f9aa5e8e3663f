"""Ways to plan a period; each runs in a process of its own over people who are already there."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.domain.calendar import begins, moment
from bot.services import outbox, planning
from bot.services.campaign_rows import campaign_of, period_of, whom_of
from bot.services.planning import PlanningService
from bot.services.work import Work
from db.engine import Database
from db.migrations import upgrade
from db.queries import audiences, campaigns, periods
from db.tables import Campaign, DeliveryRow, Member, Membership, Period, Prompt, Server
from tests.bench.harness.compare import Measured

DAY = date(2026, 3, 3)
MINUTE = 570
ZONE = "Europe/Paris"
NOW = moment(DAY, MINUTE, ZONE)
SERVER = 900_000_000_000_000_001
BATCH = 5_000
WITHOUT_MESSAGES = 10
"""One in so many does not allow direct messages and is asked in the channel."""
Way = Callable[[Database], Awaitable[None]]


async def fill(url: str, people: int) -> None:
    """A server with so many alumnae, who all live in one zone, and a campaign that is due."""
    database = Database(url, wait=30)
    await upgrade(database)
    then = datetime(2026, 1, 1, tzinfo=UTC)
    async with database.begin() as session:
        server = {"id": SERVER, "name": "Server", "language": "en", "joined_at": then, "checkin_channel_id": 1}
        await session.execute(insert(Server).values(**server))
    for start in range(1, people + 1, BATCH):
        numbers = range(start, min(start + BATCH, people + 1))
        async with database.begin() as session:
            await session.execute(insert(Member), [_member(number, then) for number in numbers])
            rows = [{"server_id": SERVER, "member_id": number, "alumni": True, "joined_at": then} for number in numbers]
            await session.execute(insert(Membership), rows)
    async with database.maintain() as connection:
        await connection.exec_driver_sql("ANALYZE")  # as a database knows its tables that was not filled a moment ago
    await database.close()


def _member(number: int, then: datetime) -> dict[str, Any]:
    direct = number % WITHOUT_MESSAGES != 0
    times = {"confirmed_at": then, "created_at": then, "updated_at": then}
    allowed = {"direct_messages_at": then if direct else None, "direct_channel_id": number if direct else None}
    return (
        {"id": number, "user_id": number, "display_name": f"M {number}", "zone": ZONE, "language": "en"}
        | times
        | allowed
    )


async def reset(database: Database) -> None:
    """Nothing has been planned, and the campaign is due."""
    async with database.begin() as session:
        for table in (DeliveryRow, Campaign):
            await session.execute(delete(table))
        kind = {"state": "active", "audience": "everyone", "place": "direct", "anonymous": False, "version": 0}
        rule = {"rule": "FREQ=MONTHLY;BYDAY=1TU", "minute": MINUTE, "starts_on": DAY, "next_day": DAY}
        times = {"open_days": 14, "late_hours": 48, "remind_after_days": 4, "created_at": NOW}
        values = kind | rule | times | {"name": "Monthly", "next_at": begins(DAY, MINUTE)}
        await session.execute(insert(Campaign).values(**values))


def in_chunks(url: str, people: int) -> Measured:
    """The product's way: short transactions of some hundred people each."""
    return asyncio.run(_measure(url, people, lambda database: _run(database, planning.CHUNK)))


def in_one(url: str, people: int) -> Measured:
    """The same, with everybody in one transaction, for which all others who write wait."""
    return asyncio.run(_measure(url, people, lambda database: _run(database, people + 1)))


def one_by_one(url: str, people: int) -> Measured:
    """Everybody is read, then each has a transaction for her prompt and what is to be sent."""
    return asyncio.run(_measure(url, people, _one_by_one))


async def _run(database: Database, chunk: int) -> None:
    await PlanningService(Work(database), lambda: NOW, chunk).run_due(NOW)


async def _one_by_one(database: Database) -> None:
    work = Work(database)
    service = PlanningService(work, lambda: NOW, 1)
    await service._open(NOW)
    async with work.read() as session:
        seen = await periods.to_plan(session, NOW)
        assert seen is not None
        row = await campaigns.by_id(session, seen.campaign_id)
        assert row is not None
        campaign, period = campaign_of(row), period_of(seen)
        people = await audiences.without_prompt(
            session, whom_of(campaign), period.id, [ZONE], now=NOW, after=0, most=10**9
        )
    for person in people:
        async with work.begin() as session:
            (planned,) = await planning._decide(session, campaign, period, [person], NOW)
            await periods.add_prompts(session, [planned.prompt])
            await outbox.post(session, [planned.delivery] if planned.delivery else [], NOW)
    async with work.begin() as session:
        await session.execute(update(Period).values(plan_at=None))


async def _measure(url: str, people: int, way: Way) -> Measured:
    """Run it once, and see that everybody has a prompt, and whoever is written to a delivery."""
    database = Database(url, wait=30)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Member)) == people
    began, used = perf_counter(), _cpu()
    await way(database)
    seconds, cpu = perf_counter() - began, _cpu() - used
    async with database.read() as session:
        counted = [await session.scalar(select(func.count()).select_from(table)) for table in (Prompt, DeliveryRow)]
    await database.close()
    assert counted == [people, people - people // WITHOUT_MESSAGES + 1], counted
    return {"s": seconds, "s of CPU": cpu}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
