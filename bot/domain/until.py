"""Until when: a number of days, or a date in the way that the reader writes one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import moment, zone_of
from bot.domain.errors import Refusal
from bot.domain.matching import normalise
from bot.domain.members import LONGEST_PAUSE, pause_end

LONGEST_TYPED: Final = 40
_DAYS: Final = re.compile(r"(\d{1,4})(?: ([^\d ]+))?")
_ISO: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_SHORT: Final = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?[-/.] ?(\d{4}|\d{2}))?[.]?")
_NUMBER: Final = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|o)?")
_LITTLE_WORDS: Final = {"de", "del", "of", "the", "le", "el", "la", "until", "hasta", "jusqu", "au"}


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language writes dates. `day_first` is None where people differ, as in English: 03/04 is then in doubt.

    `months` has the numbers of the months by their names, `days` the words that count days; both normalised.
    """

    day_first: bool | None
    months: Mapping[str, int]
    days: frozenset[str]


def pause_until(typed: str, now: datetime, zone: str, writing: Writing) -> datetime:
    """When a pause ends that somebody in `zone` wants until then: so many days from now, or at the beginning of a day.

    Raises `Refusal` where it is no date, in doubt, in the past, or too far off.
    """
    today = now.astimezone(zone_of(zone)).date()
    found = _read(typed.strip()[:LONGEST_TYPED], today, writing)
    if isinstance(found, int):
        return pause_end(now, found)
    if found <= today:
        raise Refusal("until.past")
    if found > today + LONGEST_PAUSE:
        raise Refusal("members.pause_length", limit=LONGEST_PAUSE.days)
    return moment(found, 0, zone)


def _read(typed: str, today: date, writing: Writing) -> int | date:
    """The number of days, or the day, that was typed."""
    if days := _DAYS.fullmatch(normalise(typed)):
        number, word = days.groups()
        if word is None or word in writing.days:
            return int(number)
    if iso := _ISO.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
        return _day(year, month, day, typed)
    if short := _SHORT.fullmatch(typed):
        return _short(short, typed, today, writing)
    return _named(typed, today, writing)


def _short(found: re.Match[str], typed: str, today: date, writing: Writing) -> date:
    one, two = int(found[1]), int(found[3])
    # Whoever writes dots puts the day first, whatever her language.
    day_first = True if found[2] == "." else writing.day_first
    if day_first is None:
        if one <= 12 and two <= 12 and one != two:
            raise Refusal("until.in_doubt", typed=typed)
        day_first = one > 12
    day, month = (one, two) if day_first else (two, one)
    return _in_year(int(found[4]) if found[4] else None, month, day, typed, today)


def _named(typed: str, today: date, writing: Writing) -> date:
    """A day with the name of its month: 12 March, 12 de marzo de 2027, March 12th."""
    numbers: list[int] = []
    months: list[int] = []
    for word in normalise(typed).split():
        if number := _NUMBER.fullmatch(word):
            numbers.append(int(number[1]))
        elif word in writing.months:
            months.append(writing.months[word])
        elif word not in _LITTLE_WORDS:
            raise Refusal("until.unreadable", typed=typed)
    if len(months) != 1 or not 1 <= len(numbers) <= 2:
        raise Refusal("until.unreadable", typed=typed)
    return _in_year(numbers[1] if len(numbers) > 1 else None, months[0], numbers[0], typed, today)


def _in_year(year: int | None, month: int, day: int, typed: str, today: date) -> date:
    """Without a year it is the next such day; a year of two digits is of this century."""
    if year is not None:
        return _day(year if year > 99 else 2000 + year, month, day, typed)
    for ahead in range(9):  # 29 February may be eight years off
        try:
            found = date(today.year + ahead, month, day)
        except ValueError:
            continue
        if found > today:
            return found
    raise Refusal("until.no_such_day", typed=typed)


def _day(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Refusal("until.no_such_day", typed=typed) from error
