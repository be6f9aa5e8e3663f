"""Hand-overs: the coordinators' card, and the answer of whom they ask."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, posts, reply
from bot.client.case_cards import defer, put, speaking
from bot.client.case_posting import put_case_right
from bot.domain.access import Actor, Right
from bot.render import hand_overs as render

Interaction = discord.Interaction[Twincord]


class OpenHandOver(Action, template=r"handover:open:(?P<id>\d+)(?::d\d+)?"):
    """What somebody left behind, as it stands now."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What is still to be given."""
        services = interaction.client.services
        found = await services.hand_overs.for_coordinators(actor, int(self.match["id"]))
        text, view = render.stands(speaking(interaction, actor), found, services.topics.index)
        await put(interaction, content=text, view=view)


class ChooseHandOverItem(Action, template=r"handover:item"):
    """One thing of it."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Whom to ask."""
        services = interaction.client.services
        item = await services.hand_overs.to_offer(actor, int(self.values[0]))
        text, view = render.whom(speaking(interaction, actor), item, services.topics.index)
        await put(interaction, content=text, view=view)


class OfferHandOver(Action, template=r"handover:to:(?P<id>\d+)"):
    """She is to be asked."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Ask her, and show what else there is."""
        services = interaction.client.services
        found = await services.hand_overs.offer(actor, int(self.match["id"]), self.values[0].id)
        text, view = render.stands(speaking(interaction, actor), found, services.topics.index)
        await put(interaction, content=text, view=view)


class TakeHandOver(Action, template=r"handover:take:(?P<id>\d+)(?::d\d+)?"):
    """She takes it."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It is hers; its posts say so."""
        await defer(interaction)
        bot = interaction.client
        taken = await bot.services.hand_overs.accept(actor, int(self.match["id"]))
        if taken.case_id is not None:
            await put_case_right(bot, taken.case_id)
        if taken.question_id is not None:
            await posts.unname(bot, [await bot.services.questions.get(taken.question_id)])
        await reply(interaction, speaking(interaction, actor)("cases.hand_over_taken"))


class DeclineHandOver(Action, template=r"handover:decline:(?P<id>\d+)(?::d\d+)?"):
    """She would rather not."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The coordinators may ask somebody else."""
        await interaction.client.services.hand_overs.decline(actor, int(self.match["id"]))
        await reply(interaction, speaking(interaction, actor)("cases.hand_over_declined"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(OpenHandOver, ChooseHandOverItem, OfferHandOver, TakeHandOver, DeclineHandOver)
