"""The card on which a member adds, changes and takes away the topics that she knows about."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.members import MAX_TOPICS, Known, Level, Profile
from bot.domain.topics import Topic, TopicIndex
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select
from bot.render.profile import Card, label


def card(t: Translator, profile: Profile, topics: TopicIndex, notice: str = "") -> Card:
    """All her topics, a select to change one, and a button to add another."""
    embed = discord.Embed(title=t("profile.topics_title"), colour=COLOUR)
    lines = [
        t("profile.topic_now", topic=label(t, topics, one.topic_id), level=t.of(one.level)) for one in profile.topics
    ]
    shown = fitting(lines, 3500, lambda n: t("profile.and_more", n=n)) if lines else t("profile.topics_none")
    embed.description = "\n\n".join(filter(None, [notice, shown, t("profile.topics_intro", limit=MAX_TOPICS)]))
    items: list[discord.ui.Item[discord.ui.View]] = []
    if profile.topics:
        items.append(select("profile:topic", _options(t, profile, topics), placeholder=t("profile.choose_topic")))
    full = len(profile.topics) >= MAX_TOPICS
    items += [
        button(t("profile.add_topic"), "profile:edit:topic", style=discord.ButtonStyle.primary, disabled=full),
        button(t("profile.back_to_profile"), "profile:show"),
    ]
    return embed, buttons(*items)


def one(t: Translator, known: Known, topics: TopicIndex) -> Card:
    """One of her topics: its levels, the present one pressed in, and a way to take it away."""
    name = label(t, topics, known.topic_id)
    question = t("profile.topic_question", topic=name, level=t.of(known.level))
    levels = [
        button(t.of(level), level_id(level, known.topic_id), style=_pressed(level is known.level), row=0)
        for level in Level
    ]
    view = buttons(
        *levels,
        button(t("expertise.requests"), f"expert:requests:{known.topic_id}", row=1),
        button(t("profile.take_away"), f"profile:drop:{known.topic_id}", style=discord.ButtonStyle.danger, row=1),
        button(t("profile.back"), "profile:topics", row=1),
    )
    return discord.Embed(title=t("profile.topics_title"), description=question, colour=COLOUR), view


def which(t: Translator, text: str, level: Level, topics: Sequence[Topic]) -> Card:
    """The question which topic was meant, with a button for each."""
    question = t("profile.which_topic", text=safe(cut(text, 200)), level=t.of(level))
    choices = [button(topic.label(t.language), level_id(level, topic.id)) for topic in topics[:5]]
    view = buttons(*choices, button(t("profile.back"), "profile:topics", row=1))
    return discord.Embed(title=t("profile.topics_title"), description=question, colour=COLOUR), view


def level_id(level: Level, topic_id: str) -> str:
    """The `custom_id` of the button that saves a topic at a level."""
    return f"profile:level:{level.value}:{topic_id}"


def _pressed(now: bool) -> discord.ButtonStyle:
    return discord.ButtonStyle.success if now else discord.ButtonStyle.secondary


def _options(t: Translator, profile: Profile, topics: TopicIndex) -> list[discord.SelectOption]:
    found = []
    for known in profile.topics:
        topic = topics.get(known.topic_id)
        name = topic.label(t.language) if topic else known.topic_id
        found.append(discord.SelectOption(label=cut(name, 100), value=known.topic_id, description=t.of(known.level)))
    return found
