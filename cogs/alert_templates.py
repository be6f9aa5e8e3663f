"""The buttons, selects and forms of the templates that coordinators keep for alerts."""

from __future__ import annotations

from typing import Any

import discord

from bot.client import Action, Form, Twincord, alerting, reply
from bot.client.alert_templates import put_list, put_template
from bot.client.campaign_cards import put
from bot.domain.access import Actor, Right
from bot.domain.alert_templates import AlertTemplate, TemplateScope
from bot.domain.cap.values import Certainty, Hazard, Severity, Urgency
from bot.domain.crisis import DESCRIPTION_LIMIT, HEADLINE_LIMIT, INSTRUCTION_LIMIT
from bot.domain.hazards import HazardTerm
from bot.i18n import Translator
from bot.render import alert_drafts
from bot.render import alert_templates as render

Interaction = discord.Interaction[Twincord]


class TemplateAction(Action, template=r"(?!)"):
    """A part of a template's card; its `custom_id` says whose it is and of which hazard."""

    right = Right.SERVER_COORDINATOR

    @property
    def scope(self) -> TemplateScope:
        """For whom it is kept."""
        return TemplateScope(self.match["scope"])

    @property
    def hazard(self) -> HazardTerm:
        """What it is about."""
        return HazardTerm(self.match["hazard"])

    async def found(self, interaction: Interaction, actor: Actor) -> AlertTemplate:
        """The template as it is now."""
        return await interaction.client.services.alert_templates.get(actor, self.scope, self.hazard)


class ListTemplates(Action, template="template:list"):
    """Back to the list."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Every hazard."""
        await put_list(interaction, actor)


class ChooseTemplate(Action, template="template:choose"):
    """One of the list."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What it begins with in her server."""
        await put_template(interaction, actor, TemplateScope.SERVER, HazardTerm(self.values[0]))


class ShowTemplate(TemplateAction, template=r"template:show:(?P<scope>server|network):(?P<hazard>[a-z_]+)"):
    """Her server's, or the network's."""

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Its card."""
        await put_template(interaction, actor, self.scope, self.hazard)


class ChangeTemplateFacts(TemplateAction, template=r"template:facts:(?P<scope>server|network):(?P<hazard>[a-z_]+)"):
    """Category, severity, urgency, certainty, duration."""

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The form, holding what is chosen."""
        t = interaction.client.translator(actor.language)
        await interaction.response.send_modal(TemplateFactsForm(t, await self.found(interaction, actor), self.scope))


class WriteTemplate(
    TemplateAction, template=r"template:text:(?P<scope>server|network):(?P<hazard>[a-z_]+):(?P<language>[a-z]{2,8})"
):
    """What it says in one language."""

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """The form, holding what it says."""
        t = interaction.client.translator(actor.language)
        found = await self.found(interaction, actor)
        await interaction.response.send_modal(TemplateTextForm(t, found, self.scope, self.match["language"]))


class RestoreTemplate(TemplateAction, template=r"template:restore:(?P<scope>server|network):(?P<hazard>[a-z_]+)"):
    """Keep nothing of one's own any more?"""

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What was written would be gone: a second tap."""
        text, view = render.sure(interaction.client.translator(actor.language), self.hazard, self.scope)
        await put(interaction, text, view=view)


class ReallyRestoreTemplate(
    TemplateAction, template=r"template:restored:(?P<scope>server|network):(?P<hazard>[a-z_]+)"
):
    """Yes."""

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What comes next holds again."""
        await interaction.client.services.alert_templates.restore(actor, self.scope, self.hazard)
        t = interaction.client.translator(actor.language)
        await put_template(interaction, actor, self.scope, self.hazard, t("alert_templates.restored"))


class KeepDraft(Action, template=r"alert:keep:(?P<id>\d+)"):
    """On the card of a draft: keep it as a template?"""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """What would be kept, and for whom."""
        service = interaction.client.services.alert_templates
        alert_id = int(self.match["id"])
        await alerting.card_named(interaction, self.custom_id, alert_id)
        scopes = [TemplateScope.SERVER, *([TemplateScope.NETWORK] if actor.is_network_coordinator else [])]
        drafted, versions = await service.would_keep(actor, alert_id, scopes)
        t = interaction.client.translator(actor.language)
        text, embed, view = render.keeping(t, drafted, alert_id, versions)
        await reply(interaction, text, embed=embed, view=view)


class ReallyKeepDraft(Action, template=r"template:keep:(?P<scope>server|network):(?P<id>\d+):(?P<seen>\d+)"):
    """Yes, for these."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Keep it, and show it."""
        scope = TemplateScope(self.match["scope"])
        service = interaction.client.services.alert_templates
        kept = await service.keep(actor, scope, int(self.match["id"]), int(self.match["seen"]))
        t = interaction.client.translator(actor.language)
        await put_template(interaction, actor, scope, kept.hazard, t("alert_templates.saved"))


class TemplateForm(Form):
    """A form about one template, as it was when the form was opened."""

    right = Right.SERVER_COORDINATOR

    def __init__(self, title: str, template: AlertTemplate, scope: TemplateScope) -> None:
        super().__init__(title=title[:45])
        self.template = template
        self.scope = scope

    async def saved(self, interaction: Interaction, actor: Actor) -> None:
        """Show it as it is now."""
        t = interaction.client.translator(actor.language)
        await put_template(interaction, actor, self.scope, self.template.hazard, t("alert_templates.saved"))


class TemplateFactsForm(TemplateForm):
    """What sort of danger, how bad, how soon, how sure, how long."""

    def __init__(self, t: Translator, template: AlertTemplate, scope: TemplateScope) -> None:
        super().__init__(t.of(template.hazard), template, scope)
        self.chosen: dict[str, tuple[type[Any], discord.ui.Select[TemplateForm]]] = {}
        words = alert_drafts.words
        self._add("category", Hazard, t("alert_drafts.category"), words(t, Hazard, template.category))
        self._add("severity", Severity, t("alert_templates.severity"), words(t, Severity, template.severity))
        self._add("urgency", Urgency, t("alert_drafts.urgency"), words(t, Urgency, template.urgency))
        self._add("certainty", Certainty, t("alert_drafts.certainty"), words(t, Certainty, template.certainty))
        self._add("hours", int, t("alert_drafts.hours"), alert_drafts.hours(t, template.hours))

    def _add(self, name: str, kind: type[Any], label: str, options: list[discord.SelectOption]) -> None:
        field: discord.ui.Select[TemplateForm] = discord.ui.Select(custom_id=name, options=options)
        self.chosen[name] = (kind, field)
        self.add_item(discord.ui.Label(text=label, component=field))

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Keep them."""
        facts = {name: kind(field.values[0]) for name, (kind, field) in self.chosen.items()}
        await interaction.client.services.alert_templates.set_facts(actor, self.scope, self.template, **facts)
        await self.saved(interaction, actor)


class TemplateTextForm(TemplateForm):
    """What it says in one language; left empty, nothing of its own."""

    def __init__(self, t: Translator, template: AlertTemplate, scope: TemplateScope, language: str) -> None:
        title = t("alert_templates.text_title", hazard=t.of(template.hazard), language=t.language_name(language))
        super().__init__(title, template, scope)
        self.language = language
        text = template.texts.get(language)
        hint = t("alert_templates.hint")
        self.headline = self._ask("headline", t("crisis.headline"), HEADLINE_LIMIT, text.headline if text else "", hint)
        self.description = self._ask(
            "description", t("crisis.description"), DESCRIPTION_LIMIT, text.description if text else "", hint
        )
        self.instruction = self._ask(
            "instruction", t("crisis.what_to_do"), INSTRUCTION_LIMIT, text.instruction if text else "", hint
        )

    def _ask(self, name: str, label: str, limit: int, value: str, hint: str) -> discord.ui.TextInput[TemplateForm]:
        style = discord.TextStyle.short if name == "headline" else discord.TextStyle.paragraph
        field: discord.ui.TextInput[TemplateForm] = discord.ui.TextInput(
            custom_id=name, style=style, max_length=limit, default=value or None, placeholder=hint[:100], required=False
        )
        self.add_item(discord.ui.Label(text=label, component=field))
        return field

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Keep it."""
        typed = (self.headline.value, self.description.value, self.instruction.value)
        service = interaction.client.services.alert_templates
        await service.write(actor, self.scope, self.template, self.language, typed)
        await self.saved(interaction, actor)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ListTemplates, ChooseTemplate, ShowTemplate, ChangeTemplateFacts, WriteTemplate)
    bot.add_dynamic_items(RestoreTemplate, ReallyRestoreTemplate, KeepDraft, ReallyKeepDraft)
