"""The filters of a search for people, from what somebody typed in her own language."""

from __future__ import annotations

from functools import cache

from babel import Locale

from bot.domain.errors import Refusal
from bot.domain.experts import CitySize
from bot.domain.filters import Filters
from bot.domain.languages import CODES, COMMON
from bot.domain.matching import normalise
from bot.i18n import Translator
from bot.services.servers import NO_COUNTRIES

Named = tuple[str, str]
"""A code, and its name in the reader's language."""


def countries(t: Translator, text: str) -> list[Named]:
    """Countries whose name in this language holds what was typed, those first whose name begins with it."""
    return _like(text, [(code, t.country(code)) for code in _countries()])


def languages(t: Translator, text: str) -> list[Named]:
    """The same for languages; before anything is typed, those that many speak."""
    codes = CODES if text.strip() else COMMON
    return _like(text, [(code, t.language_name(code)) for code in codes])


def filters_of(
    t: Translator, country: str | None, language: str | None, size: str | None, *, available: bool
) -> Filters:
    """Filters from codes, or from names in the reader's language. Raises `Refusal` for what is neither."""
    return Filters(
        _code(countries(t, ""), country, upper=True) if country else None,
        _code([(code, t.language_name(code)) for code in CODES], language, upper=False) if language else None,
        CitySize(size) if size else None,
        available,
    )


def _code(every: list[Named], text: str, *, upper: bool) -> str:
    typed = normalise(text)
    code = text.strip().upper() if upper else text.strip().lower()
    for known, name in every:
        if code == known or typed == normalise(name):
            return known
    if upper:
        raise Refusal("experts.country_unknown", country=text[:60])
    raise Refusal("experts.language_unknown", language=text[:60])


def _like(text: str, every: list[Named]) -> list[Named]:
    typed = normalise(text)
    folded = [(normalise(name), code, name) for code, name in every]
    found = [one for one in folded if typed in one[0] or one[1].casefold() == typed]
    return [(code, name) for folded, code, name in sorted(found, key=lambda one: (not one[0].startswith(typed), one))]


@cache
def _countries() -> tuple[str, ...]:
    territories = map(str, Locale.parse("en").territories)
    return tuple(code for code in territories if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES)
