"""The buttons and selects by which a message follows an alert or a drill."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, alerting, chain_cards, chain_commands, reply
from bot.client.chain_forms import FollowUpCountForm, FollowUpReasonForm, FollowUpTextForm, decide
from bot.domain.access import Actor, Right
from bot.domain.cap.values import Certainty, Severity, Urgency
from bot.domain.crisis import AlertAudience, AlertDeed
from bot.domain.crisis_chain import FollowUpKind
from bot.render import crisis_chain as render
from bot.services.crisis_chain import FollowUpView


class BeginFollowUp(Action, template=r"(?:alert|drill):(?P<kind>update|escalate|report|stands):(?P<id>\d+)"):
    """On the card of an alert: something is to follow it."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Its form, its card, or its second tap."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]))
        await chain_commands.begin(interaction, actor, alert.id, FollowUpKind(self.match["kind"]))


class SayItStands(Action, template=r"(?:alert|drill):stands:yes:(?P<id>\d+)"):
    """The second tap."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Everyone who was told hears it."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]))
        await interaction.client.services.crisis_chain.stands(actor, alert.id)
        await reply(interaction, interaction.client.translator(actor.language)("crisis.on_its_way"))


class ChainAction(Action, template=r"(?!)"):
    """A part of a card; `named` finds what it is about."""

    right = Right.SERVER_COORDINATOR

    async def named(self, interaction: discord.Interaction[Twincord], deed: AlertDeed | None = None) -> FollowUpView:
        """The message, if the button is of its family and she may use it; with a `deed`, if she may do that now."""
        _, view = await chain_cards.named(interaction, self.custom_id, int(self.match["id"]), deed)
        return view


class SetFollowUp(
    ChainAction, template=r"(?:alert|drill):chain:(?P<field>severity|urgency|certainty|hours|audience):(?P<id>\d+)"
):
    """Severity, urgency, certainty, how long, or for whom."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Change it, and show it."""
        view = await self.named(interaction)
        await interaction.response.defer()
        chain, number, chosen = interaction.client.services.crisis_chain, view.follow_up.id, self.values[0]
        match self.match["field"]:
            case "severity":
                done = await chain.set(actor, number, severity=Severity(chosen))
            case "urgency":
                done = await chain.set(actor, number, urgency=Urgency(chosen))
            case "certainty":
                done = await chain.set(actor, number, certainty=Certainty(chosen))
            case "hours":
                done = await chain.set(actor, number, hours=int(chosen))
            case _:
                done = await chain.widen(actor, number, AlertAudience(chosen))
        await chain_cards.refresh(interaction.client, done)


class WriteFollowUp(ChainAction, template=r"(?:alert|drill):chain:text:(?P<language>[a-z]{2,8}):(?P<id>\d+)"):
    """Write what it says in one language."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The form, holding what it says now."""
        view = await self.named(interaction, AlertDeed.EDIT)
        t, language = interaction.client.translator(actor.language), self.match["language"]
        form = FollowUpTextForm(
            t,
            view.alert,
            view.follow_up.kind,
            language=language,
            text=view.shown.text(language)[0],
            follow_up_id=view.follow_up.id,
        )
        await interaction.response.send_modal(form)


class FollowUpLanguages(ChainAction, template=r"(?:alert|drill):chain:languages:(?P<id>\d+)"):
    """In which other language?"""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """A button a language."""
        view = await self.named(interaction, AlertDeed.EDIT)
        bot = interaction.client
        t = bot.translator(actor.language)
        offered = render.languages(t, view.follow_up, bot.catalogues.languages, drill=view.alert.drill)
        await reply(interaction, t("crisis.which_language"), view=offered)


class SendFollowUp(ChainAction, template=r"(?:alert|drill):chain:send:(?P<id>\d+)"):
    """The author wants to send it."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """How many channels will be told? In digits."""
        view = await self.named(interaction, AlertDeed.CONFIRM)
        found = await interaction.client.services.crisis_chain.reach(view)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(FollowUpCountForm(t, view, found.channels))


class DecideFollowUp(ChainAction, template=r"(?:alert|drill):chain:(?P<deed>approve|discard):(?P<id>\d+)"):
    """What is done with one tap."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Do it, and show it."""
        deed = AlertDeed(self.match["deed"])
        view = await self.named(interaction, deed)
        await decide(interaction, actor, view.follow_up.id, deed)


class ReasonFollowUp(ChainAction, template=r"(?:alert|drill):chain:(?P<deed>return|reject|override):(?P<id>\d+)"):
    """What is done with a reason."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The form for it."""
        deed = AlertDeed(self.match["deed"])
        view = await self.named(interaction, deed)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(FollowUpReasonForm(t, view, deed))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(BeginFollowUp, SayItStands, SetFollowUp, WriteFollowUp, FollowUpLanguages)
    bot.add_dynamic_items(SendFollowUp, DecideFollowUp, ReasonFollowUp)
