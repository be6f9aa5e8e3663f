"""What the bot says on its own, as coordinators see it."""

from __future__ import annotations

from datetime import datetime

import discord

from bot.domain.deliveries import DeliveriesStatus, Troubled, Unreached
from bot.domain.outbox import DeliveryState, reason_of
from bot.i18n import Translator
from bot.render.parts import COLOUR, cut, fitting, safe

FIELD = 1024


def status(t: Translator, found: DeliveriesStatus, now: datetime, zone: str) -> discord.Embed:
    """How many wait, were sent, refused and why, and what is uncertain."""
    embed = discord.Embed(title=t("outbox.title"), description=cut(_summary(t, found, now), 4096), colour=COLOUR)
    if found.refused:
        lines = [t("outbox.line", what=t.of(reason), n=n) for reason, n in sorted(found.refused.items())]
        embed.add_field(name=t("outbox.refused_why"), value=cut("\n".join(lines), FIELD), inline=False)
    if found.kinds:
        lines = [
            t("outbox.line", what=t.of(kind), n=sum(states.values())) for kind, states in sorted(found.kinds.items())
        ]
        text = fitting(lines, FIELD, lambda n: t("outbox.and_more", n=n))
        embed.add_field(name=t("outbox.by_kind"), value=text, inline=False)
    if found.troubled:
        lines = [_troubled(t, one, zone) for one in found.troubled]
        text = fitting(lines, FIELD, lambda n: t("outbox.and_more", n=n))
        embed.add_field(name=t("outbox.troubled"), value=text, inline=False)
    return embed


def undelivered(t: Translator, refusal: Unreached) -> str:
    """To the coordinators' channel, once: somebody or somewhere cannot be reached."""
    reason = t.of(reason_of(refusal.code))
    if refusal.channel_id is not None:
        return t("outbox.channel_refused", channel=f"<#{refusal.channel_id}>", reason=reason)
    return t("outbox.member_refused", who=safe(refusal.member or t("outbox.somebody")), reason=reason)


def _summary(t: Translator, found: DeliveriesStatus, now: datetime) -> str:
    lines = [t("outbox.waiting", n=found.waiting)]
    if found.oldest is not None:
        seconds = max((now - found.oldest).total_seconds(), 0)
        lines.append(t("outbox.oldest", n=round(seconds / 60)))
    lines.append(t("outbox.later", n=found.later))
    counted = [state for state in DeliveryState if state is not DeliveryState.PENDING and found.states.get(state)]
    lines += [t("outbox.line", what=t.of(state), n=found.states[state]) for state in counted]
    if found.states.get(DeliveryState.UNKNOWN):
        lines.append(t("outbox.uncertain_explained"))
    return "\n".join(lines)


def _troubled(t: Translator, one: Troubled, zone: str) -> str:
    if one.channel_id is not None:
        where = f"<#{one.channel_id}>"
    else:
        where = safe(one.member) if one.member else t("outbox.somebody")
    why = t.of(one.reason) if one.reason is not None else t.of(DeliveryState.UNKNOWN)
    return t("outbox.troubled_line", date=t.date(one.at, zone), kind=t.of(one.kind), where=where, why=why)
