"""Changing a campaign: the select on its card, and a form for each part."""

from __future__ import annotations

import discord

from bot.client import Action, Twincord
from bot.client.campaign_cards import CampaignForm, look_again, options, put, put_saved, roles_of
from bot.domain.access import Actor, Right
from bot.domain.campaigns import (
    HINT_LIMIT,
    NAME_LIMIT,
    QUESTION_LIMIT,
    Campaign,
    CampaignQuestion,
    QuestionType,
    Where,
    question,
)
from bot.domain.errors import Refusal
from bot.i18n import Translator
from bot.render import campaigns as render
from bot.render.cadence import cadence, clock_time
from bot.services.campaign_editing import How

Interaction = discord.Interaction[Twincord]
OPTIONS_LIMIT = 2600
"""Twenty-five options of a hundred characters."""
NAMED, ANONYMOUS = "named", "anonymous"
REQUIRED, OPTIONAL = "required", "optional"


class ChangeCampaign(Action, template=r"campaign:change:(?P<id>\d+)"):
    """What is to be changed."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form for it, or take a question away."""
        services, t = interaction.client.services, interaction.client.translator(actor.language)
        campaign = await services.campaigns.get(actor, int(self.match["id"]))
        what, _, question_id = str(self.values[0]).partition(":")
        if what == render.DROP:
            await services.campaign_editing.drop_question(actor, campaign.id, int(question_id))
            await put_saved(interaction, actor, campaign.id)
        elif what == render.DIGEST:
            text, view = render.choose_digest(t, campaign)
            await put(interaction, text, view=view)
        else:
            await interaction.response.send_modal(form_for(t, campaign, what, question_id))


def form_for(t: Translator, campaign: Campaign, what: str, question_id: str) -> CampaignForm:
    """The form that changes this part. Raises `Refusal` for a question that is gone."""
    match what:
        case render.NAME:
            return CampaignNameForm(t, campaign)
        case render.WHEN:
            return CampaignWhenForm(t, campaign)
        case render.AUDIENCE:
            return CampaignAudienceForm(t, campaign)
        case render.HOW:
            return CampaignHowForm(t, campaign)
        case render.ADD:
            return CampaignQuestionForm(t, campaign.id)
    old = next((each for each in campaign.questions if str(each.id) == question_id), None)
    if old is None:
        raise Refusal("campaigns.question_gone")
    return CampaignQuestionForm(t, campaign.id, old)


class CampaignNameForm(CampaignForm):
    """What it is called."""

    def __init__(self, t: Translator, campaign: Campaign) -> None:
        super().__init__(t("campaigns.form_name"), campaign.id)
        self.name: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="name", max_length=NAME_LIMIT, default=campaign.name
        )
        self.ask(t("campaigns.form_name_label"), self.name)

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Write it down."""
        await interaction.client.services.campaign_editing.rename(actor, self.campaign_id, self.name.value)
        await put_saved(interaction, actor, self.campaign_id)


class CampaignWhenForm(CampaignForm):
    """How often, and at what time."""

    def __init__(self, t: Translator, campaign: Campaign) -> None:
        super().__init__(t("campaigns.form_when"), campaign.id)
        said = cadence(t, campaign.rule).strip("`")
        self.cadence: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="cadence", max_length=200, default=said, placeholder=t("campaigns.form_cadence_hint")
        )
        self.time: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="time", max_length=8, default=clock_time(campaign.minute)
        )
        self.ask(t("campaigns.form_cadence"), self.cadence)
        self.ask(t("campaigns.form_time"), self.time)

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Write it down."""
        editing = interaction.client.services.campaign_editing
        await editing.set_when(actor, self.campaign_id, self.cadence.value, self.time.value)
        await put_saved(interaction, actor, self.campaign_id)


class CampaignAudienceForm(CampaignForm):
    """Whom it asks, by name."""

    def __init__(self, t: Translator, campaign: Campaign) -> None:
        super().__init__(t("campaigns.form_audience"), campaign.id)
        self.audience: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="audience", max_length=200, required=False, placeholder=t("campaigns.form_audience_hint")
        )
        self.ask(t("campaigns.form_audience_label"), self.audience)

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Write it down."""
        services = interaction.client.services
        audience = await services.audiences.understand(actor, self.audience.value, roles_of(interaction))
        await services.campaign_editing.set_audience(actor, self.campaign_id, audience)
        look_again(interaction)
        await put_saved(interaction, actor, self.campaign_id)


class CampaignHowForm(CampaignForm):
    """Where, with names or without, the reminder, and for how long."""

    def __init__(self, t: Translator, campaign: Campaign) -> None:
        super().__init__(t("campaigns.form_how"), campaign.id)
        self.where: discord.ui.Select[CampaignForm] = discord.ui.Select(
            custom_id="where", options=options({each: t.of(each) for each in Where}, campaign.where)
        )
        names = {NAMED: t("campaigns.with_names"), ANONYMOUS: t("campaigns.without_names")}
        self.names: discord.ui.Select[CampaignForm] = discord.ui.Select(
            custom_id="names", options=options(names, ANONYMOUS if campaign.anonymous else NAMED)
        )
        remind = campaign.remind_after_days
        self.remind = self._number("remind", "" if remind is None else str(remind))
        self.open = self._number("open", str(campaign.open_days))
        self.late = self._number("late", str(campaign.late_hours))
        self.ask(t("campaigns.form_where"), self.where)
        self.ask(t("campaigns.form_names"), self.names)
        self.ask(t("campaigns.form_remind"), self.remind)
        self.ask(t("campaigns.form_open"), self.open)
        self.ask(t("campaigns.form_late"), self.late)

    def _number(self, name: str, value: str) -> discord.ui.TextInput[CampaignForm]:
        return discord.ui.TextInput(custom_id=name, max_length=3, default=value or None, required=name != "remind")

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Write it down."""
        anonymous = self.names.values == [ANONYMOUS]
        how = How(Where(self.where.values[0]), anonymous, self.remind.value, self.open.value, self.late.value)
        await interaction.client.services.campaign_editing.set_how(actor, self.campaign_id, how)
        await put_saved(interaction, actor, self.campaign_id)


class CampaignQuestionForm(CampaignForm):
    """A question, new or in place of another one."""

    def __init__(self, t: Translator, campaign_id: int, old: CampaignQuestion | None = None) -> None:
        super().__init__(t("campaigns.form_question"), campaign_id)
        self.old = old
        self.text: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="text", max_length=QUESTION_LIMIT, default=old.text if old else None
        )
        self.type: discord.ui.Select[CampaignForm] = discord.ui.Select(
            custom_id="type",
            options=options({each: t.of(each) for each in QuestionType}, old.type if old else QuestionType.TEXT),
        )
        self.hint: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="hint", max_length=HINT_LIMIT, required=False, default=old.hint if old else None
        )
        self.choices: discord.ui.TextInput[CampaignForm] = discord.ui.TextInput(
            custom_id="choices",
            style=discord.TextStyle.paragraph,
            max_length=OPTIONS_LIMIT,
            required=False,
            default="\n".join(old.options) if old and old.options else None,
        )
        must = {OPTIONAL: t("campaigns.required_no"), REQUIRED: t("campaigns.required_yes")}
        self.required: discord.ui.Select[CampaignForm] = discord.ui.Select(
            custom_id="required", options=options(must, REQUIRED if old and old.required else OPTIONAL)
        )
        self.ask(t("campaigns.form_text"), self.text)
        self.ask(t("campaigns.form_type"), self.type)
        self.ask(t("campaigns.form_hint"), self.hint)
        self.ask(t("campaigns.form_options"), self.choices)
        self.ask(t("campaigns.form_required"), self.required)

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Write it down."""
        asked = question(
            QuestionType(self.type.values[0]),
            self.text.value,
            hint=self.hint.value,
            options=self.choices.value,
            required=self.required.values == [REQUIRED],
        )
        old = self.old.id if self.old else None
        await interaction.client.services.campaign_editing.save_question(actor, self.campaign_id, asked, old)
        await put_saved(interaction, actor, self.campaign_id)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ChangeCampaign)
