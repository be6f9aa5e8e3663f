"""A collection of case studies taken in: all of it or nothing, and safe to do twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.domain.adaptations import months_later
from bot.domain.case_content import Content, lacks
from bot.domain.case_documents import Document, Exported, document_of, exported_of
from bot.domain.cases import LICENCE, OPEN, VERIFY_AFTER, Case, CaseState
from bot.domain.cities import City, Gazetteer
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.services import case_collection as collection
from bot.services import case_rows
from bot.services.adaptation_rows import of_cases
from bot.services.case_search import reindex
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import adaptations as adaptation_queries
from db.queries import audit, case_posts, case_versions, cities, members, servers
from db.queries import cases as queries
from db.queries.servers import ServerRow


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """Why a case of a file cannot be taken in. `line` counts lines of CSV, cases of JSON, from 1."""

    line: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a file in did, or would do: nothing where there are problems."""

    new: int
    changed: int
    same: int
    problems: tuple[CaseProblem, ...] = ()
    posted: int = 0
    """Those that are to stand in the forum of the chosen server, which they did not before."""
    forum_of: str = ""
    """The name of that server."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Cities of ours that GeoNames lacks, by name, and the server that cases of no other one are to stand in."""

    ours: Mapping[str, int]
    home: ServerRow | None = None

    def takes(self, known: Case | None) -> bool:
        """Whether a case is this server's from now on."""
        return self.home is not None and (known is None or (known.server_id is None and known.state in OPEN))


@dataclass(frozen=True, slots=True)
class CaseImportService:
    """Takes a collection in, for the host."""

    work: Work
    topics: TopicsService
    clock: Clock
    gazetteer: Gazetteer

    async def import_file(self, file: Path, *, server_id: int | None = None, dry_run: bool = False) -> TakenIn:
        """Take in a collection of JSON or CSV: all of it, or nothing where a case is wrong. Safe to run twice.

        With a server, cases that belong to none are its own from now on, and are to stand in its forum. Raises
        `Refusal` where it is not in the network, has no forum, or the file cannot be read.
        """
        async with self.work.read() as session:
            ours = {normalise(row.name): row.id for row in await members.other_cities(session)}
            home = await _home(session, server_id) if server_id is not None else None
        problems: list[CaseProblem] = []
        read: dict[str, Exported] = {}
        for line, document in collection.documents(file):
            try:
                one = self._checked(exported_of(document), ours, read)
                read[one.uid] = one
            except Refusal as refusal:
                problems.append(CaseProblem(line, refusal))
        if problems:
            return TakenIn(0, 0, 0, tuple(problems))
        return await self._take_in(list(read.values()), _Places(ours, home), dry_run=dry_run)

    async def _take_in(self, cases: Sequence[Exported], places: _Places, *, dry_run: bool) -> TakenIn:
        counts = {"new": 0, "changed": 0, "same": 0, "posted": 0}
        async with self.work.begin() as session:
            for one in cases:
                row = await queries.by_uid(session, one.uid)
                known = (await case_rows.from_rows(session, [row]))[row.id] if row else None
                content = await self._placed(session, one.content, places.ours, write=not dry_run)
                fresh = await _untold(session, known, one.adaptations) if known else one.adaptations
                counts[_difference(known, one, content, fresh)] += 1
                counts["posted"] += places.takes(known)
                if not dry_run:
                    await self._write(session, known, replace(one, content=content, adaptations=fresh), places)
            if not dry_run:
                details = {**counts, "server": places.home.id if places.home else None}
                await audit.record(session, at=self.clock(), actor_id=None, action="case.import", details=details)
        return TakenIn(
            counts["new"],
            counts["changed"],
            counts["same"],
            posted=counts["posted"],
            forum_of=places.home.name if places.home else "",
        )

    async def _write(self, session: AsyncSession, known: Case | None, one: Exported, places: _Places) -> None:
        case_id = known.id if known else await self._create(session, one)
        if known and _difference(known, one, one.content, one.adaptations) == "changed":
            await self._change(session, known, one)
        for told in one.adaptations:
            await self._adapted(session, case_id, told, places.ours)
        if places.home is not None and places.takes(known):
            await queries.change(session, case_id, server_id=places.home.id)
            mirrors = [each for each in await case_posts.mirroring(session) if each != places.home.id]
            await case_posts.want(session, case_id, [places.home.id, *mirrors])

    async def _create(self, session: AsyncSession, one: Exported) -> int:
        now = self.clock()
        case_id = await queries.create(
            session,
            uid=one.uid,
            state=one.state,
            version=1,
            revision=1,
            licence=one.licence or LICENCE,
            created_at=now,
            updated_at=now,
            published_at=one.published_at or now,
            verify_by=months_later(now, VERIFY_AFTER),
            **case_rows.columns_of(one.content),
        )
        await queries.set_topics(session, case_id, one.content.topics)
        await case_versions.keep_version(session, case_id, 1, document_of(one.content), user_id=None, now=now)
        await reindex(session, case_id, None, one.content if one.state is CaseState.PUBLISHED else None)
        return case_id

    async def _change(self, session: AsyncSession, known: Case, one: Exported) -> None:
        now, said = self.clock(), document_of(one.content) != document_of(known.content)
        version = known.version + said
        await queries.change(
            session,
            known.id,
            **case_rows.columns_of(one.content),
            licence=one.licence or known.licence,
            version=version,
            revision=known.revision + 1,
            updated_at=now,
        )
        if not said:
            return
        await queries.set_topics(session, known.id, one.content.topics)
        await case_versions.keep_version(session, known.id, version, document_of(one.content), user_id=None, now=now)
        if known.state is CaseState.PUBLISHED:
            await reindex(session, known.id, known.content, one.content)

    async def _adapted(self, session: AsyncSession, case_id: int, told: Document, ours: Mapping[str, int]) -> None:
        now = self.clock()
        adaptation_id = await adaptation_queries.create(
            session,
            case_id=case_id,
            city_id=await self._city(session, told["city"], told["country"], ours) if told["city"] else None,
            year=told["year"],
            kept=told["kept"],
            changed=told["changed"],
            created_at=now,
        )
        if told["outcome"]:
            await adaptation_queries.tell(session, adaptation_id, 12, outcome=told["outcome"], text=None, now=now)

    def _checked(self, one: Exported, ours: Mapping[str, int], before: Mapping[str, Exported]) -> Exported:
        if one.uid in before:
            raise Refusal("cases.id_twice", id=one.uid)
        for topic in one.content.topics:
            self.topics.get(topic)
        places = [(one.content.city, one.content.country)]
        places += [(told["city"], told["country"]) for told in one.adaptations]
        for name, country in places:
            if name and self._found(name, country) is None and normalise(name) not in ours:
                raise Refusal("members.city_unknown", city=name[:100])
        # Which number its city has here does not matter yet.
        placed = replace(one.content, city_id=0) if one.content.city else one.content
        if lacking := lacks(placed):
            raise Refusal("cases.incomplete", needs=lacking)
        return one

    def _found(self, name: str, country: str | None) -> City | None:
        return next(iter(self.gazetteer.find(name, country)), None)

    async def _placed(
        self, session: AsyncSession, content: Content, ours: Mapping[str, int], *, write: bool
    ) -> Content:
        if not content.city:
            return content
        found = self._found(content.city, content.country)
        city_id = await self._city(session, content.city, content.country, ours) if write else 0
        if found is None:
            return replace(content, city_id=city_id)
        return replace(content, city_id=city_id, city=found.name, country=found.country)

    async def _city(self, session: AsyncSession, name: str, country: str | None, ours: Mapping[str, int]) -> int | None:
        found = self._found(name, country)
        if found is None:
            return ours.get(normalise(name))
        return await cities.ensure(
            session,
            geonames_id=found.geonames_id,
            name=found.name,
            country=found.country,
            region=found.region or None,
            population=found.population or None,
            zone=found.zone,
        )


async def _home(session: AsyncSession, server_id: int) -> ServerRow:
    row = await servers.server(session, server_id)
    if row is None or row.left_at is not None:
        raise Refusal("cases.server_unknown", id=str(server_id))
    if row.channels["cases"] is None:
        raise Refusal("cases.server_without_forum", name=row.name)
    return row


def _difference(known: Case | None, one: Exported, content: Content, fresh: Sequence[Document]) -> str:
    """Whether a case of a file is "new", "changed" or the "same"; `fresh` are the adaptations that we did not know."""
    if known is None:
        return "new"
    says = document_of(known.content) == document_of(content) and (one.licence or known.licence) == known.licence
    return "same" if says and not fresh else "changed"


async def _untold(session: AsyncSession, known: Case, told: Sequence[Document]) -> tuple[Document, ...]:
    """Those of these adaptations of a case that are not on record."""
    here = {_said(collection.told(one)) for one in await of_cases(session, [known.id])}
    return tuple(one for one in told if _said(one) not in here)


def _said(told: Document) -> tuple[Any, ...]:
    return told["year"], told["kept"], told["changed"]
