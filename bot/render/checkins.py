"""What a member reads of check-ins: what came of her answers, and what she said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import discord

from bot.domain.campaigns import CampaignQuestion, Purpose
from bot.domain.checkins import Checkin, Given, Past, Submitted
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.checkin_form import OPTION, name_of, option, readers
from bot.render.parts import COLOUR, button, buttons, cut, safe, select
from bot.render.prompts import question_text

PRIMARY = discord.ButtonStyle.primary
NAMED, NAMELESS = "named", "nameless"
Said = tuple[str, discord.ui.View]


def submitted(t: Translator, done: Submitted) -> Said:
    """What she reads once her answers are kept, and what she may do with them."""
    checkin, number = done.checkin, done.response_id
    anonymous, period = checkin.period.anonymous, checkin.period
    lines = [t("checkins.kept_late") if done.late else t("checkins.kept"), readers(t, checkin)]
    items: list[discord.ui.Item[discord.ui.View]] = []
    if not anonymous and not done.late:
        lines.append(t("checkins.change_until", moment=discord.utils.format_dt(period.closes_at, "f")))
        items.append(button(t("checkins.change"), f"checkin:answer:{period.id}"))
    if checkin.said(Purpose.STUCK):
        items.append(button(t("checkins.ask_network"), f"question:stuck:{number}", style=PRIMARY))
    if done.case_kept:
        lines.append(t("checkins.case_kept"))
    if done.texts and checkin.has_digest and not done.late:
        lines.append(t("checkins.sharing"))
        if not anonymous:
            items.append(button(t("checkins.share_named"), f"checkin:share:{NAMED}:{number}"))
        items.append(button(t("checkins.share_nameless"), f"checkin:share:{NAMELESS}:{number}"))
    if done.unticked:
        lines.append(t("checkins.unticked"))
        options = [
            discord.SelectOption(label=cut(each.label(t.language), OPTION), value=each.id) for each in done.unticked
        ]
        items.append(select("checkin:retire", options, placeholder=t("checkins.retire"), most=len(options)))
    return "\n".join(lines), buttons(*items)


def skipped(t: Translator, checkin: Checkin) -> Said:
    """She skipped it, and may change her mind."""
    name = safe(name_of(t, checkin.name))
    return t("checkins.skipped", name=name), buttons(
        button(t("checkins.answer_after_all"), f"checkin:answer:{checkin.period.id}")
    )


def snooze(t: Translator, period_id: int, moments: Mapping[int, datetime], zone: str) -> Said:
    """Until when shall it be put off?"""
    options = [
        discord.SelectOption(label=cut(t("checkins.on_day", day=t.date(moment, zone)), OPTION), value=str(days))
        for days, moment in moments.items()
    ]
    return t("checkins.snooze_question"), buttons(
        select(f"checkin:until:{period_id}", options, placeholder=t("checkins.choose"))
    )


def snoozed(t: Translator, period_id: int, until: datetime) -> Said:
    """It comes again then."""
    text = t("checkins.snoozed", moment=discord.utils.format_dt(until, "f"))
    return text, buttons(button(t("checkins.answer_now"), f"checkin:answer:{period_id}"))


def stopped(t: Translator, campaign_id: int, name: str | None) -> Said:
    """It asks her no more, and she may take that back."""
    text = t("checkins.stopped", name=safe(name_of(t, name)))
    return text, buttons(button(t("checkins.resume"), f"checkin:resume:{campaign_id}"))


def waiting(t: Translator, found: Sequence[Checkin], out: Sequence[tuple[int, str | None]]) -> Said:
    """Which of several shall it be? And the campaigns that no longer ask her, which she may take back."""
    items: list[discord.ui.Item[discord.ui.View]] = []
    lines = [t("checkins.which") if found else t("checkins.nothing_open")]
    if found:
        options = [
            discord.SelectOption(
                label=cut(name_of(t, each.name), OPTION),
                value=str(each.period.id),
                description=t("checkins.answered_before") if each.answered else None,
            )
            for each in found
        ]
        items.append(select("checkin:choose", options, placeholder=t("checkins.choose")))
    if out:
        lines.append(t("checkins.not_asking", names=t.list(safe(name_of(t, name)) for _, name in out[:10])))
        for campaign_id, name in out[:10]:
            label = t("checkins.resume_named", name=name_of(t, name))
            items.append(button(label, f"checkin:resume:{campaign_id}"))
    return "\n".join(lines), buttons(*items)


def past(t: Translator, page: Past, zone: str) -> tuple[discord.Embed, discord.ui.View]:
    """One of her earlier answers, with the way to the one before and after it."""
    checkin = page.checkin
    embed = discord.Embed(
        title=cut(t("checkins.past_title", name=safe(name_of(t, checkin.name)), day=t.date(checkin.period.day)), 256),
        description=t("checkins.past_none_anonymous"),
        colour=COLOUR,
    )
    given = {each.question_id: each for each in checkin.given}
    for question in checkin.questions:
        said = answer(t, question, given[question.id])
        embed.add_field(name=cut(safe(question_text(t, question)), 256), value=cut(said, 1024), inline=False)
    when = t("checkins.given_late") if page.late else t("checkins.given")
    place = t("checkins.place", place=page.place + 1, total=page.total)
    embed.set_footer(text=f"{when} {t.moment(page.given_at, zone)} · {place}")
    items = [
        button(t("checkins.newer"), f"checkin:history:{page.place - 1}", disabled=page.place == 0),
        button(t("checkins.older"), f"checkin:history:{page.place + 1}", disabled=page.place + 1 >= page.total),
    ]
    if page.editable:
        items.append(button(t("checkins.change"), f"checkin:answer:{checkin.period.id}", style=PRIMARY))
    return embed, buttons(*items)


def answer(t: Translator, question: CampaignQuestion, given: Given) -> str:
    """What was answered, harmless."""
    if given.text is not None:
        return safe(given.text)
    return safe(option(t, question, given.number)) if given.number is not None else "–"


def share_which(t: Translator, checkin: Checkin, response_id: int, how: str) -> Said:
    """Which answers shall the digest quote?"""
    written = {each.question_id: each.text for each in checkin.given if each.text}
    options = [
        discord.SelectOption(
            label=cut(question_text(t, question), OPTION),
            value=str(question.id),
            description=cut(" ".join((written[question.id] or "").split()), 100),
        )
        for question in checkin.questions
        if question.id in written
    ]
    question = t("checkins.share_which_named") if how == NAMED else t("checkins.share_which_nameless")
    chosen = select(f"checkin:shared:{how}:{response_id}", options, placeholder=t("checkins.choose"), most=len(options))
    return question, buttons(chosen)


def shared(t: Translator, checkin: Checkin, response_id: int, how: str) -> Said:
    """The digest quotes it, unless she takes it back."""
    moment = discord.utils.format_dt(checkin.period.closes_at, "f")
    named = how == NAMED and not checkin.period.anonymous
    text = t("checkins.shared_named", moment=moment) if named else t("checkins.shared_nameless", moment=moment)
    return text, buttons(button(t("checkins.unshare"), f"checkin:unshare:{response_id}"))


def retired(t: Translator, topics: Sequence[Topic]) -> str:
    """These topics are hers no more."""
    return t("checkins.retired", topics=t.list(safe(each.label(t.language)) for each in topics))
