"""A member's profile: her own card with its steps, and what others see of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain.languages import COMMON
from bot.domain.members import Level, Place, Profile, Step, zones_like
from bot.domain.topics import TopicIndex
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select

FIELD = 1024
"""The characters that an embed's field holds."""
Card = tuple[discord.Embed, discord.ui.View]
PRIMARY = discord.ButtonStyle.primary


def own(t: Translator, profile: Profile, topics: TopicIndex, now: datetime, notice: str = "") -> Card:
    """Her own card: what it says of her, and what she can do with it, the next step first."""
    if profile.awaits_confirmation:
        return _told(t, profile, topics, now, notice)
    lines = [notice, _next(t, profile)]
    embed = _card(t, profile, topics, now, title=t("profile.yours"), text="\n".join(filter(None, lines)))
    spoken = t.language_name(t.catalogues.nearest(profile.language)) if profile.language else t("profile.none")
    embed.add_field(name=t("profile.bot_language"), value=spoken)
    embed.add_field(name=t("direct.field"), value=_direct(t, profile))
    missing = profile.missing[:1]
    items: list[discord.ui.Item[discord.ui.View]] = [
        _languages(t, profile),
        button(t("profile.edit_about"), "profile:edit:about", style=_style(Step.ABOUT in missing), row=1),
        button(t("profile.edit_topics"), "profile:topics", style=_style(Step.TOPICS in missing), row=1),
        button(t("profile.edit_languages"), "profile:edit:languages", row=1),
        _direct_button(t, profile),
    ]
    if profile.paused(now):
        items.append(button(t("profile.resume"), "profile:resume", row=1))
    return embed, buttons(*items)


def public(t: Translator, profile: Profile, topics: TopicIndex, now: datetime) -> discord.Embed:
    """What other members see of her."""
    return _card(
        t, profile, topics, now, title=cut(safe(profile.about.display_name), 256), text=f"<@{profile.user_id}>"
    )


def place_name(t: Translator, place: Place) -> str:
    """A city with its country, and its region where that says more. Plain text: escape it where it is shown."""
    country = t.country(place.country)
    if place.region and place.region != place.name:
        return t("profile.place_region", city=place.name, region=place.region, country=country)
    return t("profile.place", city=place.name, country=country)


def city_choice(t: Translator, value: str, place: Place) -> discord.app_commands.Choice[str]:
    """A city in autocomplete's list."""
    return discord.app_commands.Choice(name=cut(place_name(t, place), 100), value=value)


def zone_choices(t: Translator, text: str, now: datetime) -> list[discord.app_commands.Choice[str]]:
    """Zones in autocomplete's list, each with what its clocks show now."""
    return [
        discord.app_commands.Choice(name=f"{zone.replace('_', ' ')} ({t.clock(now, zone)})", value=zone)
        for zone in zones_like(text)
    ]


def language_choices(t: Translator) -> list[discord.app_commands.Choice[str]]:
    """The languages that have a catalogue, each in its own words."""
    return [
        discord.app_commands.Choice(name=t.catalogues.translator(code).language_name(code), value=code)
        for code in t.catalogues.languages
    ]


def language_names(t: Translator, codes: Sequence[str]) -> str:
    """Languages as a list that can be typed again."""
    return ", ".join(t.language_name(code) for code in codes)


def city_saved(t: Translator, profile: Profile, now: datetime) -> str:
    """What we took down, and what her clock shows then."""
    city = safe(place_name(t, profile.place)) if profile.place else t("profile.none")
    return t("profile.city_saved", city=city, time=t.clock(now, profile.zone), zone=profile.zone)


def offered(profile: Profile) -> list[str]:
    """The languages that her card's select offers: hers and the common ones, as many as fit."""
    return [*profile.languages, *(code for code in COMMON if code not in profile.languages)][:25]


def _told(t: Translator, profile: Profile, topics: TopicIndex, now: datetime, notice: str) -> Card:
    text = "\n".join(filter(None, [notice, t("profile.told")]))
    view = buttons(
        button(t("profile.confirm"), "profile:confirm", style=discord.ButtonStyle.success),
        button(t("profile.correct"), "profile:edit:about", style=PRIMARY),
        button(t("profile.delete"), "privacy:delete", style=discord.ButtonStyle.danger),
    )
    return _card(t, profile, topics, now, title=t("profile.told_title"), text=text), view


def _card(
    t: Translator, profile: Profile, topics: TopicIndex, now: datetime, *, title: str, text: str
) -> discord.Embed:
    embed = discord.Embed(title=title, description=cut(text, 4096), colour=COLOUR)
    about = profile.about
    embed.add_field(name=cut(safe(about.display_name), 256), value=_or_none(t, about.post), inline=False)
    clock = t("profile.local_time", time=t.clock(now, profile.zone), zone=profile.zone)
    city = safe(place_name(t, profile.place)) if profile.place else t("profile.none")
    embed.add_field(name=t("profile.city"), value=cut(f"{city}\n-# {clock}", FIELD), inline=False)
    embed.add_field(name=t("profile.cohort"), value=_or_none(t, about.cohort))
    languages = t.list(t.language_name(code) for code in profile.languages)
    embed.add_field(name=t("profile.languages"), value=cut(languages, FIELD) or t("profile.none"))
    embed.add_field(name=t("profile.topics"), value=_topics(t, profile, topics), inline=False)
    if profile.paused_until is not None and profile.paused(now):
        until = t("profile.paused", until=t.date(profile.paused_until, profile.zone))
        embed.add_field(name=t("profile.pause_title"), value=until, inline=False)
    return embed


def _or_none(t: Translator, text: str | None) -> str:
    return cut(safe(text), FIELD) if text else t("profile.none")


def _topics(t: Translator, profile: Profile, topics: TopicIndex) -> str:
    """A line for each level, the experts' first."""
    lines = []
    for level in reversed(Level):
        labels = [label(t, topics, one.topic_id) for one in profile.topics if one.level is level]
        if labels:
            shown = fitting(labels, 300, lambda n: t("profile.and_more", n=n), ", ")
            lines.append(t("profile.level_topics", level=f"**{t.of(level)}**", topics=shown))
    return "\n".join(lines) or t("profile.none")


def label(t: Translator, topics: TopicIndex, topic_id: str) -> str:
    """What a topic is called in the reader's language; its id where it is hidden now."""
    topic = topics.get(topic_id)
    return safe(topic.label(t.language)) if topic else topic_id


def _direct(t: Translator, profile: Profile) -> str:
    since = profile.direct_messages_at
    return t("direct.allowed", since=t.date(since, profile.zone)) if since else t("direct.not_allowed")


def _direct_button(t: Translator, profile: Profile) -> discord.ui.Button[discord.ui.View]:
    if profile.direct_messages_at is not None:
        return button(t("direct.stop"), "direct:stop:card", row=1)
    return button(t("direct.allow"), "direct:allow", row=1)


def _next(t: Translator, profile: Profile) -> str:
    match profile.missing[:1]:
        case (Step.ABOUT,):
            return t("profile.next_about")
        case (Step.LANGUAGES,):
            return t("profile.next_languages")
        case (Step.TOPICS,):
            return t("profile.next_topics")
    return ""


def _style(emphasised: bool) -> discord.ButtonStyle:
    return PRIMARY if emphasised else discord.ButtonStyle.secondary


def _languages(t: Translator, profile: Profile) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(label=cut(t.language_name(code), 100), value=code, default=code in profile.languages)
        for code in offered(profile)
    ]
    return select(
        "profile:languages", options, placeholder=t("profile.choose_languages"), least=0, most=len(options), row=0
    )
