"""The files of a report: nothing in them runs in a spreadsheet, and anonymous rows tell nothing by their order."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.campaigns import CampaignQuestion, Period, PeriodState, QuestionType
from bot.domain.checkin_rates import Cell, Rate, rates_of
from bot.domain.checkin_reports import Report, Round, Said
from bot.i18n import Catalogues
from bot.render.checkin_reports import charts, report
from bot.render.checkin_tables import files

T = Catalogues.load(Path(__file__).parents[2] / "config" / "locales").translator("en")
OPENED = datetime(2026, 3, 3, tzinfo=UTC)
QUESTION = CampaignQuestion(QuestionType.TEXT, "+How?", id=1)


def made(*said: Said, anonymous: bool = False, rounds: int = 1) -> Report:
    period = Period(
        id=1,
        campaign_id=1,
        day=date(2026, 3, 3),
        number=0,
        minute=570,
        anonymous=anonymous,
        state=PeriodState.CLOSED,
        opened_at=OPENED,
        next_day=None,
        closes_at=OPENED + timedelta(14),
        late_until=OPENED + timedelta(16),
    )
    rates = rates_of([Cell("FR", "=2024", Rate(9, 6))], anonymous=anonymous)
    return Report("Monthly", None, (Round(period, rates, said),) * rounds, (QUESTION,))


def read(found: Report, name: str) -> list[list[str]]:
    (file,) = [file for file in files(T, found) if file.filename == name]
    text = file.fp.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_formulas_are_text() -> None:
    hostile = ("=SUM(A1)", "+1", "-1", "@x", "\t=1", 'a "quote", and\nmore')
    rows = read(made(*(Said(1, text, name="=Anna", cohort="@2024") for text in hostile)), "answers.csv")
    assert [row[2] for row in rows[1:]] == ["'=SUM(A1)", "'+1", "'-1", "'@x", "'\t=1", 'a "quote", and\nmore']
    assert {(row[1], row[3], row[5]) for row in rows[1:]} == {("'+How?", "'=Anna", "'@2024")}
    assert ["2026-03-03", "Cohort", "'=2024", "9", "6"] in read(made(), "rates.csv")


def test_anonymous_answers_stand_in_the_order_of_their_words() -> None:
    rows = read(made(Said(1, "Zebra"), Said(1, "Apple"), Said(1, "Mango"), anonymous=True), "answers.csv")
    assert [row[2:] for row in rows[1:]] == [[word, "", "", "", ""] for word in ("Apple", "Mango", "Zebra")]


def test_what_was_not_answered_has_no_file_of_answers() -> None:
    assert [file.filename for file in files(T, made())] == ["rates.csv"]
    assert all(file.description for file in files(T, made()))


def test_charts_and_card_of_one_period() -> None:
    (by_country,) = charts(T, made(Said(1, "x")))
    assert by_country.labels == ("France",)
    assert by_country.series[0].values == (6 / 9,)
    assert "6 of 9, 67%" in str(report(T, made(Said(1, "<@100000000000000001> **x**"))).to_dict())
    assert "<@100000000000000001>" not in str(report(T, made(Said(1, "<@100000000000000001> **x**"))).to_dict())


def test_a_long_report_fits_a_card() -> None:
    embed = report(T, made(*(Said(1, "x" * 2000, name="y" * 100) for _ in range(200)), rounds=12))
    assert len(embed) <= 6000
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
