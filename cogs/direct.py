"""Allowing the bot's direct messages, and no longer allowing them: the buttons of a member's card."""

from __future__ import annotations

from bot.client import Action, Twincord, reply
from bot.client.following import greet
from bot.client.profiles import Interaction, speaking
from bot.domain.access import Actor, Right
from bot.domain.members import Profile
from bot.render import direct as render
from bot.render import profile as card


class AllowDirect(Action, template=r"direct:allow"):
    """She wants to be written to."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Write to her once, which shows that we can, then put it on record."""
        await interaction.response.defer()
        direct = interaction.client.services.direct
        await direct.check(actor)
        t = speaking(interaction, actor)
        hello = await greet(interaction.user, *render.hello(t))
        await show(interaction, actor, await direct.allow(actor, hello.channel.id), t("direct.now_allowed"))


class StopDirect(Action, template=r"direct:stop(?P<card>:card)?"):
    """She does not want to be written to any more; whoever she is by now."""

    right = Right.ANYONE

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """On record, and said where she pressed it."""
        profile = await interaction.client.services.direct.stop(actor)
        stopped = speaking(interaction, actor, profile)("direct.stopped")
        if self.match["card"] and profile is not None:
            await interaction.response.defer()
            await show(interaction, actor, profile, stopped)
        else:
            await reply(interaction, stopped)


async def show(interaction: Interaction, actor: Actor, profile: Profile, notice: str) -> None:
    """Her card as it is now, in place of the one with the button."""
    members = interaction.client.services.members
    t = speaking(interaction, actor, profile)
    embed, view = card.own(t, profile, members.topics.index, members.clock(), notice)
    await interaction.edit_original_response(content=None, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(AllowDirect, StopDirect)
