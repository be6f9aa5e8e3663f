"""People who know about a topic, as Discord shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain.experts import PAGE, Candidate, Page, Reason, ReasonKind, Suggestion
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


def answer(t: Translator, topic: Topic, page: Page, now: datetime) -> tuple[discord.Embed, discord.ui.View]:
    """A page of people, each with the reason, and buttons to turn it."""
    label = topic.label(t.language)
    embed = discord.Embed(title=cut(t("experts.title", topic=label), 256), colour=COLOUR)
    if not page.total:
        embed.description = t("experts.nobody", topic=safe(label))
        return embed, buttons()
    embed.description = "\n\n".join(
        _person(t, place, one, label, now) for place, one in enumerate(page.suggestions, start=page.number * PAGE + 1)
    )
    footer = t("experts.count", n=page.total)
    if page.last:
        footer = f"{footer} · {t('experts.page', number=page.number + 1, last=page.last + 1)}"
    embed.set_footer(text=footer)
    return embed, _turning(t, topic, page)


def did_you_mean(t: Translator, text: str, topics: Sequence[Topic]) -> tuple[str, discord.ui.View]:
    """The question which topic was meant, with a button for each."""
    view = buttons(*(button(topic.label(t.language), page_id(topic.id, 0)) for topic in topics[:5]))
    return t("experts.did_you_mean", text=safe(cut(text, 200))), view


def page_id(topic_id: str, number: int) -> str:
    """The `custom_id` of the button that shows a page."""
    return f"expert:page:{number}:{topic_id}"


def _turning(t: Translator, topic: Topic, page: Page) -> discord.ui.View:
    if not page.last:
        return buttons()
    back, on = page.number - 1, page.number + 1
    return buttons(
        button(t("experts.back"), page_id(topic.id, max(back, 0)), disabled=back < 0),
        button(t("experts.on"), page_id(topic.id, on), disabled=on > page.last),
    )


def _person(t: Translator, place: int, suggestion: Suggestion, label: str, now: datetime) -> str:
    person = suggestion.person
    who = f"**{place}. {safe(person.name)}** (<@{person.user_id}>)"
    about = [safe(cut(person.post, 120))] if person.post else []
    if person.city and person.country:
        about.append(t("experts.place", city=safe(person.city), country=t.country(person.country)))
    lines = [who, " · ".join(about)] if about else [who]
    lines.append(t("experts.why", reasons=why(t, suggestion, label)))
    lines.append(f"-# {t('experts.local_time', time=t.clock(now, person.zone))}")
    return "\n".join(lines)


def why(t: Translator, suggestion: Suggestion, label: str) -> str:
    """Why this person, as a list in the reader's language. `label` is the topic's, which is hers."""
    return t.list(_reason(t, reason, suggestion.person, label) for reason in suggestion.reasons)


def _reason(t: Translator, reason: Reason, person: Candidate, label: str) -> str:
    match reason.kind:
        case ReasonKind.LEVEL:
            return t("experts.reason_level", level=t.of(person.level), topic=safe(label))
        case ReasonKind.ACCEPTED:
            return t("experts.reason_accepted", n=reason.n)
        case ReasonKind.THANKED:
            return t("experts.reason_thanked", n=reason.n)
        case ReasonKind.ENDORSED:
            return t("experts.reason_endorsed", n=reason.n)
        case ReasonKind.COUNTRY:
            return t("experts.reason_country")
        case ReasonKind.CITY_SIZE:
            return t("experts.reason_city_size")
        case ReasonKind.LANGUAGE:
            spoken = t.list(t.language_name(code) for code in reason.languages)
            return t("experts.reason_language", languages=spoken)
        case ReasonKind.RESTED:
            return t("experts.reason_rested")
