"""Campaigns over a test's database: a server, people in many zones, and time that passes as the ticker would let it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.access import Actor
from bot.domain.campaigns import Audience, Campaign
from bot.domain.outbox import Delivery, DeliveryKind, Outcome, Priority, Target, TargetKind
from bot.services.campaign_editing import CampaignEditing
from bot.services.campaigns import CampaignsService
from bot.services.outbox import OutboxService
from bot.services.planning import PlanningService
from bot.services.prompting import PromptingService
from bot.services.work import Work
from db.engine import Database
from db.tables import Campaign as CampaignTable
from db.tables import City, DeliveryRow, Member, Membership, Period, Prompt, Server, ServerCity
from tests.clock import SettableClock

SERVER = 900_000_000_000_000_001
CHANNEL = 920_000_000_000_000_001
COORDINATOR = Actor(
    user_id=100_000_000_000_000_999,
    name="Carla",
    language="en",
    server_id=SERVER,
    server_joined=True,
    is_member=True,
    is_server_coordinator=True,
)
NETWORK = replace(COORDINATOR, is_network_coordinator=True, is_server_coordinator=False)


@dataclass
class CampaignHouse:
    """The services, and the database under them."""

    database: Database
    clock: SettableClock
    chunk: int = 2
    people: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        work = Work(self.database)
        self.campaigns = CampaignsService(work, self.clock)
        self.editing = CampaignEditing(self.campaigns)
        self.planning = PlanningService(work, self.clock, self.chunk)
        self.prompting = PromptingService(work, self.clock)
        self.outbox = OutboxService(work, self.clock)
        self.outbox.on_settled(DeliveryKind.CHECKIN, self.prompting.settled)

    async def add_server(self, server_id: int = SERVER, channel_id: int | None = CHANNEL, language: str = "fr") -> None:
        await self._insert(
            Server, id=server_id, name="Lyon", language=language, joined_at=self.clock(), checkin_channel_id=channel_id
        )

    async def add_city(self, name: str, zone: str, country: str = "FR", channel_id: int | None = None) -> int:
        city_id = await self._insert(City, City.id, name=name, country=country, zone=zone)
        await self._insert(ServerCity, server_id=SERVER, city_id=city_id, checkin_channel_id=channel_id)
        return int(city_id)

    async def add(self, name: str, zone: str = "Europe/Paris", *, direct: bool = True, **columns: Any) -> int:
        """Somebody in the server; her member's id."""
        now, number = self.clock(), len(self.people) + 1
        allows = {"direct_messages_at": now, "direct_channel_id": 930_000_000_000_000_000 + number} if direct else {}
        member_id = await self._insert(
            Member,
            Member.id,
            **{"user_id": 100_000_000_000_000_000 + number, "display_name": name, "zone": zone, "confirmed_at": now}
            | {"created_at": now, "updated_at": now}
            | allows
            | columns,
        )
        await self._insert(Membership, server_id=SERVER, member_id=member_id, alumni=True, joined_at=now)
        self.people[name] = int(member_id)
        return int(member_id)

    async def set(self, name: str, **columns: Any) -> None:
        async with self.database.begin() as session:
            await session.execute(update(Member).where(Member.id == self.people[name]).values(**columns))

    async def leave(self, name: str) -> None:
        async with self.database.begin() as session:
            gone = update(Membership).where(Membership.member_id == self.people[name])
            await session.execute(gone.values(left_at=self.clock()))

    async def campaign(self, audience: Audience | None = None, *, on: bool = True, **columns: Any) -> Campaign:
        """A campaign of the server, with these columns, switched on."""
        made = await self.campaigns.create(COORDINATOR, "Monthly", audience or Audience())
        if columns:
            async with self.database.begin() as session:
                changed = update(CampaignTable).where(CampaignTable.id == made.id)
                await session.execute(changed.values(**columns))
        return await self.campaigns.switch(COORDINATOR, made.id, on=True) if on else made

    async def live(self, until: datetime) -> None:
        """Let time pass as the ticker does: a look at each moment that the planning names."""
        while True:
            upcoming = await self.planning.run_due(self.clock())
            if upcoming is None or upcoming > until:
                break
            assert upcoming > self.clock()
            self.clock.now = upcoming
        self.clock.now = until

    async def jump(self, *moments: datetime) -> None:
        """Let time pass with a look at these moments alone."""
        for self.clock.now in moments:
            await self.planning.run_due(self.clock())

    async def prompts(self) -> list[tuple[str, str, datetime, str]]:
        """Who was asked for which day, when it was due, and what became of it."""
        query = (
            select(Member.display_name, Period.day, Prompt.due_at, Prompt.state)
            .join(Prompt, Prompt.member_id == Member.id)
            .join(Period, Period.id == Prompt.period_id)
            .order_by(Period.day, Prompt.due_at, Member.id)
        )
        return [(name, day.isoformat(), at, state) for name, day, at, state in await self._read(query)]

    async def deliveries(self) -> list[tuple[str, str, datetime]]:
        """Kind, target and first moment of each delivery."""
        query = select(
            DeliveryRow.kind, DeliveryRow.target, DeliveryRow.member_id, DeliveryRow.channel_id, DeliveryRow.due_at
        ).order_by(DeliveryRow.id)
        names = {member_id: name for name, member_id in self.people.items()}
        return [
            (kind, names[member] if target == "member" else str(channel), at)
            for kind, target, member, channel, at in await self._read(query)
        ]

    async def taken(self) -> list[Delivery]:
        """What a sender would send now."""
        return await self.outbox.take("sender", 100)

    async def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        assert await self.outbox.settle(delivery, outcome)

    async def states(self) -> dict[str, str]:
        return {name: state for name, _, _, state in await self.prompts()}

    async def set_prompt(self, name: str, **columns: Any) -> None:
        async with self.database.begin() as session:
            await session.execute(update(Prompt).where(Prompt.member_id == self.people[name]).values(**columns))

    async def _insert(self, table: Any, returning: Any = None, **columns: Any) -> Any:
        async with self.database.begin() as session:
            statement = insert(table).values(**columns)
            if returning is None:
                await session.execute(statement)
                return None
            return await session.scalar(statement.returning(returning))

    async def _read(self, query: Any) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.execute(query)).all())


def to_member(house: CampaignHouse, name: str, period_id: int) -> Delivery:
    """A delivery of a prompt to somebody, as a sender has it."""
    return Delivery(
        1,
        DeliveryKind.CHECKIN,
        period_id,
        Target(TargetKind.MEMBER, house.people[name]),
        "key",
        None,
        Priority.ORDINARY,
        None,
        {},
        False,
        None,
        1,
        "sender",
        house.clock(),
    )


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
