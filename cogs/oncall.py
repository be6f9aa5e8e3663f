"""/oncall: who answers for each city when it is alerted."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Twincord, actor_of, alerting, reply
from bot.client.guilds import no_longer_in
from bot.domain.access import Actor, Right
from bot.domain.oncall import Chosen, Duty, OnCallCity
from bot.domain.servers import named
from bot.render import escalation
from bot.render import oncall as render
from bot.render import servers as cities


async def show(interaction: discord.Interaction[Twincord], actor: Actor, city: OnCallCity, *, anew: bool) -> None:
    """A city's list: in answer to the command, or in place of the one that was changed."""
    t = interaction.client.translator(actor.language)
    gone = await no_longer_in(interaction.guild, [each.user_id for each in city.people])
    embed, view = render.card(t, city, gone)
    if anew:
        await reply(interaction, embed=embed, view=view)
    else:
        await interaction.edit_original_response(embed=embed, view=view)


class OnCallCog(commands.Cog):
    """The command."""

    @app_commands.command(
        name="oncall",
        description="Keep each city’s on-call people and their deputies",
        extras={"right": Right.SERVER_COORDINATOR},
    )
    @app_commands.describe(city="One of this server’s cities")
    @app_commands.default_permissions(manage_threads=True)
    @app_commands.guild_only()
    async def oncall(self, interaction: discord.Interaction[Twincord], city: str | None = None) -> None:
        """The card of a city, the first one where none is named."""
        actor = await actor_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = interaction.client.services
        wanted = None
        if city is not None:
            wanted = named(await services.servers.here(actor, Right.SERVER_COORDINATOR), city).id
        await show(interaction, actor, await services.oncall.card(actor, wanted), anew=True)

    @oncall.autocomplete("city")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """This server's cities."""
        actor = await actor_of(interaction)
        server = await interaction.client.services.servers.here(actor, Right.SERVER_COORDINATOR)
        return cities.spoken_choices(interaction.client.translator(actor.language), server, current)


class OnCallWhichCity(Action, template=r"oncall:city"):
    """Another city's list."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show it in place."""
        await interaction.response.defer()
        city = await interaction.client.services.oncall.card(actor, int(self.values[0]))
        await show(interaction, actor, city, anew=False)


class OnCallPeople(Action, template=r"oncall:(?P<duty>on_call|deputy):(?P<city>\d+)"):
    """Who is on call, or a deputy."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Let just these people have the duty, and show the list in place."""
        await interaction.response.defer()
        people = [
            Chosen(
                each.id,
                each.display_name,
                frozenset(role.id for role in each.roles) if isinstance(each, discord.Member) else frozenset(),
                each.bot,
            )
            for each in self.values
        ]
        duty = Duty(self.match["duty"])
        city = await interaction.client.services.oncall.choose(actor, int(self.match["city"]), duty, people)
        await show(interaction, actor, city, anew=False)


class OnCallWhoLeft(Action, template=r"oncall:left:(?P<city>\d+)"):
    """Those who left the server."""

    right = Right.SERVER_COORDINATOR

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Take them off, and show the list in place."""
        await interaction.response.defer()
        oncall = interaction.client.services.oncall
        listed = await oncall.card(actor, int(self.match["city"]))
        gone = await no_longer_in(interaction.guild, [each.user_id for each in listed.people])
        await show(interaction, actor, await oncall.take_off(actor, listed.city_id, gone), anew=False)


class OnCallStepBack(Action, template=r"oncall:back:(?P<place>\d+)(?::d\d+)?"):
    """She takes herself off a list, whoever she is by now."""

    right = Right.ANYONE

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Her place is free."""
        place = await interaction.client.services.oncall.step_back(actor, int(self.match["place"]))
        await reply(interaction, render.stepped_back(interaction.client.translator(actor.language), place))


class TakeOnCities(Action, template=r"(?:alert|drill):take:(?P<id>\d+):d(?P<delivery>\d+)"):
    """A coordinator takes care of the cities that a message names."""

    right = Right.MEMBER

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Nobody else is asked about them. In a direct message nobody is a server's coordinator: the service looks."""
        _, alert = await alerting.alert_named(interaction, self.custom_id, int(self.match["id"]))
        taken = await interaction.client.services.escalation.take_on(actor, alert.id, int(self.match["delivery"]))
        await reply(interaction, escalation.taken_on(interaction.client.translator(actor.language), taken))


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    bot.add_dynamic_items(OnCallWhichCity, OnCallPeople, OnCallWhoLeft, OnCallStepBack, TakeOnCities)
    await bot.add_cog(OnCallCog())
