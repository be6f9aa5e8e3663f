"""What people call languages, countries and levels, in every language of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from babel.localedata import exists

from bot.domain.languages import CODES
from bot.domain.members import Level
from bot.i18n import Catalogues
from bot.services.servers import NO_COUNTRIES

SHORT_COUNTRIES = {"usa": "US", "uk": "GB"}
"""What everybody writes, and neither ISO 3166 nor CLDR has."""


@dataclass(frozen=True, slots=True)
class Words:
    """Case-folded words and what they mean: ISO 639 codes, ISO 3166 codes, levels. Codes stand for themselves."""

    languages: Mapping[str, str]
    countries: Mapping[str, str]
    levels: Mapping[str, Level]

    @classmethod
    def of(cls, catalogues: Catalogues) -> Words:
        """Takes a third of a second the first time, so use a thread. A language is known by its own name, too."""
        house = [catalogues.translator(language) for language in catalogues.languages]
        languages = {t.language_name(code).casefold(): code for t in house for code in sorted(CODES)}
        for code in sorted(CODES):
            own = _own_name(code)
            if own:
                languages.setdefault(own.casefold(), code)
        countries = [
            code
            for code in map(str, Locale.parse("en").territories)
            if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
        ]
        lands = {t.country(code).casefold(): code for t in house for code in countries}
        return cls(
            languages | {code: code for code in CODES},
            lands | {code.casefold(): code for code in countries} | SHORT_COUNTRIES,
            {t.of(level).casefold(): level for t in house for level in Level} | {level.value: level for level in Level},
        )


def _own_name(code: str) -> str | None:
    return Locale.parse(code).languages.get(code) if exists(code) else None
