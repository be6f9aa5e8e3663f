"""/city: the cities that a server speaks for, and the channels that they have for themselves."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Action, Form, Twincord, actor_of, reply
from bot.client.guilds import look
from bot.domain.access import Actor, Right
from bot.domain.errors import Refusal
from bot.domain.servers import ChannelUse, Server, SpokenCity, named, population_of
from bot.domain.setup import check_channel, review_cities
from bot.i18n import Translator
from bot.render import servers as render
from bot.render.setup import faults
from bot.services.servers import OtherCity, ServersService

RIGHT = Right.COORDINATOR_OR_ADMINISTRATOR


@app_commands.default_permissions(manage_threads=True)
@app_commands.guild_only()
class City(commands.GroupCog, group_name="city", group_description="The cities that this server speaks for"):
    """The commands."""

    def __init__(self, servers: ServersService) -> None:
        self.servers = servers

    @app_commands.command(name="add", description="Let this server speak for a city", extras={"right": RIGHT})
    @app_commands.describe(city="The city’s name, in any language and script")
    async def add(self, interaction: discord.Interaction[Twincord], city: str) -> None:
        """Add the one that was chosen, or ask which one she means."""
        actor = await actor_of(interaction)
        t = interaction.client.translator(actor.language)
        geonames_id = int(city) if city.isdecimal() and len(city) <= 12 else self.servers.only_city(city)
        if geonames_id is None:
            text, view = render.found(t, city, self.servers.suggest_cities(city))
            await reply(interaction, text, view=view)
            return
        added = await self.servers.add_city(actor, actor.server_id or 0, geonames_id)
        await reply(interaction, render.added(t, added))

    @add.autocomplete("city")
    async def suggest(self, interaction: discord.Interaction[Twincord], current: str) -> list[app_commands.Choice[str]]:
        """Cities of the world that begin like what she has typed so far."""
        t = interaction.client.translator((await actor_of(interaction)).language)
        return render.choices(t, self.servers.suggest_cities(current))

    @app_commands.command(
        name="remove", description="Let this server no longer speak for a city", extras={"right": RIGHT}
    )
    @app_commands.describe(city="One of this server’s cities")
    async def remove(self, interaction: discord.Interaction[Twincord], city: str) -> None:
        """Remove it; its members stay."""
        actor = await actor_of(interaction)
        server = await self.servers.here(actor, RIGHT)
        removed = await self.servers.remove_city(actor, server.id, named(server, city).id)
        await reply(interaction, render.removed(interaction.client.translator(actor.language), removed))

    @app_commands.command(
        name="channels",
        description="Give a city its own crisis or check-in channel; with none, it uses this server’s",
        extras={"right": RIGHT},
    )
    @app_commands.describe(
        city="One of this server’s cities",
        crisis="Where this city is alerted",
        checkin="Where this city is asked how it goes",
    )
    async def channels(
        self,
        interaction: discord.Interaction[Twincord],
        city: str,
        crisis: discord.TextChannel | None = None,
        checkin: discord.TextChannel | None = None,
    ) -> None:
        """Set the channels that were given and keep the other; with neither, go back to the server's."""
        actor = await actor_of(interaction)
        server = await self.servers.here(actor, RIGHT)
        chosen = named(server, city)
        given = {ChannelUse.CRISIS: crisis, ChannelUse.CHECKIN: checkin}
        await check(interaction, server, given)
        await self.servers.set_city_channels(actor, server.id, chosen.id, **kept(chosen, given))
        await reply(interaction, await self._after(interaction, actor, chosen))

    @remove.autocomplete("city")
    @channels.autocomplete("city")
    async def suggest_own(
        self, interaction: discord.Interaction[Twincord], current: str
    ) -> list[app_commands.Choice[str]]:
        """This server's cities."""
        actor = await actor_of(interaction)
        server = await self.servers.here(actor, RIGHT)
        return render.spoken_choices(interaction.client.translator(actor.language), server, current)

    @app_commands.command(
        name="list", description="See this server’s cities and their channels", extras={"right": RIGHT}
    )
    async def list(self, interaction: discord.Interaction[Twincord]) -> None:
        """All of them."""
        actor = await actor_of(interaction)
        embed, view = render.cities(
            interaction.client.translator(actor.language), await self.servers.here(actor, RIGHT)
        )
        await reply(interaction, embed=embed, view=view)

    async def _after(self, interaction: discord.Interaction[Twincord], actor: Actor, city: SpokenCity) -> str:
        """Where the city is reached now, and what the bot lacks there."""
        t = interaction.client.translator(actor.language)
        server = await self.servers.here(actor, RIGHT)
        assert interaction.guild is not None
        seen = await look(interaction.guild, server)
        lacking = [each.reviewed for each in review_cities(server, seen) if each.city.id == city.id]
        wrong = [f"{t.of(each.piece)}: {fault}" for each in lacking for fault in faults(t, each)]
        return render.channels(t, server, named(server, str(city.id)), wrong)


Given = dict[ChannelUse, discord.TextChannel | None]


async def check(interaction: discord.Interaction[Twincord], server: Server, given: Given) -> None:
    """Refuse a channel that cannot be used."""
    assert interaction.guild is not None
    for use, channel in given.items():
        if channel is not None:
            check_channel(use, channel.id, await look(interaction.guild, server, channel=channel.id))


def kept(city: SpokenCity, given: Given) -> dict[str, int | None]:
    """The city's channels after this: what was given, and what it had where only the other one was."""
    if not any(given.values()):
        return {"crisis": None, "checkin": None}
    crisis, checkin = given[ChannelUse.CRISIS], given[ChannelUse.CHECKIN]
    return {
        "crisis": crisis.id if crisis else city.crisis_channel_id,
        "checkin": checkin.id if checkin else city.checkin_channel_id,
    }


class CitySearchForm(Form):
    """Asks for a city's name, where there is no command line to complete it in."""

    right = RIGHT

    def __init__(self, t: Translator) -> None:
        super().__init__(title=t("servers.search_title"))
        self.name: discord.ui.TextInput[CitySearchForm] = discord.ui.TextInput(custom_id="name", max_length=200)
        self.add_item(discord.ui.Label(text=t("servers.search_name"), component=self.name))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Show the cities that she may mean."""
        t = interaction.client.translator(actor.language)
        typed = self.name.value
        text, view = render.found(t, typed, interaction.client.services.servers.suggest_cities(typed))
        await reply(interaction, text, view=view)


class OtherCityForm(Form):
    """Describes a city that GeoNames does not have."""

    right = RIGHT

    def __init__(self, t: Translator) -> None:
        super().__init__(title=t("servers.other_title"))
        self.fields: dict[str, discord.ui.TextInput[OtherCityForm]] = {
            "name": discord.ui.TextInput(custom_id="name", max_length=200),
            "country": discord.ui.TextInput(custom_id="country", placeholder="UA", min_length=2, max_length=2),
            "zone": discord.ui.TextInput(custom_id="zone", placeholder="Europe/Kyiv", max_length=64),
            "population": discord.ui.TextInput(custom_id="population", required=False, max_length=20),
        }
        labels = (
            t("servers.other_name"),
            t("servers.other_country"),
            t("servers.other_zone"),
            t("servers.other_population"),
        )
        for label, field in zip(labels, self.fields.values(), strict=True):
            self.add_item(discord.ui.Label(text=label, component=field))

    async def submit(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Put it on record and let the server speak for it."""
        name, country, zone, population = (field.value for field in self.fields.values())
        city = OtherCity(name, country, population_of(population), zone)
        servers = interaction.client.services.servers
        added = await servers.add_other_city(actor, actor.server_id or 0, city)
        await reply(interaction, render.added(interaction.client.translator(actor.language), added))


class CitySearch(Action, template=r"city:search"):
    """The button that looks for a city."""

    right = RIGHT

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form."""
        await interaction.response.send_modal(CitySearchForm(interaction.client.translator(actor.language)))


class CityOther(Action, template=r"city:other"):
    """The button for a city that is not in the list."""

    right = RIGHT

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Open the form."""
        await interaction.response.send_modal(OtherCityForm(interaction.client.translator(actor.language)))


class CityPick(Action, template=r"city:pick"):
    """One of the cities found was chosen."""

    right = RIGHT

    async def run(self, interaction: discord.Interaction[Twincord], actor: Actor) -> None:
        """Let the server speak for it."""
        if not self.values[0].isdecimal():
            raise Refusal("servers.no_such_city")
        servers = interaction.client.services.servers
        added = await servers.add_city(actor, actor.server_id or 0, int(self.values[0]))
        text = render.added(interaction.client.translator(actor.language), added)
        await interaction.response.edit_message(content=text, view=None)


async def setup(bot: Twincord) -> None:
    """Called by discord.py when the cog is loaded."""
    await bot.add_cog(City(bot.services.servers))
    bot.add_dynamic_items(CitySearch, CityOther, CityPick)
