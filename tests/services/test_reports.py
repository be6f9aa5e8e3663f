"""Reports for coordinators, on both engines: what they count, and of which servers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.errors import Forbidden
from bot.domain.members import Level
from bot.services.reports import ReportsService
from bot.services.work import Work
from db.engine import Database
from db.tables import Question, Server
from tests.clock import SettableClock
from tests.services.house import ANNA, SERVER, MembersHouse, furnish, somebody

COORDINATOR = replace(somebody(60, "Carla"), is_server_coordinator=True)
KEEPER = replace(somebody(50, "Nadia"), is_network_coordinator=True)
OTHER = SERVER + 1
LYON = "2996944"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Desk:
    """The service, and how a question comes to be."""

    house: MembersHouse
    reports: ReportsService

    async def ask(self, thread_id: int | None, asked_at: datetime, **columns: Any) -> None:
        """A question in the small house's server, whose post stands in `thread_id`."""
        values = {"server_id": SERVER, "nameless": True, "body": "b", "language": "en", "state": "open"}
        async with self.house.database.begin() as session:
            named = {"title": f"Question {thread_id}", "thread_id": thread_id, "asked_at": asked_at}
            await session.execute(insert(Question).values(**(values | named | columns)))


@pytest.fixture
async def desk(database: Database, clock: SettableClock, tmp_path: Path) -> Desk:
    house = await furnish(database, clock, tmp_path)
    async with database.begin() as session:
        await session.execute(insert(Server).values(id=OTHER, name="Lviv", language="en", joined_at=clock()))
    return Desk(house, ReportsService(Work(database), clock, house.members.topics))


async def test_open_questions_stand_longest_first_and_by_topic(desk: Desk) -> None:
    now = desk.house.clock()
    await desk.ask(1, now - 3 * DAY, topic_id="housing")
    await desk.ask(2, now - 9 * DAY, topic_id="housing")
    await desk.ask(3, now - 2 * DAY)
    answered = {"topic_id": "housing", "state": "answered"}
    await desk.ask(4, now - 5 * DAY, answered_at=now - 5 * DAY + 2 * HOUR, **answered)
    await desk.ask(5, now - 5 * DAY, answered_at=now - 4 * DAY, **answered)
    await desk.ask(6, now - 800 * DAY, answered_at=now - 799 * DAY, **answered)
    await desk.ask(7, now - DAY, state="removed")
    await desk.ask(None, now - DAY)

    found = await desk.reports.questions(COORDINATOR)
    assert [one.thread_id for one in found.waiting] == [2, 1, 3]
    assert (found.answered, found.answered_in) == (2, 13 * HOUR)
    housing, nothing = found.topics
    assert housing.topic is not None
    assert (housing.topic.id, housing.open, housing.answered, housing.waiting) == ("housing", 2, 2, 9 * DAY)
    assert (nothing.topic, nothing.open, nothing.answered, nothing.answered_in) == (None, 1, 0, None)


async def test_a_servers_coordinator_sees_her_server_alone(desk: Desk) -> None:
    now = desk.house.clock()
    await desk.ask(1, now - DAY, topic_id="housing")
    await desk.ask(2, now - DAY, topic_id="housing", server_id=OTHER)
    assert len((await desk.reports.questions(COORDINATOR)).waiting) == 1
    assert len((await desk.reports.questions(KEEPER)).waiting) == 2
    asked = {use.topic.id: use.questions for use in (await desk.reports.topics_without(COORDINATOR)).bare}
    assert asked["housing"] == 1
    for report in (desk.reports.questions, desk.reports.topics_without):
        with pytest.raises(Forbidden):
            await report(ANNA)
    with pytest.raises(Forbidden):
        await desk.reports.unmatched(COORDINATOR)


async def test_topics_without_an_expert_begin_with_those_asked_about(desk: Desk) -> None:
    members = desk.house.members
    await members.set_up(somebody(1), LYON)
    await members.add_topic(somebody(1), "housing", Level.PRACTITIONER)
    await members.set_up(somebody(2), LYON)
    await members.add_topic(somebody(2), "budget-participatory", Level.INTERESTED)
    await desk.ask(1, desk.house.clock() - DAY, topic_id="stormwater-fees")

    found = await desk.reports.topics_without(COORDINATOR)
    assert [(use.topic.id, use.questions, use.interested) for use in found.bare] == [
        ("stormwater-fees", 1, 0),
        ("budget-participatory", 0, 1),
    ]
    assert {each.division.value: (each.covered, each.bare) for each in found.divisions} == {
        "01": (0, 1), "05": (0, 1), "06": (1, 0),
    }  # fmt: skip
    elsewhere = replace(COORDINATOR, server_id=OTHER)
    assert len((await desk.reports.topics_without(elsewhere)).bare) == 3


async def test_an_empty_network_has_reports_too(desk: Desk) -> None:
    assert (await desk.reports.questions(KEEPER)).topics == ()
    assert len((await desk.reports.topics_without(KEEPER)).bare) == 3
    assert await desk.reports.unmatched(KEEPER) == ()
