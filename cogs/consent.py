"""/consent: what alerts may do in this server."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.domain.access import Actor, Right
from bot.domain.cap.values import Severity
from bot.domain.crisis_consent import Consent, PingPolicy, quiet_of, quiet_text
from bot.domain.errors import Forbidden
from bot.i18n import Translator
from bot.render import consent as render


async def now_agreed(interaction: discord.Interaction[Twincord], actor: Actor) -> Consent:
    """The server's word. Raises `Forbidden` outside of a joined server."""
    if actor.server_id is None or not actor.server_joined:
        raise Forbidden("access.server_not_joined")
    return await interaction.client.services.crisis_desk.consent(actor.server_id)


async def change(interaction: discord.Interaction[Twincord], actor: Actor, consent: Consent) -> None:
    """Put it on record, and show it in place."""
    done = await interaction.client.services.crisis_desk.set_consent(actor, consent)
    embed, view = render.card(interaction.client.translator(actor.language), done)
    await interaction.response.edit_message(embed=embed, view=view)


class ConsentCog(commands.Cog):
    """The command."""

    @app_commands.command(
        name="consent",
        description="Decide what alerts may do in this server",
        extras={"right": Right.COORDINATOR_OR_ADMINISTRATOR},
    )
    @app_commands.default_permissions(manage_threads=True)
    @app_commands.guild_only()
    async def consent(self, interaction: discord.Interaction[Twincord]) -> None:
        """The card."""
        actor = await actor_of(interaction)
        embed, view = render.card(interaction.client.translator(actor.language), await now_agreed(interaction, actor))
        await reply(interaction, embed=embed, view=view)


class ConsentCard(Action, template=r"consent:card"):
    """From the card of /setup."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The card, to her alone."""
        embed, view = render.card(interaction.client.translator(actor.language), await now_agreed(interaction, actor))
        await reply(interaction, embed=embed, view=view)


class ConsentChoice(Action, template=r"consent:(?P<field>severities|ping|role)"):
    """Which severities, whom to ping."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Change one thing."""
        consent = await now_agreed(interaction, actor)
        match self.match["field"]:
            case "severities":
                consent = replace(consent, severities=frozenset(Severity(each) for each in self.values))
            case "ping":
                consent = replace(consent, ping=PingPolicy(self.values[0]))
            case _:
                consent = replace(consent, ping=PingPolicy.ROLE, role_id=self.values[0].id)
        await change(interaction, actor, consent)


class ConsentToggle(Action, template=r"consent:(?P<field>drills|part)"):
    """Drills, and taking part at all."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Turn it over."""
        consent = await now_agreed(interaction, actor)
        if self.match["field"] == "drills":
            consent = replace(consent, drills=not consent.drills)
        else:
            consent = replace(consent, takes_part=not consent.takes_part)
        await change(interaction, actor, consent)


class ConsentQuiet(Action, template=r"consent:quiet"):
    """Quiet hours."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """The form for them."""
        consent = await now_agreed(interaction, actor)
        await interaction.response.send_modal(QuietForm(interaction.client.translator(actor.language), consent))


class QuietForm(Form):
    """From when to when nobody is to be pinged."""

    right = Right.COORDINATOR_OR_ADMINISTRATOR

    def __init__(self, t: Translator, consent: Consent) -> None:
        super().__init__(title=t("consent.set_quiet"))
        shown = quiet_text(consent.quiet) if consent.quiet else None
        self.hours: discord.ui.TextInput[QuietForm] = discord.ui.TextInput(
            required=False, max_length=40, default=shown, placeholder="22:00-07:00"
        )
        self.add_item(discord.ui.Label(text=t("consent.quiet_label"), component=self.hours))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Change them."""
        consent = await now_agreed(interaction, actor)
        await change(interaction, actor, replace(consent, quiet=quiet_of(self.hours.value)))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(ConsentCard, ConsentChoice, ConsentToggle, ConsentQuiet)
    await bot.add_cog(ConsentCog())
