"""The fields of a case from what somebody typed or chose, each by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import case_documents as documents
from bot.domain.case_content import (
    MOST_TOPICS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    CaseOutcome,
    CaseSection,
    CaseStatus,
    Content,
    CostBand,
    DurationBand,
)
from bot.domain.cities import Gazetteer, PopulationBand, band_of
from bot.domain.errors import Refusal
from bot.domain.languages import CODES
from bot.domain.matching import normalise
from bot.domain.text import clean_or_none, tidy
from bot.services import homes
from bot.services.topics import TopicsService
from db.engine import AsyncSession
from db.queries import cities

NAMELESS = "nameless"
"""What is chosen where the city does not want to be named."""
_BETWEEN = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Known:
    """What fields are read with: the topics, the cities of the world, and the language of who typed."""

    topics: TopicsService
    gazetteer: Gazetteer
    language: str


async def read_fields(session: AsyncSession, known: Known, content: Content, typed: Mapping[str, str]) -> Content:
    """What is said once these fields are as typed; an empty one is cleared. Raises `Refusal` for what is wrong."""
    changed = replace(content, **{name: _plain(name, text) for name, text in typed.items() if name in _PLAIN})
    texts = dict(content.texts)
    for section in CaseSection:
        if section in typed:
            text = documents.long_text(section, typed[section])
            texts.pop(section, None)
            texts |= {section: text} if text else {}
    changed = replace(changed, texts=texts)
    if "topics" in typed:
        changed = replace(changed, topics=_topics(known.topics, typed["topics"], known.language))
    if "city" in typed:
        changed = await _placed(session, known.gazetteer, changed, typed)
    return changed


def _plain(name: str, text: str) -> Any:
    match name:
        case "title":
            return clean_or_none(text, limit=TITLE_LIMIT)
        case "summary":
            return clean_or_none(text, limit=SUMMARY_LIMIT)
        case "pilot_owner":
            return clean_or_none(text, limit=documents.PERSON_LIMIT)
        case "start_year":
            return documents.year(text)
        case "pilot_on":
            return documents.day(text)
        case "links":
            return documents.links_in(text)
        case "language":
            return _language(text)
        case _:
            return documents.word(_WORDS[name], text, name)


_WORDS: Mapping[str, Any] = {
    "status": CaseStatus,
    "outcome": CaseOutcome,
    "population": PopulationBand,
    "cost": CostBand,
    "duration": DurationBand,
}
_PLAIN = frozenset({*_WORDS, "title", "summary", "pilot_owner", "pilot_on", "start_year", "links", "language"})


def _language(text: str) -> str | None:
    code = tidy(text).lower()
    if code and code not in CODES:
        raise Refusal("experts.language_unknown", language=code[:60])
    return code or None


def _topics(topics: TopicsService, text: str, language: str) -> tuple[str, ...]:
    """Topics from their names or ids, with semicolons or lines between, or commas where that is no one topic's name."""
    parts = [part for part in map(tidy, _BETWEEN.split(text)) if part]
    names = [name for part in parts for name in _named(topics, part, language)]
    found = dict.fromkeys(named_topic(topics, name, language) for name in names)
    if len(found) > MOST_TOPICS:
        raise Refusal("cases.too_many_topics", most=MOST_TOPICS)
    return tuple(found)


def _named(topics: TopicsService, part: str, language: str) -> list[str]:
    if "," not in part or topics.index.resolve(part, language) is not None:
        return [part]
    return [name for name in map(tidy, part.split(",")) if name]


def named_topic(topics: TopicsService, name: str, language: str) -> str:
    """The id of a topic from its name or id. Raises `Refusal` where it is not clear which, or there is none."""
    found = topics.find(name, language, 3)
    if found.confident:
        return found.matches[0].topic_id
    if not found.matches:
        raise Refusal("cases.topic_unknown", topic=name[:60])
    offered = tuple(topics.get(match.topic_id).label(language) for match in found.matches)
    raise Refusal("cases.topic_unclear", topic=name[:60], offered=offered)


async def _placed(session: AsyncSession, gazetteer: Gazetteer, content: Content, typed: Mapping[str, str]) -> Content:
    """The city, or that it does not want to be named; its size is taken from it where none was chosen."""
    text = tidy(typed["city"])
    if typed.get("named") == NAMELESS or not text:
        nameless = typed.get("named") == NAMELESS
        return replace(content, city_id=None, city=None, country=None, nameless_city=nameless)
    if content.city_id is not None and normalise(text) == normalise(content.city or ""):
        return replace(content, nameless_city=False)
    city_id, _ = await homes.find(session, gazetteer, text)
    row = await cities.city(session, city_id)
    assert row is not None
    size = content.population or band_of(row.population)
    return replace(content, city_id=city_id, city=row.name, country=row.country, nameless_city=False, population=size)
