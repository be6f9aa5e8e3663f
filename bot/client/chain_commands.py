"""What follows an alert or a drill, begun by a button of its card or by a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.client import alerting, chain_cards
from bot.client.chain_forms import FollowUpTextForm
from bot.client.twincord import actor_of, reply
from bot.domain.access import Actor
from bot.domain.crisis import Alert, AlertDeed
from bot.domain.crisis_chain import FollowUpKind
from bot.domain.errors import Refusal
from bot.render import crisis_card
from bot.render import crisis_chain as render

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


async def begin(interaction: discord.Interaction[Twincord], actor: Actor, alert_id: int, kind: FollowUpKind) -> None:
    """The form of an update or a report; the card of an escalation; the second tap of the word that it stands."""
    bot = interaction.client
    t = bot.translator(actor.language)
    if kind is FollowUpKind.STANDS:
        question, view = render.sure(t, await bot.services.crisis.get(alert_id))
        await reply(interaction, question, view=view)
        return
    alert = await bot.services.crisis_chain.check(actor, alert_id)
    await alerting.channel_of(bot, alert.server_id)
    if kind is FollowUpKind.ESCALATE:
        await interaction.response.defer(ephemeral=True, thinking=True)
        begun = await bot.services.crisis_chain.begin(actor, alert_id, kind)
        await reply(interaction, t("crisis.drafted", link=await chain_cards.put_up(bot, begun)))
        return
    text = render.first_text(t, kind, alert, bot.services.crisis_chain.report_text(alert, t.language))
    await interaction.response.send_modal(FollowUpTextForm(t, alert, kind, language=t.language, text=text))


async def begin_command(
    interaction: discord.Interaction[Twincord], number: int | None, kind: FollowUpKind, *, drill: bool
) -> None:
    """The same by a command: for the alert that she named, or for the only one that is on."""
    actor = await actor_of(interaction)
    alert = await running(interaction, actor, number, drill=drill)
    await begin(interaction, actor, alert.id, kind)


async def finish_command(
    interaction: discord.Interaction[Twincord], number: int | None, deed: AlertDeed, *, drill: bool
) -> None:
    """The all-clear, the false alarm, the end of a drill: what will be said, and one button that says it."""
    actor = await actor_of(interaction)
    alert = await running(interaction, actor, number, drill=drill, over=deed is AlertDeed.CANCEL)
    text, view = crisis_card.sure(interaction.client.translator(actor.language), alert, deed.value)
    await reply(interaction, text, view=view)


async def running(
    interaction: discord.Interaction[Twincord], actor: Actor, number: int | None, *, drill: bool, over: bool = False
) -> Alert:
    """The alert that she named, or the only one that is on. `over`: one that is over may be named too.

    Raises `Refusal` where there is none, where there are several, and for a number of the other family.
    """
    services = interaction.client.services
    if number is not None:
        alert = await services.crisis.get(number)
        if alert.drill is not drill:
            raise Refusal("crisis.unknown", number=str(number))
        return alert
    found = await services.crisis_desk.recent(actor, drill=drill, running=True)
    if not found and over:
        found = await services.crisis_desk.recent(actor, drill=drill)
        found = [each for each in found if each.published_at is not None][:1]
    if not found:
        raise Refusal("crisis_chain.none_drill" if drill else "crisis_chain.none")
    if len(found) > 1:
        raise Refusal("crisis_chain.which")
    return found[0]
