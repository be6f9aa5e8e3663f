"""The roster: the programme's list of its people, as a CSV file with a header.

Columns are found by name, in any order and case. `display_name` must be there; a cell may be empty otherwise.

- `discord_user_id`: the 17 to 20 digits that Discord shows as "Copy user ID".
- `reference`: the programme's own number for the person, to find her again in the next file.
- `display_name`, `post`, `cohort`: text.
- `city`, `country`: a name in any script, an ISO 3166 code or a country's name. `geonames_id` says it exactly.
- `zone`: an IANA time zone; guessed from the city where empty.
- `languages`: those she speaks, as ISO 639 codes or names, separated by |.
- `language`: the one the bot is to speak with her.
- `topics`: ids or labels in any language, each with a level: `stormwater-fees:expert | housing:practitioner`.

A cell that a spreadsheet would take for a formula carries an apostrophe in front (OWASP, "CSV Injection"); it is put
there on export and taken away on import.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from bot.domain.errors import Refusal
from bot.domain.languages import language_codes
from bot.domain.members import (
    COHORT_LIMIT,
    MAX_TOPICS,
    NAME_LIMIT,
    POST_LIMIT,
    REFERENCE_LIMIT,
    About,
    Known,
    Level,
    checked_languages,
    zone_named,
)
from bot.domain.text import clean, clean_or_none

COLUMNS: Final = (
    "discord_user_id",
    "reference",
    "display_name",
    "post",
    "cohort",
    "city",
    "country",
    "zone",
    "languages",
    "language",
    "topics",
    "geonames_id",
)
DELIMITERS: Final = ",;\t"
PROBLEMS_KEPT: Final = 1000
"""Bad lines whose reason is kept; more are only counted."""
UNNAMED: Final = "auto:"
"""How the reference begins that we give a row that has neither a Discord id nor a reference."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ARMOURED = re.compile(r"'+[=+\-@\t\r]")
_USER_ID = re.compile(r"[0-9]{17,20}")
_COUNT = re.compile(r"[0-9]{1,9}")
_REMEMBERED: Final = 50_000
_UNSEEN: Final = object()


class Town(Protocol):
    """What a roster needs to know of a city; the gazetteer's and the database's own have it."""

    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be used: the column (None: the line as a whole), and the sentence."""

    line: int
    column: str | None
    message_id: str
    parameters: Mapping[str, object]


class Entry(NamedTuple):
    """One line of a roster, understood."""

    line: int
    user_id: int | None
    reference: str | None
    about: About
    town: Town | None
    zone: str | None
    languages: tuple[str, ...]
    language: str | None
    topics: tuple[Known, ...]

    @property
    def identity(self) -> str:
        """Stands for name, city and cohort together; worked out anew each time."""
        town = self.town
        return identity(
            self.about.display_name, self.about.cohort, town.name if town else None, town.country if town else None
        )


@dataclass(frozen=True, slots=True)
class Lookups:
    """How a roster's words are understood. Each raises `Refusal` for what it does not know.

    `town` is handed a name, a country's code or None, and a GeoNames id or None. `languages`, `countries` and `levels`
    map case-folded names, in all languages of the house, to codes and levels.
    """

    town: Callable[[str, str | None, int | None], Town]
    topic: Callable[[str], str | None]
    languages: Mapping[str, str]
    countries: Mapping[str, str]
    levels: Mapping[str, Level]


def delimiter_of(header: str) -> str:
    """What separates the cells of a header line: the one of comma, semicolon and tab that it has most of."""
    return max(DELIMITERS, key=header.count)


def header_of(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a header, in their order, and those among them that we do not know.

    Raises `Refusal` where `display_name` is not there, or a column is there twice.
    """
    names = tuple("_".join(re.split(r"[\s_-]+", cell.strip().casefold())) for cell in cells)
    known = [name for name in names if name in COLUMNS]
    for name in known:
        if known.count(name) > 1:
            raise Refusal("roster.column_twice", column=name)
    if "display_name" not in known:
        raise Refusal("roster.column_missing", column="display_name")
    return names, tuple(name for name in names if name and name not in COLUMNS)


def armoured(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """The cell that was armoured; any other stays as it is."""
    return cell[1:] if _ARMOURED.match(cell) else cell


def identity(name: str, cohort: str | None, city: str | None, country: str | None) -> str:
    """A short stand-in for name, city and cohort, the same whenever those are the same but for case."""
    parts = (name, cohort or "", city or "", country or "")
    return hashlib.sha256("\0".join(parts).casefold().encode()).hexdigest()[:32]


class Reader:
    """Understands the lines of one roster. What stands in many lines is worked out once."""

    def __init__(self, columns: Sequence[str], lookups: Lookups) -> None:
        self._columns = columns
        self._lookups = lookups
        self._plan: list[tuple[str, Callable[[Sequence[str]], Any], Callable[[Any], Any], dict[Any, Any] | None]] = [
            (names[0], self._picker(names), understand, {} if repeated else None)
            for names, understand, repeated in self._parts()
        ]
        self._topics_seen: dict[str, Known] = {}

    def read(self, line: int, cells: Sequence[str]) -> Entry | list[Problem]:
        """The line as an entry, or all that is wrong with it."""
        if len(cells) != len(self._columns):
            return [Problem(line, None, "roster.cells", {"cells": len(cells), "columns": len(self._columns)})]
        # The empty cell at the end is what a column holds that the file does not have.
        row = [*(bare(cell) if cell[:1] == "'" else cell for cell in cells), ""]
        parts: list[Any] = []
        problems: list[Problem] = []
        for column, pick, understand, seen in self._plan:
            key = pick(row)
            part = seen.get(key, _UNSEEN) if seen is not None else _UNSEEN
            if part is _UNSEEN:
                part = _outcome(understand, key)
                if seen is not None and len(seen) < _REMEMBERED:
                    seen[key] = part
            if type(part) is Refusal:
                problems.append(Problem(line, column, part.message_id, part.parameters))
            parts.append(part)
        if problems:
            return problems
        user_id, reference, name, post, cohort, town, zone, languages, language, topics = parts
        zone = zone or (town.zone if town else None)
        return Entry(line, user_id, reference, About(name, post, cohort), town, zone, languages, language, topics)

    def _parts(self) -> Sequence[tuple[tuple[str, ...], Callable[[Any], Any], bool]]:
        """What an entry is made of, in its order: the columns, how they are understood, and whether cells repeat."""
        return (
            (("discord_user_id",), _user_id, False),
            (("reference",), partial(_text, limit=REFERENCE_LIMIT), False),
            (("display_name",), partial(clean, limit=NAME_LIMIT), False),
            (("post",), partial(_text, limit=POST_LIMIT), True),
            (("cohort",), partial(_text, limit=COHORT_LIMIT), True),
            (("city", "country", "geonames_id"), self._town, True),
            (("zone",), _zone, True),
            (("languages",), self._languages, True),
            (("language",), self._language, True),
            (("topics",), self._topics, False),
        )

    def _picker(self, names: Sequence[str]) -> Callable[[Sequence[str]], Any]:
        places = [self._columns.index(name) if name in self._columns else -1 for name in names]
        return itemgetter(*places)

    def _town(self, cells: tuple[str, str, str]) -> Town | None:
        name, country, geonames_id = (cell.strip() for cell in cells)
        if not name and not geonames_id:
            return None
        code = self._lookups.countries.get(country.casefold()) if country else None
        if country and code is None:
            raise Refusal("roster.country_unknown", country=country[:60])
        if geonames_id and not _COUNT.fullmatch(geonames_id):
            raise Refusal("roster.geonames_id", value=geonames_id[:40])
        return self._lookups.town(name, code, int(geonames_id) if geonames_id else None)

    def _languages(self, cell: str) -> tuple[str, ...]:
        return checked_languages(language_codes(cell, self._lookups.languages))

    def _language(self, cell: str) -> str | None:
        codes = self._languages(cell)
        if len(codes) > 1:
            raise Refusal("roster.one_language")
        return codes[0] if codes else None

    def _topics(self, cell: str) -> tuple[Known, ...]:
        known = {one.topic_id: one for one in map(self._topic, cell.split("|")) if one is not None}
        if len(known) > MAX_TOPICS:
            raise Refusal("members.too_many_topics", limit=MAX_TOPICS)
        return tuple([known[topic_id] for topic_id in sorted(known)])

    def _topic(self, part: str) -> Known | None:
        """A topic and the level: "housing:expert"; a label may have a colon of its own."""
        seen = self._topics_seen.get(part)
        if seen is not None or not part.strip():
            return seen
        label, colon, word = part.rpartition(":")
        level = self._lookups.levels.get(word.strip().casefold()) if colon else None
        if level is None:
            label, level = part, Level.PRACTITIONER
        topic_id = self._lookups.topic(label.strip())
        if topic_id is None:
            raise Refusal("roster.topic_unknown", topic=part.strip()[:100])
        known = Known(topic_id, level)
        if len(self._topics_seen) < _REMEMBERED:
            self._topics_seen[part] = known
        return known


def _outcome(understand: Callable[[Any], Any], cell: Any) -> Any:
    """What is made of a cell, or the `Refusal` that it meets."""
    try:
        return understand(cell)
    except Refusal as refusal:
        return refusal


def _user_id(cell: str) -> int | None:
    cell = cell.strip()
    if not cell:
        return None
    if not _USER_ID.fullmatch(cell) or int(cell) >= 2**63:
        raise Refusal("roster.user_id", value=cell[:40])
    return int(cell)


def _text(cell: str, limit: int) -> str | None:
    return clean_or_none(cell, limit=limit) if cell else None


def _zone(cell: str) -> str | None:
    return zone_named(cell) if cell.strip() else None
