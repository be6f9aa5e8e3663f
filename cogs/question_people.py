"""The button "Find people" on a question's post: whom to invite, for its asker alone and seen by nobody else."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, reply
from bot.client.case_reading import put_beside
from bot.domain.access import Actor, Right
from bot.render import question_people as render
from bot.render.parts import safe
from bot.services.invitations import Board


def shown(board: Board) -> render.Shown:
    """A board as it is rendered."""
    return render.Shown(board.question, board.topics, board.page, board.invitations, board.earlier, moving=board.moving)


class FindPeopleForQuestion(Action, template=r"question:people:(?P<id>\d+)(?::(?P<page>\d{1,4}))?"):
    """Whom to invite, what became of those who were, and similar questions; with a page, in place of another one."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show them to the asker alone."""
        invitations = interaction.client.services.invitations
        page = self.match["page"]
        board = await invitations.board(actor, int(self.match["id"]), int(page or 0))
        t = interaction.client.translator(actor.language)
        embed, view = render.board(t, shown(board), invitations.clock())
        if page is not None:
            await interaction.response.edit_message(embed=embed, view=view)
            return
        await reply(interaction, embed=embed, view=view)
        await put_beside(interaction, actor, board.question.title)


class InvitePeople(Action, template=r"question:invite:(?P<id>\d+)"):
    """The asker chose whom to invite."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Have them asked, and show who is."""
        invitations = interaction.client.services.invitations
        number = int(self.match["id"])
        invited = await invitations.invite(actor, number, [int(each) for each in self.values])
        board = await invitations.board(actor, number)
        t = interaction.client.translator(actor.language)
        notice = t("question_people.sent", names=t.list(f"**{safe(one.name)}**" for one in invited))
        embed, view = render.board(t, shown(board), invitations.clock(), notice)
        await interaction.response.edit_message(embed=embed, view=view)


class StillThinking(Action, template=r"question:thinking:(?P<id>\d+)"):
    """She who asked, or was invited, needs time: nobody else is asked by itself."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Stop the question's clock."""
        await interaction.client.services.unanswered.think(actor, int(self.match["id"]))
        await reply(interaction, interaction.client.translator(actor.language)("question_people.stopped"))


class GoOnAsking(Action, template=r"question:go_on:(?P<id>\d+)"):
    """The asker wants people to be asked by itself after all."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Let the question's clock go on."""
        await interaction.client.services.unanswered.go_on(actor, int(self.match["id"]))
        await reply(interaction, interaction.client.translator(actor.language)("question_people.going_on"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(FindPeopleForQuestion, InvitePeople, StillThinking, GoOnAsking)
