"""What the digest may quote: nothing but what its author shared here, with her name or without."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, reply
from bot.domain.access import Actor, Right
from bot.render import checkins as render

Interaction = discord.Interaction[Twincord]


class ShareCheckin(Action, template=r"checkin:share:(?P<how>named|nameless):(?P<response>\d+)"):
    """She wants to share: which of her answers?"""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Ask, also where there is only one: what goes out under whose name is to be seen before."""
        response = int(self.match["response"])
        checkin = await interaction.client.services.checkin_sharing.shareable(actor, response)
        t = interaction.client.translator(actor.language)
        text, view = render.share_which(t, checkin, response, self.match["how"])
        await reply(interaction, text, view=view)


class ShareWhich(Action, template=r"checkin:shared:(?P<how>named|nameless):(?P<response>\d+)"):
    """The select of which answers."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The digest may quote them."""
        response, how = int(self.match["response"]), self.match["how"]
        questions = [int(each) for each in self.values]
        service = interaction.client.services.checkin_sharing
        checkin = await service.share(actor, response, questions, named=how == render.NAMED)
        text, view = render.shared(interaction.client.translator(actor.language), checkin, response, how)
        await interaction.response.edit_message(content=text, view=view)


class UnshareCheckin(Action, template=r"checkin:unshare:(?P<response>\d+)"):
    """She takes it back."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Nothing of it is quoted."""
        await interaction.client.services.checkin_sharing.unshare(actor, int(self.match["response"]))
        t = interaction.client.translator(actor.language)
        await interaction.response.edit_message(content=t("checkins.unshared"), view=None)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ShareCheckin, ShareWhich, UnshareCheckin)
