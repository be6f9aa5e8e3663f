"""Campaigns as coordinators see them: the list, the card, what is changed on it, what it would do."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from babel.dates import format_datetime, get_timezone

from bot.domain.calendar import Shift, local_time
from bot.domain.campaigns import (
    MAX_QUESTIONS,
    Audience,
    AudienceKind,
    Campaign,
    CampaignQuestion,
    CampaignState,
)
from bot.domain.reach import LocalTime, Preview, Reach, Run, Shown
from bot.i18n import Translator
from bot.render.cadence import cadence, clock_time
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select
from bot.render.prompts import name_of, question_text, readers

DANGER = discord.ButtonStyle.danger
PRIMARY = discord.ButtonStyle.primary
SUCCESS = discord.ButtonStyle.success
NAME, WHEN, AUDIENCE, HOW, DIGEST, ADD = "name", "when", "audience", "how", "digest", "add"
EDIT, DROP = "edit", "drop"
"""What the select on the card can change; the last two are followed by a question's id."""


def audience(t: Translator, whom: Audience, name: str | None) -> str:
    """Whom a campaign asks: "City: Porto"."""
    if whom.kind is AudienceKind.EVERYONE or name is None:
        return t.of(whom.kind)
    shown = f"<@&{whom.value}>" if whom.kind is AudienceKind.ROLE else safe(name)
    return t("campaigns.audience_of", kind=t.of(whom.kind), name=shown)


def size(t: Translator, reach: Reach) -> str:
    """How many people that is, and how they are asked."""
    text = t("campaigns.people", n=reach.people)
    if not reach.people:
        return text
    text = f"{text}: {t('campaigns.ways', direct=reach.direct, channel=reach.channel)}"
    return f"{text} {t('campaigns.nowhere', n=reach.nowhere)}" if reach.nowhere else text


def card(t: Translator, shown: Shown, zone: str, notice: str = "") -> tuple[discord.Embed, discord.ui.View]:
    """Everything about a campaign, and the ways to change it."""
    campaign = shown.campaign
    embed = discord.Embed(title=cut(safe(name_of(t, campaign)), 256), description=notice or None, colour=COLOUR)
    embed.add_field(name=t("campaigns.state_label"), value=_standing(t, campaign, zone), inline=False)
    when = t("campaigns.when", cadence=cadence(t, campaign.rule), time=clock_time(campaign.minute))
    embed.add_field(name=t("campaigns.when_label"), value=cut(when, 1024), inline=False)
    people = f"{audience(t, campaign.audience, shown.audience)}\n{size(t, shown.reach)}"
    embed.add_field(name=t("campaigns.audience_label"), value=cut(people, 1024), inline=False)
    asked = "\n".join(f"{n}. {_question(t, each)}" for n, each in enumerate(campaign.questions, 1))
    embed.add_field(
        name=t("campaigns.questions_label"), value=cut(asked or t("campaigns.none_yet"), 1024), inline=False
    )
    embed.add_field(name=t("campaigns.how_label"), value="\n".join(_how(t, campaign)), inline=False)
    reading = [readers(t, anonymous=campaign.anonymous, server=shown.server), _digest(t, campaign)]
    embed.add_field(name=t("campaigns.reading_label"), value="\n".join(reading), inline=False)
    return embed, _controls(t, campaign)


def _standing(t: Translator, campaign: Campaign, zone: str) -> str:
    if campaign.state is CampaignState.PAUSED:
        return t("campaigns.stands_still")
    if campaign.next_day is None:
        return t("campaigns.has_ended")
    at = local_time(campaign.next_day, campaign.minute, zone)
    return t("campaigns.runs_next", moment=discord.utils.format_dt(at, "F"))


def _question(t: Translator, question: CampaignQuestion) -> str:
    text = f"{safe(question_text(t, question))} ({t.of(question.type)})"
    return f"{text} – {t('campaigns.required')}" if question.required else text


def _how(t: Translator, campaign: Campaign) -> list[str]:
    remind = campaign.remind_after_days
    return [
        t.of(campaign.where),
        t("campaigns.reminds", n=remind) if remind is not None else t("campaigns.reminds_not"),
        t("campaigns.stays_open", n=campaign.open_days),
        t("campaigns.may_be_late", n=campaign.late_hours),
    ]


def _digest(t: Translator, campaign: Campaign) -> str:
    if campaign.digest_channel_id is None:
        return t("campaigns.digest_coordinators")
    return t("campaigns.digest_in", channel=f"<#{campaign.digest_channel_id}>")


def _controls(t: Translator, campaign: Campaign) -> discord.ui.View:
    identity = campaign.id
    if campaign.state is CampaignState.ACTIVE:
        switch = button(t("campaigns.pause"), f"campaign:off:{identity}")
    else:
        switch = button(t("campaigns.switch_on"), f"campaign:on:{identity}", style=SUCCESS)
    return buttons(
        select(f"campaign:change:{identity}", _changes(t, campaign), placeholder=t("campaigns.change")),
        switch,
        button(t("campaigns.preview"), f"campaign:preview:{identity}"),
        button(t("campaigns.run_now"), f"campaign:run:{identity}"),
        button(t("campaigns.delete"), f"campaign:drop:{identity}", style=DANGER),
    )


def _changes(t: Translator, campaign: Campaign) -> list[discord.SelectOption]:
    options = [
        discord.SelectOption(label=t("campaigns.change_when"), value=WHEN),
        discord.SelectOption(label=t("campaigns.change_audience"), value=AUDIENCE),
        discord.SelectOption(label=t("campaigns.change_how"), value=HOW),
        discord.SelectOption(label=t("campaigns.change_name"), value=NAME),
        discord.SelectOption(label=t("campaigns.change_digest"), value=DIGEST),
    ]
    if len(campaign.questions) < MAX_QUESTIONS:
        options.append(discord.SelectOption(label=t("campaigns.add_question"), value=ADD))
    for question in campaign.questions:
        text = question_text(t, question)
        if question.purpose is None:
            label = cut(t("campaigns.edit_question", question=text), 100)
            options.append(discord.SelectOption(label=label, value=f"{EDIT}:{question.id}"))
        label = cut(t("campaigns.drop_question", question=text), 100)
        options.append(discord.SelectOption(label=label, value=f"{DROP}:{question.id}"))
    return options


def listing(t: Translator, campaigns: Sequence[Campaign], *, network: bool) -> tuple[discord.Embed, discord.ui.View]:
    """The campaigns that she may change; and the monthly one that ships, where it is not among them."""
    embed = discord.Embed(title=t("campaigns.list_title"), colour=COLOUR)
    lines = [_line(t, campaign) for campaign in campaigns]
    embed.description = fitting(lines, 4000, lambda n: t("campaigns.more", n=n)) or t("campaigns.list_empty")
    items: list[discord.ui.Item[discord.ui.View]] = []
    if campaigns:
        options = [
            discord.SelectOption(label=cut(name_of(t, each), 100), value=str(each.id), description=_scope(t, each))
            for each in campaigns
        ]
        items.append(select("campaign:pick", options, placeholder=t("campaigns.pick")))
    if not any(each.name is None and each.server_id is not None for each in campaigns):
        items.append(button(t("campaigns.monthly_here"), "campaign:monthly:here", style=PRIMARY))
    if network and not any(each.name is None and each.server_id is None for each in campaigns):
        items.append(button(t("campaigns.monthly_all"), "campaign:monthly:all"))
    return embed, buttons(*items)


def _line(t: Translator, campaign: Campaign) -> str:
    name = safe(name_of(t, campaign))
    return f"**{name}** – {_scope(t, campaign)} – {t.of(campaign.state)} – {cadence(t, campaign.rule)}"


def _scope(t: Translator, campaign: Campaign) -> str:
    return t("campaigns.of_network") if campaign.server_id is None else t("campaigns.of_server")


def choices(t: Translator, campaigns: Sequence[Campaign], typed: str) -> list[discord.app_commands.Choice[str]]:
    """Campaigns whose name holds what was typed."""
    found = [each for each in campaigns if typed.casefold() in name_of(t, each).casefold()]
    return [discord.app_commands.Choice(name=cut(name_of(t, each), 100), value=str(each.id)) for each in found[:25]]


def preview(t: Translator, found: Preview, whom: str | None) -> tuple[discord.Embed, discord.ui.View]:
    """The next runs in three zones, with the nights on which clocks change, and how many each would reach."""
    campaign = found.campaign
    embed = discord.Embed(title=cut(t("campaigns.preview_title", name=name_of(t, campaign)), 256), colour=COLOUR)
    lines = [f"{audience(t, campaign.audience, whom)} – {size(t, found.reach)}"]
    if campaign.state is CampaignState.PAUSED:
        lines.append(t("campaigns.if_switched_on"))
    embed.description = "\n".join(lines)
    for run in found.runs:
        embed.add_field(name=_run(t, run), value="\n".join(_local(t, each) for each in run.times), inline=False)
    if not found.runs:
        embed.add_field(name=t("campaigns.no_runs"), value=cadence(t, campaign.rule))
    return embed, buttons(button(t("campaigns.back"), f"campaign:show:{campaign.id}"))


def _run(t: Translator, run: Run) -> str:
    return t("campaigns.run_of", day=t.date(run.day), people=t("campaigns.people", n=run.people))


def _local(t: Translator, local: LocalTime) -> str:
    shown = format_datetime(local.at, "EEE d MMM, HH:mm", tzinfo=get_timezone(local.zone), locale=t.language)
    text = f"{local.zone}: {shown}"
    match local.shift:
        case Shift.SKIPPED:
            return f"⏰ {text} – {t('campaigns.clock_skipped')}"
        case Shift.TWICE:
            return f"⏰ {text} – {t('campaigns.clock_twice')}"
        case _:
            return text


def confirm_run(t: Translator, shown: Shown) -> tuple[str, discord.ui.View]:
    """Whom a run would ask now, and the button that does it."""
    campaign, reach = shown.campaign, shown.reach
    text = t(
        "campaigns.confirm_run",
        name=safe(name_of(t, campaign)),
        audience=audience(t, campaign.audience, shown.audience),
        size=size(t, reach),
    )
    label = t("campaigns.ask_now", n=reach.reached)
    go = button(label, f"campaign:go:{campaign.id}:{campaign.version}", style=DANGER, disabled=not reach.reached)
    return text, buttons(go, button(t("campaigns.back"), f"campaign:show:{campaign.id}"))


def confirm_delete(t: Translator, campaign: Campaign, prompts: int, responses: int) -> tuple[str, discord.ui.View]:
    """What would go, and the button that lets it."""
    text = t("campaigns.confirm_delete", name=safe(name_of(t, campaign)), prompts=prompts, responses=responses)
    gone = button(t("campaigns.delete_yes"), f"campaign:gone:{campaign.id}:{campaign.version}", style=DANGER)
    return text, buttons(gone, button(t("campaigns.back"), f"campaign:show:{campaign.id}"))


def choose_digest(t: Translator, campaign: Campaign) -> tuple[str, discord.ui.View]:
    """In which channel the digest is posted."""
    channels: discord.ui.ChannelSelect[discord.ui.View] = discord.ui.ChannelSelect(
        custom_id=f"campaign:digest:{campaign.id}",
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        placeholder=t("campaigns.digest_pick"),
    )
    default = button(t("campaigns.digest_default"), f"campaign:digest_default:{campaign.id}")
    return t("campaigns.digest_ask"), buttons(
        channels, default, button(t("campaigns.back"), f"campaign:show:{campaign.id}")
    )


def deleted(t: Translator, campaign: Campaign) -> str:
    """That a campaign is gone."""
    return t("campaigns.deleted", name=safe(name_of(t, campaign)))


def audience_choice(t: Translator, whom: Audience, name: str | None, value: str) -> discord.app_commands.Choice[str]:
    """An audience as autocomplete offers it."""
    kind = t.of(whom.kind)
    label = kind if name is None else t("campaigns.audience_of", kind=kind, name=name)
    return discord.app_commands.Choice(name=cut(label, 100), value=value[:100])
