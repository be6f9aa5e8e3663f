"""A member's own terms for requests, the question whether her topics are still right, and the menu Endorse."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Action, Form, Twincord, actor_of
from bot.client.profiles import Interaction, put, put_terms, speaking
from bot.domain.access import Actor, Right
from bot.domain.until import LONGEST_TYPED
from bot.i18n import Translator
from bot.render import expertise as render


async def endorse(interaction: Interaction, member: discord.User) -> None:
    """In which of her topics would you vouch for her?"""
    actor = await actor_of(interaction)
    services = interaction.client.services
    found = await services.expertise.endorsable(actor, member.id)
    t = speaking(interaction, actor)
    await put(interaction, *render.endorsable(t, found.profile, found.topics, found.endorsed, services.topics.index))


class PauseForm(Form):
    """Until when nobody is sent to her for a topic."""

    def __init__(self, t: Translator, topic_id: str) -> None:
        super().__init__(title=t("expertise.pause_form"))
        self.topic_id = topic_id
        self.until: discord.ui.TextInput[PauseForm] = discord.ui.TextInput(
            custom_id="until", placeholder=t("expertise.pause_hint"), max_length=LONGEST_TYPED
        )
        self.add_item(discord.ui.Label(text=t("expertise.pause_label"), component=self.until))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Save it."""
        service = interaction.client.services.expertise
        await put_terms(interaction, actor, await service.pause(actor, self.topic_id, self.until.value))


class Requests(Action, template=r"expert:requests:(?P<topic>.+)"):
    """Shows on which terms she takes requests on a topic."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Show them."""
        service = interaction.client.services.expertise
        await put_terms(interaction, actor, await service.own(actor, self.match["topic"]))


class OpenToRequests(Action, template=r"expert:open:(?P<open>[01]):(?P<topic>.+)"):
    """Takes requests on a topic, or no more."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save it."""
        service = interaction.client.services.expertise
        known = await service.open(actor, self.match["topic"], to_requests=self.match["open"] == "1")
        await put_terms(interaction, actor, known)


class ChooseCap(Action, template=r"expert:cap:(?P<topic>.+)"):
    """The select of how many requests she takes."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save it."""
        service = interaction.client.services.expertise
        await put_terms(interaction, actor, await service.cap(actor, self.match["topic"], int(self.values[0])))


class PauseTopic(Action, template=r"expert:pause:(?P<topic>.+)"):
    """The select of how long nobody is sent to her for a topic."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save it, or ask until which date."""
        service = interaction.client.services.expertise
        if self.values[0] == render.OTHER_DATE:
            await interaction.response.send_modal(PauseForm(speaking(interaction, actor), self.match["topic"]))
            return
        await put_terms(interaction, actor, await service.pause(actor, self.match["topic"], self.values[0]))


class Still(Action, template=r"expert:still:(?P<answer>yes|no):(?P<topic>.+)"):
    """Whether she still knows about a topic."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Save the answer, and ask about the next topic that is old, if there is one."""
        services = interaction.client.services
        if self.match["answer"] == "yes":
            await services.expertise.confirm(actor, self.match["topic"])
        else:
            await services.members.remove_topic(actor, self.match["topic"])
        t = speaking(interaction, actor)
        left = await services.expertise.next_stale(actor)
        if left is None:
            await put(interaction, *render.told(t("expertise.still_thanks")))
        else:
            await put(interaction, *render.still(t, left, services.topics.index, actor.zone))


class ChooseEndorsed(Action, template=r"expert:endorse:(?P<user>\d{1,20})"):
    """The select of a member's topics."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Vouch for her."""
        services = interaction.client.services
        topic_id = self.values[0]
        done = await services.expertise.endorse(actor, int(self.match["user"]), topic_id)
        t = speaking(interaction, actor)
        await put(interaction, *render.endorsed(t, done.profile, topic_id, services.topics.index))


class UndoEndorsement(Action, template=r"expert:undo:(?P<user>\d{1,20}):(?P<topic>.+)"):
    """Takes an endorsement back."""

    right = Right.MEMBER

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Take it back."""
        services = interaction.client.services
        topic_id = self.match["topic"]
        done = await services.expertise.withdraw(actor, int(self.match["user"]), topic_id)
        t = speaking(interaction, actor)
        await put(interaction, *render.withdrawn(t, done.profile, topic_id, services.topics.index))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.add_dynamic_items(Requests, OpenToRequests, ChooseCap, PauseTopic, Still, ChooseEndorsed, UndoEndorsement)
    bot.tree.add_command(app_commands.ContextMenu(name="Endorse", callback=endorse, extras={"right": Right.MEMBER}))
