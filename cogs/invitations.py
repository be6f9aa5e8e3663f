"""An invitation's buttons: they answer her alone who is invited, wherever they stand."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.client import Action, Form, Twincord, inviting, reply
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.invitations import ANSWER_LIMIT, Word
from bot.i18n import Translator
from bot.render import invitations as render
from bot.render.parts import safe

OVER = {"invitations.answered_meanwhile", "invitations.removed_meanwhile", "invitations.server_left"}
"""Sentences after which an invitation is done with."""
DELIVERY = r"(?::d\d+)?"
"""The delivery that brought it, by which the message is found again after a crash."""

Interaction = discord.Interaction[Twincord]


def number(custom: Action) -> int:
    """The number of the invitation that a button speaks of."""
    return int(custom.match["id"])


class InvitationAction(Action, template=r"(?!)"):
    """A button of an invitation. Where the question is answered or gone, what stands there says so, without buttons."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Answer her; or say in place of the invitation that it is over."""
        try:
            await self.answer(interaction, actor)
        except Refusal as refusal:
            if refusal.message_id not in OVER or not private(interaction):
                raise
            t = interaction.client.translator(actor.language)
            sentence = interaction.client.errors.sentence(t, refusal)
            await put(interaction, render.over(t, sentence), None)

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """What the button does."""
        raise NotImplementedError


def private(interaction: Interaction) -> bool:
    """Whether the message with the buttons is hers alone, and may be changed for her."""
    message = interaction.message
    return message is not None and (message.guild is None or message.flags.ephemeral)


async def put(interaction: Interaction, text: str, view: discord.ui.View | None) -> None:
    """Say it in place of the invitation, whose card stays; where others see it, privately."""
    if not private(interaction):
        await reply(interaction, text, **({"view": view} if view else {}))
        return
    if not interaction.response.is_done():
        await interaction.response.defer()
    await interaction.edit_original_response(content=text, view=view)


def speaking(interaction: Interaction, actor: Actor) -> Translator:
    """Her language."""
    return interaction.client.translator(actor.language)


class Invitations(commands.Cog):
    """What was left undone when the bot stopped."""

    def __init__(self, bot: Twincord) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """What was answered and never posted is posted now."""
        await inviting.reconcile(self.bot)


class OpenInvitation(InvitationAction, template=rf"invitation:open:(?P<id>\d+){DELIVERY}"):
    """She was called in a channel, and wants to know what for."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Show it to her alone."""
        services = interaction.client.services
        guest = await services.invitations.view(actor, number(self))
        topic = services.invitations.topic_of(guest.invitation, guest.question)
        text, embed, view = render.invitation(speaking(interaction, actor), guest.invitation, guest.question, topic)
        await reply(interaction, text, embed=embed, view=view)


class AcceptInvitation(InvitationAction, template=rf"invitation:accept:(?P<id>\d+){DELIVERY}"):
    """She helps."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Into the thread with her, or where that is in another server, the way to answer from here."""
        bot = interaction.client
        guest = await bot.services.invitations.say(actor, number(self), Word.ACCEPT)
        if private(interaction):
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        here = await inviting.enter(bot, guest, interaction.id)
        text, view = render.accepted(speaking(interaction, actor), guest.invitation, guest.question, here=here)
        await put(interaction, text, view)


class DeclineInvitation(InvitationAction, template=rf"invitation:decline:(?P<id>\d+){DELIVERY}"):
    """It is not for her."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Thank her, and ask who might know."""
        guest = await interaction.client.services.invitations.say(actor, number(self), Word.DECLINE)
        await put(interaction, *render.declined(speaking(interaction, actor), guest.invitation))


class ReferInvitation(InvitationAction, template=rf"invitation:refer:(?P<id>\d+){DELIVERY}"):
    """She knows who would know."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Whom?"""
        services = interaction.client.services
        guest, found = await services.invitations.referrals(actor, number(self))
        topics = {one.person.topic_id: services.topics.get(one.person.topic_id) for one in found}
        t = speaking(interaction, actor)
        text, view = render.whom(t, guest.invitation, found, topics, anybody=actor.server_id is not None)
        await reply(interaction, text, view=view)


class NameSuggested(InvitationAction, template=r"invitation:named:(?P<id>\d+)"):
    """She chose one of those suggested."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Have that person asked."""
        chosen = int(self.values[0])
        invited = await interaction.client.services.invitations.refer(actor, number(self), member_id=chosen)
        await say_referred(interaction, actor, invited.name)


class NameMember(InvitationAction, template=r"invitation:member:(?P<id>\d+)"):
    """She chose somebody of her server."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Have that person asked."""
        chosen = self.values[0].id
        invited = await interaction.client.services.invitations.refer(actor, number(self), user_id=chosen)
        await say_referred(interaction, actor, invited.name)


async def say_referred(interaction: Interaction, actor: Actor, name: str) -> None:
    """Thank her, in place of the question whom she means."""
    text = speaking(interaction, actor)("invitations.referred", name=safe(name))
    await interaction.response.edit_message(content=text, view=None)


class AnswerElsewhere(InvitationAction, template=r"invitation:answer:(?P<id>\d+)"):
    """She answers from another server."""

    async def answer(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form."""
        question = await interaction.client.services.relays.open(actor, number(self))
        await interaction.response.send_modal(AnswerForm(speaking(interaction, actor), number(self), question.title))


class AnswerForm(Form):
    """Her answer, to be posted for her."""

    def __init__(self, t: Translator, invitation_id: int, title: str) -> None:
        super().__init__(title=t("invitations.answer_title"))
        self.invitation_id = invitation_id
        self.text: discord.ui.TextInput[AnswerForm] = discord.ui.TextInput(
            custom_id="text", style=discord.TextStyle.paragraph, max_length=ANSWER_LIMIT, placeholder=title[:100]
        )
        self.add_item(
            discord.ui.Label(
                text=t("invitations.answer_label"), description=t("invitations.answer_hint"), component=self.text
            )
        )

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """On record, then into the thread."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        kept = await bot.services.relays.answer(actor, self.invitation_id, self.text.value)
        await inviting.relay(bot, kept)
        await reply(interaction, speaking(interaction, actor)("invitations.answered"))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(
        OpenInvitation,
        AcceptInvitation,
        DeclineInvitation,
        ReferInvitation,
        NameSuggested,
        NameMember,
        AnswerElsewhere,
    )
    await bot.add_cog(Invitations(bot))
