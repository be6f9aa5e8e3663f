"""The coordinators' card of an alert or a drill: put up in their channel, and brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.client.asking import actor_of
from bot.domain.access import Actor
from bot.domain.crisis import Alert, AlertDeed, coordinates
from bot.domain.errors import Forbidden, Refusal
from bot.domain.servers import ChannelUse
from bot.render import crisis_card

if TYPE_CHECKING:
    from bot.client.twincord import Twincord

SENDING = {AlertDeed.CONFIRM, AlertDeed.APPROVE, AlertDeed.OVERRIDE}
"""What is done to what a card shows."""


async def channel_of(bot: Twincord, server_id: int | None) -> int:
    """The coordinators' channel of a server. Raises `Refusal` where none is chosen."""
    server = await bot.services.servers.find(server_id) if server_id is not None else None
    if server is None or ChannelUse.COORDINATORS not in server.channels:
        raise Refusal("crisis.no_coordinators_channel")
    return server.channels[ChannelUse.COORDINATORS]


async def parts(bot: Twincord, alert: Alert) -> dict[str, Any]:
    """The card in its server's language, as discord.py takes it."""
    server = await bot.services.servers.find(alert.server_id) if alert.server_id is not None else None
    t = bot.translator(server.language if server else None)
    content, embeds, view = crisis_card.card(t, alert, *await bot.services.crisis_desk.standing(alert))
    return {"content": content, "embeds": embeds, "view": view, "allowed_mentions": discord.AllowedMentions.none()}


async def put_up(bot: Twincord, alert: Alert) -> str:
    """Post the card in the coordinators' channel; where it stands, as a link."""
    channel_id = await channel_of(bot, alert.server_id)
    message = await bot.get_partial_messageable(channel_id).send(**await parts(bot, alert))
    await bot.services.crisis.put_card(alert.id, channel_id, message.id)
    return f"https://discord.com/channels/{alert.server_id}/{channel_id}/{message.id}"


async def refresh(bot: Twincord, alert: Alert) -> None:
    """Bring the card up to date. Where it is gone, or too old or too often edited to be changed once more, it is put up
    afresh: what must be decided may not stand on a card that tells of another state."""
    if alert.card_channel_id is None or alert.card_message_id is None:
        await put_up(bot, alert)
        return
    place = bot.get_partial_messageable(alert.card_channel_id)
    try:
        await place.get_partial_message(alert.card_message_id).edit(**await parts(bot, alert))
    except discord.HTTPException as error:
        if error.status >= 500:
            raise
        await put_up(bot, alert)


async def alert_named(interaction: discord.Interaction[Twincord], custom_id: str, alert_id: int) -> tuple[Actor, Alert]:
    """Who pressed a button, and the alert that it is about.

    A button of a drill never reaches an alert, nor the reverse.
    """
    actor = await actor_of(interaction)
    alert = await interaction.client.services.crisis.get(alert_id)
    if alert.drill is not custom_id.startswith("drill:"):
        raise Refusal("crisis.unknown", number=str(alert_id))
    return actor, alert


async def card_named(
    interaction: discord.Interaction[Twincord], custom_id: str, alert_id: int, deed: AlertDeed | None = None
) -> tuple[Actor, Alert]:
    """Who pressed a button of a card, and its alert.

    Raises `Forbidden` for other servers' coordinators, unless nobody has taken it on; and, with a `deed`, whatever
    stands against it, so that nobody fills in a form for nothing.
    """
    actor, alert = await alert_named(interaction, custom_id, alert_id)
    if not coordinates(alert, actor) and not (alert.imported and alert.server_id is None):
        raise Forbidden("crisis.not_your_server")
    if deed is not None:
        interaction.client.services.crisis.check(actor, alert, deed)
        check_newest(interaction, deed, alert.server_id, alert.card_channel_id, alert.card_message_id)
    return actor, alert


def check_newest(
    interaction: discord.Interaction[Twincord],
    deed: AlertDeed,
    server_id: int | None,
    channel_id: int | None,
    message_id: int | None,
) -> None:
    """Raise `Refusal` where somebody would send something from a card that another one has replaced: it may say what
    has been changed since."""
    pressed = interaction.message
    if deed in SENDING and message_id is not None and pressed is not None and pressed.id != message_id:
        raise Refusal(
            "alert_drafts.old_card", link=f"https://discord.com/channels/{server_id}/{channel_id}/{message_id}"
        )
