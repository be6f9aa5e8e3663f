"""What /alert and /drill do alike: two names, two looks, one way through the house."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import alerting
from bot.client.twincord import Twincord, actor_of, reply
from bot.domain.access import Actor, Right
from bot.domain.crisis import AlertAudience
from bot.domain.errors import Refusal
from bot.domain.hazards import HazardTerm
from bot.domain.matching import normalise
from bot.render import alert_log
from bot.render.parts import cut

AUDIENCES = [
    app_commands.Choice(name="my city", value="city"),
    app_commands.Choice(name="my server", value="server"),
    app_commands.Choice(name="my region", value="region"),
    app_commands.Choice(name="my country", value="country"),
    app_commands.Choice(name="the whole network", value="network"),
]


async def begin(interaction: discord.Interaction[Twincord], event: str, audience: str, *, drill: bool) -> None:
    """A draft, its card in the coordinators' channel, and where it stands."""
    actor = await actor_of(interaction)
    bot = interaction.client
    await interaction.response.defer(ephemeral=True, thinking=True)
    await alerting.channel_of(bot, actor.server_id)
    alert = await bot.services.crisis.draft(actor, event, AlertAudience(audience), drill=drill)
    link = await alerting.put_up(bot, bot.services.crisis.spoken(alert))
    await reply(interaction, bot.translator(actor.language)("crisis.drafted", link=link))


async def hazards(interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
    """Hazards whose name begins or goes on like what was typed; whatever else is typed is taken as it is."""
    t = interaction.client.translator((await actor_of(interaction)).language)
    typed = normalise(current)
    named = [(t.of(term), term.value) for term in HazardTerm if term is not HazardTerm.OTHER]
    return [app_commands.Choice(name=name, value=value) for name, value in named if typed in normalise(name)][:25]


async def alerts(
    interaction: discord.Interaction[Twincord],
    current: str,
    *,
    drill: bool,
    imported: bool = False,
    running: bool = False,
) -> list[app_commands.Choice[int]]:
    """The newest alerts, or the newest drills: never both. `running`: those that are on."""
    actor = await actor_of(interaction)
    if not actor.may(Right.SERVER_COORDINATOR):
        return []
    t = interaction.client.translator(actor.language)
    found = await interaction.client.services.crisis_desk.recent(actor, drill=drill, imported=imported, running=running)
    named = [(cut(f"{alert.id} · {alert.text(t.language)[0].headline}", 100), alert.id) for alert in found]
    return [app_commands.Choice(name=name, value=value) for name, value in named if current.lower() in name.lower()][
        :25
    ]


async def send_log(interaction: discord.Interaction[Twincord], actor: Actor, alert_id: int, *, drill: bool) -> None:
    """The timeline as two files, to her alone."""
    alert, happened = await interaction.client.services.crisis_desk.log(actor, alert_id)
    if alert.drill is not drill:
        raise Refusal("crisis.unknown", number=str(alert_id))
    t = interaction.client.translator(actor.language)
    files = alert_log.files(t, alert, happened, actor.zone)
    await reply(interaction, t("crisis.log_here", n=len(happened)), files=files)


async def adopt(interaction: discord.Interaction[Twincord], alert_id: int, *, drill: bool) -> None:
    """Take on what was imported: its card, and from then on the way of every draft."""
    actor = await actor_of(interaction)
    bot = interaction.client
    await interaction.response.defer(ephemeral=True, thinking=True)
    await alerting.channel_of(bot, actor.server_id)
    if (await bot.services.crisis.get(alert_id)).drill is not drill:
        raise Refusal("crisis.unknown", number=str(alert_id))
    alert = await bot.services.cap.adopt(actor, alert_id)
    link = await alerting.put_up(bot, alert)
    await reply(interaction, bot.translator(actor.language)("crisis.drafted", link=link))
