"""What a server lets alerts do in it, as its keepers see and change it."""

from __future__ import annotations

import discord

from bot.domain.cap.values import Severity
from bot.domain.crisis_consent import ALL_SEVERITIES, Consent, PingPolicy, quiet_text
from bot.i18n import Translator
from bot.render.parts import COLOUR, button, buttons, select


def card(t: Translator, consent: Consent) -> tuple[discord.Embed, discord.ui.View]:
    """Everything that is agreed to, with what changes it."""
    embed = discord.Embed(title=t("consent.title"), colour=COLOUR)
    embed.description = t("consent.takes_part") if consent.takes_part else t("consent.left")
    severities = tuple(each for each in Severity if each in consent.severities) or None
    embed.add_field(
        name=t("consent.severities"), value=t.list(map(t.of, severities)) if severities else t("consent.none")
    )
    who = f"<@&{consent.role_id}>" if consent.ping is PingPolicy.ROLE and consent.role_id else t.of(consent.ping)
    embed.add_field(name=t("consent.ping"), value=who)
    quiet = quiet_text(consent.quiet) if consent.quiet else t("consent.no_quiet")
    embed.add_field(
        name=t("consent.quiet", zone=consent.zone), value=f"{quiet}\n{t('consent.quiet_hint')}", inline=False
    )
    embed.add_field(
        name=t("consent.drills"), value=t("consent.drills_on") if consent.drills else t("consent.drills_off")
    )
    return embed, _controls(t, consent)


def _controls(t: Translator, consent: Consent) -> discord.ui.View:
    severities = [
        discord.SelectOption(label=t.of(each), value=each.value, default=each in consent.severities)
        for each in Severity
        if each in ALL_SEVERITIES
    ]
    policies = [
        discord.SelectOption(label=t.of(each), value=each.value, default=each is consent.ping) for each in PingPolicy
    ]
    role: discord.ui.RoleSelect[discord.ui.View] = discord.ui.RoleSelect(
        custom_id="consent:role", placeholder=t("consent.choose_role"), row=2
    )
    leave = t("consent.leave") if consent.takes_part else t("consent.join")
    danger = discord.ButtonStyle.danger if consent.takes_part else discord.ButtonStyle.success
    return buttons(
        select("consent:severities", severities, placeholder=t("consent.severities"), most=4, row=0),
        select("consent:ping", policies, placeholder=t("consent.ping"), row=1),
        role,
        button(t("consent.set_quiet"), "consent:quiet", row=3),
        button(t("consent.drills_no") if consent.drills else t("consent.drills_yes"), "consent:drills", row=3),
        button(leave, "consent:part", style=danger, row=3),
        button(t("sent_here.alerts"), "consent:sent:alert:0", row=4),
        button(t("sent_here.drills"), "consent:sent:drill:0", row=4),
    )
