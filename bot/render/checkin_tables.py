"""Results of check-ins as rows: the groups of a breakdown, and files that every spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import discord

from bot.domain.campaigns import CampaignQuestion
from bot.domain.checkin_rates import Breakdown, Rate
from bot.domain.checkin_reports import Report, Round, Said
from bot.i18n import Translator
from bot.render.checkin_form import option
from bot.render.parts import Attachment
from bot.render.prompts import question_text


def countries(t: Translator, one: Round) -> list[tuple[str, Rate]]:
    """The rates by country, as they are shown: names are plain text."""
    return _rows(t, one.rates.by_country, country=True)


def cohorts(t: Translator, one: Round) -> list[tuple[str, Rate]]:
    """The same by cohort."""
    return _rows(t, one.rates.by_cohort, country=False)


def _rows(t: Translator, breakdown: Breakdown, *, country: bool) -> list[tuple[str, Rate]]:
    rows = []
    for group in breakdown.groups:
        known = t.country(group.name) if country and group.name else group.name
        rows.append((known or t("checkins.not_known"), group.rate))
    if breakdown.others is not None:
        rows.append((t("checkins.others"), breakdown.others))
    return rows


def files(t: Translator, found: Report) -> list[discord.File]:
    """The rates and the answers as tables that every spreadsheet opens."""
    made = [Attachment(_table(_rate_rows(t, found)), "rates.csv", t("checkins.file_rates"))]
    answers = list(_answer_rows(t, found))
    if len(answers) > 1:
        made.append(Attachment(_table(answers), "answers.csv", t("checkins.file_answers")))
    return list(made)


def _rate_rows(t: Translator, found: Report) -> Iterable[Sequence[object]]:
    yield (
        t("checkins.column_day"),
        t("checkins.column_group"),
        t("checkins.column_name"),
        t("checkins.column_asked"),
        t("checkins.column_answered"),
    )
    for one in found.rounds:
        day, total = one.period.day.isoformat(), one.rates.total
        if total is not None:
            yield day, t("checkins.all"), "", total.asked, total.answered
        for kind, rows in ((t("checkins.country"), countries(t, one)), (t("checkins.cohort"), cohorts(t, one))):
            for name, rate in rows:
                yield day, kind, name, rate.asked, rate.answered


def _answer_rows(t: Translator, found: Report) -> Iterable[Sequence[object]]:
    """An answer a line. Of an anonymous period nothing says which answers are one person's: they stand by question, in
    the order of their words."""
    yield (
        t("checkins.column_day"),
        t("checkins.column_question"),
        t("checkins.column_answer"),
        t("checkins.column_name"),
        t("checkins.country"),
        t("checkins.cohort"),
        t("checkins.column_late"),
    )
    for one in found.rounds:
        for question in found.questions:
            said = [each for each in one.answers or () if each.question_id == question.id]
            rows = [_answer_row(t, one, question, each) for each in said]
            yield from sorted(rows, key=str) if one.period.anonymous else rows


def _answer_row(t: Translator, one: Round, question: CampaignQuestion, said: Said) -> Sequence[object]:
    text = said.text if said.text is not None else option(t, question, said.number or 0)
    late = t("checkins.yes") if said.late else ""
    place = t.country(said.country) if said.country else ""
    return (
        one.period.day.isoformat(),
        question_text(t, question),
        text,
        said.name or "",
        place,
        said.cohort or "",
        late,
    )


def _table(rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with the mark by which spreadsheets know UTF-8. What would be taken for a formula is text."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
