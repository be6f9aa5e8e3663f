"""Topics as their keepers see them, and what was asked for in vain."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.questions import Tag
from bot.domain.topics import LANGUAGES, Topic
from bot.domain.unmatched import LEFT_OUT, UnmatchedQuery, Waiting
from bot.domain.vocabulary import LONGEST_NAME, Entry
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select

Card = tuple[discord.Embed, discord.ui.View]
PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
_NAMES_ROOM = 2800
_SYNONYMS_ROOM = 300


def card(t: Translator, entry: Entry, notice: str = "") -> Card:
    """A topic: how it stands, all its names, how much it is used, and what can be done with it."""
    topic = entry.topic
    lines = [notice, _standing(t, entry), t("topics.division", division=t.of(Tag(topic.division.value)))]
    names = fitting(_names(t, topic), _NAMES_ROOM, lambda n: t("topics.more", n=n))
    embed = discord.Embed(title=cut(safe(topic.label(t.language)), 256), colour=COLOUR)
    embed.description = "\n".join(filter(None, lines)) + "\n\n" + names
    embed.add_field(name=t("topics.people"), value=t.number(entry.people))
    embed.add_field(name=t("topics.questions"), value=t.number(entry.questions))
    embed.set_footer(text=t("topics.footer", topic=topic.id))
    items: list[discord.ui.Item[discord.ui.View]] = []
    if entry.own_names:
        options = [
            discord.SelectOption(
                label=cut(name.text, 100), value=str(name.id), description=cut(t.language_name(name.language), 100)
            )
            for name in reversed(entry.own_names)
        ]
        items.append(select(f"topic:unname:{topic.id}", options, placeholder=t("topics.choose_to_remove"), row=0))
    return embed, buttons(*items, *_deeds(t, entry))


def _deeds(t: Translator, entry: Entry) -> list[discord.ui.Button[discord.ui.View]]:
    topic = entry.topic
    if topic.merged_into is not None:
        return [button(t("topics.part"), f"topic:part:{topic.id}", style=PRIMARY, row=1)]
    if topic.hidden:
        return [button(t("topics.unhide"), f"topic:unhide:{topic.id}", style=PRIMARY, row=1)]
    parting = [
        button(t("topics.part_named", topic=other.label(t.language)), f"topic:part:{other.id}", row=2)
        for other in entry.merged[:5]
    ]
    return [button(t("topics.hide"), f"topic:hide:{topic.id}", style=DANGER, row=1), *parting]


def _standing(t: Translator, entry: Entry) -> str:
    if entry.into is not None:
        return t("topics.is_merged", topic=safe(entry.into.label(t.language)))
    if entry.topic.hidden:
        return t("topics.is_hidden")
    if entry.merged:
        return t("topics.holds", topics=t.list(safe(other.label(t.language)) for other in entry.merged))
    return t("topics.is_shown")


def _names(t: Translator, topic: Topic) -> list[str]:
    """A line for each language: hers first, then those of the file, then others."""
    known = dict.fromkeys([t.language, *LANGUAGES, *topic.labels, *topic.synonyms])
    lines = []
    for language in known:
        label, others = topic.labels.get(language), topic.synonyms.get(language, ())
        if label is None and not others:
            continue
        first = f"**{safe(label)}**" if label else ""
        rest = fitting([safe(other) for other in others], _SYNONYMS_ROOM, lambda n: t("topics.more", n=n), ", ")
        spoken = t.language_name(language)
        lines.append(t("topics.names", language=spoken, names=", ".join(filter(None, (first, rest)))))
    return lines


def away_choices(t: Translator, topics: Sequence[Topic]) -> list[discord.app_commands.Choice[str]]:
    """Autocomplete's list of topics that are hidden or merged, each with which."""
    found = []
    for topic in topics:
        label = topic.label(t.language)
        shown = t("topics.merged_choice", topic=label) if topic.merged_into else t("topics.hidden_choice", topic=label)
        found.append(discord.app_commands.Choice(name=cut(shown, 100), value=topic.id))
    return found


def query_choices(queries: Sequence[UnmatchedQuery]) -> list[discord.app_commands.Choice[str]]:
    """Autocomplete's list of what was asked for in vain."""
    texts = dict.fromkeys(query.text for query in queries if len(query.text) <= LONGEST_NAME)
    return [discord.app_commands.Choice(name=text, value=text) for text in list(texts)[:25]]


def unmatched(t: Translator, page: Waiting, zone: str) -> Card:
    """What was asked for in vain, a page of it, and a select to take one up."""
    embed = discord.Embed(title=t("topics.unmatched_title"), colour=COLOUR)
    if not page.queries:
        embed.description = t("topics.unmatched_none")
        return embed, buttons()
    lines = [_asked(t, query, zone) for query in page.queries]
    embed.description = t("topics.unmatched_intro") + "\n\n" + fitting(lines, 3800, lambda n: t("topics.more", n=n))
    count = t("topics.unmatched_count", n=page.total)
    embed.set_footer(
        text=f"{count} · {t('experts.page', number=page.number + 1, last=page.last + 1)}" if page.last else count
    )
    options = [
        discord.SelectOption(
            label=cut(query.text, 100), value=str(query.id), description=t.language_name(query.language)
        )
        for query in page.queries
    ]
    items: list[discord.ui.Item[discord.ui.View]] = [
        select("topic:query", options, placeholder=t("topics.choose_query"), row=0)
    ]
    if page.last:
        back, on = page.number - 1, page.number + 1
        items.append(button(t("experts.back"), f"topic:unmatched:{max(back, 0)}:-", disabled=back < 0, row=1))
        items.append(button(t("experts.on"), f"topic:unmatched:{on}:+", disabled=on > page.last, row=1))
    return embed, buttons(*items)


def _asked(t: Translator, query: UnmatchedQuery, zone: str) -> str:
    line = t(
        "topics.asked",
        n=query.times,
        text=safe(cut(query.text, 150)),
        language=t.language_name(query.language),
        date=t.date(query.last_at, zone),
    )
    return f"{line} {t('topics.asked_unsure')}" if query.unsure else line


def query(t: Translator, asked: UnmatchedQuery, likely: Sequence[Topic], zone: str) -> Card:
    """One of them: the topics that it may be another name of, other words, or nothing at all."""
    embed = discord.Embed(title=t("topics.query_title"), colour=COLOUR)
    embed.description = f"> {safe(asked.text)}\n\n{_asked(t, asked, zone)}\n\n{t('topics.query_intro')}"
    fit = len(asked.text) <= LONGEST_NAME and LEFT_OUT not in asked.text
    matching = [
        button(t("topics.match", topic=topic.label(t.language)), f"topic:match:{asked.id}:{topic.id}", style=PRIMARY)
        for topic in likely[:4]
        if fit
    ]
    return embed, buttons(
        *matching,
        button(t("topics.other_words"), f"topic:words:{asked.id}", row=1),
        button(t("topics.dismiss"), f"topic:dismiss:{asked.id}", style=DANGER, row=1),
        button(t("topics.back_to_list"), "topic:unmatched:0:=", row=1),
    )


def dismissed(t: Translator, asked: UnmatchedQuery) -> Card:
    """It is off the list, and can be put back."""
    embed = discord.Embed(description=t("topics.dismissed", text=safe(asked.text)), colour=COLOUR)
    back = button(t("topics.bring_back"), f"topic:bringback:{asked.id}")
    return embed, buttons(back, button(t("topics.back_to_list"), "topic:unmatched:0:="))
