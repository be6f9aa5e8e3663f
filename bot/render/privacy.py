"""What is kept about a person, and what deleting means, as she reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.privacy import STAYING, Category, Kept
from bot.i18n import Translator
from bot.render.parts import COLOUR, Attachment, button, buttons

DANGER = discord.ButtonStyle.danger
DESCRIPTION, FIELD = 4096, 1024


def info(t: Translator, kept: Kept) -> tuple[discord.Embed, discord.ui.View]:
    """What is kept, and why, with the way to get it and to have it deleted."""
    embed = discord.Embed(title=t("privacy.title"), colour=COLOUR)
    if not kept:
        embed.description = f"{t('privacy.nothing')}\n\n{t('privacy.where')}"
        return embed, buttons()
    words = [_words(t, category, n) for category, n in kept.counts.items()]
    parts = [t("privacy.intro"), *(f"**{name}**\n{why}" for name, why in words), t("privacy.where")]
    embed.description = _packed(parts, DESCRIPTION)
    while parts:  # there are more kinds of things than a card has fields
        embed.add_field(name="\u200b", value=_packed(parts, FIELD), inline=False)
    return embed, buttons(
        button(t("privacy.get"), "privacy:export", style=discord.ButtonStyle.primary),
        button(t("privacy.delete"), "privacy:delete", style=DANGER),
    )


def confirm(t: Translator, kept: Kept) -> tuple[discord.Embed, discord.ui.View]:
    """What goes, what stays without her, and the button that does it."""
    if not kept:
        return info(t, kept)
    going = [f"- {_words(t, category, n)[0]}" for category, n in kept.counts.items() if category not in STAYING]
    parts = ["\n".join([t("privacy.goes"), *going]), t("privacy.stays"), t("privacy.roster")]
    embed = discord.Embed(
        title=t("privacy.confirm_title"), description="\n\n".join(parts), colour=discord.Colour(0xA6402D)
    )
    return embed, buttons(
        button(t("privacy.yes"), "privacy:delete:yes", style=DANGER),
        button(t("privacy.get"), "privacy:export"),
        button(t("privacy.no"), "privacy:keep"),
    )


def file(t: Translator, everything: Mapping[str, Any]) -> discord.File:
    """The export as a file."""
    text = json.dumps(everything, ensure_ascii=False, indent=2)
    return Attachment(text.encode(), "twincord.json", t("privacy.file"))


def _packed(parts: list[str], room: int) -> str:
    """Take as many paragraphs off `parts` as have room."""
    taken = parts.pop(0)
    while parts and len(taken) + 2 + len(parts[0]) <= room:
        taken += f"\n\n{parts.pop(0)}"
    return taken


def _words(t: Translator, category: Category, n: int) -> tuple[str, str]:
    """What it is, and why it is kept."""
    match category:
        case Category.PROFILE:
            return t("privacy.profile"), t("privacy.why_profile")
        case Category.LANGUAGES:
            return t("privacy.languages", n=n), t("privacy.why_languages")
        case Category.TOPICS:
            return t("privacy.topics", n=n), t("privacy.why_topics")
        case Category.SERVERS:
            return t("privacy.servers", n=n), t("privacy.why_servers")
        case Category.CODES:
            return t("privacy.codes", n=n), t("privacy.why_codes")
        case Category.APPOINTMENTS:
            return t("privacy.appointments", n=n), t("privacy.why_appointments")
        case Category.ACTIONS:
            return t("privacy.actions", n=n), t("privacy.why_actions")
        case _:
            return _words_of_questions(t, category, n)


def _words_of_questions(t: Translator, category: Category, n: int) -> tuple[str, str]:
    match category:
        case Category.ENDORSEMENTS:
            return t("privacy.endorsements", n=n), t("privacy.why_endorsements")
        case Category.QUESTIONS:
            return t("privacy.questions", n=n), t("privacy.why_questions")
        case Category.ANSWERS:
            return t("privacy.answers", n=n), t("privacy.why_answers")
        case Category.THANKS:
            return t("privacy.thanks", n=n), t("privacy.why_thanks")
        case Category.INVITATIONS:
            return t("privacy.invitations", n=n), t("privacy.why_invitations")
        case Category.FOLLOWED:
            return t("privacy.followed", n=n), t("privacy.why_followed")
        case Category.MESSAGES:
            return t("privacy.messages", n=n), t("privacy.why_messages")
        case Category.UNREACHED:
            return t("privacy.unreached", n=n), t("privacy.why_unreached")
        case _:
            return _words_of_campaigns(t, category, n)


def _words_of_campaigns(t: Translator, category: Category, n: int) -> tuple[str, str]:
    match category:
        case Category.CAMPAIGNS:
            return t("privacy.campaigns", n=n), t("privacy.why_campaigns")
        case Category.PROMPTS:
            return t("privacy.prompts", n=n), t("privacy.why_prompts")
        case Category.RESPONSES:
            return t("privacy.responses", n=n), t("privacy.why_responses")
        case Category.QUOTES:
            return t("privacy.quotes", n=n), t("privacy.why_quotes")
        case Category.OPT_OUTS:
            return t("privacy.opt_outs", n=n), t("privacy.why_opt_outs")
        case Category.CASE_STARTS:
            return t("privacy.case_starts", n=n), t("privacy.why_case_starts")
        case Category.ROLES:
            return t("privacy.roles", n=n), t("privacy.why_roles")
        case _:
            return _words_of_cases(t, category, n)


def _words_of_cases(t: Translator, category: Category, n: int) -> tuple[str, str]:
    match category:
        case Category.CASES:
            return t("privacy.cases", n=n), t("privacy.why_cases")
        case Category.CASE_VOTES:
            return t("privacy.case_votes", n=n), t("privacy.why_case_votes")
        case Category.ADAPTATIONS:
            return t("privacy.adaptations", n=n), t("privacy.why_adaptations")
        case Category.TOPIC_FOLLOWS:
            return t("privacy.topic_follows", n=n), t("privacy.why_topic_follows")
        case Category.MERGED_TOPICS:
            return t("privacy.merged_topics", n=n), t("privacy.why_merged_topics")
        case Category.HAND_OVERS:
            return t("privacy.hand_overs", n=n), t("privacy.why_hand_overs")
        case Category.ALERTS:
            return t("privacy.alerts", n=n), t("privacy.why_alerts")
        case Category.ALERT_ANSWERS:
            return t("privacy.alert_answers", n=n), t("privacy.why_alert_answers")
        case Category.ON_CALL:
            return t("privacy.on_call", n=n), t("privacy.why_on_call")
        case _:
            raise LookupError(category)
