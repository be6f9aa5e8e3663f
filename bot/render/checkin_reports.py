"""Results of check-ins: a coordinator's report with its picture and files, and the digest for a channel."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from babel.numbers import format_percent

from bot.domain.campaigns import PeriodState
from bot.domain.checkin_rates import SMALLEST_GROUP, Rate
from bot.domain.checkin_reports import Digest, Quiet, Report, Round, Said, tallied
from bot.i18n import Translator
from bot.render.charts import Chart, Series, bar_chart, line_chart
from bot.render.checkin_form import name_of, option
from bot.render.checkin_tables import cohorts, countries
from bot.render.parts import COLOUR, cut, fitting, safe
from bot.render.prompts import question_text

FIELD = 1024
QUOTE = 600
GROUPS = 12
"""So many groups of a breakdown stand in the card; all of them in the file."""


def report(t: Translator, found: Report) -> discord.Embed:
    """The rates as a table, and what was answered in the newest period of which it may be read."""
    name = name_of(t, found.name)
    embed = discord.Embed(title=cut(t("checkins.report_title", name=safe(name)), 256), colour=COLOUR)
    embed.description = t("checkins.only_server", server=safe(found.server)) if found.server else None
    if not found.rounds:
        embed.description = t("checkins.nothing_yet")
        return embed
    lines = [
        t("checkins.rate_row", name=t.date(one.period.day), rate=_rate(t, one.rates.total)) for one in found.rounds
    ]
    embed.add_field(name=t("checkins.over_time"), value=_fit(t, lines), inline=False)
    newest = _broken_down(found)
    _add_breakdown(t, embed, t("checkins.by_country", day=t.date(newest.period.day)), countries(t, newest))
    _add_breakdown(t, embed, t("checkins.by_cohort", day=t.date(newest.period.day)), cohorts(t, newest))
    if any(one.period.anonymous for one in found.rounds):
        embed.add_field(name=t("checkins.anonymous"), value=t("checkins.why_withheld", n=SMALLEST_GROUP), inline=False)
    _add_answers(t, embed, found)
    return embed


def _broken_down(found: Report) -> Round:
    """The period whose groups are shown: the newest that is over and has some, or that still runs."""
    shown = [one for one in found.rounds if one.rates.by_country.groups or one.rates.by_cohort.groups]
    over = [one for one in shown if one.period.state is not PeriodState.OPEN]
    return next(iter([*over, *shown, *found.rounds]))


def _add_answers(t: Translator, embed: discord.Embed, found: Report) -> None:
    shown = found.newest
    if shown is None or shown.answers is None:
        return
    counts = tallied(shown.answers)
    for question in found.questions:
        said = [each for each in shown.answers if each.question_id == question.id]
        if question.id in counts:
            lines = [
                t("checkins.count_row", name=safe(option(t, question, number)), n=n)
                for number, n in sorted(counts[question.id].items())
            ]
        else:
            lines = [_line(t, each) for each in said if each.text]
        if lines and len(embed.fields) < 24 and len(embed) < 4500:
            embed.add_field(name=cut(safe(question_text(t, question)), 256), value=_fit(t, lines), inline=False)
    embed.set_footer(text=t("checkins.answers_of", day=t.date(shown.period.day)))


def _line(t: Translator, said: Said) -> str:
    text = cut(safe(" ".join((said.text or "").split())), 240)
    return f"- {text}" if said.name is None else t("checkins.said_by", text=text, name=safe(said.name))


def _add_breakdown(t: Translator, embed: discord.Embed, title: str, rows: Sequence[tuple[str, Rate]]) -> None:
    if rows:
        lines = [t("checkins.rate_row", name=safe(name), rate=_rate(t, rate)) for name, rate in rows]
        embed.add_field(name=title, value=_fit(t, lines[:GROUPS]), inline=False)


def _rate(t: Translator, rate: Rate | None) -> str:
    if rate is None:
        return t("checkins.too_few", n=SMALLEST_GROUP)
    share = str(format_percent(round(rate.share, 2), locale=t.language))
    return t("checkins.rate", answered=rate.answered, asked=rate.asked, share=share)


def _fit(t: Translator, lines: Sequence[str]) -> str:
    return fitting(lines, FIELD, lambda n: t("checkins.and_more", n=n)) or "–"


def charts(t: Translator, found: Report) -> list[Chart]:
    """The rate over time, and by country in the newest period that has such; shares from 0 to 1."""
    made = []
    series = {one.period.day: one.rates.total for one in reversed(found.rounds)}
    shares = tuple(rate.share if rate is not None else None for rate in series.values())
    if len(series) > 1:
        title = t("checkins.chart_over_time", name=name_of(t, found.name))
        made.append(line_chart(title, tuple(series), Series(t("checkins.share"), shares), percent=True))
    one = _broken_down(found) if found.rounds else None
    rows = countries(t, one) if one else []
    if one and rows:
        title = t("checkins.chart_by_country", name=name_of(t, found.name), day=t.date(one.period.day))
        values = Series(t("checkins.share"), tuple(rate.share for _, rate in rows))
        made.append(bar_chart(title, tuple(name for name, _ in rows), values, percent=True))
    return made


def quiet(t: Translator, found: Sequence[Quiet], silent_for: int) -> str:
    """Who has gone quiet, for a coordinator alone."""
    if not found:
        return t("checkins.nobody_quiet", n=silent_for)
    lines = [
        t("checkins.quiet_row", name=safe(each.name), campaign=safe(name_of(t, each.campaign)))
        if each.user_id is None
        else t(
            "checkins.quiet_row_who",
            name=safe(each.name),
            who=f"<@{each.user_id}>",
            campaign=safe(name_of(t, each.campaign)),
        )
        for each in found
    ]
    head = t("checkins.quiet", n=silent_for)
    return f"{head}\n{fitting(lines, 1800 - len(head), lambda n: t('checkins.and_more', n=n))}"


def digest(t: Translator, found: Digest) -> tuple[str, discord.Embed]:
    """What goes to the channel: how many answered, and what they shared."""
    name = safe(name_of(t, found.name))
    head = t("checkins.digest", name=name, n=found.answered)
    embed = discord.Embed(title=cut(f"{name}, {t.date(found.period.day)}", 256), colour=COLOUR)
    parts = [t("checkins.digest_rate", rate=_rate(t, found.total))] if found.total else []
    lines = []
    for question in found.questions:
        quotes = [quote for quote in found.quotes if quote.question_id == question.id]
        if quotes:
            lines.append(f"**{safe(question_text(t, question))}**")
        for quote in quotes:
            text = cut(safe(quote.text), QUOTE).replace("\n", "\n> ")
            who = safe(quote.name) if quote.name is not None else t("checkins.without_name")
            lines.append(f"> {text}\n— {who}")
    parts.append(fitting(lines, 3800, lambda n: t("checkins.and_more", n=n)) if lines else t("checkins.nothing_shared"))
    embed.description = "\n\n".join(parts)
    return head, embed


def choices(
    t: Translator, campaigns: Sequence[tuple[int, str | None, str | None]], current: str
) -> list[discord.app_commands.Choice[str]]:
    """Campaigns in autocomplete's list, each with the server whose it is."""
    named = {
        str(campaign_id): name_of(t, name) if server is None else f"{name_of(t, name)} · {server}"
        for campaign_id, name, server in campaigns
    }
    found = [(key, name) for key, name in named.items() if current.casefold() in name.casefold()]
    return [discord.app_commands.Choice(name=cut(name, 100), value=key) for key, name in found[:25]]
