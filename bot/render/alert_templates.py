"""What coordinators see of the templates of alerts: the list, one of them, and what is asked before a deed."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.alert_templates import AlertTemplate, TemplateScope
from bot.domain.hazards import HazardTerm
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, safe, select

TEXT_SHOWN = 900
DANGER = discord.ButtonStyle.danger
PRIMARY = discord.ButtonStyle.primary
Shown = tuple[discord.Embed, discord.ui.View]


def overview(t: Translator, templates: Sequence[AlertTemplate]) -> Shown:
    """Every hazard with who keeps its template, and a select to open one."""
    lines = [f"{t.of(each.hazard)}: {kept_by(t, each)}" for each in templates]
    embed = discord.Embed(
        title=t("alert_templates.title"),
        description=f"{t('alert_templates.about')}\n\n" + "\n".join(lines),
        colour=COLOUR,
    )
    options = [
        discord.SelectOption(label=t.of(each.hazard), value=each.hazard.value, description=cut(kept_by(t, each), 100))
        for each in templates
    ]
    return embed, buttons(select("template:choose", options, placeholder=t("alert_templates.choose")))


def kept_by(t: Translator, template: AlertTemplate) -> str:
    """Who keeps it."""
    match template.scope:
        case TemplateScope.SERVER:
            return t("alert_templates.kept_server")
        case TemplateScope.NETWORK:
            return t("alert_templates.kept_network")
        case None:
            return t("alert_templates.kept_nobody")


def card(t: Translator, template: AlertTemplate, scope: TemplateScope, *, network: bool) -> Shown:
    """What alerts about a hazard begin with, as it is kept for `scope`, and the ways to change it. `network`: whether
    she may keep the network's too."""
    known = tuple(dict.fromkeys((*t.catalogues.languages, *template.texts)))
    whose = t("alert_templates.for_network") if scope is TemplateScope.NETWORK else t("alert_templates.for_server")
    embed = discord.Embed(
        title=cut(f"{t.of(template.hazard)} · {whose}", 256), description=kept_by(t, template), colour=COLOUR
    )
    embed.add_field(name=t("alert_templates.begins"), value=facts(t, template), inline=False)
    for language in known:
        embed.add_field(name=t.language_name(language), value=text(t, template, language), inline=False)
    tail = f"{scope.value}:{template.hazard.value}"
    items = [button(t("alert_drafts.facts"), f"template:facts:{tail}", style=PRIMARY, row=0)]
    for number, language in enumerate(known):
        label = t("alert_templates.text_in", language=t.language_name(language))
        items.append(button(label, f"template:text:{tail}:{language}", row=1 + number // 5))
    last = 2 + (len(known) - 1) // 5
    if template.scope is scope:
        items.append(button(t("alert_templates.restore"), f"template:restore:{tail}", row=last))
    if network:
        items.append(_other_scope(t, template.hazard, scope, last))
    items.append(button(t("alert_templates.all"), "template:list", row=last))
    return embed, buttons(*items)


def _other_scope(
    t: Translator, hazard: HazardTerm, scope: TemplateScope, row: int
) -> discord.ui.Button[discord.ui.View]:
    if scope is TemplateScope.NETWORK:
        return button(t("alert_templates.for_server"), f"template:show:server:{hazard.value}", row=row)
    return button(t("alert_templates.for_network"), f"template:show:network:{hazard.value}", row=row)


def facts(t: Translator, template: AlertTemplate) -> str:
    """Category, severity, urgency, certainty, duration."""
    words = (t.of(template.category), t.of(template.severity), t.of(template.urgency), t.of(template.certainty))
    return " · ".join((*words, t("crisis.hours_option", n=template.hours)))


def text(t: Translator, template: AlertTemplate, language: str) -> str:
    """What it says in a language, or what is said in its stead."""
    found = template.text(language)
    if found is None:
        return t("alert_templates.ready")
    said, written_in = found
    if written_in != language:
        return t("alert_drafts.reads", language=t.language_name(written_in))
    return cut("\n".join((f"**{safe(said.headline)}**", safe(said.description), safe(said.instruction))), TEXT_SHOWN)


def sure(t: Translator, hazard: HazardTerm, scope: TemplateScope) -> tuple[str, discord.ui.View]:
    """Before a template is taken away: what was written is gone then."""
    tail = f"{scope.value}:{hazard.value}"
    return t("alert_templates.restore_sure", hazard=t.of(hazard)), buttons(
        button(t("alert_templates.restore_yes"), f"template:restored:{tail}", style=DANGER),
        button(t("alert_templates.back"), f"template:show:{tail}"),
    )


def keeping(
    t: Translator, template: AlertTemplate, alert_id: int, versions: Sequence[tuple[TemplateScope, int]]
) -> tuple[str, discord.Embed, discord.ui.View]:
    """Before a draft is kept as a template: what is kept, and for whom it may be."""
    embed = discord.Embed(title=cut(t.of(template.hazard), 256), colour=COLOUR)
    embed.add_field(name=t("alert_templates.begins"), value=facts(t, template), inline=False)
    for language in template.texts or t.catalogues.languages:
        embed.add_field(name=t.language_name(language), value=text(t, template, language), inline=False)
    labels = {
        TemplateScope.SERVER: t("alert_templates.keep_server"),
        TemplateScope.NETWORK: t("alert_templates.keep_network"),
    }
    items = [
        button(labels[scope], f"template:keep:{scope.value}:{alert_id}:{version}", style=PRIMARY)
        for scope, version in versions
    ]
    replaced = any(version for _, version in versions)
    said = t("alert_templates.keep_instead") if replaced else t("alert_templates.keep_ask")
    return said, embed, buttons(*items)
