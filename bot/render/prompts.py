"""A prompt, as a member reads it in a direct message, or everybody in a check-in channel."""

from __future__ import annotations

import discord

from bot.domain.campaigns import Campaign, CampaignQuestion, Purpose
from bot.domain.outbox import mark
from bot.domain.prompts import Ask
from bot.i18n import Translator
from bot.render.parts import button, buttons, cut, safe

PRIMARY = discord.ButtonStyle.primary
MESSAGE_LIMIT = 2000


def name_of(t: Translator, campaign: Campaign) -> str:
    """A campaign's name, as somebody typed it, or the catalogue's."""
    return campaign.name if campaign.name is not None else t("campaigns.monthly_name")


def question_text(t: Translator, question: CampaignQuestion) -> str:
    """A question's words, as somebody typed them, or the catalogue's for its purpose."""
    if question.text is not None:
        return question.text
    match question.purpose:
        case Purpose.FORWARD | None:
            return t("campaigns.ask_forward")
        case Purpose.STUCK:
            return t("campaigns.ask_stuck")
        case Purpose.TRIED:
            return t("campaigns.ask_tried")
        case Purpose.EXPERT:
            return t("campaigns.ask_expert")


def readers(t: Translator, *, anonymous: bool, server: str | None) -> str:
    """Who will read the answers. `server` is None where it is the whole network's campaign."""
    if server is None:
        return t("campaigns.read_network_anonymous") if anonymous else t("campaigns.read_network")
    where = safe(server)
    if anonymous:
        return t("campaigns.read_server_anonymous", server=where)
    return t("campaigns.read_server", server=where)


def prompt(t: Translator, ask: Ask, *, direct: bool, delivery_id: int) -> tuple[str, discord.ui.View]:
    """The message and its buttons, of which the first carries the delivery."""
    campaign, period = ask.campaign, ask.period
    parts = [
        _greeting(t, ask, direct=direct),
        "\n".join(f"- {safe(question_text(t, question))}" for question in campaign.questions),
        t("campaigns.until", moment=discord.utils.format_dt(period.closes_at, "f")),
        readers(t, anonymous=period.anonymous, server=ask.server),
    ]
    if not direct:
        parts.append(t("campaigns.privately"))
    return cut("\n\n".join(parts), MESSAGE_LIMIT), _buttons(t, period.id, delivery_id, direct=direct)


def _greeting(t: Translator, ask: Ask, *, direct: bool) -> str:
    name = safe(name_of(t, ask.campaign))
    if ask.snoozed:
        return t("campaigns.hello_snoozed", name=name)
    n = len(ask.campaign.questions)
    if ask.again:
        return t("campaigns.hello_again", name=name) if direct else t("campaigns.hello_again_all", name=name)
    return t("campaigns.hello", name=name, n=n) if direct else t("campaigns.hello_all", name=name, n=n)


def _buttons(t: Translator, period_id: int, delivery_id: int, *, direct: bool) -> discord.ui.View:
    found = [
        button(t("campaigns.answer"), f"checkin:answer:{period_id}:{mark(delivery_id)}", style=PRIMARY),
        button(t("campaigns.skip"), f"checkin:skip:{period_id}"),
    ]
    if direct:
        found.append(button(t("campaigns.snooze"), f"checkin:snooze:{period_id}"))
    found.append(button(t("campaigns.stop"), f"checkin:stop:{period_id}"))
    return buttons(*found)
