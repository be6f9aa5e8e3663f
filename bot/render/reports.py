"""Reports for coordinators, each as a table, a picture and a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.domain.questions import Tag
from bot.domain.reports import Asked, QuestionsReport, TopicQuestions, TopicsReport, TopicUse
from bot.domain.topics import Topic
from bot.domain.unmatched import UnmatchedQuery
from bot.i18n import Translator
from bot.render.charts import Chart, Picture, Series, bar_chart, stacked_chart
from bot.render.parts import COLOUR, Attachment, cut, fitting, safe
from bot.render.tables import csv_file

DAY = timedelta(days=1)
ROOM = 1800
SHOWN = 15
"""As many lines or bars say enough on a phone; the file has all."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report consists of, its picture still to be drawn (in a thread). Without a `chart` there is nothing."""

    embed: discord.Embed
    chart: Chart | None
    table: Attachment | None

    def files(self, picture: Picture | None) -> list[discord.File]:
        """What is sent beside the card."""
        return [file for file in (picture.file() if picture else None, self.table) if file is not None]


def with_key(embed: discord.Embed, t: Translator, picture: Picture | None) -> discord.Embed:
    """The card, with the names that the picture has as numbers."""
    if picture and picture.key:
        embed.add_field(name=t("reports.in_the_picture"), value=cut(picture.key, 1024), inline=False)
    return embed


def questions(t: Translator, report: QuestionsReport, now: datetime, *, everywhere: bool) -> Report:
    """Open questions, longest first; then by topic."""
    embed = _embed(t, t("reports.questions_title"), everywhere=everywhere)
    if not report.topics:
        embed.description = t("reports.questions_none")
        return Report(embed, None, None)
    lines = [t("reports.questions_open", n=len(report.waiting)), t("reports.questions_answered", n=report.answered)]
    if report.answered_in is not None:
        lines.append(t("reports.answered_in", time=lasting(t, report.answered_in)))
    embed.description = "\n".join(lines)
    if report.waiting:
        waiting = [_waiting(t, one, now) for one in report.waiting[:SHOWN]]
        left = len(report.waiting) - len(waiting)
        shown = fitting(waiting, 1000, lambda n: t("reports.more", n=n + left))
        embed.add_field(name=t("reports.longest"), value=shown, inline=False)
    by_topic = fitting([_by_topic(t, line) for line in report.topics], 1000, lambda n: t("reports.more", n=n))
    embed.add_field(name=t("reports.by_topic"), value=by_topic, inline=False)
    shown_topics = report.topics[:SHOWN]
    chart = stacked_chart(
        t("reports.questions_chart"),
        tuple(_label(t, line.topic) for line in shown_topics),
        Series(t.of(Tag.OPEN), tuple(line.open for line in shown_topics)),
        Series(t.of(Tag.ANSWERED), tuple(line.answered for line in shown_topics)),
    )
    header = [
        t("reports.topic"),
        t.of(Tag.OPEN),
        t.of(Tag.ANSWERED),
        t("reports.oldest_days"),
        t("reports.median_days"),
    ]
    rows = [
        (_label(t, line.topic), line.open, line.answered, _days(line.waiting), _days(line.answered_in))
        for line in report.topics
    ]
    return Report(embed, chart, csv_file("questions.csv", t("reports.questions_title"), header, rows))


def topics(t: Translator, report: TopicsReport, *, everywhere: bool) -> Report:
    """Topics without anybody: those that were asked about first; and how each division is covered."""
    embed = _embed(t, t("reports.topics_title"), everywhere=everywhere)
    lines = [_bare(t, use) for use in report.bare]
    text = fitting(lines, ROOM, lambda n: t("reports.more", n=n)) if lines else t("reports.topics_none")
    embed.description = f"{t('reports.topics_count', n=len(report.bare), total=len(report.every))}\n\n{text}"
    chart = stacked_chart(
        t("reports.topics_chart"),
        tuple(t.of(Tag(each.division.value)) for each in report.divisions),
        Series(t("reports.with_somebody"), tuple(each.covered for each in report.divisions)),
        Series(t("reports.with_nobody"), tuple(each.bare for each in report.divisions)),
    )
    header = [
        t("reports.topic"),
        t("reports.division"),
        t("reports.experts"),
        t("reports.interested"),
        t("reports.asked"),
    ]
    rows = [
        (use.topic.label(t.language), t.of(Tag(use.topic.division.value)), use.experts, use.interested, use.questions)
        for use in report.every
    ]
    return Report(embed, chart, csv_file("topics.csv", t("reports.topics_title"), header, rows))


def unmatched(t: Translator, queries: Sequence[UnmatchedQuery], zone: str) -> Report:
    """What was asked for in vain, most often first."""
    embed = _embed(t, t("topics.unmatched_title"), everywhere=True)
    if not queries:
        embed.description = t("topics.unmatched_none")
        return Report(embed, None, None)
    lines = [
        t("reports.query", n=query.times, text=safe(cut(query.text, 150)), date=t.date(query.last_at, zone))
        for query in queries
    ]
    embed.description = t("reports.unmatched_intro") + "\n\n" + fitting(lines, ROOM, lambda n: t("reports.more", n=n))
    most = sorted(queries, key=lambda query: -query.times)[:SHOWN]
    series = Series("", tuple(query.times for query in most))
    chart = bar_chart(t("reports.unmatched_chart"), tuple(query.text for query in most), series)
    header = [t("reports.words"), t("reports.language"), t("reports.times"), t("reports.last_on")]
    rows = [(query.text, query.language, query.times, query.last_at) for query in queries]
    return Report(embed, chart, csv_file("unmatched.csv", t("topics.unmatched_title"), header, rows))


def lasting(t: Translator, time: timedelta) -> str:
    """How long something took or waits: in hours below two days, else in days."""
    if time < 2 * DAY:
        return t("reports.hours", n=round(time.total_seconds() / 3600))
    return t("reports.days", n=time.days)


def _embed(t: Translator, title: str, *, everywhere: bool) -> discord.Embed:
    embed = discord.Embed(title=title, colour=COLOUR)
    embed.set_footer(text=t("reports.all_servers") if everywhere else t("reports.this_server"))
    return embed


def _waiting(t: Translator, asked: Asked, now: datetime) -> str:
    place = f"https://discord.com/channels/{asked.server_id}/{asked.thread_id}"
    title = safe(cut(asked.title, 80)).replace("]", "\\]").replace("[", "\\[")
    return t("reports.waits", question=f"[{title}]({place})", time=lasting(t, now - asked.asked_at))


def _by_topic(t: Translator, line: TopicQuestions) -> str:
    parts = [t("reports.topic_open", n=line.open), t("reports.topic_answered", n=line.answered)]
    if line.waiting is not None:
        parts.append(t("reports.topic_oldest", time=lasting(t, line.waiting)))
    return t("reports.line", topic=f"**{safe(_label(t, line.topic))}**", facts=", ".join(parts))


def _bare(t: Translator, use: TopicUse) -> str:
    facts = []
    if use.questions:
        facts.append(t("reports.was_asked", n=use.questions))
    if use.interested:
        facts.append(t("reports.only_interested", n=use.interested))
    label = safe(use.topic.label(t.language))
    return t("reports.line", topic=f"**{label}**", facts=", ".join(facts)) if facts else label


def _label(t: Translator, topic: Topic | None) -> str:
    return topic.label(t.language) if topic else t("reports.no_topic")


def _days(time: timedelta | None) -> float | None:
    return None if time is None else round(time / DAY, 1)
