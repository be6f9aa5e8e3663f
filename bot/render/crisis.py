"""What recipients of an alert see. A drill shares nothing with it: see `bot.render.drills`."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.cap.values import Severity
from bot.domain.crisis import Alert, AlertState
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.crisis_consent import PingPolicy
from bot.domain.hazards import HazardTerm
from bot.domain.oncall import OnCallFor
from bot.domain.outbox import mark
from bot.i18n import Translator
from bot.render.parts import button, buttons, cut, pinging, safe

COLOURS = {
    Severity.EXTREME: discord.Colour(0x8E1B1B),
    Severity.SEVERE: discord.Colour(0xB3331F),
    Severity.MODERATE: discord.Colour(0xC77700),
    Severity.MINOR: discord.Colour(0x8A7A00),
    Severity.UNKNOWN: discord.Colour(0xB3331F),
}
OVER = discord.Colour(0x5C6670)
DRILL = discord.Colour(0x5B4FC7)
"""Violet: of no alert."""


def event_of(t: Translator, alert: Alert) -> str:
    """What it is about, in the reader's language even where the rest of the text is not translated."""
    return safe(alert.event or t.of(HazardTerm(alert.hazard)))


def line(t: Translator, alert: Alert) -> str:
    """What a lock screen shows: event, severity and place come first."""
    said = {"event": event_of(t, alert), "severity": t.of(alert.severity), "place": safe(alert.place)}
    if alert.drill:
        return cut(t("crisis.drill_line", event=said["event"], place=said["place"]), 500)
    return cut(t("crisis.line", **said), 500)


def content(t: Translator, alert: Alert, ping: PingPolicy = PingPolicy.NONE, role_id: int | None = None) -> str:
    """The message's text, with the ping that the server allows; a drill says so in its first and its last line."""
    return framed(t, line(t, alert), drill=alert.drill, ping=ping, role_id=role_id)


def framed(t: Translator, first: str, *, drill: bool, ping: PingPolicy, role_id: int | None) -> str:
    """A first line, the ping, and a drill's last line."""
    parts = [first]
    if ping is PingPolicy.EVERYONE:
        parts.append("@everyone")
    elif ping is PingPolicy.ROLE and role_id is not None:
        parts.append(f"<@&{role_id}>")
    if drill:
        parts.append(t("crisis.drill_last_line"))
    return "\n".join(parts)


def mentions(ping: PingPolicy, role_id: int | None) -> discord.AllowedMentions:
    """Whom the message may ping: what the server said, and nobody else."""
    if ping is PingPolicy.EVERYONE:
        return discord.AllowedMentions(everyone=True, roles=False, users=False)
    if ping is PingPolicy.ROLE and role_id is not None:
        return pinging(roles=[role_id])
    return discord.AllowedMentions.none()


def embed(t: Translator, alert: Alert) -> discord.Embed:
    """What it says."""
    text, untranslated = alert.text(t.language)
    shown = discord.Embed(
        title=cut(f"{t('crisis.drill_banner')} {safe(text.headline)}" if alert.drill else safe(text.headline), 256),
        description=cut(safe(text.description), 2500),
        colour=DRILL if alert.drill else COLOURS[alert.severity],
    )
    if text.instruction:
        shown.add_field(name=t("crisis.what_to_do"), value=cut(safe(text.instruction), 1024), inline=False)
    facts = " · ".join((t.of(alert.severity), t.of(alert.urgency), t.of(alert.certainty)))
    shown.add_field(name=t("crisis.facts"), value=facts, inline=False)
    if alert.expires_at is not None:
        stamp = int(alert.expires_at.timestamp())
        shown.add_field(name=t("crisis.expires"), value=f"<t:{stamp}:f> (<t:{stamp}:R>)", inline=False)
    if untranslated:
        shown.add_field(
            name=t("crisis.not_translated"),
            value=t("crisis.written_in", language=t.language_name(alert.written_in(t.language))),
            inline=False,
        )
    kind = t("crisis.number_drill", number=str(alert.id)) if alert.drill else t("crisis.number", number=str(alert.id))
    shown.set_footer(text=kind)
    return shown


def answers(
    t: Translator, alert: Alert, delivery_id: int | None = None, on_call: OnCallFor | None = None
) -> discord.ui.View:
    """The three buttons of recipients. One of them carries the delivery, so that the message is found again.

    `on_call`: in a direct message they carry what she is written to about.
    """
    family = "drill" if alert.drill else "alert"
    tail = f":{mark(delivery_id)}" if delivery_id is not None else ""
    about = f"{alert.id}:{on_call.code}" if on_call else str(alert.id)
    return buttons(
        button(t("crisis.received"), f"{family}:received:{about}{tail}", style=discord.ButtonStyle.success),
        button(t("crisis.need"), f"{family}:need:{about}", style=discord.ButtonStyle.danger),
        button(t("crisis.offer"), f"{family}:offer:{about}", style=discord.ButtonStyle.primary),
    )


def ending(t: Translator, alert: Alert) -> tuple[str, discord.Embed]:
    """The message that says how it ended: the all-clear, the false alarm, the end of the drill."""
    said = {"event": event_of(t, alert), "place": safe(alert.place)}
    if alert.drill:
        first, body, colour = t("crisis.drill_over_line", **said), t("crisis.drill_over_text", **said), DRILL
    elif alert.state is AlertState.CANCELLED:
        first, body, colour = t("crisis.cancel_line", **said), t("crisis.cancel_text", **said), OVER
    else:
        first, body, colour = t("crisis.clear_line", **said), t("crisis.clear_text", **said), OVER
    shown = discord.Embed(description=cut(body, 2500), colour=colour)
    number = str(alert.id)
    shown.set_footer(text=t("crisis.number_drill", number=number) if alert.drill else t("crisis.number", number=number))
    return cut(first, 500), shown


def ended(t: Translator, alert: Alert) -> tuple[str, discord.Embed]:
    """The first message once it is over: the end comes first, and what was said stands below."""
    first, _ = ending(t, alert)
    shown = embed(t, alert)
    shown.colour = DRILL if alert.drill else OVER
    return first, shown


def override(t: Translator, alert: Alert) -> discord.Embed:
    """To every server's coordinators: somebody sent it alone."""
    who = f"<@{alert.approved_by}>" if alert.approved_by else "–"
    reason = safe(alert.reason or "")
    body = t("crisis.override_told", who=who, headline=safe(alert.text(t.language)[0].headline), reason=reason)
    title = t("crisis.number_drill", number=str(alert.id)) if alert.drill else t("crisis.number", number=str(alert.id))
    return discord.Embed(
        title=title, description=cut(body, 3000), colour=DRILL if alert.drill else COLOURS[alert.severity]
    )


def help_options(t: Translator) -> Sequence[discord.SelectOption]:
    """What may be needed or given."""
    return [discord.SelectOption(label=t.of(kind), value=kind.value) for kind in HelpKind]


def noted(t: Translator, kind: AlertAnswer, *, again: bool = False) -> str:
    """What she reads who pressed one of the buttons."""
    if again:
        return t("crisis.received_already")
    if kind is AlertAnswer.RECEIVED:
        return t("crisis.received_noted")
    return t("crisis.need_noted") if kind is AlertAnswer.NEED else t("crisis.offer_noted")
