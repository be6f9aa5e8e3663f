"""What changes on Discord without a new message: alerts that are over say so, and coordinators' cards are kept true."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import aiohttp
import discord
import structlog

from bot.domain.crisis import Alert, AlertState
from bot.domain.outbox import SEND_LIMIT
from bot.domain.servers import ChannelUse
from bot.i18n import Catalogues
from bot.messenger.outgoing import Desk
from bot.render import crisis as render
from bot.render import crisis_card
from bot.services.crisis_desk import ToEdit
from bot.services.registry import Services

log = structlog.get_logger("twincord.crisis")

AGAIN = timedelta(seconds=30)
"""After Discord failed us, or would not have an old message changed so soon again (30046)."""
AT_ONCE = 8
"""Channels whose messages are edited at a time: each may have to wait for Discord, and none waits for another."""


class TouchingUp:
    """A worker of the ticker."""

    def __init__(self, services: Services, catalogues: Catalogues, client: discord.Client) -> None:
        self.desk = Desk(services, catalogues, client)
        self._later: dict[tuple[int, int], datetime] = {}
        """Channels where it failed, by alert, and when to try again. A restart tries at once."""
        self._said: set[tuple[int, AlertState]] = set()
        """Messages that say so, of channels where another one does not yet."""

    async def run_due(self, now: datetime) -> datetime | None:
        """Edit what must be edited; when there is more."""
        later = await self.desk.services.crisis.run_due(now)
        more = await self._say_over_everywhere(now)
        until = now + AGAIN
        for alert in await self.desk.services.crisis_desk.take_cards(until):
            if await self._refresh(alert):
                await self.desk.services.crisis_desk.card_done(alert, until)
        times = [later, await self.desk.services.crisis_desk.next_card(), *self._later.values()]
        return now if more else min([each for each in times if each is not None], default=None)

    async def _say_over_everywhere(self, now: datetime) -> bool:
        """The next channels' messages say how their alert ended. Whether there may be more."""
        self._later = {place: at for place, at in self._later.items() if at > now}
        found = await self.desk.services.crisis_desk.to_edit(self._later)
        turns = asyncio.Semaphore(AT_ONCE)

        async def edit(channel: ToEdit) -> None:
            async with turns:
                if not await self._say_over(channel):
                    self._later[channel.alert.id, channel.channel_id] = now + AGAIN

        await asyncio.gather(*map(edit, found))
        return bool(found)

    async def _say_over(self, channel: ToEdit) -> bool:
        """An alert's own messages say how it ended, and lose their buttons. False where it is to be tried again."""
        t = self.desk.translator(channel.language)
        place = self.desk.client.get_partial_messageable(channel.channel_id)
        none = discord.AllowedMentions.none()
        for message_id, said in channel.messages:
            if (message_id, said.state) in self._said:
                continue
            content, embed = render.ended(t, said)
            try:
                async with asyncio.timeout(SEND_LIMIT / timedelta(seconds=1)):
                    await place.get_partial_message(message_id).edit(
                        content=content, embed=embed, view=None, allowed_mentions=none
                    )
            except (discord.DiscordServerError, aiohttp.ClientError, OSError):
                return False
            except discord.HTTPException as error:
                if error.status == 429:  # an old message: Discord limits how often it may be changed
                    return False
                log.info("not edited", alert=said.id, channel=channel.channel_id, code=error.code)
            self._said.add((message_id, said.state))
        await self.desk.services.crisis_desk.edited(channel.alert.id, channel.channel_id)
        self._said -= {(message_id, said.state) for message_id, said in channel.messages}
        return True

    async def _refresh(self, alert: Alert) -> bool:
        """The coordinators' card says how it goes; where it cannot be changed any more it is put up afresh."""
        if alert.card_channel_id is None or alert.card_message_id is None:
            return True
        services = self.desk.services
        server = await services.servers.find(alert.server_id) if alert.server_id else None
        t = self.desk.translator(server.language if server else None)
        content, embeds, view = crisis_card.card(t, alert, *await services.crisis_desk.standing(alert))
        place = self.desk.client.get_partial_messageable(alert.card_channel_id)
        none = discord.AllowedMentions.none()
        try:
            try:
                partial = place.get_partial_message(alert.card_message_id)
                await partial.edit(content=content, embeds=embeds, view=view, allowed_mentions=none)
            except discord.HTTPException as error:
                if error.status >= 500:
                    return False
                chosen = server.channels.get(ChannelUse.COORDINATORS, place.id) if server else place.id
                place = self.desk.client.get_partial_messageable(chosen)
                sent = await place.send(content, embeds=embeds, view=view, allowed_mentions=none)
                await services.crisis.put_card(alert.id, place.id, sent.id)
        except discord.HTTPException as error:
            log.info("card not refreshed", alert=alert.id, code=error.code)
        except (aiohttp.ClientError, OSError):
            return False
        return True
