"""The whole collection taken away, and a collection taken in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from bot.domain.access import Actor, Host, Right
from bot.domain.adaptations import months_later
from bot.domain.case_content import Content, lacks
from bot.domain.case_documents import Document, Exported, document_of, exported_of
from bot.domain.cases import LICENCE, VERIFY_AFTER, Case, CaseState
from bot.domain.cities import City, Gazetteer
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.i18n import Translator
from bot.services import case_collection as collection
from bot.services import case_rows
from bot.services.adaptation_rows import of_cases
from bot.services.case_search import reindex
from bot.services.ports import Clock
from bot.services.topics import TopicsService
from bot.services.work import Work
from db.engine import AsyncSession
from db.queries import adaptations as adaptation_queries
from db.queries import audit, case_versions, cities, members
from db.queries import cases as queries

PART = 500


class ExportFormat(StrEnum):
    """How a collection is written."""

    MD = "md"
    JSON = "json"
    CSV = "csv"


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


@dataclass(frozen=True, slots=True)
class CaseExchangeService:
    """Exports for members and the host, imports for the host."""

    work: Work
    topics: TopicsService
    clock: Clock
    gazetteer: Gazetteer

    async def export(self, actor: Actor | Host, form: ExportFormat, t: Translator) -> tuple[str, int]:
        """The collection as one text, and how many cases it has."""
        if isinstance(actor, Actor):
            actor.require(Right.MEMBER)
        cases = [one async for one in self._all()]
        match form:
            case ExportFormat.JSON:
                return collection.as_json(cases), len(cases)
            case ExportFormat.CSV:
                return collection.as_csv(cases), len(cases)
            case ExportFormat.MD:
                return "\n".join(collection.as_markdown(one, self.topics.index, t) for one in cases), len(cases)

    async def import_file(self, file: Path, *, dry_run: bool = False) -> TakenIn:
        """Take in a collection of JSON or CSV: all of it, or nothing where a case is wrong. Safe to run twice."""
        async with self.work.read() as session:
            ours = {normalise(row.name): row.id for row in await members.other_cities(session)}
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
        return await self._take_in(list(read.values()), ours, dry_run=dry_run)

    async def _take_in(self, cases: Sequence[Exported], ours: Mapping[str, int], *, dry_run: bool) -> TakenIn:
        counts = {"new": 0, "changed": 0, "same": 0}
        async with self.work.begin() as session:
            for one in cases:
                row = await queries.by_uid(session, one.uid)
                content = await self._placed(session, one.content, ours, write=not dry_run)
                known = (await case_rows.from_rows(session, [row]))[row.id] if row else None
                if known is None:
                    counts["new"] += 1
                    if not dry_run:
                        await self._create(session, one, content, ours)
                elif document_of(known.content) == document_of(content):
                    counts["same"] += 1
                else:
                    counts["changed"] += 1
                    if not dry_run:
                        await self._change(session, known, content)
            if not dry_run:
                await audit.record(session, at=self.clock(), actor_id=None, action="case.import", details=dict(counts))
        return TakenIn(counts["new"], counts["changed"], counts["same"])

    async def _create(self, session: AsyncSession, one: Exported, content: Content, ours: Mapping[str, int]) -> None:
        now = self.clock()
        case_id = await queries.create(
            session,
            uid=one.uid,
            state=one.state,
            version=1,
            revision=1,
            created_at=now,
            updated_at=now,
            published_at=one.published_at or now,
            verify_by=months_later(now, VERIFY_AFTER),
            **case_rows.columns_of(content),
        )
        await queries.set_topics(session, case_id, content.topics)
        await case_versions.keep_version(session, case_id, 1, document_of(content), user_id=None, now=now)
        await reindex(session, case_id, None, content if one.state is CaseState.PUBLISHED else None)
        for told in one.adaptations:
            await self._adapted(session, case_id, told, ours)

    async def _change(self, session: AsyncSession, known: Case, content: Content) -> None:
        now, version = self.clock(), known.version + 1
        said = case_rows.columns_of(content)
        await queries.change(session, known.id, **said, version=version, revision=known.revision + 1, updated_at=now)
        await queries.set_topics(session, known.id, content.topics)
        await case_versions.keep_version(session, known.id, version, document_of(content), user_id=None, now=now)
        if known.state is CaseState.PUBLISHED:
            await reindex(session, known.id, known.content, content)

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

    async def _all(self) -> AsyncIterator[Exported]:
        """Every published or retired case, in the order of ids, read in parts."""
        after = 0
        while True:
            async with self.work.read() as session:
                rows = await queries.open_cases(session, after, PART)
                cases = await case_rows.from_rows(session, rows)
                adaptations = await of_cases(session, list(cases))
            for case in cases.values():
                own = tuple(collection.told(one) for one in adaptations if one.case_id == case.id)
                yield Exported(case.uid, case.state, case.content, LICENCE, case.published_at, own)
            if len(rows) < PART:
                return
            after = rows[-1].id
