"""The database as its administrator sees it: is it there, is it current, keep a copy, bring one back.

The floors above may not import `db`; the errors that they have to tell people of are named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.backup import backup, restore
from db.engine import Database
from db.errors import BackupFailed, DatabaseError, DatabaseInUse, DatabaseNewer, DatabaseUnavailable
from db.lock import SpeakerLock
from db.migrations import current_revision, head_revision, upgrade

__all__ = [
    "BackupFailed",
    "DatabaseError",
    "DatabaseInUse",
    "DatabaseNewer",
    "DatabaseService",
    "DatabaseState",
    "DatabaseUnavailable",
    "SpeakerLock",
]


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Where the database is, without a password; its revision, None for a new one; and the one it should have."""

    place: str
    dialect: str
    revision: str | None
    head: str

    @property
    def current(self) -> bool:
        """Whether no upgrade is needed."""
        return self.revision == self.head


@dataclass(frozen=True, slots=True)
class DatabaseService:
    """What the command line and the start do with the database as a whole. All raise DatabaseError."""

    database: Database

    async def state(self) -> DatabaseState:
        """What there is, changing nothing: an SQLite file that does not exist yet is new, not unavailable."""
        file = self.database.file
        new = file is not None and not file.exists()
        revision = None if new else await current_revision(self.database)
        return DatabaseState(self.database.place, self.database.dialect, revision, head_revision())

    async def upgrade(self) -> str | None:
        """Bring it to the revision that this program knows; returns the one it had, None for a new database."""
        return await upgrade(self.database)

    async def backup(self, file: Path) -> None:
        """Write a copy to a file that does not exist yet, while the bot runs."""
        await backup(self.database, file)

    async def restore(self, file: Path) -> None:
        """Replace everything by a copy, all or nothing, while no bot runs."""
        await restore(self.database, file)

    def speaker_lock(self) -> SpeakerLock:
        """The lock of the one bot that speaks for this database."""
        return SpeakerLock(self.database)
