"""Answering check-ins: the buttons under a prompt, and /checkin. Who presses them, the log does not say."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.domain import checkins as rules
from bot.domain.access import Actor, Right
from bot.domain.checkins import Checkin, Move, Typed
from bot.domain.errors import Refusal
from bot.i18n import Translator
from bot.render import checkin_form
from bot.render import checkins as render
from bot.render.parts import cut

Interaction = discord.Interaction[Twincord]
TITLE = 45


async def open_form(interaction: Interaction, actor: Actor, period_id: int) -> None:
    """The form of a period, filled with what she said before."""
    checkin = await interaction.client.services.checkins.open(actor, period_id)
    form = CheckinForm(interaction.client.translator(actor.language), checkin)
    if not form.fields:
        raise Refusal("checkins.nothing_to_ask")
    await interaction.response.send_modal(form)


class CheckinForm(Form):
    """A campaign's questions."""

    discreet = True

    def __init__(self, t: Translator, checkin: Checkin) -> None:
        super().__init__(title=cut(checkin_form.name_of(t, checkin.name), TITLE))
        self.period_id = checkin.period.id
        self.fields = checkin_form.fields(t, checkin)
        for field in self.fields.values():
            self.add_item(field)

    def said(self) -> dict[int, Typed]:
        """What she filled in, by the ids of the questions."""
        return {question_id: _typed(field.component) for question_id, field in self.fields.items()}

    async def submit(self, interaction: Interaction, actor: Actor) -> None:
        """Keep it, and say what became of it."""
        done = await interaction.client.services.checkins.answer(actor, self.period_id, self.said())
        text, view = render.submitted(interaction.client.translator(actor.language), done)
        await reply(interaction, text, view=view)


def _typed(field: Any) -> Typed:
    if isinstance(field, discord.ui.TextInput):
        return Typed(text=field.value)
    return Typed(chosen=tuple(field.values))


class AnswerCheckin(Action, template=r"checkin:answer:(?P<period>\d+)(?::d\d+)?"):
    """Opens the form."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open it."""
        await open_form(interaction, actor, int(self.match["period"]))


class ChooseCheckin(Action, template=r"checkin:choose"):
    """The select of what to answer now."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form of the one that she chose."""
        await open_form(interaction, actor, int(self.values[0]))


class SkipCheckin(Action, template=r"checkin:skip:(?P<period>\d+)"):
    """Not this time."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Skip it."""
        checkin = await interaction.client.services.checkins.skip(actor, int(self.match["period"]))
        text, view = render.skipped(interaction.client.translator(actor.language), checkin)
        await reply(interaction, text, view=view)


class SnoozeCheckin(Action, template=r"checkin:snooze:(?P<period>\d+)"):
    """Not now: until when?"""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Offer the days that leave time to answer."""
        checkins = interaction.client.services.checkins
        checkin = await checkins.open(actor, int(self.match["period"]), Move.SNOOZE)
        moments = rules.snoozes(checkin.period, actor.zone, checkins.clock())
        if not moments:
            raise Refusal("checkins.snooze_too_long")
        t = interaction.client.translator(actor.language)
        text, view = render.snooze(t, checkin.period.id, moments, actor.zone)
        await reply(interaction, text, view=view)


class SnoozeUntil(Action, template=r"checkin:until:(?P<period>\d+)"):
    """The select of until when."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It comes again then."""
        period_id = int(self.match["period"])
        until = await interaction.client.services.checkins.snooze(actor, period_id, int(self.values[0]))
        text, view = render.snoozed(interaction.client.translator(actor.language), period_id, until)
        await interaction.response.edit_message(content=text, view=view)


class StopCheckin(Action, template=r"checkin:stop:(?P<period>\d+)"):
    """Never again, of this campaign."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It asks her no more."""
        campaign_id, checkin = await interaction.client.services.checkins.stop(actor, int(self.match["period"]))
        text, view = render.stopped(interaction.client.translator(actor.language), campaign_id, checkin.name)
        await reply(interaction, text, view=view)


class ResumeCheckin(Action, template=r"checkin:resume:(?P<campaign>\d+)"):
    """She wants to be asked again after all."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """It asks her again."""
        await interaction.client.services.checkins.resume(actor, int(self.match["campaign"]))
        t = interaction.client.translator(actor.language)
        await interaction.response.edit_message(content=t("checkins.resumed"), view=None)


class CheckinHistory(Action, template=r"checkin:history:(?P<place>\d+)"):
    """Another page of what she answered."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Turn to it."""
        embed, view = await page(interaction, actor, int(self.match["place"]))
        await interaction.response.edit_message(embed=embed, view=view)


class RetireTopics(Action, template=r"checkin:retire"):
    """The select of topics that she knows no longer."""

    right = Right.MEMBER
    discreet = True

    async def run(self, interaction: Interaction, actor: Actor) -> None:
        """Take them off her profile."""
        topics = await interaction.client.services.checkins.retire(actor, self.values)
        await reply(interaction, render.retired(interaction.client.translator(actor.language), topics))


async def page(interaction: Interaction, actor: Actor, place: int) -> tuple[discord.Embed, discord.ui.View]:
    """What she once answered. Raises `Refusal` where there is nothing."""
    found = await interaction.client.services.checkins.history(actor, place)
    if found is None:
        raise Refusal("checkins.no_history")
    return render.past(interaction.client.translator(actor.language), found, actor.zone)


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class Checkins(commands.GroupCog, group_name="checkin", group_description="Tell how it goes, and look back"):
    """Answering without being asked, and looking back."""

    @app_commands.command(
        name="now",
        description="Answer what is open now, asked or not",
        extras={"right": Right.MEMBER, "discreet": True},
    )
    async def now(self, interaction: Interaction) -> None:
        """The form; of several she chooses first."""
        actor = await actor_of(interaction)
        service = interaction.client.services.checkins
        found, out = await service.waiting(actor), await service.stopped(actor)
        if len(found) == 1 and not out:
            await open_form(interaction, actor, found[0].period.id)
            return
        text, view = render.waiting(interaction.client.translator(actor.language), found, out)
        await reply(interaction, text, view=view)

    @app_commands.command(
        name="history",
        description="What you answered under your name",
        extras={"right": Right.MEMBER, "discreet": True},
    )
    async def history(self, interaction: Interaction) -> None:
        """The newest first."""
        embed, view = await page(interaction, await actor_of(interaction), 0)
        await reply(interaction, embed=embed, view=view)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(AnswerCheckin, ChooseCheckin, SkipCheckin, SnoozeCheckin, SnoozeUntil, StopCheckin)
    bot.add_dynamic_items(ResumeCheckin, CheckinHistory, RetireTopics)
    await bot.add_cog(Checkins())
