"""The topics file and the database, on both engines."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.domain.access import Actor, Host
from bot.domain.errors import Forbidden, Refusal
from bot.services.topics import TopicsService
from bot.services.work import Work
from config import FOLDER
from db.engine import Database
from db.queries import audit
from tests.clock import SettableClock

FILE = FOLDER / "topics.csv"
COORDINATOR = Actor(user_id=7, name="Nadia", language="en", is_network_coordinator=True)


@pytest.fixture
def topics(database: Database, clock: SettableClock) -> TopicsService:
    return TopicsService(Work(database), clock)


def copy_with(tmp_path: Path, changes: dict[str, dict[str, str]], new: list[dict[str, str]] | None = None) -> Path:
    """The topics file, some cells changed, some rows added."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    file = tmp_path / "topics.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows([row | changes.get(row["id"], {}) for row in rows] + (new or []))
    return file


async def test_all_topics_of_the_file_are_found(topics: TopicsService) -> None:
    done = await topics.synchronise(FILE)

    assert (done.new, done.changed, done.total) == (358, 0, 358)
    assert len(topics.index) == 358
    assert topics.find("participatory budgeting", "en").matches[0].topic_id == "participatory-budgeting"
    assert topics.get("stormwater").label("fr")


async def test_a_second_time_changes_nothing(topics: TopicsService) -> None:
    await topics.synchronise(FILE)
    done = await topics.synchronise(FILE)

    assert (done.new, done.changed, done.total) == (0, 0, 358)


async def test_a_changed_row_and_a_new_one(topics: TopicsService, tmp_path: Path) -> None:
    await topics.synchronise(FILE)
    with FILE.open(encoding="utf-8", newline="") as lines:
        first = next(iter(csv.DictReader(lines)))
    file = copy_with(
        tmp_path,
        {"stormwater": {"synonyms_en": "rain that nobody wants"}},
        [first | {"id": "beekeeping", "label_en": "beekeeping in town"}],
    )

    done = await topics.synchronise(file, Host())

    assert (done.new, done.changed, done.total) == (1, 1, 359)
    assert topics.find("rain that nobody wants", "en").matches[0].topic_id == "stormwater"
    assert topics.find("beekeeping in town", "en").matches[0].topic_id == "beekeeping"


async def test_who_may_and_what_is_audited(topics: TopicsService, database: Database) -> None:
    with pytest.raises(Forbidden):
        await topics.synchronise(FILE, Actor(user_id=1, name="Ana", language="en", is_member=True))
    await topics.synchronise(FILE, COORDINATOR)

    async with database.read() as session:
        entries = await audit.latest(session)
    assert [(entry.actor_id, entry.action, entry.subject) for entry in entries] == [(7, "topics.import", "topics.csv")]


async def test_a_bad_file_names_its_line_and_changes_nothing(topics: TopicsService, tmp_path: Path) -> None:
    file = copy_with(tmp_path, {"stormwater": {"cofog": "99"}})

    with pytest.raises(Refusal) as refused:
        await topics.synchronise(file)

    assert refused.value.message_id == "topics.file_cofog"
    await topics.load()
    assert len(topics.index) == 0


async def test_a_file_that_is_not_there(topics: TopicsService, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        await topics.synchronise(tmp_path / "none.csv")
    assert refused.value.message_id == "topics.file_unreadable"


async def test_an_export_reads_back_without_change(topics: TopicsService, tmp_path: Path) -> None:
    await topics.synchronise(FILE)
    rows = await topics.export()
    file = tmp_path / "export.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    done = await topics.synchronise(file)

    assert (done.new, done.changed) == (0, 0)


async def test_an_id_is_that_topic_and_an_unknown_one_is_refused(topics: TopicsService) -> None:
    await topics.synchronise(FILE)

    finding = topics.find("social-housing", "en")

    assert finding.confident
    assert [match.topic_id for match in finding.matches] == ["social-housing"]
    with pytest.raises(Refusal):
        topics.get("nothing-of-the-kind")
