"""Ways to take a roster into a database that is migrated and has the topics; each runs in a process of its own.

All write the same members, languages and topics, and say so by counting at the end; only loading is timed.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter

from tests.bench.harness.compare import Measured

NOW = "2026-03-03 09:00:00.000000"
CITY = "INSERT INTO cities (name, country, zone) VALUES (?, ?, ?)"
MEMBER = (
    "INSERT INTO members (user_id, reference, display_name, post, cohort, city_id, zone, language, imported_at,"
    " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LANGUAGE = "INSERT INTO member_languages (member_id, language) VALUES (?, ?)"
TOPIC = "INSERT INTO expertise (member_id, topic_id, level) VALUES (?, ?, ?)"


def empty_database(database: str) -> Measured:
    """Make the file: migrated, with the topics."""
    import asyncio  # noqa: PLC0415 - the imports of one way are not to weigh on the memory of the other

    from bot.app import open_house  # noqa: PLC0415
    from config.settings import load_settings  # noqa: PLC0415

    async def make() -> None:
        async with open_house(load_settings(database_url=f"sqlite:///{database}")):
            pass

    asyncio.run(make())
    return {}


def twincord(roster: str, database: str, rows: int) -> Measured:
    """`members import`: everything checked, cities and topics looked up, people matched, all or nothing."""
    import asyncio  # noqa: PLC0415

    from bot.app import open_house  # noqa: PLC0415
    from bot.domain.access import Host  # noqa: PLC0415
    from config.settings import load_settings  # noqa: PLC0415

    async def load() -> float:
        async with open_house(load_settings(database_url=f"sqlite:///{database}")) as house:
            began = perf_counter()
            done = await house.services.roster.import_file(Host(), Path(roster))
            seconds = perf_counter() - began
        assert (done.new, done.problem_count) == (rows, 0), done.problems[:3]
        return seconds

    return _rate(asyncio.run(load()), database, rows)


def row_by_row(roster: str, database: str, rows: int) -> Measured:
    """`csv` and one INSERT for each row, in one transaction: nothing checked, nothing looked up, nobody matched."""
    began = perf_counter()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        _insert_all(connection, Path(roster))
    return _rate(perf_counter() - began, database, rows)


def _insert_all(connection: sqlite3.Connection, roster: Path) -> None:
    cities: dict[tuple[str, str], int | None] = {}
    with roster.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = row["city"], row["country"]
            if place not in cities:
                cities[place] = connection.execute(CITY, (*place, row["zone"])).lastrowid
            member_id = connection.execute(
                MEMBER,
                (
                    int(row["discord_user_id"]) if row["discord_user_id"] else None,
                    row["reference"],
                    row["display_name"],
                    row["post"],
                    row["cohort"],
                    cities[place],
                    row["zone"],
                    row["language"] or None,
                    NOW,
                    NOW,
                    NOW,
                ),
            ).lastrowid
            for language in row["languages"].split("|"):
                connection.execute(LANGUAGE, (member_id, language))
            for topic in row["topics"].split(" | "):
                connection.execute(TOPIC, (member_id, *topic.split(":")))


def _rate(seconds: float, database: str, rows: int) -> Measured:
    with closing(sqlite3.connect(database)) as connection:
        counted = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("members", "member_languages", "expertise")
        ]
    assert counted == [rows, 2 * rows, 3 * rows], counted
    return {"rows/s": rows / seconds}
