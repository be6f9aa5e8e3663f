"""The three buttons under an alert, in every city's crisis channel."""

from __future__ import annotations

import re

import discord

from bot.client import Action, Form, Twincord, alerting, reply
from bot.domain.access import Actor, Right
from bot.domain.crisis import Alert
from bot.domain.crisis_answers import AlertAnswer, HelpKind
from bot.domain.oncall import OnCallFor
from bot.i18n import Translator
from bot.render import crisis as render


def on_call(match: re.Match[str]) -> OnCallFor | None:
    """The city about which she was written to directly, where the button stands in a direct message."""
    return OnCallFor.decoded(match["server"], match["city"]) if match["server"] else None


class ReceivedAlert(
    Action, template=r"(?:alert|drill):received:(?P<id>\d+)(?::s(?P<server>\d+)c(?P<city>\d+))?(?::d\d+)?"
):
    """She has it."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record for her and her city."""
        _, alert = await alerting.alert_named(interaction, self.custom_id, int(self.match["id"]))
        new = await interaction.client.services.crisis_desk.receive(actor, alert.id, on_call(self.match))
        t = interaction.client.translator(actor.language)
        await reply(interaction, render.noted(t, AlertAnswer.RECEIVED, again=not new))


class HelpAlert(
    Action, template=r"(?:alert|drill):(?P<kind>need|offer):(?P<id>\d+)(?::s(?P<server>\d+)c(?P<city>\d+))?"
):
    """Her city needs something, or can give it."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """What, how much, where."""
        _, alert = await alerting.alert_named(interaction, self.custom_id, int(self.match["id"]))
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(HelpForm(t, alert, AlertAnswer(self.match["kind"]), on_call(self.match)))


class HelpForm(Form):
    """What is needed or can be given."""

    def __init__(self, t: Translator, alert: Alert, kind: AlertAnswer, on_call: OnCallFor | None = None) -> None:
        super().__init__(title=t("crisis.need") if kind is AlertAnswer.NEED else t("crisis.offer"))
        self.alert, self.kind, self.on_call = alert, kind, on_call
        self.what: discord.ui.Select[HelpForm] = discord.ui.Select(
            custom_id="what", options=list(render.help_options(t))
        )
        self.quantity: discord.ui.TextInput[HelpForm] = discord.ui.TextInput(
            custom_id="quantity", required=False, max_length=60
        )
        self.place: discord.ui.TextInput[HelpForm] = discord.ui.TextInput(
            custom_id="place", required=False, max_length=120
        )
        self.add_item(discord.ui.Label(text=t("crisis.help_what"), component=self.what))
        self.add_item(discord.ui.Label(text=t("crisis.help_quantity"), component=self.quantity))
        self.add_item(discord.ui.Label(text=t("crisis.help_place"), component=self.place))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """On record, and on the coordinators' card."""
        await interaction.client.services.crisis_desk.help(
            actor,
            self.alert.id,
            self.kind,
            self.on_call,
            what=HelpKind(self.what.values[0]),
            quantity=self.quantity.value,
            place=self.place.value,
        )
        await reply(interaction, render.noted(interaction.client.translator(actor.language), self.kind))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ReceivedAlert, HelpAlert)
