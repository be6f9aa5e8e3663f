"""The coordinators' card of a message that follows an alert, beside that of the alert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.client import alerting
from bot.client.asking import actor_of
from bot.domain.access import Actor
from bot.domain.crisis import AlertDeed, coordinates
from bot.domain.crisis_chain import OPEN
from bot.domain.errors import Forbidden, Refusal
from bot.render import crisis_chain as render
from bot.services.crisis_chain import FollowUpView

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


async def parts(bot: Twincord, view: FollowUpView) -> dict[str, Any]:
    """The card in the language of the alert's server, as discord.py takes it."""
    server = await bot.services.servers.find(view.alert.server_id) if view.alert.server_id is not None else None
    t = bot.translator(server.language if server else None)
    found = await bot.services.crisis_chain.reach(view) if view.follow_up.state in OPEN else None
    content, embeds, buttons = render.card(t, view.follow_up, view.shown, found, view.alert)
    return {"content": content, "embeds": embeds, "view": buttons, "allowed_mentions": discord.AllowedMentions.none()}


async def put_up(bot: Twincord, view: FollowUpView) -> str:
    """Post the card in the coordinators' channel of the alert's server; where it stands, as a link."""
    channel_id = await alerting.channel_of(bot, view.alert.server_id)
    message = await bot.get_partial_messageable(channel_id).send(**await parts(bot, view))
    await bot.services.crisis_chain.put_card(view.follow_up.id, channel_id, message.id)
    return f"https://discord.com/channels/{view.alert.server_id}/{channel_id}/{message.id}"


async def refresh(bot: Twincord, view: FollowUpView) -> None:
    """Bring the card up to date; where Discord no longer lets it be changed, put it up afresh."""
    follow_up = view.follow_up
    if follow_up.card_channel_id is None or follow_up.card_message_id is None:
        await put_up(bot, view)
        return
    place = bot.get_partial_messageable(follow_up.card_channel_id)
    try:
        await place.get_partial_message(follow_up.card_message_id).edit(**await parts(bot, view))
    except discord.DiscordServerError:
        raise
    except discord.HTTPException:
        await put_up(bot, view)


async def named(
    interaction: discord.Interaction[Twincord], custom_id: str, follow_up_id: int, deed: AlertDeed | None = None
) -> tuple[Actor, FollowUpView]:
    """Who pressed a button, and the message that it is about; a button of a drill never reaches an alert's.

    Raises `Forbidden` for other servers' coordinators; and, with a `deed`, whatever stands against it, so that nobody
    fills in a form for nothing.
    """
    actor = await actor_of(interaction)
    view = await interaction.client.services.crisis_chain.get(follow_up_id)
    if view.alert.drill is not custom_id.startswith("drill:"):
        raise Refusal("crisis_chain.unknown", number=str(follow_up_id))
    if not coordinates(view.alert, actor):
        raise Forbidden("crisis.not_your_server")
    if deed is not None:
        interaction.client.services.crisis_chain.may(actor, view, deed)
        card = view.follow_up
        alerting.check_newest(interaction, deed, view.alert.server_id, card.card_channel_id, card.card_message_id)
    return actor, view
