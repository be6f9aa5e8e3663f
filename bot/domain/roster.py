"""The roster: the programme's list of its people, as a CSV file with a header.

Columns are found by name, in any order and case. `display_name` must be there; a cell may be empty otherwise.

- `discord_user_id`: the 17 to 20 digits that Discord shows as "Copy user ID".
- `reference`: the programme's own number for the person, to find her again in the next file.
- `display_name`, `post`, `cohort`: text.
- `city`, `country`: a name in any script, an ISO 3166 code or a country's name. `geonames_id` says it exactly.
- `zone`: an IANA time zone; guessed from the city where empty.
- `languages`: those she speaks, as ISO 639 codes or names, separated by |.
- `language`: the one the bot is to speak with her.
- `topics`: ids or labels in any language, each with a level: `stormwater:expert | housing-policy:practitioner`.

A cell that a spreadsheet would take for a formula carries an apostrophe in front (OWASP, "CSV Injection"); it is put
there on export and taken away on import.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from bot.domain.errors import Refusal
from bot.domain.members import (
    About,
    Known,
    Level,
)

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
    """How a roster's words are understood. `town` raises `Refusal` for what it does not know, `topic` and `language`
    give None.

    `town` is handed a name, a country's code or None, and a GeoNames id or None. `language`, `countries` and `levels`
    know case-folded names in all languages of the house.
    """

    town: Callable[[str, str | None, int | None], Town]
    topic: Callable[[str], str | None]
    language: Callable[[str], str | None]
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
