"""The buttons and selects of a case's card."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord
from bot.client.case_cards import changed, put, put_card, speaking
from bot.domain.access import Actor, Right
from bot.domain.cases import Deed
from bot.render import cases as render

Interaction = discord.Interaction[Twincord]


def number(action: Action) -> int:
    """The number of the case that a button speaks of."""
    return int(action.match["id"])


class OpenCase(Action, template=r"case:open"):
    """One of her own cases, chosen from a list."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its card."""
        case = await interaction.client.services.cases.check(actor, int(self.values[0]), Deed.READ)
        await put_card(interaction, actor, case)


class CaseCard(Action, template=r"case:card:(?P<id>\d+)(?::d\d+)?"):
    """The button "Edit" of a post, and the way back to the card."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The card, for who may do something with it."""
        await put_card(interaction, actor, await interaction.client.services.cases.managed(actor, number(self)))


class CaseTopics(Action, template=r"case:topics:(?P<id>\d+)"):
    """She chose what it is about, where that was not clear."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save it."""
        case = await interaction.client.services.cases.set_topics(actor, number(self), tuple(map(str, self.values)))
        await changed(interaction, actor, case)


class SubmitCase(Action, template=r"case:submit:(?P<id>\d+)"):
    """It is done, as far as she is concerned."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """For the coordinators, who are told."""
        case = await interaction.client.services.cases.submit(actor, number(self))
        await put_card(interaction, actor, case, speaking(interaction, actor)("cases.submitted"))


class RecallCase(Action, template=r"case:recall:(?P<id>\d+)"):
    """She wants it back before anybody has decided."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """A draft again."""
        case = await interaction.client.services.cases.recall(actor, number(self))
        await put_card(interaction, actor, case, speaking(interaction, actor)("cases.recalled"))


class DiscardCase(Action, template=r"case:discard:(?P<id>\d+)"):
    """She wants to be rid of a draft."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Is she sure?"""
        case = await interaction.client.services.cases.check(actor, number(self), Deed.DISCARD)
        t = speaking(interaction, actor)
        really = f"case:really_discard:{case.id}"
        embed, view = render.sure(t, case, t("cases.discard_sure"), really, t("cases.discard"))
        await put(interaction, embed=embed, view=view)


class ReallyDiscardCase(Action, template=r"case:really_discard:(?P<id>\d+)"):
    """She is sure."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It goes."""
        await interaction.client.services.cases.discard(actor, number(self))
        await put(interaction, content=speaking(interaction, actor)("cases.discarded"), view=None)


class WithdrawCase(Action, template=r"case:withdraw:(?P<id>\d+)"):
    """It is not to be read any more."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Is she sure?"""
        case = await interaction.client.services.cases.check(actor, number(self), Deed.WITHDRAW)
        t = speaking(interaction, actor)
        really = f"case:really_withdraw:{case.id}"
        embed, view = render.sure(t, case, t("cases.withdraw_sure"), really, t("cases.withdraw"))
        await put(interaction, embed=embed, view=view)


class ReallyWithdrawCase(Action, template=r"case:really_withdraw:(?P<id>\d+)"):
    """She is sure."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its posts go; it can be submitted again."""
        await changed(interaction, actor, await interaction.client.services.cases.withdraw(actor, number(self)))


class RetireCase(Action, template=r"case:retire:(?P<id>\d+)(?::d\d+)?"):
    """It no longer holds, and may still be read."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its posts say so; confirming it brings it back."""
        await changed(interaction, actor, await interaction.client.services.cases.retire(actor, number(self)))


class ConfirmCase(Action, template=r"case:confirm:(?P<id>\d+)(?::d\d+)?"):
    """It still holds."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """For another year."""
        await changed(interaction, actor, await interaction.client.services.cases.confirm(actor, number(self)))


class PostCaseAgain(Action, template=r"case:again:(?P<id>\d+)"):
    """A post was deleted by hand, and is to stand again."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Make it anew where it is lost, and put the others right."""
        services = interaction.client.services
        case = await services.cases.check(actor, number(self), Deed.CONFIRM)
        await services.case_posts.again(case.id)
        await changed(interaction, actor, case)


class RemoveCaseFiles(Action, template=r"case:nofiles:(?P<id>\d+)"):
    """Its files are not to come along."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """All of them go."""
        await changed(interaction, actor, await interaction.client.services.cases.remove_files(actor, number(self)))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(
        OpenCase,
        CaseCard,
        CaseTopics,
        SubmitCase,
        RecallCase,
        DiscardCase,
        ReallyDiscardCase,
        WithdrawCase,
        ReallyWithdrawCase,
        RetireCase,
        ConfirmCase,
        PostCaseAgain,
        RemoveCaseFiles,
    )
