"""The database as its administrator sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services.database import DatabaseInUse, DatabaseService, DatabaseState
from db.engine import Database


async def test_from_nothing_to_a_backup_and_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/data/twincord.db")
    service = DatabaseService(database)
    new = await service.state()
    assert new == DatabaseState(place=f"{tmp_path}/data/twincord.db", dialect="sqlite", revision=None, head=new.head)
    assert not new.current
    assert await service.upgrade() is None
    assert (await service.state()).current
    assert await service.upgrade() == new.head
    await service.backup(tmp_path / "backup")
    await service.restore(tmp_path / "backup")
    async with service.speaker_lock():
        with pytest.raises(DatabaseInUse):
            await service.restore(tmp_path / "backup")
    await database.close()


async def test_state_of_a_database_in_use(database: Database) -> None:
    state = await DatabaseService(database).state()
    assert state.current
    assert (state.place, state.dialect) == (database.place, database.dialect)
