"""What coordinators read when something came in from others as CAP."""

from __future__ import annotations

import discord

from bot.domain.alert_imports import ImportNews
from bot.domain.crisis import AlertText
from bot.domain.outbox import mark
from bot.i18n import Translator
from bot.render import crisis
from bot.render.parts import button, buttons, cut, safe


def imported(t: Translator, news: ImportNews, delivery_id: int) -> tuple[str, discord.Embed, discord.ui.View]:
    """What came in, and the next step. Nothing was sent to anybody else."""
    alert, text = news.alert, _text(t, news)
    family = "drill" if alert.drill else "alert"
    number = str(alert.id)
    embed = discord.Embed(
        title=cut(safe(text.headline), 256),
        description=cut(safe(text.description), 1500) or None,
        colour=crisis.DRILL if alert.drill else crisis.COLOURS[alert.severity],
    )
    embed.set_footer(text=t("crisis.number_drill", number=number) if alert.drill else t("crisis.number", number=number))
    if not news.first:
        said = t("alert_imports.attached", kind=news.msg_type.value, number=number)
        cap = button(t("crisis.cap_file"), f"{family}:cap:{alert.id}:{mark(delivery_id)}")
        return said, embed, buttons(cap)
    facts = " · ".join((t.of(alert.category), t.of(alert.severity), t.of(alert.urgency), t.of(alert.certainty)))
    embed.add_field(name=t("alert_imports.facts"), value=facts, inline=False)
    embed.add_field(name=t("alert_drafts.place"), value=cut(safe(alert.place), 1024), inline=False)
    line = cut(crisis.line(t, alert), 400)
    said = t("alert_imports.drill", line=line) if alert.drill else t("alert_imports.alert", line=line)
    take = button(
        t("alert_imports.take_on"),
        f"{family}:adopt:{alert.id}:{mark(delivery_id)}",
        style=discord.ButtonStyle.primary,
    )
    return said, embed, buttons(take, button(t("crisis.cap_file"), f"{family}:cap:{alert.id}"))


def _text(t: Translator, news: ImportNews) -> AlertText:
    return news.texts.get(t.language) or next(iter(news.texts.values()))
