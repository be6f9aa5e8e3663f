"""What the asker of a question alone sees: whom she could invite, whom she has, and what was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.domain.experts import PAGE, Page
from bot.domain.invitations import AT_ONCE, Invitation, InvitationState
from bot.domain.questions import Question, QuestionState
from bot.domain.similar import Earlier
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.experts import person, why
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select

FIELD = 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on a board. `topics` are those in which people were looked for."""

    question: Question
    topics: Sequence[Topic]
    page: Page
    invitations: Sequence[Invitation]
    earlier: Sequence[Earlier]
    moving: bool


def board(t: Translator, shown: Shown, now: datetime, notice: str = "") -> tuple[discord.Embed, discord.ui.View]:
    """The board, with a select to invite people and buttons to turn the page; `notice` says what was just done."""
    embed = discord.Embed(title=t("question_people.title"), colour=COLOUR)
    embed.description = cut("\n\n".join([*([notice] if notice else []), *_people(t, shown, now)]), 4096)
    if shown.invitations:
        lines = [_state(t, one) for one in shown.invitations]
        text = fitting(lines, FIELD, lambda n: t("question_people.more", n=n))
        embed.add_field(name=t("question_people.invited"), value=text, inline=False)
    if shown.earlier:
        lines = [_earlier(t, one) for one in shown.earlier]
        text = fitting(lines, FIELD, lambda n: t("question_people.more", n=n))
        embed.add_field(name=t("question_people.earlier"), value=text, inline=False)
    if shown.page.last:
        paging = t("experts.page", number=shown.page.number + 1, last=shown.page.last + 1)
        embed.set_footer(text=paging)
    return embed, _controls(t, shown)


def _people(t: Translator, shown: Shown, now: datetime) -> list[str]:
    labels = _labels(t, shown.topics)
    if not shown.topics:
        return [t("question_people.no_topic")]
    if not shown.page.total:
        named = t.list(f"“{safe(each)}”" for each in labels.values())
        return [t("question_people.nobody", topics=named)]
    first = shown.page.number * PAGE + 1
    people = [
        person(t, place, one, labels.get(one.person.topic_id, ""), now)
        for place, one in enumerate(shown.page.suggestions, start=first)
    ]
    return [t("question_people.hint"), *people]


def _controls(t: Translator, shown: Shown) -> discord.ui.View:
    number = shown.question.id
    items: list[discord.ui.Item[discord.ui.View]] = []
    if shown.page.suggestions:
        labels = _labels(t, shown.topics)
        options = [
            discord.SelectOption(
                label=cut(one.person.name, 100),
                value=str(one.person.member_id),
                description=cut(why(t, one, labels.get(one.person.topic_id, "")), 100),
            )
            for one in shown.page.suggestions
        ]
        items.append(
            select(
                f"question:invite:{number}",
                options,
                placeholder=t("question_people.invite", n=min(AT_ONCE, len(options))),
                most=AT_ONCE,
            )
        )
    if shown.page.last:
        back, on = shown.page.number - 1, shown.page.number + 1
        # Both need an id of their own; what is disabled is never pressed.
        items.append(button(t("experts.back"), f"question:people:{number}:{max(back, 0)}", disabled=back < 0))
        items.append(button(t("experts.on"), f"question:people:{number}:{on}", disabled=on > shown.page.last))
    if shown.moving:
        items.append(button(t("question_people.thinking"), f"question:thinking:{number}"))
    elif shown.question.state is QuestionState.OPEN:
        items.append(button(t("question_people.go_on"), f"question:go_on:{number}"))
    return buttons(*items)


def _labels(t: Translator, topics: Sequence[Topic]) -> dict[str, str]:
    return {topic.id: topic.label(t.language) for topic in topics}


def _state(t: Translator, one: Invitation) -> str:
    if one.state is InvitationState.SENT and one.message_id is None:
        stands = t("question_people.on_its_way")
    elif one.state is InvitationState.REFERRED:
        stands = t("question_people.referred")
    else:
        stands = t.of(one.state)
    by = f" · {t('question_people.named_by', name=safe(one.referrer))}" if one.referrer else ""
    return f"**{safe(one.name)}**: {stands}{by}"


def _earlier(t: Translator, one: Earlier) -> str:
    title = safe(cut(one.title, 80)).replace("[", "(").replace("]", ")")
    return f"[{title}](https://discord.com/channels/{one.server_id}/{one.thread_id}) · {t.of(one.state)}"
