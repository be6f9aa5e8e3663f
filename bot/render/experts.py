"""People who know about a topic, as Discord shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain.experts import MOST, PAGE, Candidate, Page, Reason, ReasonKind, Suggestion
from bot.domain.filters import NO_FILTERS, Filters
from bot.domain.topics import Topic
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, safe


def choices(t: Translator, topics: Sequence[tuple[Topic, str]]) -> list[discord.app_commands.Choice[str]]:
    """Autocomplete's list: each topic's label in her language, with the name that she typed where it is another."""
    found = []
    for topic, matched in topics:
        label = topic.label(t.language)
        shown = label if matched.casefold() == label.casefold() else f"{label} ({matched})"
        found.append(discord.app_commands.Choice(name=cut(shown, 100), value=topic.id))
    return found


def named_choices(named: Sequence[tuple[str, str]]) -> list[discord.app_commands.Choice[str]]:
    """Autocomplete's list of things that have a code and a name."""
    return [discord.app_commands.Choice(name=cut(name, 100), value=code) for code, name in named[:25]]


def answer(
    t: Translator, topic: Topic, page: Page, now: datetime, filters: Filters = NO_FILTERS
) -> tuple[discord.Embed, discord.ui.View]:
    """A page of people, each with the reason, buttons to turn it, and one to ask the network."""
    label = topic.label(t.language)
    embed = discord.Embed(title=cut(t("experts.title", topic=label), 256), colour=COLOUR)
    narrowed = [t("experts.filtered", filters=t.list(_filters(t, filters)))] if filters else []
    ask = button(t("experts.ask"), ask_id(topic.id), style=discord.ButtonStyle.primary)
    if not page.total:
        nobody = t("experts.nobody_fits") if filters else t("experts.nobody", topic=safe(label))
        embed.description = "\n\n".join([*narrowed, nobody])
        all_of_them = [button(t("experts.without_filters"), page_id(topic.id, 0))] if filters else []
        return embed, buttons(*all_of_them, ask)
    people = [
        person(t, place, one, label, now) for place, one in enumerate(page.suggestions, start=page.number * PAGE + 1)
    ]
    embed.description = "\n\n".join([*narrowed, *people])
    count = t("experts.best", n=page.total) if page.total >= MOST else t("experts.count", n=page.total)
    paging = t("experts.page", number=page.number + 1, last=page.last + 1)
    embed.set_footer(text=f"{count} · {paging}" if page.last else count)
    return embed, buttons(*_turning(t, topic, page, filters), ask)


def did_you_mean(
    t: Translator, text: str, topics: Sequence[Topic], filters: Filters = NO_FILTERS
) -> tuple[str, discord.ui.View]:
    """The question which topic was meant, with a button for each."""
    view = buttons(*(button(topic.label(t.language), page_id(topic.id, 0, filters)) for topic in topics[:5]))
    return t("experts.did_you_mean", text=safe(cut(text, 200))), view


def page_id(topic_id: str, number: int, filters: Filters = NO_FILTERS) -> str:
    """The `custom_id` of the button that shows a page; it has room for a topic's id of 60 characters."""
    return f"expert:page:{number}:{filters.code}:{topic_id}"


def ask_id(topic_id: str) -> str:
    """The `custom_id` of the button that asks the network a question about a topic."""
    return f"question:ask:{topic_id}"


def _filters(t: Translator, filters: Filters) -> list[str]:
    said = []
    if filters.country:
        said.append(t.country(filters.country))
    if filters.language:
        said.append(t.language_name(filters.language))
    if filters.size:
        said.append(t.of(filters.size))
    if filters.available:
        said.append(t("experts.available"))
    return said


def _turning(t: Translator, topic: Topic, page: Page, filters: Filters) -> list[discord.ui.Button[discord.ui.View]]:
    if not page.last:
        return []
    back, on = page.number - 1, page.number + 1
    return [
        button(t("experts.back"), page_id(topic.id, max(back, 0), filters), disabled=back < 0),
        button(t("experts.on"), page_id(topic.id, on, filters), disabled=on > page.last),
    ]


def person(t: Translator, place: int, suggestion: Suggestion, label: str, now: datetime) -> str:
    """A person in a list, with the reasons for her; `label` is her topic's."""
    who = suggestion.person
    about = [safe(cut(who.post, 120))] if who.post else []
    if who.city and who.country:
        about.append(t("experts.place", city=safe(who.city), country=t.country(who.country)))
    lines = [f"**{place}. {safe(who.name)}** (<@{who.user_id}>)", *([" · ".join(about)] if about else [])]
    lines.append(t("experts.why", reasons=why(t, suggestion, label)))
    lines.append(f"-# {t('experts.local_time', time=t.clock(now, who.zone))}")
    return "\n".join(lines)


def why(t: Translator, suggestion: Suggestion, label: str) -> str:
    """Why this person, as a list in the reader's language. `label` is the topic's, which is hers."""
    return t.list(_reason(t, reason, suggestion.person, label) for reason in suggestion.reasons)


def _reason(t: Translator, reason: Reason, person: Candidate, label: str) -> str:
    match reason.kind:
        case ReasonKind.LEVEL:
            return t("experts.reason_level", level=t.of(person.level), topic=safe(label))
        case ReasonKind.COUNTRY:
            return t("experts.reason_country")
        case ReasonKind.CITY_SIZE:
            return t("experts.reason_city_size")
        case ReasonKind.LANGUAGE:
            spoken = t.list(t.language_name(code) for code in reason.languages)
            return t("experts.reason_language", languages=spoken)
        case ReasonKind.RESTED:
            return t("experts.reason_rested")
        case _:
            return credit(t, reason)


def credit(t: Translator, reason: Reason) -> str:
    """What others got out of her, counted."""
    match reason.kind:
        case ReasonKind.ACCEPTED:
            return t("experts.reason_accepted", n=reason.n)
        case ReasonKind.THANKED:
            return t("experts.reason_thanked", n=reason.n)
        case ReasonKind.ADAPTED:
            return t("cases.reason_adapted", n=reason.n)
        case ReasonKind.USEFUL:
            return t("cases.reason_useful", n=reason.n)
        case _:
            return t("experts.reason_endorsed", n=reason.n)
