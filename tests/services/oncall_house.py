"""Alerts with people who answer for cities: the house of alerts, and three of them in Lyon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.crisis import Alert
from bot.domain.escalation import FIRST
from bot.domain.oncall import Duty
from bot.domain.outbox import DeliveryKind, Dropped, Sent
from bot.services.escalation import EscalationService
from bot.services.oncall_desk import OnCallDesk
from db.engine import Database
from db.tables import (
    City,
    DeliveryRow,
    EscalationRow,
    EscalationStep,
    Member,
    Membership,
    NetworkCoordinator,
    OnCall,
    ServerCity,
)
from tests.clock import SettableClock
from tests.services.crisis_house import AUTHOR, HOME, NETWORK, OTHER, House, crisis_house

LYON, GHENT = 1, 2
ONE, TWO, DEPUTY = (replace(AUTHOR, user_id=n, is_server_coordinator=False) for n in (21, 22, 23))
"""On call for Lyon, on call for Lyon without direct messages, and a deputy."""
ALUMNA = replace(AUTHOR, user_id=30, is_server_coordinator=False)
ASKED = {DeliveryKind.ALERT_UNANSWERED, DeliveryKind.DRILL_UNANSWERED}
DIRECT = {
    DeliveryKind.ALERT_ON_CALL,
    DeliveryKind.DRILL_ON_CALL,
    DeliveryKind.ALERT_ON_CALL_UPDATE,
    DeliveryKind.DRILL_ON_CALL_UPDATE,
}


@dataclass(frozen=True, slots=True)
class OnCallHouse:
    """The services. `members` are the members' ids by Discord id."""

    crisis: House
    escalation: EscalationService
    desk: OnCallDesk
    members: dict[int, int]

    @property
    def clock(self) -> SettableClock:
        return self.crisis.clock

    async def write(self, *statements: Any) -> None:
        async with self.crisis.database.begin() as session:
            for statement in statements:
                await session.execute(statement)

    async def rows(self, *columns: Any, where: Any = None) -> list[tuple[Any, ...]]:
        query = select(*columns) if where is None else select(*columns).where(where)
        async with self.crisis.database.read() as session:
            return [tuple(row) for row in await session.execute(query.order_by(*columns))]

    async def member(self, actor: Actor, *, direct: bool = True, server: int = HOME) -> None:
        """She has a profile, and is in a server."""
        now = self.clock()
        hers = {"user_id": actor.user_id, "display_name": actor.name, "zone": "UTC", "language": "es"}
        allowed = {"direct_messages_at": now, "direct_channel_id": actor.user_id * 100} if direct else {}
        async with self.crisis.database.begin() as session:
            member_id = await session.scalar(
                insert(Member).values(**hers, **allowed, created_at=now, updated_at=now).returning(Member.id)
            )
            assert member_id is not None
            await session.execute(
                insert(Membership).values(server_id=server, member_id=member_id, alumni=True, joined_at=now)
            )
        self.members[actor.user_id] = member_id

    async def put_on(self, actor: Actor, duty: Duty, city: int = LYON, server: int = HOME) -> None:
        """She is on a list."""
        await self.write(
            insert(OnCall).values(
                server_id=server,
                city_id=city,
                user_id=actor.user_id,
                duty=duty.value,
                added_by=1,
                added_at=self.clock(),
            )
        )

    async def sent(self, *, drill: bool = False) -> Alert:
        """An alert to the whole network, approved, and whatever follows from that at once."""
        alert = await self.crisis.sent(drill=drill)
        await self.escalation.run_due(self.clock())
        return alert

    async def wait(self, alert: Alert, times: float = 1) -> None:
        """So many first waits pass, and what is due is done."""
        self.clock.advance(FIRST[alert.severity] * times)
        await self.escalation.run_due(self.clock())

    async def speak(self, most: int = 50) -> list[tuple[str, str]]:
        """Send what is due as the sender would, in its order; what it was and to whom, but for what is dropped."""
        said = []
        for delivery in await self.crisis.outbox.take("us", most):
            speech: object = None
            if delivery.kind in DIRECT:
                speech = await self.desk.direct(delivery)
            elif delivery.kind in ASKED:
                speech = await self.desk.asking(delivery)
            elif "on_call" not in delivery.kind:
                speech = await self.crisis.desk.speech(delivery)
            dropped = isinstance(speech, str)
            outcome = Dropped(str(speech)) if dropped else Sent(delivery.id + 5000, delivery.target.id)
            await self.crisis.outbox.settle(delivery, outcome)
            if not dropped:
                said.append((delivery.kind.value, str(delivery.target)))
        return said

    async def dropped(self) -> list[str | None]:
        """Why deliveries were dropped, in their order."""
        query = select(DeliveryRow.problem).where(DeliveryRow.state == "cancelled").order_by(DeliveryRow.id)
        async with self.crisis.database.read() as session:
            return list(await session.scalars(query))

    def to(self, actor: Actor) -> str:
        """A member as a target."""
        return f"member:{self.members[actor.user_id]}"

    async def steps(self) -> Sequence[tuple[Any, ...]]:
        """The server, city and rung of every step, in the order in which they were taken."""
        query = (
            select(EscalationRow.server_id, EscalationRow.city_id, EscalationStep.rung)
            .join(EscalationRow, EscalationRow.id == EscalationStep.escalation_id)
            .order_by(EscalationStep.at, EscalationRow.id)
        )
        async with self.crisis.database.read() as session:
            return [tuple(row) for row in await session.execute(query)]

    async def waiting(self) -> list[tuple[Any, ...]]:
        """The servers and cities that have not acknowledged."""
        columns = (EscalationRow.server_id, EscalationRow.city_id)
        return await self.rows(*columns, where=EscalationRow.ended_at.is_(None))


async def oncall_house(database: Database, clock: SettableClock) -> OnCallHouse:
    """Lyon in the first server, Gent in the second, the third speaks for no city. There is one network coordinator."""
    crisis = await crisis_house(database, clock)
    house = OnCallHouse(
        crisis,
        EscalationService(crisis.crisis.work, clock),
        OnCallDesk(crisis.crisis.work, clock, crisis.crisis),
        {},
    )
    await house.write(
        insert(City).values(id=GHENT, name="Gent", country="BE", zone="Europe/Brussels"),
        insert(ServerCity).values(server_id=OTHER, city_id=GHENT),
        insert(NetworkCoordinator).values(user_id=NETWORK.user_id, appointed_at=clock()),
    )
    await house.member(ONE)
    await house.member(TWO, direct=False)
    await house.member(DEPUTY)
    await house.member(NETWORK, server=OTHER)
    await house.put_on(ONE, Duty.ON_CALL)
    await house.put_on(TWO, Duty.ON_CALL)
    await house.put_on(DEPUTY, Duty.DEPUTY)
    return house


async def leave(house: OnCallHouse, actor: Actor) -> None:
    """She leaves the first server."""
    where = Membership.member_id == house.members[actor.user_id]
    await house.write(update(Membership).where(where).values(left_at=house.clock()))


LONG = timedelta(days=2)
