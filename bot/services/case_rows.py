"""From rows of cases to the values that the rules know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain import case_documents as documents
from bot.domain.case_content import CaseKind, CaseOutcome, CaseSection, CaseStatus, Content, CostBand, DurationBand
from bot.domain.cases import Case, CaseFile, CaseState, Version
from bot.domain.cities import PopulationBand
from bot.domain.errors import Refusal
from bot.domain.privacy import NOBODY
from db.engine import AsyncSession
from db.queries import case_files
from db.queries import cases as queries
from db.queries.case_files import FileRow
from db.queries.case_versions import VersionRow
from db.queries.cases import CaseRow


async def get(session: AsyncSession, case_id: int) -> Case:
    """A case. Raises `Refusal` where there is none."""
    found = await cases_of(session, [case_id])
    if case_id not in found:
        raise Refusal("cases.unknown")
    return found[case_id]


async def cases_of(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, Case]:
    """These cases, by id; those that are not there are missing."""
    return await from_rows(session, list((await queries.by_ids(session, case_ids)).values()))


async def briefly(session: AsyncSession, case_ids: Collection[int]) -> Mapping[int, Case]:
    """These cases for a list, by id: without their topics and files."""
    return {row.id: case_of(row, (), ()) for row in (await queries.by_ids(session, case_ids)).values()}


async def from_rows(session: AsyncSession, rows: Collection[CaseRow]) -> Mapping[int, Case]:
    """The cases in these rows, in their order."""
    ids = [row.id for row in rows]
    topics, files = await queries.topics(session, ids), await case_files.files(session, ids)
    return {row.id: case_of(row, topics.get(row.id, ()), files.get(row.id, ())) for row in rows}


def case_of(row: CaseRow, topics: tuple[str, ...], files: tuple[FileRow, ...]) -> Case:
    """A row as the rules know it. Who had her data deleted is nobody."""
    return Case(
        id=row.id,
        uid=row.uid,
        server_id=row.server_id,
        state=CaseState(row.state),
        content=content_of(row, topics),
        author_user_id=_somebody(row.author_user_id),
        author_name=row.author_name,
        owner_user_id=_somebody(row.owner_user_id),
        owner_name=row.owner_name,
        version=row.version,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
        published_at=row.published_at,
        verify_by=row.verify_by,
        comment=row.comment,
        decided_by=row.decided_by,
        licence=row.licence,
        files=tuple(CaseFile(one.id, one.name, one.media_type, one.size, one.description) for one in files),
    )


def content_of(row: CaseRow, topics: tuple[str, ...]) -> Content:
    """What a row says."""
    return Content(
        kind=CaseKind(row.kind),
        language=row.language,
        topics=topics,
        city_id=row.city_id,
        city=row.city,
        country=row.country,
        nameless_city=row.nameless_city,
        status=CaseStatus(row.status) if row.status else None,
        outcome=CaseOutcome(row.outcome) if row.outcome else None,
        start_year=row.start_year,
        population=PopulationBand(row.population) if row.population else None,
        cost=CostBand(row.cost) if row.cost else None,
        duration=DurationBand(row.duration) if row.duration else None,
        title=row.title,
        summary=row.summary,
        texts={CaseSection(name): text for name, text in row.texts.items()},
        links=tuple(row.links),
        pilot_owner=row.pilot_owner,
        pilot_on=row.pilot_on.date() if row.pilot_on else None,
    )


def columns_of(content: Content) -> dict[str, Any]:
    """What is said, as columns of the table. Topics stand in a table of their own."""
    on = content.pilot_on
    return {
        "kind": content.kind,
        "language": content.language,
        "city_id": content.city_id,
        "nameless_city": content.nameless_city,
        "status": content.status,
        "outcome": content.outcome,
        "start_year": content.start_year,
        "population": content.population,
        "cost": content.cost,
        "duration": content.duration,
        "title": content.title,
        "summary": content.summary,
        "texts": {section.value: text for section, text in content.texts.items()},
        "links": list(content.links),
        "pilot_owner": content.pilot_owner,
        "pilot_on": datetime(on.year, on.month, on.day, tzinfo=UTC) if on else None,
    }


def _somebody(user_id: int | None) -> int | None:
    return None if user_id == NOBODY else user_id


def version_of(row: VersionRow, case: Case) -> Version:
    """A version as it may be shown: of a city that does not want to be named by now, none shows the name."""
    content = documents.content_of(row.document)
    if case.content.nameless_city:
        content = replace(content, city=None, country=None, nameless_city=True)
    return Version(row.number, content, row.at, _somebody(row.by_user_id), row.by_name)
