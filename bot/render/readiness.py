"""How ready servers are, on a phone: one server with what to mend, or all of them, the worst first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain.readiness import Aspect, Readiness, ReadinessFinding, ReadinessGrade
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, cut, fitting, safe, select

PAGE = 5
SHOWN = 2
"""So many of a server's faults stand in the list."""
_OURS = re.compile(r"<(?:#|@&)\d+>")
"""A channel or a role that we name."""
Answer = tuple[discord.Embed, discord.ui.View]


def one(t: Translator, found: Readiness, zone: str, *, everywhere: bool) -> Answer:
    """One server: each aspect with what is wrong and what mends it. `everywhere`: she may see the others too."""
    title = cut(t("readiness.title", server=safe(found.server_name)), 256)
    embed = discord.Embed(title=title, description=_summary(t, found), colour=COLOUR)
    for aspect in Aspect:
        findings = found.of(aspect)
        name = t("readiness.aspect", aspect=aspect, grade=findings[0].grade)
        lines = [sentence(t, each, zone) for each in findings]
        text = fitting(lines, 1024, lambda n: t("readiness.and_more", n=n))
        embed.add_field(name=cut(name, 256), value=text, inline=False)
    items = [button(t("readiness.again"), f"readiness:one:{found.server_id}")]
    if everywhere:
        items.append(button(t("readiness.all"), "readiness:all:0"))
    return embed, buttons(*items)


def everyone(t: Translator, found: Sequence[Readiness], page: int, zone: str) -> Answer:
    """Some of all servers, with their worst faults, and the way to one and to the other pages."""
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(page, 0), pages - 1)
    shown = found[page * PAGE : (page + 1) * PAGE]
    ready = sum(not each.count(ReadinessGrade.MEND) for each in found)
    embed = discord.Embed(title=t("readiness.network"), colour=COLOUR)
    embed.description = t("readiness.ready", ready=ready, n=len(found))
    for each in shown:
        lines = [_summary(t, each), *(cut(sentence(t, fault, zone), 300) for fault in each.worst[:SHOWN])]
        embed.add_field(name=cut(safe(each.server_name), 256), value="\n".join(lines), inline=False)
    if pages > 1:
        embed.set_footer(text=t("readiness.page", page=page + 1, pages=pages))
    return embed, _controls(t, shown, page, pages)


def _controls(t: Translator, shown: Sequence[Readiness], page: int, pages: int) -> discord.ui.View:
    items: list[discord.ui.Item[discord.ui.View]] = []
    if shown:
        options = [discord.SelectOption(label=cut(each.server_name, 100), value=str(each.server_id)) for each in shown]
        items.append(select("readiness:choose", options, placeholder=t("readiness.choose"), row=0))
    if page > 0:
        items.append(button(t("readiness.before"), f"readiness:all:{page - 1}", row=1))
    if page + 1 < pages:
        items.append(button(t("readiness.next"), f"readiness:all:{page + 1}", row=1))
    return buttons(*items)


def sentence(t: Translator, finding: ReadinessFinding, zone: str) -> str:
    """What was found, in words: days in her zone, names made harmless."""
    parameters = {name: _said(t, value, zone) for name, value in finding.parameters.items()}
    return t(finding.message_id, **parameters)


def _said(t: Translator, value: object, zone: str) -> object:
    match value:
        case datetime():
            return t.date(value, zone)
        case tuple():
            return tuple(_said(t, each, zone) for each in value)
        case str() if type(value) is str and not _OURS.fullmatch(value):  # an enum is said in its own words
            return safe(value)
    return value


def _summary(t: Translator, found: Readiness) -> str:
    mend, advice = found.count(ReadinessGrade.MEND), found.count(ReadinessGrade.ADVICE)
    if not mend and not advice:
        return t("readiness.all_well")
    said = [t("readiness.to_mend", n=mend)] if mend else [t("readiness.would_arrive")]
    return " · ".join([*said, *([t("readiness.to_think", n=advice)] if advice else [])])
