"""How often, in words of three languages, and what cannot be meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from bot.domain.cadence import Cadence, CadenceKind, minute_of, rule_of, spoken
from bot.domain.calendar import Rule
from bot.domain.errors import Refusal

START = date(2026, 1, 1)
MEANT = {
    "FREQ=MONTHLY;BYDAY=1TU": [
        "first Tuesday",
        "1st tuesday of the month",
        "premier mardi",
        "Le premier mardi du mois",
        "primer martes",
        "el 1º martes de cada mes",
        "FREQ=MONTHLY; BYDAY=1TU",
        "rrule:freq=monthly;byday=1tu",
    ],
    "FREQ=MONTHLY;BYDAY=-1FR": ["last Friday", "dernier vendredi", "último viernes"],
    "FREQ=MONTHLY;BYMONTHDAY=1": ["day 1", "jour 1", "día 1", "1", "le 1er", "the first", "first day of the month"],
    "FREQ=MONTHLY;BYMONTHDAY=15": ["15", "on day 15", "15th", "le 15", "el 15", "le 15 de chaque mois"],
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1": ["day 31", "jour 31", "día 31"],
    "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1": ["day 29"],
    "FREQ=MONTHLY;BYMONTHDAY=-1": ["last day", "dernier jour du mois", "último día"],
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": [
        "last working day",
        "last workday",
        "last business day",
        "dernier jour ouvré",
        "dernier jour ouvrable du mois",
        "último día laborable",
        "último día hábil",
    ],
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3": ["third working day", "troisième jour ouvré"],
    "FREQ=WEEKLY;BYDAY=MO": ["every Monday", "Mondays", "lundi", "tous les lundis", "cada lunes"],
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": ["every working day", "chaque jour ouvré"],
    "FREQ=DAILY": ["every day", "daily", "chaque jour", "cada día"],
}
UNREADABLE = ["", "soon", "32", "day 0", "sixth Tuesday", "9th Tuesday", "first second Tuesday", "every", "?"]
UNREADABLE += [
    *("Monday Tuesday", "first working Tuesday", "21st working day", "x" * 5000, "first tuesday " * 900, "☃", "\x00"),
    *(
        "FREQ=",
        "FREQ=MONTHLY;FREQ=DAILY",
        "BYDAY=TU",
        "FREQ=FORTNIGHTLY",
        "FREQ=MONTHLY;BYEASTER=0",
        "FREQ=MONTHLY;X=1",
    ),
    *("FREQ=MONTHLY;BYDAY=0TU", "FREQ=WEEKLY;BYDAY=1TU", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=DAILY;INTERVAL=0"),
    *(
        "FREQ=DAILY;INTERVAL=99999999999999",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=DAILY;BYSETPOS=2;BYDAY=MO",
        "FREQ=DAILY;=",
    ),
    *("FREQ=DAILY;COUNT=-1", "FREQ=DAILY;UNTIL=20269999", "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;DTSTART=1"),
    "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 200),
]
OFTEN = ["FREQ=HOURLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=9,10", "FREQ=DAILY;BYMINUTE=1"]
NEVER = [
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=6TU",
    *("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31", "FREQ=DAILY;UNTIL=20251231", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"),
]


@pytest.mark.parametrize(("rule", "words"), [(rule, words) for rule, each in MEANT.items() for words in each])
def test_what_is_meant(rule: str, words: str) -> None:
    assert rule_of(words).text == rule


@pytest.mark.parametrize("typed", UNREADABLE)
def test_what_nobody_can_mean(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule_of(typed)
    assert refused.value.message_id == "campaigns.rule_unreadable"


@pytest.mark.parametrize("typed", OFTEN)
def test_more_often_than_once_a_day(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule_of(typed)
    assert refused.value.message_id == "campaigns.rule_too_often"


@pytest.mark.parametrize("typed", NEVER)
def test_a_rule_that_never_comes(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule_of(typed).check(START)
    assert refused.value.message_id == "campaigns.rule_never"


def test_the_search_for_a_day_is_bounded() -> None:
    """dateutil alone would look at three million days."""
    rule = Rule.parse("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert list(rule.days(START)) == []
    days = list(Rule.parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29").days(START))
    assert days[:2] == [date(2028, 2, 29), date(2032, 2, 29)]
    assert days[-1].year < START.year + 400


@pytest.mark.parametrize("start", [date(2020, 1, 31), date(2024, 2, 29), date(2026, 12, 31), date(2099, 5, 5)])
@pytest.mark.parametrize(
    "text", ["FREQ=MONTHLY;BYDAY=1TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=DAILY;INTERVAL=9"]
)
def test_the_calendar_is_the_same_four_hundred_years_later(start: date, text: str) -> None:
    found = list(zip(range(40), Rule.parse(text).days(start), strict=False))
    expected: Any = rrulestr(text, dtstart=datetime.combine(start, datetime.min.time()))
    assert [day for _, day in found] == [each.date() for each in islice(iter(expected), 40)]


def test_day_31_is_the_last_day_of_a_shorter_month() -> None:
    days = [day for _, day in zip(range(4), rule_of("day 31").days(START), strict=False)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    leap = [day for _, day in zip(range(2), rule_of("day 30").days(date(2028, 1, 31)), strict=False)]
    assert leap == [date(2028, 2, 29), date(2028, 3, 30)]


def test_a_rule_may_end() -> None:
    assert list(Rule.parse("FREQ=DAILY;UNTIL=20260103T090000Z").days(START)) == [
        START + timedelta(days=n) for n in range(3)
    ]
    counted = Rule.parse("FREQ=DAILY;COUNT=2")
    assert counted.next_day(START, START) == date(2026, 1, 2)
    assert counted.next_day(START, date(2026, 1, 2)) is None


@pytest.mark.parametrize("rule", MEANT)
def test_every_rule_that_has_words_is_said_with_them(rule: str) -> None:
    assert spoken(rule).kind is not CadenceKind.OTHER


def test_what_it_is_called() -> None:
    assert spoken("FREQ=MONTHLY;BYDAY=1TU") == Cadence(CadenceKind.NTH_WEEKDAY, 1, 1)
    assert spoken("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1") == Cadence(CadenceKind.LAST_DAY)
    assert spoken("FREQ=MONTHLY;BYMONTHDAY=28,30").kind is CadenceKind.OTHER


@pytest.mark.parametrize(
    ("typed", "minute"), [("09:30", 570), ("9h30", 570), ("9.30", 570), ("9", 540), (" 23:59 ", 1439)]
)
def test_times(typed: str, minute: int) -> None:
    assert minute_of(typed) == minute


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "half past", "9:3", "-1", "9:30:00", "9" * 999])
def test_no_times(typed: str) -> None:
    with pytest.raises(Refusal):
        minute_of(typed)
