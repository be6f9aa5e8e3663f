"""What people call languages, countries and levels, in every language of the house."""

from __future__ import annotations

from babel import Locale
from babel.localedata import exists

from bot.domain.languages import CODES
from bot.domain.members import Level
from bot.i18n import Catalogues
from bot.services.servers import NO_COUNTRIES

SHORT_COUNTRIES = {"usa": "US", "uk": "GB"}
"""What everybody writes, and neither ISO 3166 nor CLDR has."""


class Words:
    """Knows case-folded words of every language of the house; codes stand for themselves."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._house = [catalogues.translator(language) for language in catalogues.languages]
        self._languages: dict[str, str] | None = None
        self.countries = SHORT_COUNTRIES | {code.casefold(): code for code in _countries()}
        for t in self._house:
            self.countries.update((t.country(code).casefold(), code) for code in _countries())
        self.levels = {level.value: level for level in Level}
        for t in self._house:
            self.levels.update((t.of(level).casefold(), level) for level in Level)

    def language(self, name: str) -> str | None:
        """The ISO 639 code of a language by its case-folded name, in our languages or in its own; None where unknown.

        The first time takes a third of a second, so use a thread.
        """
        if self._languages is None:
            self._languages = {own.casefold(): code for code in sorted(CODES) if (own := _own_name(code))}
            for t in reversed(self._house):
                self._languages.update((t.language_name(code).casefold(), code) for code in sorted(CODES))
        return self._languages.get(name)


def _countries() -> list[str]:
    codes = map(str, Locale.parse("en").territories)
    return [code for code in codes if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES]


def _own_name(code: str) -> str | None:
    return Locale.parse(code).languages.get(code) if exists(code) else None
