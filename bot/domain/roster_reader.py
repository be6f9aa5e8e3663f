"""Understanding the lines of a roster."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final

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
from bot.domain.roster import Entry, Lookups, Problem, Town, bare
from bot.domain.text import clean, clean_or_none

_USER_ID = re.compile(r"[0-9]{17,20}")
_COUNT = re.compile(r"[0-9]{1,9}")
_REMEMBERED: Final = 50_000
_UNSEEN: Final = object()


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
        row = [bare(cell) if cell[:1] == "'" else cell for cell in cells]
        row.append("")
        parts: list[Any] = []
        problems: list[Problem] = []
        for column, pick, understand, seen in self._plan:
            key = pick(row)
            part = _UNSEEN if seen is None else seen.get(key, _UNSEEN)
            if part is _UNSEEN:
                try:
                    part = understand(key)
                except Refusal as refusal:
                    part = refusal
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
        return checked_languages(language_codes(cell, self._lookups.language))

    def _language(self, cell: str) -> str | None:
        codes = self._languages(cell)
        if len(codes) > 1:
            raise Refusal("roster.one_language")
        return codes[0] if codes else None

    def _topics(self, cell: str) -> tuple[Known, ...]:
        if not cell:
            return ()
        known: dict[str, Known] = {}
        for part in cell.split("|"):
            one = self._topics_seen.get(part) or self._topic(part)
            if one is not None:
                known[one.topic_id] = one
        if len(known) > MAX_TOPICS:
            raise Refusal("members.too_many_topics", limit=MAX_TOPICS)
        return tuple([known[topic_id] for topic_id in sorted(known)])

    def _topic(self, part: str) -> Known | None:
        """A topic and the level: "social-housing:expert"; a label may have a colon of its own."""
        if not part.strip():
            return None
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
