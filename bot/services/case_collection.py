"""A collection of cases as text: JSON and CSV, that can be read again, and Markdown for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.domain.adaptations import Adaptation
from bot.domain.case_content import OF_CASE, OF_DEBRIEF
from bot.domain.case_documents import Document, Exported
from bot.domain.errors import Refusal
from bot.domain.topics import TopicIndex
from bot.i18n import Translator

FORMAT = "twincord-cases/1"
LARGEST = 200 * 1024 * 1024
"""Bytes of a file that is taken in."""
SECTIONS = tuple(section.value for section in (*OF_CASE, *OF_DEBRIEF))
COLUMNS = (
    *("id", "state", "licence", "published_at", "kind", "language", "topics", "city", "country", "nameless_city"),
    *("status", "outcome", "start_year", "population", "cost", "duration", "title", "summary", *SECTIONS),
    *("links", "pilot_owner", "pilot_on", "adaptations"),
)
LISTS = ("topics", "links")
FORMULA = frozenset("=+-@\t\r'")
"""What begins so may be taken for a formula by a spreadsheet; an apostrophe before it goes again on the way in."""


def as_json(cases: Iterable[Exported]) -> str:
    """One document."""
    document = {"format": FORMAT, "cases": [one.document for one in cases]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_markdown(one: Exported, topics: TopicIndex, t: Translator) -> str:
    """One case to read, in one language; what its author wrote stays in hers."""
    content = one.content
    labels = [topic.label(t.language) for key in content.topics if (topic := topics.get(key))]
    facts = (
        ("id", one.uid),
        (t("cases.topics"), ", ".join(labels)),
        (t("cases.city"), ", ".join(filter(None, (content.city, content.country)))),
        (t("cases.status"), t.of(content.status) if content.status else ""),
        (t("cases.outcome"), t.of(content.outcome) if content.outcome else ""),
        (t("cases.start_year"), str(content.start_year or "")),
        (t("cases.cost"), t.of(content.cost) if content.cost else ""),
        (t("cases.duration"), t.of(content.duration) if content.duration else ""),
        (t("cases.licence"), one.licence),
    )
    lines = [f"# {content.title}", "", content.summary or "", ""]
    lines += [f"- {name}: {value}" for name, value in facts if value]
    for section in content.sections:
        if content.texts.get(section):
            lines += ["", f"## {t.of(section)}", "", content.texts[section]]
    if content.links:
        lines += ["", f"## {t('cases.links')}", "", *(f"- <{link}>" for link in content.links)]
    if one.adaptations:
        lines += ["", f"## {t('cases.adapted_by', n=len(one.adaptations))}", ""]
        lines += [f"- {told['year']}: {told.get('city') or t('cases.nameless_city')}" for told in one.adaptations]
    return "\n".join([*lines, ""])


def told(adaptation: Adaptation) -> Document:
    """An adaptation, without the person who told of it."""
    found = {
        "city": adaptation.city,
        "country": adaptation.country,
        "year": adaptation.year,
        "kept": adaptation.kept,
        "changed": adaptation.changed,
        "outcome": adaptation.outcome.value if adaptation.outcome else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def as_csv(cases: Iterable[Exported]) -> str:
    """A line a case."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in cases:
        document = one.document
        row = document | document.pop("texts", {})
        row |= {name: "\n".join(row.get(name, ())) for name in LISTS}
        row["adaptations"] = json.dumps(row["adaptations"], ensure_ascii=False) if row["adaptations"] else ""
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return lines.getvalue()


def _harmless(value: Any) -> Any:
    """A spreadsheet shall not take what somebody typed for a formula; the apostrophe goes on the way in."""
    if isinstance(value, str) and value[:1] in FORMULA and value:
        return f"'{value}"
    return "" if value is None else value


def documents(file: Path) -> list[tuple[int, Any]]:
    """The cases of a file with their lines. Raises `Refusal` where it cannot be read at all."""
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal("cases.file_unreadable", file=str(file), reason=f"> {LARGEST} bytes")
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("cases.file_unreadable", file=str(file), reason=str(error)) from error
    if file.suffix.lower() == ".csv":
        return _from_csv(file, text)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("cases.file_unreadable", file=str(file), reason=str(error)) from error
    cases = read.get("cases") if isinstance(read, Mapping) else None
    if not isinstance(cases, list) or read.get("format") != FORMAT:
        raise Refusal("cases.file_format", file=str(file), format=FORMAT)
    return list(enumerate(cases, start=1))


def _from_csv(file: Path, text: str) -> list[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if not reader.fieldnames or "id" not in reader.fieldnames:
            raise Refusal("cases.file_format", file=str(file), format="id, title, …")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise Refusal("cases.file_unreadable", file=str(file), reason=str(error)) from error
    return [(line, _row(row)) for line, row in rows]


def _row(row: Mapping[str | None, Any]) -> Any:
    if None in row:
        return None
    cells = {str(name): _plain(str(value or "")) for name, value in row.items() if value}
    document: Document = {name: value for name, value in cells.items() if name not in SECTIONS}
    document["texts"] = {name: value for name, value in cells.items() if name in SECTIONS}
    document |= {name: cells[name].split("\n") for name in LISTS if name in cells}
    document["nameless_city"] = cells.get("nameless_city", "").lower() == "true"
    if "adaptations" in cells:
        try:
            document["adaptations"] = json.loads(cells["adaptations"])
        except ValueError:
            document["adaptations"] = "?"
    return document


def _plain(value: str) -> str:
    return value[1:] if value[:1] == "'" and value[1:2] in FORMULA else value
