"""A member's topics: her terms for requests, whether they are still right, and what others vouch for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.domain.expertise import CAPS, PAUSES, Expertise
from bot.domain.members import Profile
from bot.domain.topics import TopicIndex
from bot.i18n import Translator
from bot.render import profile as profiles
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select
from bot.render.profile import FIELD, Card, label

OTHER_DATE = "date"
"""The value of the select's option that asks for a date."""


def terms(t: Translator, known: Expertise, topics: TopicIndex, now: datetime, zone: str) -> Card:
    """On which terms she takes requests on a topic, and what she can change."""
    name = label(t, topics, known.topic_id)
    lines = [_terms(t, known, now, zone), t("expertise.terms_intro")]
    embed = discord.Embed(
        title=cut(t("expertise.terms_title", topic=name), 256), description="\n\n".join(lines), colour=COLOUR
    )
    if not known.open:
        reopen = button(t("expertise.take"), f"expert:open:1:{known.topic_id}", style=discord.ButtonStyle.primary)
        return embed, buttons(reopen, button(t("expertise.back"), "profile:topics"))
    view = buttons(
        select(f"expert:cap:{known.topic_id}", _caps(t, known), placeholder=t("expertise.choose_cap")),
        select(f"expert:pause:{known.topic_id}", _pauses(t, known, now, zone), placeholder=t("expertise.choose_pause")),
        button(t("expertise.decline"), f"expert:open:0:{known.topic_id}"),
        button(t("expertise.back"), "profile:topics"),
    )
    return embed, view


def still(t: Translator, known: Expertise, topics: TopicIndex, zone: str) -> Card:
    """The question whether she still knows about a topic."""
    name = label(t, topics, known.topic_id)
    when = t.date(known.confirmed_at, zone) if known.confirmed_at else t("expertise.never")
    embed = discord.Embed(
        title=cut(t("expertise.still_title", topic=name), 256),
        description=t("expertise.still", topic=name, level=t.of(known.level), date=when),
        colour=COLOUR,
    )
    view = buttons(
        button(t("expertise.still_yes"), f"expert:still:yes:{known.topic_id}", style=discord.ButtonStyle.success),
        button(t("expertise.still_no"), f"expert:still:no:{known.topic_id}"),
    )
    return embed, view


def told(text: str) -> Card:
    """A short answer where a card was."""
    return discord.Embed(description=text, colour=COLOUR), buttons()


def standing(
    t: Translator, profile: Profile, known: Sequence[Expertise], topics: TopicIndex, now: datetime
) -> discord.Embed:
    """A member as an expert: her profile, and for each topic what speaks for her."""
    embed = profiles.public(t, profile, topics, now)
    lines = [_line(t, one, topics, now, profile.zone) for one in sorted(known, key=_weight)]
    if lines:
        shown = fitting(lines, FIELD, lambda n: t("expertise.and_more", n=n))
        embed.add_field(name=t("expertise.as_expert"), value=shown, inline=False)
    return embed


def endorsable(
    t: Translator, profile: Profile, known: Sequence[Expertise], endorsed: frozenset[str], topics: TopicIndex
) -> Card:
    """The question in which of her topics the reader vouches for a member."""
    name = safe(profile.about.display_name)
    options = [
        discord.SelectOption(
            label=cut(_plain(t, one, topics), 100),
            value=one.topic_id,
            description=t("expertise.endorsed_already") if one.topic_id in endorsed else t.of(one.level),
        )
        for one in known
    ]
    chosen = select(f"expert:endorse:{profile.user_id}", options, placeholder=t("expertise.choose_endorse"))
    embed = discord.Embed(description=t("expertise.endorse_question", name=name), colour=COLOUR)
    return embed, buttons(chosen)


def endorsed(t: Translator, profile: Profile, topic_id: str, topics: TopicIndex) -> Card:
    """She vouches for a member now, and may take it back."""
    name = safe(profile.about.display_name)
    text = t("expertise.endorsed", name=name, topic=label(t, topics, topic_id))
    undo = button(t("expertise.undo"), f"expert:undo:{profile.user_id}:{topic_id}")
    return discord.Embed(description=text, colour=COLOUR), buttons(undo)


def withdrawn(t: Translator, profile: Profile, topic_id: str, topics: TopicIndex) -> Card:
    """She no longer does."""
    name = safe(profile.about.display_name)
    return told(t("expertise.withdrawn", name=name, topic=label(t, topics, topic_id)))


def _terms(t: Translator, known: Expertise, now: datetime, zone: str) -> str:
    if not known.open:
        return t("expertise.closed")
    if known.paused_until is not None and known.paused(now):
        return t("expertise.paused", until=t.date(known.paused_until, zone))
    return t("expertise.open", n=known.cap)


def _caps(t: Translator, known: Expertise) -> list[discord.SelectOption]:
    offered = sorted({*CAPS, known.cap})
    return [
        discord.SelectOption(label=t("expertise.cap", n=cap), value=str(cap), default=cap == known.cap)
        for cap in offered
    ]


def _pauses(t: Translator, known: Expertise, now: datetime, zone: str) -> list[discord.SelectOption]:
    options = [discord.SelectOption(label=t("expertise.no_pause"), value="0", default=not known.paused(now))]
    for days in PAUSES:
        until = t.date(now + timedelta(days=days), zone)
        options.append(discord.SelectOption(label=t("expertise.pause_until", until=until), value=str(days)))
    return [*options, discord.SelectOption(label=t("expertise.other_date"), value=OTHER_DATE)]


def _line(t: Translator, known: Expertise, topics: TopicIndex, now: datetime, zone: str) -> str:
    parts = [t("expertise.line", topic=f"**{label(t, topics, known.topic_id)}**", level=t.of(known.level))]
    if known.accepted:
        parts.append(t("experts.reason_accepted", n=known.accepted))
    if known.thanked:
        parts.append(t("experts.reason_thanked", n=known.thanked))
    if known.endorsements:
        parts.append(t("experts.reason_endorsed", n=known.endorsements))
    parts.append(_terms(t, known, now, zone))
    return " · ".join(parts)


def _weight(known: Expertise) -> tuple[int, int, str]:
    return -known.accepted - known.thanked, -known.endorsements, known.topic_id


def _plain(t: Translator, known: Expertise, topics: TopicIndex) -> str:
    topic = topics.get(known.topic_id)
    return topic.label(t.language) if topic else known.topic_id
