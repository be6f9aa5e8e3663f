"""The buttons, selects and forms of the coordinators' card."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord, alerting, reply
from bot.client.alert_forms import AlertForm
from bot.domain.access import Actor, Right
from bot.domain.crisis import DESCRIPTION_LIMIT, HEADLINE_LIMIT, INSTRUCTION_LIMIT, REASON_LIMIT, Alert, AlertDeed
from bot.i18n import Translator
from bot.render import alert_drafts, alert_log
from bot.render import crisis_card as render
from bot.render.parts import Attachment


class CardAction(Action, template=r"(?!)"):
    """A part of the card; `named` finds what it is about."""

    right = Right.SERVER_COORDINATOR

    async def named(self, interaction: discord.Interaction[Twincord], deed: AlertDeed | None = None) -> Alert:
        """The alert, if the button is of its family and she may use it; with a `deed`, if she may do that now."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]), deed)
        return alert


class WriteAlert(CardAction, template=r"(?:alert|drill):text:(?P<language>[a-z]{2,8}):(?P<id>\d+)"):
    """Write what it says in one language."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The form, holding what it says now."""
        alert = await self.named(interaction, AlertDeed.EDIT)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(AlertTextForm(t, alert, self.match["language"]))


class OtherLanguages(CardAction, template=r"(?:alert|drill):languages:(?P<id>\d+)"):
    """In which other language?"""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """A button a language."""
        alert = await self.named(interaction, AlertDeed.EDIT)
        t = interaction.client.translator(actor.language)
        await reply(interaction, t("crisis.which_language"), view=alert_drafts.other_languages(t, alert))


class SendAlert(CardAction, template=r"(?:alert|drill):send:(?P<id>\d+)"):
    """The author wants to send it."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """How many channels will be told? In digits."""
        alert = await self.named(interaction, AlertDeed.CONFIRM)
        found = await interaction.client.services.crisis.reach(alert)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(CountForm(t, alert, len(found.targets)))


class DecideAlert(CardAction, template=r"(?:alert|drill):(?P<deed>approve|discard):(?P<id>\d+)"):
    """What is done with one tap: approving, discarding a draft."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Do it, and show it."""
        deed = AlertDeed(self.match["deed"])
        alert = await self.named(interaction, deed)
        await decide(interaction, actor, alert, deed)


class ReasonAlert(CardAction, template=r"(?:alert|drill):(?P<deed>return|reject|override):(?P<id>\d+)"):
    """What is done with a reason."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The form for it."""
        deed = AlertDeed(self.match["deed"])
        alert = await self.named(interaction, deed)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(ReasonForm(t, alert, deed))


class FinishAlert(CardAction, template=r"(?:alert|drill):(?P<deed>end|cancel):(?:(?P<yes>yes):)?(?P<id>\d+)"):
    """All-clear, false alarm, the end of a drill: two taps, nothing typed."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The first tap asks, the second does it."""
        alert = await self.named(interaction)
        if self.match["yes"]:
            await decide(interaction, actor, alert, AlertDeed(self.match["deed"]))
            return
        t = interaction.client.translator(actor.language)
        text, view = render.sure(t, alert, self.match["deed"])
        await reply(interaction, text, view=view)


class AlertLog(CardAction, template=r"(?:alert|drill):log:(?P<id>\d+)"):
    """The timeline."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Two files, to her alone."""
        alert = await self.named(interaction)
        alert, happened = await interaction.client.services.crisis_desk.log(actor, alert.id)
        t = interaction.client.translator(actor.language)
        files = alert_log.files(t, alert, happened, actor.zone)
        await reply(interaction, t("crisis.log_here", n=len(happened)), files=files)


class AlertCap(CardAction, template=r"(?:alert|drill):cap:(?P<id>\d+)(?::d\d+)?"):
    """The CAP messages."""

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The newest one as a file, to her alone."""
        alert = await self.named(interaction)
        document = await interaction.client.services.cap.export(alert.id)
        t = interaction.client.translator(actor.language)
        name = f"{'drill' if alert.drill else 'alert'}-{alert.id}.xml"
        await reply(interaction, t("crisis.cap_here"), file=Attachment(document, name, t("crisis.cap_here")))


async def decide(
    interaction: discord.Interaction[Twincord], actor: Actor, alert: Alert, deed: AlertDeed, reason: str = ""
) -> None:
    """Do something to an alert; tell her, and show it on the card."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    done = await interaction.client.services.crisis.decide(actor, alert.id, deed, reason)
    t = interaction.client.translator(actor.language)
    await reply(interaction, t("crisis.done", state=done.state))
    await alerting.refresh(interaction.client, done)


class AlertTextForm(AlertForm):
    """What an alert says in one language."""

    def __init__(self, t: Translator, alert: Alert, language: str) -> None:
        super().__init__(t("crisis.text_title", language=t.language_name(language)[:20]), alert)
        self.language = language
        text, _ = alert.text(language)
        self.headline = self.ask("headline", t("crisis.headline"), HEADLINE_LIMIT, value=text.headline)
        self.description = self.ask(
            "description", t("crisis.description"), DESCRIPTION_LIMIT, value=text.description, long=True
        )
        self.instruction = self.ask(
            "instruction", t("crisis.what_to_do"), INSTRUCTION_LIMIT, value=text.instruction, long=True
        )

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Keep it, and show it on the card."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        written = {
            "headline": self.headline.value,
            "description": self.description.value,
            "instruction": self.instruction.value,
        }
        bot = interaction.client
        done = await bot.services.crisis.write(actor, self.alert.id, self.language, written)
        await reply(interaction, bot.translator(actor.language)("crisis.written"))
        await alerting.refresh(bot, done)


class CountForm(AlertForm):
    """How many channels will be told, typed in digits: nobody sends by accident."""

    def __init__(self, t: Translator, alert: Alert, channels: int) -> None:
        super().__init__(t("crisis.count_title_drill") if alert.drill else t("crisis.count_title"), alert)
        self.count = self.ask("count", t("crisis.count_label", n=channels), 6, hint=t("crisis.count_hint"))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Frozen, and sent or put before a second person."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        done = await bot.services.crisis.confirm(actor, self.alert.id, self.count.value)
        await reply(interaction, render.waiting(bot.translator(actor.language), done))
        await alerting.refresh(bot, done)


class ReasonForm(AlertForm):
    """Why it is returned, rejected, or sent alone."""

    def __init__(self, t: Translator, alert: Alert, deed: AlertDeed) -> None:
        titles = {
            AlertDeed.RETURN: t("crisis.return_title"),
            AlertDeed.REJECT: t("crisis.reject_title"),
            AlertDeed.OVERRIDE: t("crisis.override_title"),
        }
        super().__init__(titles[deed], alert)
        self.deed = deed
        self.reason = self.ask("reason", t("crisis.reason"), REASON_LIMIT, long=True)

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Do it."""
        await decide(interaction, actor, self.alert, self.deed, self.reason.value)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(WriteAlert, OtherLanguages, SendAlert, DecideAlert)
    bot.add_dynamic_items(ReasonAlert, FinishAlert, AlertLog, AlertCap)
