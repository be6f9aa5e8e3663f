"""The card of what somebody left behind, and the offer of a part of it."""

from __future__ import annotations

import discord

from bot.domain.hand_overs import HandOver, HandOverKind, Item
from bot.domain.topics import TopicIndex
from bot.i18n import Translator
from bot.render.parts import button, buttons, cut, fitting, safe, select

PRIMARY = discord.ButtonStyle.primary
CONTENT = 1900


def card(t: Translator, found: HandOver, topics: TopicIndex, mark: str) -> tuple[str, discord.ui.View]:
    """Everything that is to be given, for the coordinators; the button shows how it stands by then."""
    name = safe(found.name or t("privacy.somebody"))
    lines = [t("cases.hand_over", name=name, n=len(found.items))]
    lines += [_line(t, item, topics) for item in found.items]
    text = fitting(lines, CONTENT, lambda left: t("cases.more_adaptations", n=left))
    return text, buttons(button(t("cases.hand_over_open"), f"handover:open:{found.id}:{mark}", style=PRIMARY))


def stands(t: Translator, found: HandOver, topics: TopicIndex) -> tuple[str, discord.ui.View]:
    """What is still to be given, to choose from."""
    left = found.open_items
    if not left:
        return t("cases.hand_over_done"), buttons()
    lines = [t("cases.hand_over_left", n=len(left)), *(_line(t, item, topics) for item in left)]
    options = [
        discord.SelectOption(
            label=cut(title(t, item, topics), 100), value=str(item.id), description=cut(t.of(item.kind), 100)
        )
        for item in left[:25]
    ]
    text = fitting(lines, CONTENT, lambda more: t("cases.more_adaptations", n=more))
    return text, buttons(select("handover:item", options, placeholder=t("cases.hand_over_choose")))


def whom(t: Translator, item: Item, topics: TopicIndex) -> tuple[str, discord.ui.View]:
    """To whom shall it be offered?"""
    chooser: discord.ui.UserSelect[discord.ui.View] = discord.ui.UserSelect(
        custom_id=f"handover:to:{item.id}", placeholder=t("cases.hand_over_whom")
    )
    return t("cases.hand_over_to", what=_line(t, item, topics)), buttons(chooser)


def offer(t: Translator, item: Item, name: str | None, topics: TopicIndex, mark: str) -> tuple[str, discord.ui.View]:
    """To who is asked to take it."""
    text = t("cases.hand_over_offer", name=safe(name or t("privacy.somebody")), what=_line(t, item, topics))
    return text, buttons(
        button(t("cases.hand_over_take"), f"handover:take:{item.id}:{mark}", style=PRIMARY),
        button(t("cases.hand_over_decline"), f"handover:decline:{item.id}:{mark}"),
    )


def title(t: Translator, item: Item, topics: TopicIndex) -> str:
    """What it is called. Plain text."""
    topic = topics.get(item.subject) if item.kind is HandOverKind.TOPIC else None
    return topic.label(t.language) if topic else item.title or t("cases.untitled")


def _line(t: Translator, item: Item, topics: TopicIndex) -> str:
    line = t("cases.hand_over_line", kind=item.kind, title=safe(cut(title(t, item, topics), 150)))
    return f"- {line}" if item.offered_to is None else f"- {line} (<@{item.offered_to}>)"
