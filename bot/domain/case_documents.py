"""A case as a document: for its versions, and for taking a whole collection away and in again.

Documents say cities by name and country, never by our ids, and name no person but the one whom a debrief says to look
after its pilot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from bot.domain.case_content import (
    FIRST_YEAR,
    LIMITS,
    LINK_LIMIT,
    MOST_LINKS,
    MOST_TOPICS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    CaseKind,
    CaseOutcome,
    CaseSection,
    CaseStatus,
    Content,
    CostBand,
    DurationBand,
)
from bot.domain.cases import COMMENT_LIMIT, CaseState
from bot.domain.cities import PopulationBand
from bot.domain.errors import Refusal
from bot.domain.text import clean_or_none, tidy

PERSON_LIMIT: Final = 100
LICENCE_LIMIT: Final = 200
UID_LIMIT: Final = 64

Word = TypeVar("Word", bound=StrEnum)
Document = dict[str, Any]


def document_of(content: Content) -> Document:
    """What a case says, ready for JSON; empty fields are left out."""
    found: Document = {
        "kind": content.kind.value,
        "language": content.language,
        "topics": list(content.topics),
        "city": content.city,
        "country": content.country,
        "nameless_city": content.nameless_city or None,
        "status": content.status,
        "outcome": content.outcome,
        "start_year": content.start_year,
        "population": content.population,
        "cost": content.cost,
        "duration": content.duration,
        "title": content.title,
        "summary": content.summary,
        "texts": {section.value: content.texts[section] for section in content.sections if content.texts.get(section)},
        "links": list(content.links),
        "pilot_owner": content.pilot_owner,
        "pilot_on": content.pilot_on.isoformat() if content.pilot_on else None,
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def content_of(document: Mapping[str, Any]) -> Content:
    """What a document says, cleaned; `city_id` is left to whoever knows cities. Raises `Refusal` for what is wrong."""
    texts = document.get("texts") or {}
    if not isinstance(texts, Mapping):
        raise Refusal("cases.field_wrong", field="texts")
    kind = word(CaseKind, document.get("kind") or CaseKind.CASE, "kind") or CaseKind.CASE
    read = {CaseSection(name): long_text(CaseSection(name), text) for name, text in texts.items() if _is_section(name)}
    city = line(document, "city", 200)
    return Content(
        kind=kind,
        language=(line(document, "language", 8) or "").lower() or None,
        topics=tuple(_strings(document, "topics", MOST_TOPICS)),
        city=city,
        country=(line(document, "country", 2) or "").upper() or None,
        nameless_city=document.get("nameless_city") is True and city is None,
        status=word(CaseStatus, document.get("status"), "status"),
        outcome=word(CaseOutcome, document.get("outcome"), "outcome"),
        start_year=year(document.get("start_year")),
        population=word(PopulationBand, document.get("population"), "population"),
        cost=word(CostBand, document.get("cost"), "cost"),
        duration=word(DurationBand, document.get("duration"), "duration"),
        title=line(document, "title", TITLE_LIMIT),
        summary=line(document, "summary", SUMMARY_LIMIT),
        texts={section: text for section, text in read.items() if text},
        links=tuple(link(one) for one in _strings(document, "links", MOST_LINKS)),
        pilot_owner=line(document, "pilot_owner", PERSON_LIMIT),
        pilot_on=day(document.get("pilot_on")),
    )


def _is_section(name: object) -> bool:
    if name not in set(CaseSection):
        raise Refusal("cases.field_wrong", field=f"texts.{str(name)[:40]}")
    return True


def line(document: Mapping[str, Any], name: str, limit: int) -> str | None:
    """A short text of a document. Raises `Refusal` where it is none, or too long."""
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refusal("cases.field_wrong", field=name)
    return clean_or_none(value, limit=limit)


def long_text(section: CaseSection, value: Any) -> str | None:
    """The text of a section. Raises `Refusal` where it is none, or too long."""
    if value is not None and not isinstance(value, str):
        raise Refusal("cases.field_wrong", field=section.value)
    return clean_or_none(value, limit=LIMITS[section], lines=True)


def word(words: type[Word], value: Any, name: str) -> Word | None:
    """A value of an enum. Raises `Refusal` for another word."""
    if value in (None, ""):
        return None
    if value not in set(words):
        raise Refusal("cases.field_wrong", field=name)
    return words(value)


def year(value: Any) -> int | None:
    """A year in four digits, as a number or typed. Raises `Refusal` for anything else."""
    typed = tidy(str(value)) if value is not None else ""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 4 and int(typed) >= FIRST_YEAR):
        raise Refusal("cases.year_unknown", year=typed[:40])
    return int(typed)


def day(value: Any) -> date | None:
    """A day as YYYY-MM-DD. Raises `Refusal` for anything else."""
    typed = tidy(str(value)) if value is not None else ""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Refusal("cases.date_unknown", date=typed[:40]) from error


def link(value: str) -> str:
    """An address of the web. Raises `Refusal` for anything else."""
    text = tidy(value)
    try:
        address = urlsplit(text)
    except ValueError:
        address = urlsplit("")
    fine = address.scheme in {"http", "https"} and address.hostname and "." in address.hostname
    if not fine or not text.isprintable() or any(one in text for one in " <>()[]`"):
        raise Refusal("cases.link_wrong", link=text[:100])
    if len(text) > LINK_LIMIT:
        raise Refusal("text.too_long", limit=LINK_LIMIT, length=len(text), over=len(text) - LINK_LIMIT)
    return text


def links_in(text: str) -> tuple[str, ...]:
    """The addresses in a field, one a line. Raises `Refusal` for a wrong one, or too many."""
    found = tuple(dict.fromkeys(link(one) for one in text.split() if tidy(one)))
    if len(found) > MOST_LINKS:
        raise Refusal("cases.too_many_links", most=MOST_LINKS)
    return found


def _strings(document: Mapping[str, Any], name: str, most: int) -> list[str]:
    value = document.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refusal("cases.field_wrong", field=name)
    if len(value) > most:
        raise Refusal("cases.too_many", field=name, most=most)
    return list(dict.fromkeys(filter(None, map(tidy, value))))


@dataclass(frozen=True, slots=True)
class Exported:
    """A case with what stands around it, to be taken away and in again."""

    uid: str
    state: CaseState
    content: Content
    licence: str
    published_at: datetime | None
    adaptations: tuple[Document, ...] = ()

    @property
    def document(self) -> Document:
        """All of it, ready for JSON."""
        return {
            "id": self.uid,
            "state": self.state.value,
            "licence": self.licence,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            **document_of(self.content),
            "adaptations": list(self.adaptations),
        }


def exported_of(document: Any) -> Exported:
    """What a document of a collection says. Raises `Refusal` for what is wrong with it."""
    if not isinstance(document, Mapping):
        raise Refusal("cases.not_a_case")
    uid = line(document, "id", UID_LIMIT)
    if uid is None or not uid.isascii() or not all(one.isalnum() or one in "-_.:" for one in uid):
        raise Refusal("cases.id_missing")
    state = word(CaseState, document.get("state") or CaseState.PUBLISHED, "state")
    if state not in {CaseState.PUBLISHED, CaseState.RETIRED}:
        raise Refusal("cases.field_wrong", field="state")
    return Exported(
        uid,
        state,
        content_of(document),
        line(document, "licence", LICENCE_LIMIT) or "",
        _moment(document.get("published_at")),
        tuple(map(_adaptation, document.get("adaptations") or ())),
    )


def _adaptation(document: Any) -> Document:
    if not isinstance(document, Mapping):
        raise Refusal("cases.field_wrong", field="adaptations")
    found = {
        "city": line(document, "city", 200),
        "country": line(document, "country", 2),
        "year": year(document.get("year")),
        "kept": clean_or_none(document.get("kept"), limit=COMMENT_LIMIT, lines=True),
        "changed": clean_or_none(document.get("changed"), limit=COMMENT_LIMIT, lines=True),
        "outcome": word(CaseOutcome, document.get("outcome"), "outcome"),
    }
    if found["year"] is None or not found["kept"] or not found["changed"]:
        raise Refusal("cases.field_wrong", field="adaptations")
    return found


def _moment(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Refusal("cases.date_unknown", date=str(value)[:40]) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
