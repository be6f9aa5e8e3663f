"""Sentences in the reader's language: gettext catalogues, CLDR dates, plurals and lists (Babel).

A catalogue is a folder of .po files, one a noun, read at start: `config/locales/fr/members.po`. A message's id is
a key (`profile.saved`), its text the sentence with named placeholders. English is a catalogue like the others,
so that an administrator may change a word in any of them. Names and descriptions of commands stand in the
context "command", under the English words of the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_month_names
from babel.lists import format_list
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from bot.domain.matching import normalise
from bot.domain.until import Writing

FALLBACK = "en"
COMMAND = "command"

Forms = tuple[str, ...]


class CatalogueError(Exception):
    """A catalogue is missing or cannot be read; the text says which file and why."""


@dataclass(frozen=True, slots=True)
class Catalogues:
    """All messages of all languages. `messages[language][(context, id)]` is a message's plural forms."""

    messages: Mapping[str, Mapping[tuple[str | None, str], Forms]] = field(repr=False)
    # Not in the repr: a test run writes one for each fixture, and thousands of sentences take their time.

    @classmethod
    def load(cls, *folders: Path) -> Catalogues:
        """Read `folder/<language>/*.po`; of several folders, what a later one says replaces what an earlier one does.

        Raises `CatalogueError` where English is missing or a file is broken.
        """
        languages: dict[str, dict[tuple[str | None, str], Forms]] = {}
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            for path in sorted(folder.iterdir()):
                if path.is_dir() and any(path.glob("*.po")):
                    languages[path.name] = languages.get(path.name, {}) | _read(path)
        if FALLBACK not in languages:
            raise CatalogueError(f"{folders[-1]} has no catalogue for English ({FALLBACK})")
        return cls(languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue, English first."""
        return (FALLBACK, *(language for language in self.messages if language != FALLBACK))

    def nearest(self, *wanted: str | None) -> str:
        """The first of the wanted languages that has a catalogue: "fr-CA" finds "fr". English otherwise."""
        for tag in wanted:
            language = (tag or "").replace("_", "-").partition("-")[0].lower()
            if language in self.messages:
                return language
        return FALLBACK

    def translator(self, *wanted: str | None) -> Translator:
        """The translator for the nearest of the wanted languages."""
        return Translator(self, self.nearest(*wanted))

    def forms(self, language: str, message_id: str, context: str | None = None) -> Forms | None:
        """A message's plural forms, in English where the language lacks it; None where nobody has it."""
        for tag in (language, FALLBACK):
            found = self.messages.get(tag, {}).get((context, message_id))
            if found:
                return found
        return None

    def missing(self, language: str) -> list[str]:
        """The ids of the messages that English has and this language lacks, sorted."""
        own = self.messages.get(language, {})
        return sorted(message_id for context, message_id in self.messages[FALLBACK] if (context, message_id) not in own)

    def differing(self, language: str) -> list[str]:
        """The ids of the messages whose placeholders here are not those of English, sorted.

        The form for one may say "one" instead of the number.
        """
        found = []
        for (context, message_id), forms in self.messages.get(language, {}).items():
            english = self.messages[FALLBACK].get((context, message_id))
            if english is None or context == COMMAND:
                continue
            wanted = set(placeholders(english[-1]))
            last = set(placeholders(forms[-1]))
            if last != wanted or any(set(placeholders(form)) | {"n"} != wanted | {"n"} for form in forms):
                found.append(message_id)
        return sorted(found)

    def command(self, language: str, english: str) -> str | None:
        """The name or description of a command in a language; None where that language lacks it."""
        found = self.messages.get(language, {}).get((COMMAND, english))
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Translator:
    """Says things in one language."""

    catalogues: Catalogues
    language: str

    def __call__(self, message_id: str, /, **parameters: object) -> str:
        """The sentence `message_id`, its placeholders filled.

        Where a message has plural forms, the parameter `n` chooses among them. Numbers are written the way the
        language writes them, values of an enum in its words, tuples as lists. Raises KeyError for a message that no
        catalogue has: that is a bug.
        """
        forms = self.catalogues.forms(self.language, message_id)
        if forms is None:
            raise KeyError(message_id)
        form = forms[0]
        n = parameters.get("n")
        if len(forms) > 1 and isinstance(n, int):
            form = forms[_plural_index(self.language, n)]
        return form.format(**{name: self._shown(value) for name, value in parameters.items()})

    def _shown(self, value: object) -> object:
        match value:
            case Enum():
                return self.of(value)
            case tuple():
                return self.list(str(self._shown(each)) for each in value)
            case int() if not isinstance(value, bool):
                return self.number(value)
        return value

    def of(self, value: Enum) -> str:
        """The word for a value of an enum of the domain: Level.EXPERT is the message "level.expert"."""
        return self(f"{_snake(type(value).__name__)}.{value.value}")

    def number(self, value: float) -> str:
        """A number as this language writes it. Identifiers are passed as text and stay as they are."""
        return format_decimal(value, locale=self.language)

    def date(self, value: date, zone: str | None = None) -> str:
        """A day, in the reader's zone where the value is a moment."""
        if isinstance(value, datetime) and zone:
            value = value.astimezone(ZoneInfo(zone))
        return format_date(value, format="long", locale=self.language)

    def writing(self) -> Writing:
        """How this language writes dates, for reading one that was typed."""
        months: dict[str, int] = {}
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = get_month_names(width, context, self.language)
                months |= {normalise(name): number for number, name in names.items()}
        pattern = str(Locale.parse(self.language).date_formats["short"].pattern)
        day_first = None if self.language == FALLBACK else pattern.lower().find("d") < pattern.lower().find("m")
        return Writing(day_first, months, frozenset(map(normalise, self("until.day_words").split(","))))

    def moment(self, value: datetime, zone: str) -> str:
        """A day and time in the reader's zone."""
        return format_datetime(value, format="long", tzinfo=ZoneInfo(zone), locale=self.language)

    def clock(self, value: datetime, zone: str) -> str:
        """A time of day in a zone, to the minute."""
        return format_time(value, format="short", tzinfo=ZoneInfo(zone), locale=self.language)

    def list(self, items: Iterable[str]) -> str:
        """ "a, b and c", as this language joins."""
        return format_list(list(items), locale=self.language)

    def country(self, code: str) -> str:
        """A country's name from its ISO 3166 code; the code itself where CLDR has no name."""
        name: str | None = Locale.parse(self.language).territories.get(code.upper())
        return name or code

    def language_name(self, code: str) -> str:
        """A language's name from its ISO 639 code, in this translator's language; the code where unknown."""
        name: str | None = Locale.parse(self.language).languages.get(code.lower())
        return name or code


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _read(folder: Path) -> dict[tuple[str | None, str], Forms]:
    messages: dict[tuple[str | None, str], Forms] = {}
    for path in sorted(folder.glob("*.po")):
        try:
            messages |= _parsed(path, path.stat().st_mtime_ns)
        except (OSError, ValueError, LookupError, PoFileError) as error:
            raise CatalogueError(f"{path}: {error}") from error
    return messages


@lru_cache(maxsize=512)
def _parsed(path: Path, _changed: int) -> Mapping[tuple[str | None, str], Forms]:
    """The messages of one file. Kept, since a process may build the bot more than once, and parsing is slow."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.name, abort_invalid=True)
    messages: dict[tuple[str | None, str], Forms] = {}
    for message in catalogue:
        if message.id:
            identity = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if any(forms) and not message.fuzzy:
                messages[message.context, identity] = forms
    return messages


def _plural_index(language: str, n: int) -> int:
    """Which form counts `n`: the first for CLDR's category "one" of this language, the second otherwise.

    French takes 0 and 1 as one. CLDR's "many" of French and Spanish (a million of) reads as "other" in ours.
    """
    return 0 if Locale.parse(language).plural_form(n) == "one" else 1


def placeholders(text: str) -> Sequence[str]:
    """The names in braces in a message, sorted, for comparing languages."""
    return sorted(set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})", text)))
