"""What the bot says on its own, in tests of cogs: nothing wakes it there but these."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from db.tables import DeliveryRow
from tests.clock import SettableClock
from tests.cogs.conftest import World


async def deliver(world: World, *, after: timedelta = timedelta(0)) -> None:
    """Let so much time pass, then let the bot do whatever is due: plan, send, and what follows from that."""
    clock = world.application.clock
    if after:
        assert isinstance(clock, SettableClock)
        clock.advance(after)
    await world.application.ticker.tick()
    await world.env.settle()


async def states(world: World) -> list[tuple[str, str]]:
    """The kind and state of each delivery, in the order in which they were written down."""
    async with world.application.database.read() as session:
        rows = await session.execute(select(DeliveryRow.kind, DeliveryRow.state).order_by(DeliveryRow.id))
        return [(kind, state) for kind, state in rows]
