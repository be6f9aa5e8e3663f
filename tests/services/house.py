"""The services about members over a test's database, with a few cities and topics."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.domain.access import Actor
from bot.domain.cities import CityRow, Gazetteer
from bot.i18n import Catalogues
from bot.services.members import MembersService
from bot.services.memberships import MembershipsService
from bot.services.roster import RosterService
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import Database
from db.tables import Server
from tests.clock import SettableClock

LOCALES = Path(__file__).parents[2] / "config" / "locales"
CITIES = (
    CityRow(2996944, "Lyon", "FR", "Auvergne-Rhône-Alpes", 522_969, "Europe/Paris", "lyon|lugdunum", "лион|ليون"),
    CityRow(702550, "Lviv", "UA", "Lviv", 717_273, "Europe/Kyiv", "lviv|lwow|lemberg", "львів"),
    CityRow(2735943, "Porto", "PT", "Porto", 249_633, "Europe/Lisbon", "porto|oporto", ""),
    CityRow(4409896, "Springfield", "US", "Missouri", 166_810, "America/Chicago", "springfield", ""),
    CityRow(4250542, "Springfield", "US", "Illinois", 116_250, "America/Chicago", "springfield", ""),
    CityRow(2988507, "Paris", "FR", "Île-de-France", 2_138_551, "Europe/Paris", "paris", ""),
    CityRow(4717560, "Paris", "US", "Texas", 24_782, "America/Chicago", "paris", ""),
    CityRow(1791247, "Wuhu, Anhui", "CN", "Anhui", 100_000, "Asia/Shanghai", "wuhu anhui", ""),
)
TOPICS = {
    "housing": ("06.1", "Housing", "Logement"),
    "stormwater-fees": ("05.2", "Stormwater fees", "Redevance eaux pluviales"),
    "budget: participatory": ("01.1", "Participatory budgeting", "Budget participatif"),
}
SERVER = 900_000_000_000_000_001
ALUMNI_ROLE = 910_000_000_000_000_001
ANNA = Actor(
    user_id=100_000_000_000_000_001, name="Anna", language="en", server_id=SERVER, server_joined=True, is_member=True
)


@dataclass(frozen=True, slots=True)
class MembersHouse:
    """The services, and the database under them."""

    database: Database
    clock: SettableClock
    members: MembersService
    memberships: MembershipsService
    roster: RosterService

    async def rows(self, *columns: Any, where: Any = None) -> list[tuple[Any, ...]]:
        """These columns straight from the database, sorted."""
        query = select(*columns) if where is None else select(*columns).where(where)
        async with self.database.read() as session:
            return sorted((tuple(row) for row in await session.execute(query)), key=repr)

    async def known(self, actor: Actor) -> Actor:
        """This actor, as the next interaction would make her: with her member's id."""
        profile = await self.members.find(actor)
        return replace(actor, member_id=profile.member_id if profile else None)


def somebody(number: int, name: str = "Somebody", **fields: Any) -> Actor:
    """Another alumna in the same server."""
    return replace(ANNA, user_id=ANNA.user_id + number, name=name, **fields)


def topics_file(folder: Path) -> Path:
    """A small topics file; every language but French says it in English."""
    languages = ("en", "fr", "es", "de", "pt", "it", "pl", "uk")
    lines = ["id,cofog,sdg,source,source_uri," + ",".join(f"label_{language}" for language in languages)]
    for topic_id, (cofog, english, french) in TOPICS.items():
        labels = ",".join(french if language == "fr" else english for language in languages)
        lines.append(f"{topic_id.replace(': ', '-')},{cofog},,,,{labels}")
    file = folder / "topics.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


async def furnish(database: Database, clock: SettableClock, folder: Path) -> MembersHouse:
    """The services over an empty database, with one joined server that has an alumni role."""
    catalogues = Catalogues.load(LOCALES)
    work = Work(database)
    topics = TopicsService(work, clock)
    await topics.synchronise(topics_file(folder))
    async with database.begin() as session:
        await session.execute(
            insert(Server).values(id=SERVER, name="Lyon", language="fr", joined_at=clock(), alumni_role_id=ALUMNI_ROLE)
        )
    gazetteer = Gazetteer(CITIES)
    return MembersHouse(
        database,
        clock,
        MembersService(work, clock, catalogues, topics, gazetteer),
        MembershipsService(work, clock),
        RosterService(work, clock, catalogues, topics, gazetteer, secrets.choice),
    )
