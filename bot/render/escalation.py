"""Cities that have not acknowledged an alert: for those who are asked about them, and on the coordinators' card."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.crisis import Alert
from bot.domain.escalation import CityAsked, Rung, Silent
from bot.domain.outbox import mark
from bot.i18n import Translator
from bot.render import crisis
from bot.render.parts import button, buttons, cut, fitting, safe

LINES = 1100
"""Characters for the cities of a message; its first and last lines have the rest of 2000."""
NAMED = 50
"""So many people are named in a message at most; Discord pings a hundred."""


def text(
    t: Translator, alert: Alert, rung: Rung, cities: Sequence[CityAsked], network: Sequence[int]
) -> tuple[str, tuple[int, ...]]:
    """What is said, and whom it names. A drill says so in its first and its last line."""
    named: list[int] = list(network[:NAMED])
    lines = []
    for city in cities:
        people = city.user_ids[: max(NAMED - len(named), 0)]
        named += people
        lines.append(_city(city, rung, people))
    about = fitting(lines, LINES, lambda n: t("crisis.and_more", n=n))
    shown = [crisis.line(t, alert), _asked(t, rung, drill=alert.drill), about]
    shown += [" ".join(f"<@{each}>" for each in network[:NAMED])] if network else []
    shown += [t("crisis.drill_last_line")] if alert.drill else []
    said = "\n".join(shown)
    return said, tuple(each for each in named if f"<@{each}>" in said)


def _asked(t: Translator, rung: Rung, *, drill: bool) -> str:
    if rung is Rung.NETWORK:
        return t("oncall.asked_network_drill") if drill else t("oncall.asked_network")
    if rung is Rung.DEPUTIES:
        return t("oncall.asked_deputies_drill") if drill else t("oncall.asked_deputies")
    return t("oncall.asked_on_call_drill") if drill else t("oncall.asked_on_call")


def _city(city: CityAsked, rung: Rung, people: Sequence[int]) -> str:
    where = safe(city.place)
    if rung is Rung.NETWORK:
        return where if city.place == city.server_name else f"{where} ({safe(city.server_name)})"
    return f"{where}: {' '.join(f'<@{each}>' for each in people)}" if people else where


def take_on(t: Translator, alert: Alert, delivery_id: int) -> discord.ui.View:
    """For coordinators: one button that ends the asking."""
    family = "drill" if alert.drill else "alert"
    return buttons(
        button(t("oncall.take_on"), f"{family}:take:{alert.id}:{mark(delivery_id)}", style=discord.ButtonStyle.success)
    )


def taken_on(t: Translator, cities: Sequence[str]) -> str:
    """What she reads who took cities on."""
    return t("oncall.taken_on", cities=cut(t.list(map(safe, cities)), 1500))


def silent(t: Translator, embed: discord.Embed, cities: Sequence[Silent], limit: int) -> None:
    """On the coordinators' card, a line for each city that still waits, those about which most was done first."""
    if not cities:
        return
    lines = [f"{safe(each.place)}: {_stands(t, each)}" for each in cities]
    shown = fitting(lines, limit, lambda n: t("crisis.and_more", n=n))
    embed.add_field(name=t("oncall.silent", n=len(cities)), value=shown, inline=False)


def _stands(t: Translator, city: Silent) -> str:
    if city.rung is None or city.since is None:
        when = f"<t:{int(city.next_at.timestamp())}:R>" if city.next_at else "–"
        return t("oncall.nobody_asked", when=when)
    return t("oncall.asked_last", who=t.of(city.rung), when=f"<t:{int(city.since.timestamp())}:R>")
