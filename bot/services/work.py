"""The unit of work: one short transaction a use case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.errors import Unavailable
from bot.services.bell import Bell
from db.engine import AsyncSession, Database
from db.errors import DatabaseUnavailable

_WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Work:
    """Opens transactions, and turns a database that is locked or gone into a sentence for the person."""

    database: Database
    bell: Bell = field(default_factory=Bell)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write; committed at the end of the block, undone where it raises.

        Once it is committed the bell is rung, if `wake_after` asked for it.
        """
        try:
            async with self.database.begin() as session:
                yield session
        except DatabaseUnavailable as error:
            raise Unavailable(error.message_id, **error.parameters) from error
        if session.info.get(_WAKE):
            self.bell.ring()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        try:
            async with self.database.read() as session:
                yield session
        except DatabaseUnavailable as error:
            raise Unavailable(error.message_id, **error.parameters) from error


def wake_after(session: AsyncSession) -> None:
    """Let the services that do what is due be woken as soon as this transaction is committed."""
    session.info[_WAKE] = True
