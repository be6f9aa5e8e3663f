"""A network of many servers, each with a crisis channel, and of people who are to be asked how they are: made once,
copied for each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.domain.access import Actor
from bot.services.campaigns import CampaignsService
from bot.services.planning import PlanningService
from bot.services.work import Work
from db.engine import Database
from db.migrations import upgrade
from db.tables import Member, Membership, Server
from tests.wire import payloads
from tests.wire.discord_server import DiscordServer
from tests.wire.wires import SERVER

CHANNELS, DIRECT = 910_000_000_000_000_000, 920_000_000_000_000_000
"""The ids of crisis channels, and of direct messages' channels, begin here."""
COORDINATOR = Actor(1, "Anna", "en", server_id=SERVER, server_joined=True, is_member=True, is_server_coordinator=True)


@dataclass(frozen=True, slots=True)
class Network:
    """A database's file, and what of it Discord has to know."""

    file: Path
    channels: Sequence[int]
    direct: Sequence[int]

    def known_to(self, server: DiscordServer) -> None:
        """Let its channels be there."""
        for channel in self.channels:
            server.channels.add(payloads.text_channel(channel, 0, "crisis"))
        for channel in self.direct:
            recipient = payloads.user(channel, "Member")
            server.channels.add({"id": str(channel), "type": 1, "recipients": [recipient], "last_message_id": None})


async def found_network(file: Path, channels: int, people: int) -> Network:
    """So many servers with a crisis channel, and so many people, each of whom is to be asked now."""
    database = Database(f"sqlite:///{file}", wait=30)
    await upgrade(database)
    now = datetime.now(UTC)
    home = {"id": SERVER, "name": "Home", "language": "en", "joined_at": now}
    servers = [
        {"id": SERVER + number, "name": f"S{number}", "language": "en", "joined_at": now}
        | {"crisis_channel_id": CHANNELS + number}
        for number in range(1, channels + 1)
    ]
    async with database.begin() as session:
        await session.execute(insert(Server).values(**home))
        await session.execute(insert(Server), servers)
    if people:
        await _plan(database, people, now)
    await database.close()
    crisis = [CHANNELS + number for number in range(1, channels + 1)]
    return Network(file, crisis, [DIRECT + number for number in range(1, people + 1)])


async def _plan(database: Database, people: int, now: datetime) -> None:
    """The monthly check-in is put to everybody, as a coordinator does it by hand."""
    numbers = range(1, people + 1)
    async with database.begin() as session:
        await session.execute(insert(Member), [_member(number, now) for number in numbers])
        rows = [{"server_id": SERVER, "member_id": number, "alumni": True, "joined_at": now} for number in numbers]
        await session.execute(insert(Membership), rows)
    work = Work(database)
    campaigns, planning = CampaignsService(work, _now), PlanningService(work, _now)
    made = await campaigns.create_monthly(COORDINATOR)
    await campaigns.run(COORDINATOR, made.id, made.version)
    while (due := await planning.run_due(_now())) is not None and due <= _now():
        pass


def _member(number: int, now: datetime) -> dict[str, Any]:
    times = {"confirmed_at": now, "created_at": now, "updated_at": now, "direct_messages_at": now}
    names = {"display_name": f"M {number}", "zone": "Europe/Paris", "language": "en"}
    return {"id": number, "user_id": number, "direct_channel_id": DIRECT + number} | names | times


def _now() -> datetime:
    return datetime.now(UTC)
