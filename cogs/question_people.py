"""The button "Find people" on a question's post: for its asker alone, and seen by nobody else."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, reply
from bot.client.case_reading import put_beside
from bot.domain.access import Actor, Right
from bot.domain.questions import Deed
from bot.render import experts as render
from bot.services.experts import DidYouMean


class FindPeopleForQuestion(Action, template=r"question:people:(?P<id>\d+)"):
    """People for the question's topic; where it has none, for its title."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show them to the asker alone."""
        services = interaction.client.services
        question = await services.questions.check(actor, int(self.match["id"]), Deed.PEOPLE)
        found = await services.experts.find(actor, question.topic_id or question.title)
        t = interaction.client.translator(actor.language)
        if isinstance(found, DidYouMean):
            text, view = render.did_you_mean(t, found.text, found.topics)
            await reply(interaction, text, view=view)
        else:
            embed, view = render.answer(t, found.topic, found.page, services.experts.clock())
            await reply(interaction, embed=embed, view=view)
        await put_beside(interaction, actor, question.title)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(FindPeopleForQuestion)
