"""What the bot answers in a channel where somebody mentioned it: a topic and a number, no names.

A channel is read by people who are not members, so profiles are shown to her alone who presses the button.
"""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.experts import MOST
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.parts import button, buttons, cut, safe

Answer = tuple[str, discord.ui.View]
PRIMARY = discord.ButtonStyle.primary


def found(t: Translator, topic: Topic, people: int) -> Answer:
    """How many people know about a topic, and a button to see them."""
    label = f"**{safe(topic.label(t.language))}**"
    if not people:
        return t("chat.nobody", topic=label), buttons(_ask(t, topic.id))
    show = button(t("chat.show"), _show(topic), style=PRIMARY)
    text = t("chat.many", n=people, topic=label) if people >= MOST else t("chat.people", n=people, topic=label)
    return text, buttons(show, _ask(t, topic.id))


def which(t: Translator, topics: Sequence[Topic]) -> Answer:
    """The question which topic was meant, with a button for each."""
    return t("chat.which"), buttons(*(button(cut(topic.label(t.language), 80), _show(topic)) for topic in topics[:5]))


def nothing(t: Translator, sentence: str) -> Answer:
    """No topic at all: the sentence, and the way to ask people instead."""
    return sentence, buttons(_ask(t, ""))


def _show(topic: Topic) -> str:
    return f"chat:show:{topic.id}"


def _ask(t: Translator, topic_id: str) -> discord.ui.Button[discord.ui.View]:
    return button(t("chat.ask"), f"question:ask:{topic_id}")
