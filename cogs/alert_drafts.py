"""What the author changes on the card of a draft: facts, event, place and audience. Its texts: `cogs.crisis_card`."""

from __future__ import annotations

from typing import Any

import discord

from bot.client import Action, Form, Twincord, alerting, reply
from bot.domain.access import Actor, Right
from bot.domain.alert_drafts import AudienceChoice
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import Alert, AlertDeed
from bot.domain.hazards import HazardTerm
from bot.i18n import Translator
from bot.render import alert_drafts as render
from bot.services.alert_drafts import EVENT_LIMIT, PLACE_LIMIT

Interaction = discord.Interaction[Twincord]


class ChooseSeverity(Action, template=r"(?:alert|drill):severity:(?P<id>\d+)"):
    """How bad it is; whom it reaches depends on it."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Change it, and show it."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]), AlertDeed.EDIT)
        await interaction.response.defer()
        changed = await interaction.client.services.crisis.set(actor, alert.id, severity=Severity(self.values[0]))
        await alerting.refresh(interaction.client, changed)


class ChangeFacts(Action, template=r"(?:alert|drill):facts:(?P<id>\d+)"):
    """Category, urgency, certainty, and how long."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The form, holding what is chosen."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]), AlertDeed.EDIT)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(AlertFactsForm(t, alert))


class ChangeWhere(Action, template=r"(?:alert|drill):where:(?P<id>\d+)"):
    """What it is about, where, and whom it is for."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The form, holding what is chosen."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]), AlertDeed.EDIT)
        offered = await interaction.client.services.alert_drafts.audiences(alert)
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(AlertWhereForm(t, alert, offered))


class PreviewAlert(Action, template=r"(?:alert|drill):preview:(?P<id>\d+)"):
    """What recipients will see, in each language in which a channel is told."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """To her alone, a message a language, so that even long texts are shown whole."""
        _, alert = await alerting.card_named(interaction, self.custom_id, int(self.match["id"]))
        bot = interaction.client
        found = await bot.services.crisis.reach(alert)
        told = dict.fromkeys(bot.catalogues.nearest(each.language) for each in found.targets)
        t = bot.translator(actor.language)
        for language in told or bot.catalogues.languages:
            text, embed = render.preview(t, bot.translator(language), alert)
            await reply(interaction, text, embed=embed, allowed_mentions=discord.AllowedMentions.none())


class DraftForm(Form):
    """A form about one draft."""

    right = Right.SERVER_COORDINATOR

    def __init__(self, title: str, alert: Alert) -> None:
        super().__init__(title=title)
        self.alert = alert

    def choose(self, name: str, label: str, options: list[discord.SelectOption]) -> discord.ui.Select[DraftForm]:
        """A select with one value."""
        field: discord.ui.Select[DraftForm] = discord.ui.Select(custom_id=name, options=options)
        self.add_item(discord.ui.Label(text=label, component=field))
        return field

    def ask(self, name: str, label: str, limit: int, value: str) -> discord.ui.TextInput[DraftForm]:
        """A line of text."""
        field: discord.ui.TextInput[DraftForm] = discord.ui.TextInput(
            custom_id=name, max_length=limit, default=value[:limit]
        )
        self.add_item(discord.ui.Label(text=label, component=field))
        return field


class AlertFactsForm(DraftForm):
    """What sort of danger, how soon, how sure, how long; of what was imported only how long."""

    def __init__(self, t: Translator, alert: Alert) -> None:
        super().__init__(t("alert_drafts.facts_title"), alert)
        self.words: dict[str, tuple[type[Any], discord.ui.Select[DraftForm]]] = {}
        if not alert.imported:
            self._add("category", Hazard, t("alert_drafts.category"), render.words(t, Hazard, alert.category))
            self._add("urgency", Urgency, t("alert_drafts.urgency"), render.words(t, Urgency, alert.urgency))
            self._add("certainty", Certainty, t("alert_drafts.certainty"), render.words(t, Certainty, alert.certainty))
        self._add("hours", int, t("alert_drafts.hours"), render.hours(t, alert.hours))

    def _add(self, name: str, kind: type[Any], label: str, options: list[discord.SelectOption]) -> None:
        self.words[name] = (kind, self.choose(name, label, options))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Change them, and show them on the card."""
        await interaction.response.defer()
        chosen = {name: kind(field.values[0]) for name, (kind, field) in self.words.items()}
        changed = await interaction.client.services.crisis.set(actor, self.alert.id, **chosen)
        await alerting.refresh(interaction.client, changed)


class AlertWhereForm(DraftForm):
    """What it is about, where, for whom; of what was imported only for whom."""

    def __init__(self, t: Translator, alert: Alert, offered: list[AudienceChoice]) -> None:
        super().__init__(t("alert_drafts.where_title"), alert)
        self.event: discord.ui.TextInput[DraftForm] | None = None
        self.place: discord.ui.TextInput[DraftForm] | None = None
        if not alert.imported:
            event = alert.event or t.of(HazardTerm(alert.hazard))
            self.event = self.ask("event", t("alert_drafts.event"), EVENT_LIMIT, event)
            self.place = self.ask("place", t("alert_drafts.place"), PLACE_LIMIT, alert.place)
        self.audience = self.choose("audience", t("crisis.audience"), render.whom(t, alert, offered))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Change them, and show them on the card."""
        await interaction.response.defer()
        changed = await interaction.client.services.alert_drafts.set_where(
            actor,
            self.alert.id,
            audience=self.audience.values[0],
            event=self.event.value if self.event else None,
            place=self.place.value if self.place else None,
        )
        await alerting.refresh(interaction.client, changed)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ChooseSeverity, ChangeFacts, ChangeWhere, PreviewAlert)
