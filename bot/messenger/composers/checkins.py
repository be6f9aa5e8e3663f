"""The digest of a period that closed."""

from __future__ import annotations

import discord

from bot.domain.outbox import Delivery, DeliveryKind, Dropped
from bot.messenger.outgoing import Compose, Desk, Outgoing
from bot.render import checkin_reports as render


async def digest(desk: Desk, delivery: Delivery) -> Outgoing | Dropped:
    """To the channel, in the language of its server."""
    found = await desk.services.checkin_reports.digest(delivery)
    if isinstance(found, Dropped):
        return found
    channel = desk.client.get_channel(delivery.target.id)
    guild_id = channel.guild.id if isinstance(channel, discord.abc.GuildChannel) else delivery.target.server_id
    server = await desk.services.servers.find(guild_id) if guild_id else None
    text, embed = render.digest(desk.translator(server.language if server else None), found)
    return Outgoing(text, embeds=[embed])


COMPOSERS: dict[DeliveryKind, Compose] = {DeliveryKind.CHECKIN_DIGEST: digest}
