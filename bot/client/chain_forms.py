"""Forms about messages that follow an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.client import chain_cards
from bot.client.alert_forms import AlertForm
from bot.client.twincord import reply
from bot.domain.access import Actor
from bot.domain.crisis import (
    DESCRIPTION_LIMIT,
    HEADLINE_LIMIT,
    INSTRUCTION_LIMIT,
    REASON_LIMIT,
    Alert,
    AlertDeed,
    AlertText,
)
from bot.domain.crisis_chain import FollowUpKind
from bot.i18n import Translator
from bot.render import crisis_chain as render
from bot.services.crisis_chain import FollowUpView

if TYPE_CHECKING:
    from bot.client.twincord import Twincord


class FollowUpTextForm(AlertForm):
    """What a message says in one language: a new one where `follow_up_id` is None."""

    def __init__(
        self,
        t: Translator,
        alert: Alert,
        kind: FollowUpKind,
        *,
        language: str,
        text: AlertText,
        follow_up_id: int | None = None,
    ) -> None:
        super().__init__(t("crisis.text_title", language=t.language_name(language)[:20]), alert)
        self.kind, self.language, self.follow_up_id = kind, language, follow_up_id
        self.headline = self.ask("headline", t("crisis.headline"), HEADLINE_LIMIT, value=text.headline)
        about = t("crisis_chain.how_things_are") if kind is FollowUpKind.REPORT else t("crisis.description")
        self.description = self.ask("description", about, DESCRIPTION_LIMIT, value=text.description, long=True)
        self.instruction: discord.ui.TextInput[AlertForm] | None = None
        if kind is not FollowUpKind.REPORT:
            self.instruction = self.ask(
                "instruction", t("crisis.what_to_do"), INSTRUCTION_LIMIT, value=text.instruction, long=True
            )

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """A draft with its card, or a text on the card that is there."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        written = {"headline": self.headline.value, "description": self.description.value}
        if self.instruction is not None:
            written["instruction"] = self.instruction.value
        bot = interaction.client
        t = bot.translator(actor.language)
        if self.follow_up_id is None:
            view = await bot.services.crisis_chain.begin(actor, self.alert.id, self.kind, written)
            await reply(interaction, t("crisis.drafted", link=await chain_cards.put_up(bot, view)))
            return
        view = await bot.services.crisis_chain.write(actor, self.follow_up_id, self.language, written)
        await reply(interaction, t("crisis.written"))
        await chain_cards.refresh(bot, view)


class FollowUpCountForm(AlertForm):
    """How many channels will be told, typed in digits."""

    def __init__(self, t: Translator, view: FollowUpView, channels: int) -> None:
        super().__init__(t("crisis.count_title_drill") if view.alert.drill else t("crisis.count_title"), view.alert)
        self.follow_up_id = view.follow_up.id
        self.count = self.ask("count", t("crisis.count_label", n=channels), 6, hint=t("crisis.count_hint"))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Frozen, and sent or put before a second person."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        view = await bot.services.crisis_chain.confirm(actor, self.follow_up_id, self.count.value)
        await reply(interaction, render.waiting(bot.translator(actor.language), view.follow_up))
        await chain_cards.refresh(bot, view)


class FollowUpReasonForm(AlertForm):
    """Why it is returned, rejected, or sent alone."""

    def __init__(self, t: Translator, view: FollowUpView, deed: AlertDeed) -> None:
        titles = {
            AlertDeed.RETURN: t("crisis.return_title"),
            AlertDeed.REJECT: t("crisis.reject_title"),
            AlertDeed.OVERRIDE: t("crisis.override_title"),
        }
        super().__init__(titles[deed], view.alert)
        self.follow_up_id, self.deed = view.follow_up.id, deed
        self.reason = self.ask("reason", t("crisis.reason"), REASON_LIMIT, long=True)

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Do it."""
        await decide(interaction, actor, self.follow_up_id, self.deed, self.reason.value)


async def decide(
    interaction: discord.Interaction[Twincord], actor: Actor, follow_up_id: int, deed: AlertDeed, reason: str = ""
) -> None:
    """Do something to a message that follows an alert; tell her, and show it on its card."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot = interaction.client
    view = await bot.services.crisis_chain.decide(actor, follow_up_id, deed, reason)
    await reply(interaction, bot.translator(actor.language)("crisis.done", state=view.follow_up.state))
    await chain_cards.refresh(bot, view)
