"""What services need from the outside, as protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.servers import Server
from bot.domain.setup import Seen


class Clock(Protocol):
    """Tells the time; handed in, so that tests say what time it is."""

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Eyes(Protocol):
    """Shows what Discord has of a server, without changing anything."""

    async def __call__(self, server: Server, role_id: int | None, /) -> Seen | None:
        """Its channels and roles, and one more role; None where the bot is not in it, or Discord does not answer."""
        ...
