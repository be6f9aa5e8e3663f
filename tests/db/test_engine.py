"""The recipe: one writer, true readers, aware times, on both engines."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from db.engine import Database, insert_for
from db.tables import City, NetworkCoordinator, ServerCity, Topic
from tests.clock import BEGINNING

LVIV = {"id": 1, "name": "Lviv", "country": "UA", "population": 0, "zone": "Europe/Kyiv"}


async def test_two_hundred_people_at_once_lose_no_update(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(insert(City).values(LVIV))

    async def look_decide_write() -> None:
        async with database.begin() as session:
            count = await session.scalar(select(City.population))
            assert count is not None
            await session.execute(update(City).values(population=count + 1))

    await asyncio.gather(*(look_decide_write() for _ in range(200)))
    async with database.read() as session:
        assert await session.scalar(select(City.population)) == 200


async def test_two_processes_lose_no_update_either(database: Database) -> None:
    """Two openings of one database know as little of each other as two processes."""
    async with database.begin() as session:
        await session.execute(insert(City).values(LVIV))
    other = Database(database.url, wait=20)

    async def look_decide_write(opened: Database) -> None:
        async with opened.begin() as session:
            count = await session.scalar(select(City.population))
            assert count is not None
            await session.execute(update(City).values(population=count + 1))

    await asyncio.gather(*(look_decide_write(opened) for opened in (database, other) * 25))
    async with other.read() as session:
        assert await session.scalar(select(City.population)) == 50
    await other.close()


async def test_what_is_raised_inside_undoes_everything(database: Database) -> None:
    async def make_a_mistake() -> None:
        async with database.begin() as session:
            await session.execute(insert(City).values(LVIV))
            raise KeyError("a mistake of the caller's")

    with pytest.raises(KeyError):
        await make_a_mistake()
    async with database.read() as session:
        assert await session.scalar(select(func.count(City.id))) == 0


async def test_a_cancelled_writer_leaves_the_way_free(database: Database) -> None:
    inside = asyncio.Event()

    async def write_forever() -> None:
        async with database.begin() as session:
            await session.execute(insert(City).values(LVIV))
            inside.set()
            await asyncio.Event().wait()

    async def wait_in_line() -> None:
        async with database.begin() as session:
            await session.execute(insert(City).values(LVIV))

    writer = asyncio.create_task(write_forever())
    await inside.wait()
    waiting = asyncio.create_task(wait_in_line())
    await asyncio.sleep(0)
    for task in (waiting, writer):
        task.cancel()
    await asyncio.wait([writer, waiting])
    assert writer.cancelled()
    assert waiting.cancelled()
    async with database.begin() as session:
        assert await session.scalar(select(func.count(City.id))) == 0


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with database.read() as session:
            await session.execute(insert(City).values(LVIV))


async def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    async with database.read() as reader:
        assert await reader.scalar(select(func.count(City.id))) == 0
        async with database.begin() as session:
            await session.execute(insert(City).values(LVIV))
        assert await reader.scalar(select(func.count(City.id))) == 0
    async with database.read() as reader:
        assert await reader.scalar(select(func.count(City.id))) == 1


async def test_a_row_may_not_refer_to_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(insert(ServerCity).values(server_id=404, city_id=404))


async def test_a_word_outside_the_enum_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(
                text(
                    "INSERT INTO one_time_codes (purpose, digest, created_at, expires_at) VALUES ('pay', 'x', :t, :t)"
                ).bindparams(t=BEGINNING.replace(tzinfo=None) if database.dialect == "sqlite" else BEGINNING)
            )


async def test_times_come_back_in_utc(database: Database) -> None:
    noon_in_lviv = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    async with database.begin() as session:
        await session.execute(insert(NetworkCoordinator).values(user_id=7, appointed_at=noon_in_lviv))
    async with database.read() as session:
        read = await session.scalar(select(NetworkCoordinator.appointed_at))
        found = await session.scalar(
            select(func.count()).where(NetworkCoordinator.appointed_at == noon_in_lviv.astimezone(UTC))
        )
    assert read == noon_in_lviv
    assert read is not None
    assert read.utcoffset() == timedelta(0)
    assert found == 1


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.begin() as session:
            await session.execute(
                insert(NetworkCoordinator).values(user_id=7, appointed_at=datetime(2026, 7, 1))  # noqa: DTZ001
            )


async def test_an_insert_that_meets_its_own_row_updates_it(database: Database) -> None:
    for code in ("06.3", "05.2"):
        async with database.begin() as session:
            into = insert_for(session, Topic).values(id="stormwater", cofog=code, hidden=False)
            await session.execute(
                into.on_conflict_do_update(index_elements=["id"], set_={"cofog": into.excluded.cofog})
            )
    async with database.read() as session:
        assert (await session.execute(select(Topic.id, Topic.cofog))).all() == [("stormwater", "05.2")]


async def test_an_id_is_never_given_twice(database: Database) -> None:
    """A button under an old message may still carry it."""
    city = {"name": "Lviv", "country": "UA", "zone": "Europe/Kyiv"}
    async with database.begin() as session:
        first = await session.scalar(insert(City).values(city).returning(City.id))
        await session.execute(delete(City))
    async with database.begin() as session:
        assert await session.scalar(insert(City).values(city).returning(City.id)) != first


async def test_the_file_is_for_its_owner_alone_and_its_folder_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/twincord.db")
    async with database.begin() as session:
        await session.execute(text("CREATE TABLE t (i INTEGER)"))
    assert database.file is not None
    files = sorted(database.file.parent.iterdir())
    assert {file.suffix for file in files} >= {".db", ".db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await database.close()


async def test_what_was_deleted_is_not_left_in_the_file(sqlite_database: Database) -> None:
    for statement in (insert(City).values(LVIV | {"region": "a secret of somebody's"}), delete(City)):
        async with sqlite_database.begin() as session:
            await session.execute(statement)
    await sqlite_database.close()
    assert sqlite_database.file is not None
    assert b"a secret of somebody's" not in sqlite_database.file.read_bytes()


async def test_ping_answers(database: Database) -> None:
    await database.ping()
