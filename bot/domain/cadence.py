"""How often, in words: "first Tuesday", "le 15", "último día laborable", or a rule of RFC 5545."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from bot.domain.calendar import Rule
from bot.domain.errors import Refusal

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING: Final = "MO,TU,WE,TH,FR"
LONGEST_WORDS: Final = 80
_NAMES: Final = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lundis mardis mercredis jeudis vendredis samedis dimanches",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lunes martes miercoles jueves viernes sabados domingos",
)
_ORDINALS: Final = {
    1: "first premier premiere primer primero primera",
    2: "second deuxieme seconde segundo segunda",
    3: "third troisieme tercer tercero tercera",
    4: "fourth quatrieme cuarto cuarta",
    5: "fifth cinquieme quinto quinta",
    -1: "last dernier derniere ultimo ultima",
}
_HINTS: Final = {
    "day": "day days jour jours dia dias",
    "working": "working business work ouvre ouvres ouvrable ouvrables laborable laborables habil habiles workday "
    "workdays weekday weekdays",
    "every": "every each chaque tous cada todos",
    "daily": "daily quotidien diario",
    "": "the of a on in month months monthly week weekly le la les du de des au mois mensuel semaine el los las del al "
    "mes mensual semana toutes todas por par",
}


class CadenceKind(StrEnum):
    """The shapes of a rule that have words of their own."""

    DAILY = "daily"
    WORKING_DAYS = "working_days"
    WEEKLY = "weekly"
    NTH_WEEKDAY = "nth_weekday"
    LAST_WEEKDAY = "last_weekday"
    MONTH_DAY = "month_day"
    LAST_DAY = "last_day"
    NTH_WORKING_DAY = "nth_working_day"
    LAST_WORKING_DAY = "last_working_day"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rule as it can be said. `n` is which one, `weekday` counts from 0 for Monday."""

    kind: CadenceKind
    n: int = 0
    weekday: int = 0


def rule_of(typed: str) -> Rule:
    """The rule that somebody means, in words of English, French or Spanish, or as RFC 5545 writes it.

    Raises `Refusal` where it is neither.
    """
    if "=" in typed:
        return Rule.parse(typed)
    text = _in_words(typed)
    if text is None:
        raise Refusal("campaigns.rule_unreadable", refused=typed)
    return Rule.parse(text)


def _in_words(typed: str) -> str | None:
    """RFC 5545's text for words; None where they are not understood."""
    numbers: list[int] = []
    weekdays: list[str] = []
    hints: set[str] = set()
    for word in _words(typed):
        number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er|re|e|eme|o|a)?", word)
        match int(number[1]) if number else _meanings().get(word):
            case int(n):
                numbers.append(n)
            case str(hint) if hint in _HINTS:
                hints.add(hint)
            case str(weekday):
                weekdays.append(weekday)
            case _:
                return None
    if len(numbers) > 1 or len(weekdays) > 1:
        return None
    return _meant(numbers[0] if numbers else None, weekdays[0] if weekdays else None, hints)


@cache
def _meanings() -> dict[str, int | str]:
    """A number, a weekday of RFC 5545, or one of the hints, by the word for it."""
    found: dict[str, int | str] = {word: n for n, words in _ORDINALS.items() for word in words.split()}
    found |= {word: hint for hint, words in _HINTS.items() for word in words.split()}
    return found | {name: WEEKDAYS[place] for line in _NAMES for place, name in enumerate(line.split())}


def _meant(n: int | None, weekday: str | None, hints: set[str]) -> str | None:
    if weekday is not None:
        return None if hints & {"day", "working", "daily"} else _weekday(weekday, n)
    if "working" in hints:
        return _working(n)
    if n is not None:
        return _month_day(n)
    return "FREQ=DAILY" if "daily" in hints or hints >= {"every", "day"} else None


def _words(typed: str) -> list[str]:
    """The words, without marks and case; of a text that is too long none."""
    text = unicodedata.normalize("NFKD", typed[: LONGEST_WORDS + 1].replace("º", "o").replace("ª", "a")).casefold()
    if len(typed) > LONGEST_WORDS:
        return ["?"]
    return re.findall(r"[^\W_]+|\S", "".join(each for each in text if not unicodedata.combining(each)))


def _weekday(weekday: str, n: int | None) -> str | None:
    if n is None:
        return f"FREQ=WEEKLY;BYDAY={weekday}"
    return f"FREQ=MONTHLY;BYDAY={n}{weekday}" if n == -1 or 1 <= n <= 5 else None


def _working(n: int | None) -> str | None:
    if n is None:
        return f"FREQ=WEEKLY;BYDAY={WORKING}"
    # Every month has twenty working days.
    return f"FREQ=MONTHLY;BYDAY={WORKING};BYSETPOS={n}" if n == -1 or 1 <= n <= 20 else None


def _month_day(n: int) -> str | None:
    """Day 31 is the last day of a month that has fewer: whoever says it wants to ask every month."""
    if n == -1 or 1 <= n <= 28:
        return f"FREQ=MONTHLY;BYMONTHDAY={n}"
    if n in {29, 30, 31}:
        return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, range(28, n + 1)))};BYSETPOS=-1"
    return None


def spoken(rule: str) -> Cadence:
    """What a rule is called; `OTHER` where it has no words and is shown as it is written."""
    return _spoken().get(rule, Cadence(CadenceKind.OTHER))


@cache
def _spoken() -> dict[str | None, Cadence]:
    found: dict[str | None, Cadence] = {
        "FREQ=DAILY": Cadence(CadenceKind.DAILY),
        _working(None): Cadence(CadenceKind.WORKING_DAYS),
        _working(-1): Cadence(CadenceKind.LAST_WORKING_DAY),
        _month_day(-1): Cadence(CadenceKind.LAST_DAY),
        _month_day(31): Cadence(CadenceKind.LAST_DAY),
    }
    found |= {_working(n): Cadence(CadenceKind.NTH_WORKING_DAY, n) for n in range(1, 21)}
    found |= {_month_day(n): Cadence(CadenceKind.MONTH_DAY, n) for n in range(1, 31)}
    for place, weekday in enumerate(WEEKDAYS):
        found[_weekday(weekday, None)] = Cadence(CadenceKind.WEEKLY, weekday=place)
        found[_weekday(weekday, -1)] = Cadence(CadenceKind.LAST_WEEKDAY, weekday=place)
        found |= {_weekday(weekday, n): Cadence(CadenceKind.NTH_WEEKDAY, n, place) for n in range(1, 6)}
    return found


def minute_of(typed: str) -> int:
    """The minute of the day of "09:30", "9h30", "9.30" or "9". Raises `Refusal` for anything else."""
    found = re.fullmatch(r"(\d{1,2})(?:\s*[:h.]\s*(\d{2})?)?", typed.strip().casefold())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Refusal("campaigns.time_unreadable", refused=typed)
    return int(found[1]) * 60 + int(found[2] or 0)
