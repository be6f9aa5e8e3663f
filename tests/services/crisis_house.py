"""Alerts over a test's database: three servers that consent to everything, and whoever coordinates them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import insert, select

from bot.domain.access import Actor
from bot.domain.crisis import Alert, AlertAudience, AlertDeed
from bot.domain.outbox import DeliveryKind, Dropped, Outcome, Sent
from bot.i18n import Catalogues
from bot.services.crisis import CrisisService
from bot.services.crisis_cap import CapService
from bot.services.crisis_desk import CrisisDesk
from bot.services.outbox import OutboxService
from bot.services.work import Work
from db.engine import Database
from db.tables import City, DeliveryRow, Server, ServerCity
from tests.clock import SettableClock
from tests.services.house import LOCALES

HOME, OTHER, THIRD = 901, 902, 903
AUTHOR = Actor(1, "Anna", "fr", server_id=HOME, server_joined=True, is_member=True, is_server_coordinator=True)
COLLEAGUE = replace(AUTHOR, user_id=2, name="Boris")
NETWORK = replace(AUTHOR, user_id=3, name="Chris", server_id=OTHER, is_network_coordinator=True)
ELSEWHERE = replace(AUTHOR, user_id=4, name="Dora", server_id=OTHER)


@dataclass(frozen=True, slots=True)
class House:
    """The services, and the database under them."""

    database: Database
    clock: SettableClock
    crisis: CrisisService
    desk: CrisisDesk
    cap: CapService
    outbox: OutboxService

    async def network(self, *, drill: bool = False, channels: int = 3) -> Alert:
        """An alert to the whole network, confirmed and waiting."""
        alert = await self.crisis.draft(AUTHOR, "flood", AlertAudience.NETWORK, drill=drill)
        return await self.crisis.confirm(AUTHOR, alert.id, str(channels))

    async def sent(self, *, drill: bool = False) -> Alert:
        """The same, approved."""
        alert = await self.network(drill=drill)
        return await self.crisis.decide(COLLEAGUE, alert.id, AlertDeed.APPROVE)

    async def speak(self, outcome: Outcome | None = None, most: int = 10) -> list[tuple[str, int]]:
        """Send what is due as the sender would; what it was and where."""
        said = []
        for delivery in await self.outbox.take("us", most):
            sent = Sent(delivery.id + 5000, delivery.target.id)
            if delivery.kind is DeliveryKind.UNDELIVERED:  # the outbox's own
                await self.outbox.settle(delivery, sent)
                continue
            said.append((delivery.kind.value, delivery.target.id))
            speech = await self.desk.speech(delivery)
            done = Dropped(speech) if isinstance(speech, str) else outcome or sent
            await self.outbox.settle(delivery, done)
        return said

    async def states(self) -> list[tuple[str, int | None, str]]:
        async with self.database.read() as session:
            columns = (DeliveryRow.kind, DeliveryRow.channel_id, DeliveryRow.state)
            return [(a, b, c) for a, b, c in await session.execute(select(*columns).order_by(DeliveryRow.id))]


async def crisis_house(database: Database, clock: SettableClock) -> House:
    """Three servers that speak French, Spanish and English; the first one speaks for Lyon."""
    work, catalogues = Work(database), Catalogues.load(LOCALES)
    async with database.begin() as session:
        for server, language in ((HOME, "fr"), (OTHER, "es"), (THIRD, "en")):
            await session.execute(
                insert(Server).values(
                    id=server,
                    name=f"S{server}",
                    language=language,
                    joined_at=clock(),
                    crisis_channel_id=server * 10,
                    coordinators_channel_id=server * 10 + 1,
                )
            )
        await session.execute(insert(City).values(id=1, name="Lyon", country="FR", region="ARA", zone="Europe/Paris"))
        await session.execute(insert(ServerCity).values(server_id=HOME, city_id=1))
    outbox = OutboxService(work, clock)
    crisis = CrisisService(work, clock, catalogues)
    desk = CrisisDesk(work, clock, catalogues, crisis)
    desk.listen(outbox)
    return House(database, clock, crisis, desk, CapService(work, clock, crisis), outbox)
