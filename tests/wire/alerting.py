"""A process in which people decide about alerts, and which sends: the real services, composers, ticker and sender over
a client that is logged in; no gateway, no commands.

`main` is its whole life (`tests.wire.zygote`). What it does is a scene; the moments that count are written down, one a
line, by a clock that all processes of this machine share (`time.monotonic`).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select

from bot.app import build_services
from bot.domain.access import Actor
from bot.domain.cities import Gazetteer
from bot.domain.crisis import AlertAudience, AlertDeed
from bot.domain.outbox import UNSETTLED, DeliveryKind
from bot.i18n import Catalogues
from bot.messenger import Desk, Sender
from bot.messenger.composers import COMPOSERS
from bot.messenger.touching_up import TouchingUp
from bot.services.registry import Services
from bot.ticker import Ticker
from config import FOLDER
from config.settings import Settings
from db.engine import Database
from db.tables import AlertTargetRow, DeliveryRow
from tests.wire.hooks import point_discord_py_at
from tests.wire.sending import Client, Clock, Switch, speaker
from tests.wire.wires import SERVER

LOOK = 0.05
"""Seconds between two looks at how far the sender is."""
AUTHOR = Actor(1, "Anna", "en", server_id=SERVER, server_joined=True, is_member=True, is_server_coordinator=True)
APPROVER = Actor(2, "Boris", "en", server_id=SERVER, server_joined=True, is_member=True, is_server_coordinator=True)


async def publish(services: Services, deciding: Callable[[], None] = lambda: None) -> int:
    """An alert to the whole network is drafted, confirmed and approved; `deciding` is called before the last click. Its
    number."""
    crisis = services.crisis
    alert = await crisis.draft(AUTHOR, "flood", AlertAudience.NETWORK, drill=False)
    channels = len((await crisis.reach(alert)).targets)
    await crisis.confirm(AUTHOR, alert.id, str(channels))
    deciding()
    await crisis.decide(APPROVER, alert.id, AlertDeed.APPROVE)
    return alert.id


@dataclass
class Desks:
    """What a scene works with."""

    services: Services
    database: Database
    clock: Clock
    notes: Path
    sender: Sender
    ticker: Ticker

    def note(self, what: str) -> None:
        """Write down that this happens now."""
        with self.notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps([what, time.monotonic()]) + "\n")

    async def alert(self) -> int:
        """An alert to the whole network, published. Its number."""
        return await publish(self.services, lambda: self.note("deciding"))

    async def cancel(self, alert_id: int) -> None:
        """A false alarm."""
        self.note("deciding")
        await self.services.crisis.decide(APPROVER, alert_id, AlertDeed.CANCEL)

    async def count(self, *conditions: Any) -> int:
        """So many deliveries are like this."""
        async with self.database.read() as session:
            return int(await session.scalar(select(func.count()).select_from(DeliveryRow).where(*conditions)) or 0)

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for it."""
        over = await condition()
        while not over:
            await asyncio.sleep(LOOK)
            over = await condition()

    async def until_sent(self, number: int, *kinds: DeliveryKind) -> None:
        """Wait until so many deliveries of these kinds are sent."""

        async def sent() -> bool:
            return await self.count(DeliveryRow.kind.in_(kinds), DeliveryRow.state == "sent") >= number

        await self.until(sent)

    async def until_settled(self, *kinds: DeliveryKind) -> None:
        """Wait until nothing of these kinds is left to send."""

        async def settled() -> bool:
            return not await self.count(DeliveryRow.kind.in_(kinds), DeliveryRow.state.in_(UNSETTLED))

        await self.until(settled)

    async def until_edited(self, number: int) -> None:
        """Wait until so many first messages say how their alert ended."""

        async def edited() -> bool:
            async with self.database.read() as session:
                query = select(func.count()).where(AlertTargetRow.edited_at.is_not(None))
                return int(await session.scalar(query) or 0) >= number

        await self.until(edited)


async def tell(desks: Desks, **_: Any) -> None:
    """An alert to everybody."""
    await desks.alert()
    await desks.until_settled(DeliveryKind.ALERT)


async def overtake(desks: Desks, *, after: int, **_: Any) -> None:
    """An alert while check-ins are being sent, of which the first `after` are through."""
    await desks.until_sent(after, DeliveryKind.CHECKIN)
    await desks.alert()
    await desks.until_settled(DeliveryKind.ALERT)


async def take_back(desks: Desks, *, after: int, **_: Any) -> None:
    """An alert that turns out to be false when `after` channels are told."""
    number = await desks.alert()
    await desks.until_sent(after, DeliveryKind.ALERT)
    await desks.cancel(number)
    await desks.until_settled(DeliveryKind.ALERT, DeliveryKind.ALERT_CANCEL)
    desks.note("told")
    await desks.until_edited(await desks.count(DeliveryRow.kind == DeliveryKind.ALERT, DeliveryRow.state == "sent"))
    desks.note("edited")


async def go_on(desks: Desks, **_: Any) -> None:
    """Nobody decides anything here: what is to be sent is sent."""
    await desks.until_settled(*DeliveryKind)


SCENES: dict[str, Callable[..., Awaitable[None]]] = {
    scene.__name__: scene for scene in (tell, overtake, take_back, go_on)
}


def main(orders: dict[str, Any]) -> None:
    """Play a scene."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    asyncio.run(play(**orders))


async def play(
    *,
    base: str,
    gateway: str,
    token: str,
    database: str,
    scene: str,
    notes: str = "",
    ahead: float = 0.0,
    switch: str | None = None,
    edits: bool = True,
    **more: Any,
) -> None:
    """Become the speaker, take over what the last one left, begin to tick, and let people decide."""
    point_discord_py_at(base, gateway)
    clock, opened = Clock(timedelta(seconds=ahead)), Database(database)
    catalogues = Catalogues.load(FOLDER / "locales")
    services = build_services(Settings(), opened, catalogues, clock, Gazetteer(()))
    async with await speaker(opened), Client(opened, Switch(switch) if switch else None) as client:
        await client.login(token)
        sender = Sender(client, services.outbox, Desk(services, catalogues, client), COMPOSERS)
        await services.outbox.take_over(sender.owner)
        ticker = Ticker(clock, services.outbox.work.bell)
        ticker.register("campaigns", services.planning.run_due)
        ticker.register("outbox", sender.run_due)
        if edits:
            ticker.register("crisis", TouchingUp(services, catalogues, client).run_due)
        ticker.start()
        desks = Desks(services, opened, clock, Path(notes), sender, ticker)
        await SCENES[scene](desks, **more)
        await asyncio.gather(sender.stop(), ticker.stop())
    await opened.close()


def moments(notes: Path) -> dict[str, float]:
    """What was written down, by name."""
    return dict(json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines())
