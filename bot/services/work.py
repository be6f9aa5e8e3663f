"""The unit of work: one short transaction a use case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.errors import Unavailable
from db.engine import AsyncSession, Database
from db.errors import DatabaseUnavailable


@dataclass(frozen=True, slots=True)
class Work:
    """Opens transactions, and turns a database that is locked or gone into a sentence for the person."""

    database: Database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write; committed at the end of the block, undone where it raises."""
        try:
            async with self.database.begin() as session:
                yield session
        except DatabaseUnavailable as error:
            raise Unavailable(error.message_id, **error.parameters) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        try:
            async with self.database.read() as session:
                yield session
        except DatabaseUnavailable as error:
            raise Unavailable(error.message_id, **error.parameters) from error
