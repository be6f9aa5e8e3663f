"""What was sent to a server, as its keepers read it: alerts, or drills, a few on a page."""

from __future__ import annotations

import discord

from bot.domain.outbox import DeliveryState
from bot.domain.privacy import NOBODY
from bot.domain.sent_here import SentHere, SentPage
from bot.i18n import Translator
from bot.render import crisis
from bot.render.alert_log import why
from bot.render.parts import COLOUR, button, buttons, cut, safe


def page(t: Translator, found: SentPage) -> tuple[discord.Embed, discord.ui.View]:
    """One page, and the way to the others."""
    embed = discord.Embed(
        title=t("sent_here.drills_title") if found.drill else t("sent_here.alerts_title"),
        colour=crisis.DRILL if found.drill else COLOUR,
    )
    if not found.sent:
        embed.description = t("sent_here.no_drills") if found.drill else t("sent_here.no_alerts")
    for each in found.sent:
        embed.add_field(name=_name(t, each), value=cut("\n".join(_lines(t, each)), 700), inline=False)
    if found.pages > 1:
        embed.set_footer(text=t("sent_here.page", page=found.page + 1, pages=found.pages))
    return embed, _turning(t, found)


def _name(t: Translator, each: SentHere) -> str:
    number = str(each.alert.id)
    kind = t("crisis.number_drill", number=number) if each.alert.drill else t("crisis.number", number=number)
    return cut(f"{kind} · {safe(each.alert.text(t.language)[0].headline)}", 256)


def _lines(t: Translator, each: SentHere) -> list[str]:
    alert = each.alert
    who = _who(t, alert.author_id, each.author)
    lines = [t("sent_here.by", who=who, server=safe(each.origin)) if each.origin else who]
    if alert.approved_by is not None:
        lines.append(t("sent_here.approved_by", who=_who(t, alert.approved_by, each.approver)))
    if alert.published_at is not None:
        lines.append(t("sent_here.sent_at", when=discord.utils.format_dt(alert.published_at, "f"), state=alert.state))
    told = sum(state is DeliveryState.SENT for state in each.told)
    if each.told:
        here = t("sent_here.told", told=told, all=each.channels)
        lines.append(f"{here} ({safe(why(t, each.why))})" if told < each.channels and each.why else here)
    return lines


def _who(t: Translator, user_id: int | None, name: str | None) -> str:
    if user_id is None:
        return "–"
    return t("privacy.somebody") if user_id == NOBODY else safe(name) if name else f"<@{user_id}>"


def _turning(t: Translator, found: SentPage) -> discord.ui.View:
    family = "drill" if found.drill else "alert"
    items = []
    if found.page > 0:
        items.append(button(t("sent_here.newer"), f"consent:sent:{family}:{found.page - 1}:turn"))
    if found.page + 1 < found.pages:
        items.append(button(t("sent_here.older"), f"consent:sent:{family}:{found.page + 1}:turn"))
    return buttons(*items)
