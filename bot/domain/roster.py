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
from typing import Any, Final, Protocol, TypeVar

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

Found = TypeVar("Found")


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a roster, understood. `identity` stands for name, city and cohort together."""

    line: int
    user_id: int | None
    reference: str | None
    about: About
    town: Town | None
    zone: str | None
    languages: tuple[str, ...]
    language: str | None
    topics: tuple[Known, ...]
    identity: str


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


def identity(about: About, town: Town | None) -> str:
    """A short stand-in for name, city and cohort, the same whenever those are the same but for case."""
    parts = (about.display_name, about.cohort or "", town.name if town else "", town.country if town else "")
    return hashlib.sha256("\0".join(parts).casefold().encode()).hexdigest()[:32]


class Reader:
    """Understands the lines of one roster. What stands in many lines is looked up once."""

    def __init__(self, columns: Sequence[str], lookups: Lookups) -> None:
        self._columns = columns
        self._lookups = lookups
        self._seen: dict[tuple[str, ...], Any] = {}

    def read(self, line: int, cells: Sequence[str]) -> Entry | list[Problem]:
        """The line as an entry, or all that is wrong with it."""
        if len(cells) != len(self._columns):
            return [Problem(line, None, "roster.cells", {"cells": len(cells), "columns": len(self._columns)})]
        row = dict(zip(self._columns, [bare(cell) if cell[:1] == "'" else cell for cell in cells], strict=True))
        problems: list[Problem] = []
        parts: dict[str, Any] = {}
        for column, read in _PARTS:
            try:
                parts[column] = read(self, row)
            except Refusal as refusal:
                problems.append(Problem(line, column, refusal.message_id, refusal.parameters))
        if problems:
            return problems
        about = About(parts["display_name"], parts["post"], parts["cohort"])
        town: Town | None = parts["city"]
        return Entry(
            line=line,
            user_id=parts["discord_user_id"],
            reference=parts["reference"],
            about=about,
            town=town,
            zone=parts["zone"] or (town.zone if town else None),
            languages=parts["languages"],
            language=parts["language"],
            topics=parts["topics"],
            identity=identity(about, town),
        )

    def _once(self, read: Callable[..., Found], *cells: str) -> Found:
        """What `read` makes of these cells, or the `Refusal` that it raises, remembered."""
        key = (read.__name__, *cells)
        if key not in self._seen:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            try:
                self._seen[key] = read(*cells)
            except Refusal as refusal:
                self._seen[key] = refusal
        seen = self._seen[key]
        if isinstance(seen, Refusal):
            raise Refusal(seen.message_id, **seen.parameters)
        return seen  # type: ignore[no-any-return]

    def user_id(self, row: Mapping[str, str]) -> int | None:
        """The Discord id, None where the cell is empty."""
        cell = row.get("discord_user_id", "").strip()
        if not cell:
            return None
        if not _USER_ID.fullmatch(cell) or int(cell) >= 2**63:
            raise Refusal("roster.user_id", value=cell[:40])
        return int(cell)

    def town(self, row: Mapping[str, str]) -> Town | None:
        """The city, None where nothing is said of it."""
        return self._once(
            self._town, row.get("city", "").strip(), row.get("country", "").strip(), row.get("geonames_id", "").strip()
        )

    def zone(self, row: Mapping[str, str]) -> str | None:
        """The time zone, None where the cell is empty."""
        cell = row.get("zone", "").strip()
        return zone_named(cell) if cell else None

    def languages(self, row: Mapping[str, str]) -> tuple[str, ...]:
        """The codes of the languages that she speaks."""
        return self._once(self._languages, row.get("languages", ""))

    def language(self, row: Mapping[str, str]) -> str | None:
        """The code of the language that the bot is to speak with her."""
        codes = self._once(self._languages, row.get("language", ""))
        if len(codes) > 1:
            raise Refusal("roster.one_language")
        return codes[0] if codes else None

    def topics(self, row: Mapping[str, str]) -> tuple[Known, ...]:
        """What she knows about."""
        return self._once(self._topics, row.get("topics", ""))

    def _town(self, name: str, country: str, geonames_id: str) -> Town | None:
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

    def _topics(self, cell: str) -> tuple[Known, ...]:
        found = [self._once(self._topic, part) for part in cell.split("|") if part.strip()]
        known = {one.topic_id: one for one in found}
        if len(known) > MAX_TOPICS:
            raise Refusal("members.too_many_topics", limit=MAX_TOPICS)
        return tuple(known[topic_id] for topic_id in sorted(known))

    def _topic(self, part: str) -> Known:
        """A topic and the level: "housing:expert"; a label may have a colon of its own."""
        label, colon, word = part.rpartition(":")
        level = self._lookups.levels.get(word.strip().casefold()) if colon else None
        if level is None:
            label, level = part, Level.PRACTITIONER
        topic_id = self._lookups.topic(label.strip())
        if topic_id is None:
            raise Refusal("roster.topic_unknown", topic=part.strip()[:100])
        return Known(topic_id, level)


def _text(column: str, limit: int) -> Callable[[Reader, Mapping[str, str]], str | None]:
    return lambda _, row: clean_or_none(row.get(column), limit=limit)


_PARTS: Final[Sequence[tuple[str, Callable[[Reader, Mapping[str, str]], Any]]]] = (
    ("discord_user_id", Reader.user_id),
    ("reference", _text("reference", REFERENCE_LIMIT)),
    ("display_name", lambda _, row: clean(row["display_name"], limit=NAME_LIMIT)),
    ("post", _text("post", POST_LIMIT)),
    ("cohort", _text("cohort", COHORT_LIMIT)),
    ("city", Reader.town),
    ("zone", Reader.zone),
    ("languages", Reader.languages),
    ("language", Reader.language),
    ("topics", Reader.topics),
)
