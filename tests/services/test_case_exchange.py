"""The collection out and in again, on both engines: the same, twice the same, and every wrong case named."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.access import Host
from bot.domain.case_filters import CaseFilters
from bot.domain.errors import Refusal
from bot.i18n import Catalogues
from bot.services.adaptations import AdaptationsService, Told
from bot.services.case_exchange import CaseExchangeService, ExportFormat
from bot.services.case_import import CaseImportService
from bot.services.cases import CasesService
from db.tables import Case, CasePost, CaseVersion
from tests.services.house import ANNA, LOCALES, SERVER
from tests.services.test_case_search import searching
from tests.services.test_cases import BOB, cases, published

__all__ = ["cases"]
T = Catalogues.load(LOCALES).translator("en")


def exchange(cases: CasesService) -> CaseExchangeService:
    """Taking away, over the same database."""
    return CaseExchangeService(cases.work, cases.topics)


def importing(cases: CasesService) -> CaseImportService:
    """Taking in, over the same database."""
    return CaseImportService(cases.work, cases.topics, cases.clock, cases.gazetteer)


async def exported(cases: CasesService, form: ExportFormat = ExportFormat.JSON) -> str:
    """The collection as text."""
    return (await exchange(cases).export(Host(), form, T))[0]


async def count(cases: CasesService, table: Any) -> int:
    """Rows of a table."""
    async with cases.work.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def emptied(cases: CasesService) -> None:
    """All cases go."""
    async with cases.work.begin() as session:
        await session.execute(Case.__table__.delete())  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", [ExportFormat.JSON, ExportFormat.CSV])
async def test_out_and_in_again_is_the_same(cases: CasesService, tmp_path: Path, form: ExportFormat) -> None:
    case = await published(cases, summary="=HYPERLINK() is no formula", links="https://example.org/a")
    await published(cases, city="", named="nameless", population="town", title="Quietly done")
    adaptations = AdaptationsService(cases.work, cases.clock, cases.gazetteer)
    await adaptations.tell(BOB, case.id, Told("Porto", "2025", "The map,\nwhole", "“The fee”"))
    before = await exported(cases, form)
    file = tmp_path / f"all.{form}"
    file.write_text(before, encoding="utf-8")
    await emptied(cases)
    assert (await importing(cases).import_file(file, dry_run=True)).new == 2
    assert await count(cases, Case) == 0
    done = await importing(cases).import_file(file)
    assert (done.new, done.changed, done.same) == (2, 0, 0)
    assert await exported(cases, form) == before
    again = await importing(cases).import_file(file)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert await count(cases, CaseVersion) == 2
    assert (await searching(cases).search(ANNA, "stormwater roof", CaseFilters())).total >= 1


async def test_a_changed_case_is_another_version(cases: CasesService, tmp_path: Path) -> None:
    case = await published(cases)
    document = json.loads(await exported(cases))
    document["cases"][0]["title"] = "Fees by roof"
    file = tmp_path / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert (await importing(cases).import_file(file)).changed == 1
    assert (await cases.get(ANNA, case.id)).title == "Fees by roof"
    assert len(await cases.versions(ANNA, case.id)) == 2


async def test_a_licence_stays_what_it_was(cases: CasesService, tmp_path: Path) -> None:
    await published(cases)
    document = json.loads(await exported(cases))
    document["cases"][0]["licence"] = "CC BY-SA 3.0"
    document["cases"].append({**document["cases"][0], "id": "other", "licence": None})
    file = tmp_path / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert (await importing(cases).import_file(file)).changed == 1
    licences = [one["licence"] for one in json.loads(await exported(cases))["cases"]]
    assert licences == ["CC BY-SA 3.0", "CC BY 4.0"]
    assert await count(cases, CaseVersion) == 2
    assert (await importing(cases).import_file(file)).same == 2


async def test_an_adaptation_that_came_later_is_taken_in_once(cases: CasesService, tmp_path: Path) -> None:
    case = await published(cases)
    adaptations = AdaptationsService(cases.work, cases.clock, cases.gazetteer)
    await adaptations.tell(BOB, case.id, Told("Porto", "2025", "The map", "The fee"))
    document = json.loads(await exported(cases))
    document["cases"][0]["adaptations"].append({"city": "Lviv", "year": 2026, "kept": "All", "changed": "Nothing"})
    file = tmp_path / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert (await importing(cases).import_file(file)).changed == 1
    assert (await importing(cases).import_file(file)).same == 1
    assert [one.city for one in await adaptations.of_case(case.id)] == ["Porto", "Lviv"]


async def test_a_server_takes_what_is_of_no_server_once(cases: CasesService, tmp_path: Path) -> None:
    own = await published(cases, title="Ours")
    document = json.loads(await exported(cases))
    document["cases"].append({**document["cases"][0], "id": "other", "title": "Theirs"})
    document["cases"].append({**document["cases"][0], "id": "third", "title": "Retired", "state": "retired"})
    file = tmp_path / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert (await importing(cases).import_file(file)).posted == 0
    would = await importing(cases).import_file(file, server_id=SERVER + 1, dry_run=True)
    assert (would.posted, would.same, would.forum_of) == (2, 3, "Lyon")
    assert await count(cases, CasePost) == 2
    assert (await importing(cases).import_file(file, server_id=SERVER + 1)).posted == 2
    async with cases.work.read() as session:
        rows = await session.execute(select(Case.title, CasePost.server_id).join(CasePost, CasePost.case_id == Case.id))
        posts = {tuple(row) for row in rows}
    # The third server wants the cases of others too, and has no forum.
    assert posts == {("Ours", SERVER), ("Ours", SERVER + 1), ("Theirs", SERVER + 1), ("Retired", SERVER + 1)}
    async with cases.work.begin() as session:
        await session.execute(update(CasePost).values(state="lost"))
    assert (await importing(cases).import_file(file, server_id=SERVER + 1)).posted == 0
    assert (await importing(cases).import_file(file, server_id=SERVER)).posted == 0
    async with cases.work.read() as session:
        assert set(await session.scalars(select(CasePost.state))) == {"lost"}
    assert (await cases.get(ANNA, own.id)).server_id == SERVER


@pytest.mark.parametrize(
    ("server", "refusal"), [(5, "cases.server_unknown"), (SERVER + 2, "cases.server_without_forum")]
)
async def test_a_server_that_cannot_have_them(cases: CasesService, tmp_path: Path, server: int, refusal: str) -> None:
    file = tmp_path / "all.json"
    file.write_text(await exported(cases), encoding="utf-8")
    with pytest.raises(Refusal, match=refusal):
        await importing(cases).import_file(file, server_id=server)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": None}, "cases.id_missing"),
        ({"id": "no spaces here"}, "cases.id_missing"),
        ({"state": "draft"}, "cases.field_wrong"),
        ({"topics": ["no-such-topic"]}, "topics.unknown"),
        ({"topics": "housing"}, "cases.field_wrong"),
        ({"city": "Nowhere at all"}, "members.city_unknown"),
        ({"title": "x" * 101}, "text.too_long"),
        ({"title": 5}, "cases.field_wrong"),
        ({"texts": {"secrets": "x"}}, "cases.field_wrong"),
        ({"texts": {"failed": "Only that"}}, "cases.incomplete"),
        ({"links": ["ftp://example.org"]}, "cases.link_wrong"),
        ({"published_at": "yesterday"}, "cases.date_unknown"),
        ({"adaptations": [{"year": 2025}]}, "cases.field_wrong"),
    ],
)
async def test_one_wrong_case_and_nothing_is_taken_in(
    cases: CasesService, tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    await published(cases)
    document = json.loads(await exported(cases))
    document["cases"].append({**document["cases"][0], "id": "other", **change})
    document["cases"].append({**document["cases"][0], "id": "third"})
    file = tmp_path / "all.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = await importing(cases).import_file(file)
    assert [(one.line, one.refusal.message_id) for one in done.problems] == [(2, problem)]
    assert await count(cases, Case) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("all.json", b"{"),
        ("all.json", b"[]"),
        ("all.json", b'{"format": "other", "cases": []}'),
        ("all.json", b"[" * 100_000),
        ("all.csv", b"title\nNo id"),
        ("all.csv", b"\xff\xfe"),
        ("none.json", b""),
    ],
)
async def test_what_is_no_collection_is_refused(cases: CasesService, tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    if content:
        file.write_bytes(content)
    with pytest.raises(Refusal, match=r"cases\.file_"):
        await importing(cases).import_file(file)


async def test_lines_of_csv_are_named(cases: CasesService, tmp_path: Path) -> None:
    await published(cases, before="Two\nlines")
    rows = list(csv.reader((await exported(cases, ExportFormat.CSV)).splitlines(keepends=True)))
    file = tmp_path / "all.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([*rows, ["x", "published"], [*rows[1], "one cell too many"]])
    done = await importing(cases).import_file(file)
    assert [one.line for one in done.problems] == [5, 8]


async def test_markdown_has_an_id_and_a_licence_for_each(cases: CasesService) -> None:
    case = await published(cases)
    text = await exported(cases, ExportFormat.MD)
    assert text.startswith("# Stormwater fees by roof area\n")
    assert f"- id: {case.uid}" in text
    assert "- Licence: CC BY 4.0" in text
    assert "## What failed, or what we would change" in text
